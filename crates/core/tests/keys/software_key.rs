//! Keys: published vectors, and openssl as the foreign judge.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use gatehouse_core::signing_key::{SoftwareKey, UnusableKey};
use p256::ecdsa::Signature;

use crate::fixtures::{RFC6979_D, fill, key, key_of, openssl, said};

#[test]
fn the_key_id_is_the_rfc7638_thumbprint() {
    // Computed over the public key of RFC 7517, appendix A.1, with Python's hashlib.
    assert_eq!(
        key().key_id(),
        "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
        "the thumbprint of the RFC's key"
    );
}

#[test]
fn signatures_are_those_of_rfc6979() {
    let key = key_of(RFC6979_D);
    let expected = [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
        ),
    ];
    for (message, signature) in expected {
        assert_eq!(
            hex::encode(key.sign_es256(message.as_bytes())),
            signature,
            "RFC 6979, A.2.5, message {message:?}"
        );
    }
}

#[test]
fn openssl_verifies_our_signatures_and_rejects_others() {
    let folder = tempfile::tempdir().unwrap();
    let key = SoftwareKey::make(&mut fill).unwrap();
    std::fs::write(folder.path().join("public.der"), key.spki_der()).unwrap();
    let public = [
        "pkey",
        "-pubin",
        "-inform",
        "DER",
        "-in",
        "public.der",
        "-out",
        "public.pem",
    ];
    assert!(
        openssl(folder.path(), &public, b"").status.success(),
        "openssl reads our public key"
    );
    let signature = Signature::from_slice(&key.sign_es256(b"header.claims")).unwrap();
    std::fs::write(folder.path().join("signature"), signature.to_der()).unwrap();
    let verify = ["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature"];
    let good = openssl(folder.path(), &verify, b"header.claims");
    assert!(
        said(&good).contains("Verified OK"),
        "openssl accepts the signature: {}",
        said(&good)
    );
    let bad = openssl(folder.path(), &verify, b"header.claimz");
    assert!(!bad.status.success(), "and not over other bytes");
}

#[test]
fn openssl_reads_our_pkcs8_and_we_read_openssls() {
    let folder = tempfile::tempdir().unwrap();
    let ours = SoftwareKey::make(&mut fill).unwrap();
    assert_eq!(
        ours.to_pkcs8_der().expose().len(),
        138,
        "the size that fits every keyring"
    );
    let pem = ours.to_pkcs8_pem();
    let public = openssl(folder.path(), &["pkey", "-pubout", "-outform", "DER"], pem.expose());
    assert_eq!(
        public.stdout,
        ours.spki_der(),
        "openssl finds the same public key in our PKCS#8"
    );
    let theirs = pkcs8_of_openssl(
        folder.path(),
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    );
    let theirs = SoftwareKey::from_pkcs8_der(&theirs).unwrap();
    let again = SoftwareKey::from_pkcs8_der(theirs.to_pkcs8_der().expose()).unwrap();
    assert_eq!(
        again.key_id(),
        theirs.key_id(),
        "a key of openssl goes through our form and back"
    );
}

/// A new key of openssl, as PKCS#8 in DER (`genpkey -outform DER` alone writes the older form).
fn pkcs8_of_openssl(folder: &Path, kind: &[&str]) -> Vec<u8> {
    let pem = openssl(folder, &[&["genpkey"], kind].concat(), b"").stdout;
    openssl(folder, &["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], &pem).stdout
}

#[test]
fn other_kinds_of_key_are_told_apart_from_damage() {
    let folder = tempfile::tempdir().unwrap();
    let p384 = pkcs8_of_openssl(
        folder.path(),
        &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    );
    let ed25519 = pkcs8_of_openssl(folder.path(), &["-algorithm", "ED25519"]);
    for other in [&p384, &ed25519] {
        assert_eq!(
            SoftwareKey::from_pkcs8_der(other).unwrap_err(),
            UnusableKey::NotP256,
            "a key of another kind"
        );
    }
    let der = key().to_pkcs8_der();
    for len in 0..der.expose().len() {
        let cut = SoftwareKey::from_pkcs8_der(&der.expose()[..len]);
        assert_eq!(cut.unwrap_err(), UnusableKey::NotPkcs8, "cut off after {len} bytes");
    }
}

#[test]
fn a_broken_source_of_randomness_makes_no_key() {
    for stuck in [0x00, 0xff] {
        let made = SoftwareKey::make(&mut |bytes| bytes.fill(stuck));
        assert_eq!(
            made.unwrap_err(),
            UnusableKey::NoRandomness,
            "bytes that are all {stuck:#04x}"
        );
    }
}

#[test]
fn numbers_that_cannot_be_keys_are_drawn_again() {
    let mut draws = 0;
    let key = SoftwareKey::make(&mut |bytes| {
        draws += 1;
        bytes.fill(if draws == 1 { 0xff } else { 0x11 });
    });
    assert!(
        key.is_ok() && draws == 2,
        "the first number lies above the group's order and is not reduced into it"
    );
}
