//! Signing keys and their certificates: make a P-256 key, ask for a certificate, check what came back, sign.
//!
//! A key lives in a key store as PKCS#8 and nowhere else; the certificate is public and lives in the database. Facts about Klarna's
//! certificates: portal-access.md section 1. Deliberately absent: a chain of trust to Klarna's CA (its name for the live system is not
//! known, and Klarna itself checks what it issued), and any way to see the private key but to put it into a store.

mod certificate;
mod checks;
mod facts;
mod hardware;
mod identity;
mod import;
mod paste;
mod pasted;
mod request;
mod signer;
mod software_key;

pub use certificate::Certificate;
pub(crate) use certificate::is_ca as is_authority;
pub use checks::{CertificateCheck, CheckLine, check_certificate, first_failure};
pub use facts::{CertificateFacts, USAGE_EXTENSION_OID};
pub use gatehouse_klarna::CertificateUsage;
pub use hardware::{
    HardwareFailure, HardwareKey, HardwareKeyFacts, HardwareModule, ModuleFault, NotATokenAddress, PinState,
    TokenAddress, TokenFacts, TriesLeft, UnlockWindow,
};
pub use identity::{ForeignCertificate, SigningIdentity};
pub use import::{Imported, NotImportable, import};
pub use paste::NotACertificate;
pub(crate) use paste::certificates_in_text as certificate_ders;
pub use pasted::{Mended, Pasted};
pub use request::{LONGEST_COMMON_NAME, NotRequested, certificate_signing_request, certificate_signing_request_named};
pub use signer::Signer;
pub(crate) use software_key::lay_out_tables;
pub use software_key::{SoftwareKey, UnusableKey};
