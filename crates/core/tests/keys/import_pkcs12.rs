//! PKCS#12 files, made by openssl: opened, counted, and never a reason to panic.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use gatehouse_core::signing_key::NotImportable;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::fixtures::{Authority, in_rcgen, key, key_of, klarna_like};
use crate::import::{folder, made, taken};

/// `folder` with the key's certificate and chain beside it.
fn with_certificates() -> TempDir {
    let folder = folder();
    let authority = Authority::make();
    let own = authority.issue_pem(&klarna_like(), &in_rcgen(&key()));
    fs::write(folder.path().join("own.pem"), own).unwrap();
    let above = format!("{}{}", authority.root_pem, authority.intermediate_pem);
    fs::write(folder.path().join("above.pem"), above).unwrap();
    folder
}

fn packed(folder: &TempDir, more: &[&str]) -> Vec<u8> {
    let args = ["pkcs12", "-export", "-inkey", "key.pem", "-passout", "pass:p\u{00e4}ss"];
    made(folder, &[&args, more].concat())
}

#[test]
fn the_key_and_its_certificate_come_out_of_every_kind_of_file() {
    let folder = with_certificates();
    let old = [
        "-keypbe",
        "PBE-SHA1-3DES",
        "-certpbe",
        "PBE-SHA1-3DES",
        "-macalg",
        "sha1",
    ];
    let aes = ["-keypbe", "aes-256-cbc", "-certpbe", "aes-256-cbc", "-macalg", "sha512"];
    let kinds: [&[&str]; 5] = [&[], &old, &aes, &["-legacy"], &["-name", "klarna 2026"]];
    for kind in kinds {
        let file = packed(&folder, &[&["-in", "own.pem", "-certfile", "above.pem"], kind].concat());
        let imported = taken(&file, Some("p\u{00e4}ss")).unwrap();
        assert_eq!(imported.key.key_id(), key().key_id(), "the key: {kind:?}");
        assert_eq!(imported.certificates.len(), 1, "and its certificate: {kind:?}");
        assert_eq!(
            imported.certificates[0].chain_der().len(),
            2,
            "with the chain: {kind:?}"
        );
        assert_eq!(
            taken(&file, Some("x")).unwrap_err(),
            NotImportable::WrongPassphrase,
            "{kind:?}"
        );
        assert_eq!(
            taken(&file, None).unwrap_err(),
            NotImportable::PassphraseNeeded,
            "{kind:?}"
        );
    }
}

#[test]
fn a_key_without_a_certificate_or_without_a_check_is_taken() {
    let folder = with_certificates();
    for more in [&["-nocerts"][..], &["-nocerts", "-nomac"]] {
        let imported = taken(&packed(&folder, more), Some("p\u{00e4}ss")).unwrap();
        assert!(imported.certificates.is_empty(), "nothing lay beside it: {more:?}");
    }
    let open = [
        "pkcs12", "-export", "-inkey", "key.pem", "-nocerts", "-passout", "pass:",
    ];
    assert!(
        taken(&made(&folder, &open), None).is_ok(),
        "an empty passphrase need not be typed"
    );
}

#[test]
fn a_wrong_passphrase_is_told_without_the_files_own_check_too() {
    let folder = with_certificates();
    let file = packed(&folder, &["-in", "own.pem", "-nomac"]);
    for wrong in ["x", "y", "z", "", "p"] {
        let refused = taken(&file, Some(wrong)).unwrap_err();
        assert_eq!(refused, NotImportable::WrongPassphrase, "{wrong:?}");
    }
}

#[test]
fn several_keys_are_counted_and_none_is_told() {
    let folder = with_certificates();
    let certificates_alone = ["pkcs12", "-export", "-nokeys", "-in", "own.pem", "-passout", "pass:p"];
    let refused = taken(&made(&folder, &certificates_alone), Some("p")).unwrap_err();
    assert_eq!(refused, NotImportable::NoKeyInside, "certificates alone");
    let file = two_keys();
    let refused = taken(&file, Some("p")).unwrap_err();
    assert_eq!(refused, NotImportable::SeveralKeys { count: 2 }, "two keys");
}

/// openssl cannot write two keys into one file; the importing library's own writer can.
fn two_keys() -> Vec<u8> {
    use p12_keystore::{KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
    let mut store = KeyStore::new();
    for (name, key) in [("one", key()), ("two", key_of([7; 32]))] {
        let inner = PrivateKey::from_der(key.to_pkcs8_der().expose()).unwrap();
        store.add_entry(
            name,
            KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(name, inner, [])),
        );
    }
    store
        .writer("p")
        .encryption_iterations(10)
        .mac_iterations(10)
        .write()
        .unwrap()
}

#[test]
fn another_curve_inside_is_named() {
    let folder = folder();
    let other = made(&folder, &["ecparam", "-name", "secp384r1", "-genkey", "-noout"]);
    fs::write(folder.path().join("key.pem"), other).unwrap();
    let refused = taken(&packed(&folder, &["-nocerts"]), Some("p\u{00e4}ss")).unwrap_err();
    assert_eq!(
        refused,
        NotImportable::OtherCurve {
            curve: "P-384".to_owned()
        },
        "P-384"
    );
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    let folder = with_certificates();
    let file = packed(&folder, &["-in", "own.pem", "-iter", "1"]);
    for len in (0..file.len()).step_by(7) {
        assert!(
            taken(&file[..len], Some("p\u{00e4}ss")).is_err(),
            "cut off after {len} bytes"
        );
    }
}

/// Files of every kind, to be damaged by the properties below.
fn samples() -> Vec<Vec<u8>> {
    let folder = with_certificates();
    vec![
        packed(&folder, &["-in", "own.pem", "-iter", "1"]),
        packed(
            &folder,
            &["-nocerts", "-nomac", "-iter", "1", "-keypbe", "PBE-SHA1-3DES"],
        ),
        made(
            &folder,
            &[
                "pkcs8",
                "-topk8",
                "-in",
                "key.pem",
                "-iter",
                "1",
                "-passout",
                "pass:p\u{00e4}ss",
                "-outform",
                "DER",
            ],
        ),
        made(&folder, &["pkey", "-in", "key.pem", "-outform", "DER"]),
        made(&folder, &["ec", "-in", "key.pem", "-outform", "DER"]),
        made(&folder, &["ec", "-in", "key.pem"]),
        two_keys(),
    ]
}

#[test]
fn no_damage_makes_it_panic() {
    let samples = samples();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let damage = (
        0..samples.len(),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    );
    let outcome = runner.run(&damage, |(which, changes)| {
        let mut file = samples[which].clone();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        if let Ok(imported) = taken(&file, Some("p\u{00e4}ss")) {
            prop_assert_eq!(imported.key.spki_der().len(), 91, "what is taken is a whole key");
        }
        Ok(())
    });
    outcome.unwrap();
}

proptest! {
    #[test]
    fn garbage_is_refused_and_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(taken(&bytes, Some("p")).is_err(), "no key is made of noise");
    }

    #[test]
    fn garbage_that_begins_like_der_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        let len = u8::try_from(bytes.len()).unwrap();
        let der = [&[0x30, len][..], &bytes].concat();
        prop_assert!(taken(&der, Some("p")).is_err(), "no key is made of noise");
    }

    #[test]
    fn text_with_dashes_is_refused_and_never_panics(text in "(-----(BEGIN|END) (EC |ENCRYPTED )?PRIVATE KEY-----|[A-Za-z0-9+/=\n]{0,40}|\\PC{0,20}){0,8}") {
        prop_assert!(taken(text.as_bytes(), None).is_err(), "no key is made of noise");
    }
}
