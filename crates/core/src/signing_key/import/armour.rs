//! Text with PEM blocks (RFC 7468), as tools and mail programs leave it: what is text at all, its blocks, and names for the rest.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use super::NotImportable;

/// Far above any file of one key.
const MOST_BLOCKS: usize = 64;

/// Standard base64; padding is checked when it is there.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a block says it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    Pkcs8,
    Sealed,
    Sec1,
    /// OpenSSL's own encryption of old, with `Proc-Type` and `DEK-Info`.
    OldSealed,
    OtherKey(String),
    OtherForm(String),
    Certificate,
    Request,
    PublicKey,
    Ignored,
}

impl Label {
    fn of(words: &str, body: &str) -> Self {
        if words.ends_with("PRIVATE KEY") && body.contains("Proc-Type:") {
            return Self::OldSealed;
        }
        match words {
            "PRIVATE KEY" => Self::Pkcs8,
            "ENCRYPTED PRIVATE KEY" => Self::Sealed,
            "EC PRIVATE KEY" => Self::Sec1,
            "OPENSSH PRIVATE KEY" => Self::OtherForm("an OpenSSH key".to_owned()),
            "PGP PRIVATE KEY BLOCK" => Self::OtherForm("a PGP key".to_owned()),
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Self::Certificate,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Self::Request,
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Self::PublicKey,
            "RSA PRIVATE KEY" => Self::OtherKey("RSA".to_owned()),
            "DSA PRIVATE KEY" => Self::OtherKey("DSA".to_owned()),
            _ => Self::Ignored,
        }
    }

    pub(super) fn is_key(&self) -> bool {
        match self {
            Self::Pkcs8 | Self::Sealed | Self::Sec1 | Self::OldSealed | Self::OtherKey(_) | Self::OtherForm(_) => true,
            Self::Certificate | Self::Request | Self::PublicKey | Self::Ignored => false,
        }
    }

    /// Whether the block's content is to be base64 of DER.
    fn has_der(&self) -> bool {
        match self {
            Self::Pkcs8 | Self::Sealed | Self::Sec1 => true,
            Self::OldSealed | Self::OtherKey(_) | Self::OtherForm(_) => false,
            Self::Certificate | Self::Request | Self::PublicKey | Self::Ignored => false,
        }
    }
}

/// One block; `der` is empty where its content cannot be read and need not be.
pub(super) struct Block {
    pub(super) label: Label,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The bytes as text, when they are text: UTF-8 with or without its mark, or UTF-16 with its mark, as PowerShell writes it.
pub(super) fn text_of(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => {
            let text = std::str::from_utf8(bytes).ok()?;
            // DER may happen to be UTF-8, but a text holds no NUL and does not begin with 0x30 and a length.
            if text.contains('\0') || plain_der(bytes) {
                return None;
            }
            Zeroizing::new(text.trim_start_matches('\u{feff}').to_owned())
        }
    };
    // Copied out of a JSON text, the line ends are written as \n; a backslash is in no PEM.
    if text.contains('\\') {
        let mended = Zeroizing::new(text.replace("\\r", ""));
        return Some(Zeroizing::new(mended.replace("\\n", "\n")));
    }
    Some(text)
}

/// Whether the bytes are one whole DER sequence of short length.
fn plain_der(bytes: &[u8]) -> bool {
    matches!(bytes, [0x30, len, rest @ ..] if usize::from(*len) == rest.len())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Zeroizing<String>> {
    let pairs = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for character in char::decode_utf16(pairs) {
        text.push(character.ok()?);
    }
    Some(text)
}

/// Splits a text at its BEGIN and END lines; what stands outside is ignored, as RFC 7468 section 2 says.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, NotImportable> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (words, after) = after.split_once("-----").ok_or(NotImportable::Damaged)?;
        let (body, after) = after
            .split_once(&format!("-----END {words}-----"))
            .ok_or(NotImportable::Damaged)?;
        if found.len() == MOST_BLOCKS {
            return Err(NotImportable::TooLarge);
        }
        found.push(block(words, body)?);
        rest = after;
    }
    Ok(found)
}

fn block(words: &str, body: &str) -> Result<Block, NotImportable> {
    let label = Label::of(words, body);
    let der = match decoded(body) {
        Some(der) => der,
        None if label.has_der() => return Err(NotImportable::Damaged),
        None => Zeroizing::default(),
    };
    Ok(Block { label, der })
}

fn decoded(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    // Room for all of it at once: a buffer that grows leaves its past behind unwiped.
    let mut compact = Zeroizing::new(Vec::with_capacity(body.len()));
    compact.extend(body.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    let mut der = Zeroizing::new(vec![0; base64::decoded_len_estimate(compact.len())]);
    let len = LENIENT.decode_slice(&*compact, &mut der).ok()?;
    der.truncate(len);
    Some(der)
}

/// Names a text without any block.
pub(super) fn what_else(text: &str) -> NotImportable {
    let text = text.trim();
    let other = |form: &str| NotImportable::OtherForm { form: form.to_owned() };
    if text.is_empty() {
        NotImportable::Empty
    } else if text.starts_with("PuTTY-User-Key-File") {
        other("a PuTTY key")
    } else if text.starts_with('{') && text.contains("\"kty\"") {
        other("a JSON web key (JWK)")
    } else if text.contains("-----END ") {
        NotImportable::Damaged
    } else if text.starts_with('M') && decoded(text).is_some_and(|der| der.first() == Some(&0x30)) {
        NotImportable::NoArmour
    } else {
        NotImportable::NotAKey
    }
}
