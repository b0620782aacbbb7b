//! Whoever judges the server's certificate tells what it saw: the issuer, and whether an added authority vouched for it.
//!
//! A refused certificate is not part of rustls' errors, so the refusal carries what a person needs to know about it. The judgement
//! itself is the inner verifier's and is never changed. Deliberately absent: a way to accept what the inner one refuses.

use crate::network::{CertificateFault, CertificateProblem, Issuer};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};
use std::sync::{Arc, Mutex, PoisonError};

/// Who vouched for the server in the last full handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) issuer: Issuer,
    pub(crate) through_added: bool,
}

/// Where a handshake leaves what it saw.
#[derive(Debug, Default)]
pub(crate) struct Sight(Mutex<Option<Seen>>);

impl Sight {
    pub(crate) fn last(&self) -> Option<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whether an added authority vouches for a server that the judge accepted.
#[derive(Debug)]
pub(super) enum Added {
    /// None was added.
    Never,
    /// The judge trusts no other ones.
    Always,
    /// This one trusts the added ones alone; it is asked and does not judge.
    Ask(Arc<WebPkiServerVerifier>),
}

/// A verifier that passes its judge's verdict on and remembers whom it was about.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) judge: Arc<dyn ServerCertVerifier>,
    pub(super) added: Added,
    pub(super) sight: Arc<Sight>,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let issuer = Issuer::of(leaf);
        match self.judge.verify_server_cert(leaf, chain, name, ocsp, now) {
            Ok(verified) => {
                let through_added = match &self.added {
                    Added::Never => false,
                    Added::Always => true,
                    Added::Ask(one) => one.verify_server_cert(leaf, chain, name, ocsp, now).is_ok(),
                };
                let seen = Seen { issuer, through_added };
                *self.sight.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
                Ok(verified)
            }
            Err(Error::InvalidCertificate(error)) => Err(refused(&error, issuer)),
            Err(other) => Err(other),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.judge.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
    }
}

/// Trusts nobody: for a host on this machine when no authority was added.
#[derive(Debug)]
pub(super) struct Nobody;

impl ServerCertVerifier for Nobody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256, SignatureScheme::RSA_PSS_SHA256]
    }
}

fn refused(error: &CertificateError, issuer: Issuer) -> Error {
    let problem = CertificateProblem::of(error);
    let fault = CertificateFault { problem, issuer };
    CertificateError::Other(OtherError(Arc::new(fault))).into()
}

/// Finds what [`Witness`] put into a failure.
pub(crate) fn certificate_fault(error: &Error) -> Option<&CertificateFault> {
    let Error::InvalidCertificate(CertificateError::Other(OtherError(inner))) = error else {
        return None;
    };
    inner.downcast_ref::<CertificateFault>()
}
