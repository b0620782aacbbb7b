//! The TLS side of the transport, set up by hand because of one fact about Klarna's certificates.
//!
//! They carry a critical private extension (portal-access.md 1.1), and the usual way to hand a client certificate to rustls
//! parses it and refuses unknown critical extensions. So the identity is given unparsed, after its key was found to be the
//! certificate's. The server is judged by the operating system's verifier and trust store, plus added certificates; for hosts on
//! this machine only by the added ones, which also spares loading the store. Deliberately absent: pinning, accepting invalid ones.

mod witness;

pub(crate) use witness::{Sight, certificate_fault};

use crate::config::{ConfigFailure, MtlsIdentity, Network};
use crate::portal_url::is_loopback;
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ResolvesClientCert, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ConfigBuilder, RootCertStore};
use rustls_platform_verifier::Verifier;
use std::sync::Arc;
use witness::{Added, Nobody, Witness};

/// Makes aws-lc the process's cryptography for TLS; calling it again, or after somebody else chose, does nothing.
pub fn install_crypto() {
    if CryptoProvider::get_default().is_none() {
        // Losing a race against another thread that installs the same is no failure.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    }
}

/// Builds the TLS configuration of a client, and where its handshakes leave what they saw.
pub(crate) fn tls_config(network: &Network<'_>) -> Result<(rustls::ClientConfig, Arc<Sight>), ConfigFailure> {
    let provider = provider();
    let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|failure| ConfigFailure::Tls(failure.into()))?;
    let witness = witness(network, &provider)?;
    let sight = Arc::clone(&witness.sight);
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(witness));
    let mut tls = with_identity(builder, network.identity, &provider)?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((tls, sight))
}

/// Chooses who judges the server: added authorities are added to the system's and never replace them, but for this machine.
fn witness(network: &Network<'_>, provider: &Arc<CryptoProvider>) -> Result<Witness, ConfigFailure> {
    let extra = extra_authorities(network.extra_ca_pem)?;
    let alone = webpki(extra.clone(), provider)?;
    let (judge, added): (Arc<dyn ServerCertVerifier>, Added) = match alone {
        Some(alone) if is_loopback(network.base_url) => (alone, Added::Always),
        None if is_loopback(network.base_url) => (Arc::new(Nobody), Added::Never),
        alone => {
            let judge = Verifier::new_with_extra_roots(extra, Arc::clone(provider))
                .map_err(|failure| ConfigFailure::Tls(failure.into()))?;
            (Arc::new(judge), alone.map_or(Added::Never, Added::Ask))
        }
    };
    let sight = Arc::default();
    Ok(Witness { judge, added, sight })
}

/// A verifier that trusts these authorities alone; nothing when there is none.
fn webpki(
    authorities: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<WebPkiServerVerifier>>, ConfigFailure> {
    if authorities.is_empty() {
        return Ok(None);
    }
    let roots = Arc::new(only(authorities)?);
    let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(provider)).build();
    verifier.map(Some).map_err(|failure| ConfigFailure::Tls(failure.into()))
}

fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().map_or_else(|| Arc::new(rustls::crypto::aws_lc_rs::default_provider()), Arc::clone)
}

fn extra_authorities(extra_ca_pem: &[String]) -> Result<Vec<CertificateDer<'static>>, ConfigFailure> {
    let mut all = Vec::new();
    for (place, pem) in extra_ca_pem.iter().enumerate() {
        let number = place + 1;
        let found = certificates(pem).ok_or(ConfigFailure::ExtraCa { number })?;
        // The roots are tried one by one here, so that a bad one is named and not silently left out.
        only(found.clone()).map_err(|_| ConfigFailure::ExtraCa { number })?;
        all.extend(found);
    }
    Ok(all)
}

fn only(authorities: Vec<CertificateDer<'static>>) -> Result<RootCertStore, ConfigFailure> {
    let mut store = RootCertStore::empty();
    for authority in authorities {
        store
            .add(authority)
            .map_err(|failure| ConfigFailure::Tls(failure.into()))?;
    }
    Ok(store)
}

/// Reads at least one certificate.
fn certificates(pem: &str) -> Option<Vec<CertificateDer<'static>>> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .ok()?;
    (!found.is_empty()).then_some(found)
}

fn with_identity(
    builder: ConfigBuilder<rustls::ClientConfig, rustls::client::WantsClientCert>,
    identity: Option<&MtlsIdentity>,
    provider: &CryptoProvider,
) -> Result<rustls::ClientConfig, ConfigFailure> {
    Ok(match identity {
        Some(identity) => builder.with_client_cert_resolver(resolver(identity, provider)?),
        None => builder.with_no_client_auth(),
    })
}

fn resolver(identity: &MtlsIdentity, provider: &CryptoProvider) -> Result<Arc<dyn ResolvesClientCert>, ConfigFailure> {
    let chain = certificates(&identity.chain_pem).ok_or(ConfigFailure::Identity)?;
    let der =
        PrivateKeyDer::from_pem_slice(identity.key_pem.expose().as_bytes()).map_err(|_| ConfigFailure::Identity)?;
    let key = provider
        .key_provider
        .load_private_key(der)
        .map_err(|_| ConfigFailure::Identity)?;
    // A certificate holds its SubjectPublicKeyInfo byte for byte (RFC 5280 4.1), so no parser is needed to compare.
    let public = key.public_key().ok_or(ConfigFailure::Identity)?;
    let leaf = chain.first().ok_or(ConfigFailure::Identity)?;
    if !leaf.windows(public.len()).any(|part| part == public.as_ref()) {
        return Err(ConfigFailure::IdentityMismatch);
    }
    Ok(Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key))))
}
