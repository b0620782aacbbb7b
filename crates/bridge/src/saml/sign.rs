//! XML signatures: RSA-SHA256 over exclusive C14N, the certificate beside. The library makes them and foreign verifiers judge them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bergshamra::{DsigContext, KeysManager};

use super::key::{Certificate, SigningKey};
use super::names::DSIG;
use super::xml::Xml;

/// A document could not be signed: our own defect.
#[derive(Debug, thiserror::Error)]
#[error("A SAML document could not be signed: {0}")]
pub struct SignFailure(String);

/// Signs with one key in one certificate's name.
pub struct Signer {
    context: DsigContext,
    certificate: String,
}

impl Signer {
    /// Prepares a key.
    #[must_use]
    pub fn new(key: SigningKey, certificate: &Certificate) -> Self {
        Self {
            context: DsigContext::new(KeysManager::new()).with_hsm_signer(Box::new(key)),
            certificate: STANDARD.encode(&certificate.der),
        }
    }

    /// The place of a signature over the element with an id, with the certificate beside.
    #[must_use]
    pub fn place(&self, id: &str) -> String {
        Self::place_with(id, &self.key_info())
    }

    /// The same without the certificate: no byte of it is then outside of what is signed.
    #[must_use]
    pub fn bare_place(id: &str) -> String {
        Self::place_with(id, "")
    }

    fn place_with(id: &str, key_info: &str) -> String {
        let mut xml = Xml::default();
        xml.open("ds:Signature", &[("xmlns:ds", DSIG)])
            .open("ds:SignedInfo", &[])
            .empty("ds:CanonicalizationMethod", &[("Algorithm", C14N)])
            .empty("ds:SignatureMethod", &[("Algorithm", RSA_SHA256)])
            .open("ds:Reference", &[("URI", &format!("#{id}"))])
            .open("ds:Transforms", &[])
            .empty("ds:Transform", &[("Algorithm", ENVELOPED)])
            .empty("ds:Transform", &[("Algorithm", C14N)])
            .close()
            .empty("ds:DigestMethod", &[("Algorithm", SHA256)])
            .leaf("ds:DigestValue", &[], "")
            .close()
            .close()
            .leaf("ds:SignatureValue", &[], "")
            .raw(key_info);
        xml.end()
    }

    /// Our certificate, as signatures and metadata name it.
    #[must_use]
    pub fn key_info(&self) -> String {
        key_info(&self.certificate)
    }

    /// Fills the first place in a document.
    ///
    /// # Errors
    /// [`SignFailure`].
    pub fn sign(&self, xml: String) -> Result<String, SignFailure> {
        bergshamra::dsig::sign::sign_owned(&self.context, xml).map_err(|cause| SignFailure(cause.to_string()))
    }
}

/// A certificate in Base64, as metadata name it.
#[must_use]
pub fn key_info(certificate: &str) -> String {
    let mut xml = Xml::default();
    xml.open("ds:KeyInfo", &[("xmlns:ds", DSIG)])
        .open("ds:X509Data", &[])
        .leaf("ds:X509Certificate", &[], certificate);
    xml.end()
}

const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
