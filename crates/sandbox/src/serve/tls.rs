//! TLS of the https listener: our own server certificate, and a client certificate that is asked for but not demanded.
//!
//! The verifier accepts any certificate and checks only that the caller holds its key: rustls' own verifiers refuse the
//! unknown critical extension of Klarna's certificates (portal-access.md 1.1). Who it is, `api::mtls` decides.

use crate::ca::check::Facts;
use crate::ca::server::ServerIdentity;
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Verifier;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use rustls_pki_types::{CertificateDer, UnixTime};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// Makes the acceptor; the provider is named here and no process-wide default is relied on.
pub(super) fn acceptor(identity: ServerIdentity) -> Result<TlsAcceptor, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(AnyHolder))
        .with_single_cert(identity.chain, identity.key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Accepts whoever holds the key of the certificate that it presents.
#[derive(Debug)]
struct AnyHolder;

impl ClientCertVerifier for AnyHolder {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

fn verify(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signed: &DigitallySignedStruct,
) -> Result<HandshakeSignatureValid, Error> {
    let facts = Facts::read(certificate).ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let bad = || Error::InvalidCertificate(CertificateError::BadSignature);
    if signed.scheme != SignatureScheme::ECDSA_NISTP256_SHA256 {
        return Err(bad());
    }
    let signature = DerSignature::from_bytes(signed.signature()).map_err(|_| bad())?;
    facts.key.verify(message, &signature).map_err(|_| bad())?;
    Ok(HandshakeSignatureValid::assertion())
}
