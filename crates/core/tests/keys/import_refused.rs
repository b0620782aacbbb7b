//! What is refused by an import, and by which name: other curves and kinds, other files, contradictions.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use gatehouse_core::signing_key::NotImportable;

use crate::fixtures::{key, key_of};
use crate::import::{folder, made, refusal, taken};

#[test]
fn other_curves_are_refused_by_name() {
    let folder = folder();
    for (theirs, ours) in [
        ("secp384r1", "P-384"),
        ("secp521r1", "P-521"),
        ("secp256k1", "secp256k1"),
        ("brainpoolP256r1", "brainpoolP256r1"),
    ] {
        let sec1 = made(&folder, &["ecparam", "-name", theirs, "-genkey", "-noout"]);
        fs::write(folder.path().join("other.pem"), &sec1).unwrap();
        let pkcs8 = made(&folder, &["pkcs8", "-topk8", "-nocrypt", "-in", "other.pem"]);
        let sealed = made(&folder, &["pkcs8", "-topk8", "-in", "other.pem", "-passout", "pass:p"]);
        for (file, passphrase) in [(sec1, None), (pkcs8, None), (sealed, Some("p"))] {
            let expected = NotImportable::OtherCurve { curve: ours.to_owned() };
            assert_eq!(refusal(&file, passphrase), expected, "{theirs}");
        }
    }
}

#[test]
fn a_curve_written_out_as_numbers_is_no_named_curve() {
    let folder = folder();
    let explicit = [
        "ecparam",
        "-name",
        "prime256v1",
        "-genkey",
        "-noout",
        "-param_enc",
        "explicit",
    ];
    let sec1 = made(&folder, &explicit);
    let expected = NotImportable::OtherCurve {
        curve: "without a name".to_owned(),
    };
    assert_eq!(refusal(&sec1, None), expected, "SEC1");
    fs::write(folder.path().join("other.pem"), &sec1).unwrap();
    let pkcs8 = made(&folder, &["pkcs8", "-topk8", "-nocrypt", "-in", "other.pem"]);
    assert_eq!(refusal(&pkcs8, None), expected, "PKCS#8");
}

#[test]
fn other_kinds_of_keys_are_refused_by_name() {
    let folder = folder();
    let cases: [(&str, &[&str]); 5] = [
        (
            "RSA",
            &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        ),
        ("RSA", &["genrsa", "-traditional", "1024"]),
        (
            "RSA",
            &[
                "genpkey",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                "rsa_keygen_bits:1024",
                "-outform",
                "DER",
            ],
        ),
        ("Ed25519", &["genpkey", "-algorithm", "ED25519"]),
        ("X25519", &["genpkey", "-algorithm", "X25519"]),
    ];
    for (kind, args) in cases {
        let expected = NotImportable::OtherKind { kind: kind.to_owned() };
        assert_eq!(refusal(&made(&folder, args), None), expected, "{args:?}");
    }
    fs::write(folder.path().join("rsa.pem"), made(&folder, cases[1].1)).unwrap();
    let der = made(&folder, &["rsa", "-in", "rsa.pem", "-traditional", "-outform", "DER"]);
    assert_eq!(
        refusal(&der, None),
        NotImportable::OtherKind { kind: "RSA".to_owned() },
        "PKCS#1"
    );
}

#[test]
fn what_is_no_key_is_named_for_what_it_is() {
    let folder = folder();
    let request = made(&folder, &["req", "-new", "-key", "key.pem", "-subj", "/CN=x"]);
    let request_der = made(
        &folder,
        &["req", "-new", "-key", "key.pem", "-subj", "/CN=x", "-outform", "DER"],
    );
    let certificate = made(&folder, &["req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=x"]);
    let certificate_der = made(
        &folder,
        &[
            "req", "-x509", "-new", "-key", "key.pem", "-subj", "/CN=x", "-outform", "DER",
        ],
    );
    let public = made(&folder, &["pkey", "-in", "key.pem", "-pubout"]);
    let public_der = made(&folder, &["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"]);
    let parameters = made(&folder, &["ecparam", "-name", "prime256v1"]);
    let pem = key().to_pkcs8_pem().expose_str().unwrap().to_owned();
    let bare: String = pem.lines().filter(|line| !line.starts_with("--")).collect();
    let cut = pem.split_once("-----END").unwrap().0.to_owned();
    let broken = pem.replacen("MIGHAgEA", "M%GHAgEA", 1);
    let cases: [(&[u8], NotImportable); 18] = [
        (&certificate, NotImportable::Certificate),
        (&certificate_der, NotImportable::Certificate),
        (&request, NotImportable::SigningRequest),
        (&request_der, NotImportable::SigningRequest),
        (&public, NotImportable::PublicKey),
        (&public_der, NotImportable::PublicKey),
        (&parameters, NotImportable::NotAKey),
        (b"", NotImportable::Empty),
        (b" \r\n\t ", NotImportable::Empty),
        (bare.as_bytes(), NotImportable::NoArmour),
        (cut.as_bytes(), NotImportable::Damaged),
        (broken.as_bytes(), NotImportable::Damaged),
        (b"<html>502</html>", NotImportable::NotAKey),
        (&[0x89, b'P', b'N', b'G', 0, 1, 2], NotImportable::NotAKey),
        (
            &[0x30, 0x80, 2, 1, 3, 0, 0],
            NotImportable::OtherForm {
                form: "a file with open lengths (BER), as some old programs write it".to_owned(),
            },
        ),
        (
            &[0xfe, 0xed, 0xfe, 0xed, 0, 0],
            NotImportable::OtherForm {
                form: "a Java keystore (JKS)".to_owned(),
            },
        ),
        (
            b"PuTTY-User-Key-File-3: ecdsa-sha2-nistp256",
            NotImportable::OtherForm {
                form: "a PuTTY key".to_owned(),
            },
        ),
        (
            b"{\"kty\":\"EC\",\"crv\":\"P-256\"}",
            NotImportable::OtherForm {
                form: "a JSON web key (JWK)".to_owned(),
            },
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(
            refusal(file, Some("p")),
            expected,
            "{:?}",
            String::from_utf8_lossy(file)
        );
    }
}

#[test]
fn no_refusal_repeats_what_was_read() {
    let canary = "CANARY-7f3a";
    let pem = format!("-----BEGIN {canary}-----\nAAAA\n-----END {canary}-----\n");
    let files = [
        canary.to_owned(),
        pem,
        format!("-----BEGIN PRIVATE KEY-----\n{canary}\n-----END PRIVATE KEY-----"),
    ];
    for file in files {
        let refused = refusal(file.as_bytes(), Some(canary));
        let told = format!("{refused} {refused:?}");
        assert!(!told.contains("CANARY"), "nothing of {file:?} is in {told:?}");
    }
    let imported = taken(key().to_pkcs8_pem().expose(), None).unwrap();
    assert!(
        format!("{imported:?}").contains("<redacted>"),
        "nor is the key in its debug output"
    );
}

#[test]
fn keys_whose_parts_contradict_each_other_are_damaged() {
    let other = key_of([7; 32]).to_pkcs8_der();
    let mut der = key().to_pkcs8_der().expose().to_vec();
    let len = der.len();
    der[len - 64..].copy_from_slice(&other.expose()[len - 64..]);
    assert_eq!(
        refusal(&der, None),
        NotImportable::Damaged,
        "the public half is another key's"
    );
    let mut zero = key().to_pkcs8_der().expose().to_vec();
    zero[36..68].fill(0);
    assert_eq!(refusal(&zero, None), NotImportable::Damaged, "zero is no key");
}
