//! A certificate as it came in, matched with the key it is for: the leaf found by the key, the chain sorted, strangers left out.
//!
//! People paste a chain upside down, or all certificates of a mail at once. What can be mended without a guess is mended and said;
//! where no certificate is for the key, the paste is read without it, so that the checks name what is wrong. Deliberately absent:
//! choosing by name or by date alone.

use super::Certificate;
use super::certificate::{Parsed, is_ca, parse_all};
use super::paste::NotACertificate;

/// What was put right in a paste.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mended {
    /// The leaf did not come first, or the chain not in order.
    #[error("The chain was in the wrong order; it was sorted, with the certificate for your key first.")]
    ChainSorted,
    /// Certificates that are neither for the key nor above its certificate.
    #[error("{count} certificates that do not belong to your key's chain were left out.")]
    OthersLeftOut {
        /// How many.
        count: usize,
    },
    /// Several certificates for the same key; the one that is valid longest was taken.
    #[error("Several certificates for your key were there; the one that is valid longest was taken.")]
    LongestTaken,
}

/// A certificate with its chain, and what was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// The certificate, for the key where one was.
    pub certificate: Certificate,
    /// What was put right, in the order it was done; mostly nothing.
    pub mended: Vec<Mended>,
}

impl Pasted {
    /// Reads pasted text or a file, PEM or DER, for the key with this public half.
    ///
    /// # Errors
    /// [`NotACertificate`]; a certificate for another key is no error here, but the first line of `check_certificate`.
    pub fn read(bytes: &[u8], spki_der: &[u8]) -> Result<Self, NotACertificate> {
        let parsed = parse_all(bytes)?;
        let own: Vec<&Parsed> = parsed
            .iter()
            .filter(|one| !is_ca(&one.x509) && one.certificate().spki_der() == spki_der)
            .collect();
        let longest = own.iter().max_by_key(|one| one.certificate().facts().not_after_unix_s);
        let Some(leaf) = longest else {
            return unmatched(&parsed);
        };
        let others = parsed.iter().map(Parsed::certificate);
        let others: Vec<Certificate> = others.filter(|other| other.spki_der() != spki_der).collect();
        let certificate = leaf.certificate().with_those_above(&others);
        let mended = mended(&parsed, &certificate, own.len());
        Ok(Self { certificate, mended })
    }
}

fn unmatched(parsed: &[Parsed]) -> Result<Pasted, NotACertificate> {
    let certificate = Certificate::from_parsed(parsed.to_vec())?;
    let mended = mended(parsed, &certificate, 1);
    Ok(Pasted { certificate, mended })
}

fn mended(parsed: &[Parsed], certificate: &Certificate, own: usize) -> Vec<Mended> {
    let taken: Vec<&[u8]> = std::iter::once(certificate.leaf_der())
        .chain(certificate.chain_der().iter().map(Vec::as_slice))
        .collect();
    let came: Vec<&[u8]> = parsed.iter().map(|one| one.der.as_slice()).collect();
    let kept: Vec<&[u8]> = came.iter().copied().filter(|der| taken.contains(der)).collect();
    let mut mended = Vec::new();
    if own > 1 {
        mended.push(Mended::LongestTaken);
    }
    if kept != taken {
        mended.push(Mended::ChainSorted);
    }
    let count = came.len().saturating_sub(kept.len() + own.saturating_sub(1));
    if count > 0 {
        mended.push(Mended::OthersLeftOut { count });
    }
    mended
}
