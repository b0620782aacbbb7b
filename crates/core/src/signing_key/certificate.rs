//! A certificate and its chain, leaf first: parsed, not path-validated.
//!
//! Klarna's certificates carry a critical private extension that general verifiers reject (portal-access.md 1.1), so this parses and leaves
//! the judgement to `check_certificate`. Deliberately absent: PKCS#12, and trust in anything because of who signed it.

use std::fmt;

use sha2::{Digest, Sha256};
use x509_cert::Certificate as X509;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Decode, Encode, EncodePem};
use x509_cert::ext::pkix::BasicConstraints;

use super::facts::CertificateFacts;
use super::paste::{LARGEST, NotACertificate, certificates_in_text, what_der_is};

/// A certificate with the chain it came with.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    leaf: X509,
    leaf_der: Vec<u8>,
    chain_der: Vec<Vec<u8>>,
}

impl Certificate {
    /// Reads pasted text: one or more PEM blocks in any order, with text around them, also with `\n` written out as in JSON.
    pub fn from_pem(text: &str) -> Result<Self, NotACertificate> {
        Self::from_parsed(parse(certificates_in_text(text)?)?)
    }

    /// Reads one certificate in DER.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        Self::from_parsed(parse(vec![der.to_vec()])?)
    }

    /// Reads a file, PEM or DER, whichever it is.
    pub fn from_file_bytes(bytes: &[u8]) -> Result<Self, NotACertificate> {
        Self::from_parsed(parse_all(bytes)?)
    }

    /// The certificate alone, in DER: what goes into `x5c`.
    pub fn leaf_der(&self) -> &[u8] {
        &self.leaf_der
    }

    /// The certificates above it, nearest first, in DER; empty when it came alone, as Klarna's samples do.
    pub fn chain_der(&self) -> &[Vec<u8>] {
        &self.chain_der
    }

    /// Leaf and chain as PEM text, for the database and for a TLS library.
    pub fn to_pem(&self) -> String {
        let chain = self
            .chain_der
            .iter()
            .map(|der| X509::from_der(der).expect("the chain was parsed when it came in"));
        std::iter::once(self.leaf.clone())
            .chain(chain)
            .map(|certificate| {
                certificate
                    .to_pem(LineEnding::LF)
                    .expect("what was parsed can be written")
            })
            .collect()
    }

    /// The public key as SubjectPublicKeyInfo: equal to `SoftwareKey::spki_der` of the key it was issued for.
    pub fn spki_der(&self) -> Vec<u8> {
        self.leaf
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .expect("what was parsed can be written")
    }

    /// SHA-256 over the DER, hexadecimal: the fingerprint that the audit log names.
    pub fn sha256_hex(&self) -> String {
        hex::encode(Sha256::digest(&self.leaf_der))
    }

    /// What the certificate says.
    pub fn facts(&self) -> CertificateFacts {
        CertificateFacts::of(self)
    }

    pub(super) fn leaf(&self) -> &X509 {
        &self.leaf
    }

    /// The same certificate with those of `others` that stand above it; the rest is left out.
    pub(super) fn with_those_above(mut self, others: &[Self]) -> Self {
        self.chain_der.clear();
        let mut issuer = self.leaf.tbs_certificate().issuer().clone();
        let mut left: Vec<&Self> = others.iter().filter(|other| other.leaf_der != self.leaf_der).collect();
        while let Some(at) = left
            .iter()
            .position(|other| *other.leaf.tbs_certificate().subject() == issuer)
        {
            let above = left.remove(at);
            issuer = above.leaf.tbs_certificate().issuer().clone();
            self.chain_der.push(above.leaf_der.clone());
        }
        self
    }

    pub(super) fn from_parsed(mut parsed: Vec<Parsed>) -> Result<Self, NotACertificate> {
        let leaf = take_leaf(&mut parsed)?;
        let chain_der = ordered_above(&leaf.x509, parsed)?;
        Ok(Self {
            leaf: leaf.x509,
            leaf_der: leaf.der,
            chain_der,
        })
    }
}

/// One certificate, as it was read.
#[derive(Clone)]
pub(super) struct Parsed {
    pub(super) x509: X509,
    pub(super) der: Vec<u8>,
}

impl Parsed {
    /// The certificate alone.
    pub(super) fn certificate(&self) -> Certificate {
        Certificate {
            leaf: self.x509.clone(),
            leaf_der: self.der.clone(),
            chain_der: Vec::new(),
        }
    }
}

/// Reads every certificate of a text or a file, each once, in its order.
pub(super) fn parse_all(bytes: &[u8]) -> Result<Vec<Parsed>, NotACertificate> {
    if bytes.len() > LARGEST {
        return Err(NotACertificate::TooLarge);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => parse(certificates_in_text(text)?),
        Err(_) if bytes.first() == Some(&0x30) => parse(vec![bytes.to_vec()]),
        Err(_) => Err(NotACertificate::Garbage),
    }
}

fn parse(ders: Vec<Vec<u8>>) -> Result<Vec<Parsed>, NotACertificate> {
    let mut parsed: Vec<Parsed> = Vec::new();
    for der in ders {
        let x509 = X509::from_der(&der).map_err(|_| what_der_is(&der))?;
        if !parsed.iter().any(|known| known.der == der) {
            parsed.push(Parsed { x509, der });
        }
    }
    Ok(parsed)
}

/// Takes out the one certificate that is not a CA; a certificate alone is taken as it is, and its checks will tell.
fn take_leaf(parsed: &mut Vec<Parsed>) -> Result<Parsed, NotACertificate> {
    if parsed.len() == 1 {
        return parsed.pop().ok_or(NotACertificate::Empty);
    }
    let leaves: Vec<usize> = (0..parsed.len()).filter(|&at| !is_ca(&parsed[at].x509)).collect();
    match leaves[..] {
        [at] => Ok(parsed.remove(at)),
        [] => Err(NotACertificate::AuthoritiesAlone),
        _ => Err(NotACertificate::NotOneChain),
    }
}

/// Orders the others by following each issuer's name upward; what is left over belongs to no chain of the leaf.
fn ordered_above(leaf: &X509, mut others: Vec<Parsed>) -> Result<Vec<Vec<u8>>, NotACertificate> {
    let mut chain = Vec::new();
    let mut issuer = leaf.tbs_certificate().issuer().clone();
    while let Some(at) = others
        .iter()
        .position(|other| *other.x509.tbs_certificate().subject() == issuer)
    {
        let above = others.remove(at);
        issuer = above.x509.tbs_certificate().issuer().clone();
        chain.push(above.der);
    }
    if others.is_empty() {
        Ok(chain)
    } else {
        Err(NotACertificate::NotOneChain)
    }
}

pub(crate) fn is_ca(certificate: &X509) -> bool {
    match certificate.tbs_certificate().get_extension::<BasicConstraints>() {
        Ok(Some((_, constraints))) => constraints.ca,
        Ok(None) => false,
        Err(_) => true,
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("sha256", &self.sha256_hex())
            .field("chain", &self.chain_der.len())
            .finish_non_exhaustive()
    }
}
