//! Finding certificates in what a person pastes or picks, and naming what it is when it is something else.
//!
//! People paste the key, the request, a whole JSON answer, or the base64 alone. Each gets its own sentence. Deliberately absent: guessing
//! (base64 without its lines is told, not taken), and reading containers (PKCS#7; PKCS#12, which is a matter of keys: `import`).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::import::{self, DerKind};

/// A certificate is about 1 KiB; a chain of ten is far below this.
pub(super) const LARGEST: usize = 64 * 1024;
const MOST_BLOCKS: usize = 10;

/// Why a text or file is not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACertificate {
    /// Nothing was given.
    #[error("There is nothing here. Paste the certificate that Klarna issued, from its BEGIN line to its END line.")]
    Empty,
    /// A private key, alone or beside a certificate.
    #[error(
        "This contains a private key, not only a certificate. Do not paste keys; paste the certificate that Klarna issued."
    )]
    PrivateKey,
    /// A public key.
    #[error("This is a public key, not a certificate. Paste the certificate that Klarna issued.")]
    PublicKey,
    /// The signing request that was sent to Klarna.
    #[error("This is the signing request, not the certificate. Send the request to Klarna, and paste what comes back.")]
    SigningRequest,
    /// Another kind of PEM block.
    #[error("This is a PEM block of another kind. Paste the one that begins with BEGIN CERTIFICATE.")]
    OtherBlock,
    /// Base64 without BEGIN and END.
    #[error(
        "This looks like a certificate without its first and last line. Paste it with the lines BEGIN CERTIFICATE and END CERTIFICATE."
    )]
    NoArmour,
    /// A BEGIN line without its END line, or broken base64 between them.
    #[error("The certificate is cut off or has a damaged line. Copy it again, from its BEGIN line to its END line.")]
    CutOff,
    /// Base64 or binary that is not a certificate inside.
    #[error("The content is not an X.509 certificate. Copy it again, or ask Klarna for it anew.")]
    NotX509,
    /// Nothing that could be recognised.
    #[error(
        "This is not a certificate. Paste the certificate that Klarna issued, from its BEGIN line to its END line."
    )]
    Garbage,
    /// Binary content where text was expected.
    #[error("This is a binary file. Choose it with “Install from file”, or convert it to text (PEM) first.")]
    Binary,
    /// More than a chain can be.
    #[error(
        "This is far longer than a certificate and its chain can be. Paste only the certificate that Klarna issued."
    )]
    TooLarge,
    /// Certificates of authorities, and none that was issued to anybody.
    #[error(
        "These are authorities' certificates (CA) alone; the one that Klarna issued for your key is missing. Paste that one, with or without these."
    )]
    AuthoritiesAlone,
    /// A PKCS#12 file.
    #[error(
        "This is a PKCS#12 file (.p12, .pfx), which is made to hold a key. Import it in the key's own step; its certificate comes along."
    )]
    Pkcs12,
    /// A PKCS#7 bundle.
    #[error(
        "This is a PKCS#7 bundle (.p7b, .p7c). Convert it with `openssl pkcs7 -print_certs -in FILE`, and paste what that prints."
    )]
    Pkcs7,
    /// Several certificates of which none signed another.
    #[error(
        "This holds several certificates that do not form one chain. Paste only the certificate that Klarna issued."
    )]
    NotOneChain,
}

/// Takes the DER of each certificate out of a text, in the order of the text.
pub(crate) fn certificates_in_text(text: &str) -> Result<Vec<Vec<u8>>, NotACertificate> {
    if text.len() > LARGEST {
        return Err(NotACertificate::TooLarge);
    }
    // Copied out of a JSON answer, the line ends are written as \n; a backslash is in no PEM.
    let text = text.replace("\\r", "").replace("\\n", "\n");
    let blocks = blocks(&text)?;
    if blocks.is_empty() {
        return Err(what_else(text.trim_start_matches('\u{feff}').trim()));
    }
    if blocks.len() > MOST_BLOCKS {
        return Err(NotACertificate::TooLarge);
    }
    if blocks.iter().any(|block| block.label.ends_with("PRIVATE KEY")) {
        return Err(NotACertificate::PrivateKey);
    }
    blocks.iter().map(Block::certificate_der).collect()
}

struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

impl Block<'_> {
    fn certificate_der(&self) -> Result<Vec<u8>, NotACertificate> {
        match self.label {
            "CERTIFICATE" | "X509 CERTIFICATE" => {}
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
                return Err(NotACertificate::SigningRequest);
            }
            "PUBLIC KEY" => return Err(NotACertificate::PublicKey),
            "PKCS7" | "CMS" => return Err(NotACertificate::Pkcs7),
            "PKCS12" => return Err(NotACertificate::Pkcs12),
            _ => return Err(NotACertificate::OtherBlock),
        }
        let base64: String = self.body.chars().filter(|c| !c.is_whitespace()).collect();
        STANDARD.decode(base64).map_err(|_| NotACertificate::CutOff)
    }
}

/// Splits the text at its BEGIN and END lines (RFC 7468); what stands outside is ignored, as its section 2 says.
fn blocks(text: &str) -> Result<Vec<Block<'_>>, NotACertificate> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or(NotACertificate::CutOff)?;
        // A key that lost its END line is a key all the same, and the sentence about keys matters more.
        let private = label.ends_with("PRIVATE KEY");
        match after.split_once(&format!("-----END {label}-----")) {
            Some((body, after)) => {
                found.push(Block { label, body });
                rest = after;
            }
            None if private => return Err(NotACertificate::PrivateKey),
            None => return Err(NotACertificate::CutOff),
        }
    }
    Ok(found)
}

/// Names DER that is no certificate.
pub(super) fn what_der_is(der: &[u8]) -> NotACertificate {
    match import::what_der_is(der) {
        Some(DerKind::Key) => NotACertificate::PrivateKey,
        Some(DerKind::Pkcs12) => NotACertificate::Pkcs12,
        Some(DerKind::Pkcs7) => NotACertificate::Pkcs7,
        Some(DerKind::Request) => NotACertificate::SigningRequest,
        Some(DerKind::PublicKey) => NotACertificate::PublicKey,
        None => NotACertificate::NotX509,
    }
}

/// Names a text without any block.
fn what_else(text: &str) -> NotACertificate {
    let body: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if body.is_empty() {
        NotACertificate::Empty
    } else if text.contains("-----END ") || text.contains("BEGIN CERTIFICATE") {
        NotACertificate::CutOff
    } else if text.contains('\0') || text.contains('\u{fffd}') {
        NotACertificate::Binary
    } else if body.starts_with("MI") && STANDARD.decode(&body).is_ok() {
        NotACertificate::NoArmour
    } else {
        NotACertificate::Garbage
    }
}
