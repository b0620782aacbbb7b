//! A profile as a file: whole or refused, trusted or not, never with a secret.

use gatehouse_core::profile::steps::Step;
use gatehouse_core::signing_key::CertificateUsage;
use gatehouse_core::{ErrorCode, ImportChoice, key_store::KeyStoreKind};

use super::place::Place;

fn choice(trust: Option<&str>) -> ImportChoice {
    ImportChoice {
        name: None,
        user: "you@acquirer.example".into(),
        trust: trust.map(str::to_owned),
        key_store: KeyStoreKind::Keyring,
    }
}

#[test]
fn every_altered_byte_is_refused() {
    let place = Place::new();
    let (file, signer) = place.gatehouse.export_profile(&place.begun()).unwrap();
    let (read, known) = place.gatehouse.read_profile_file(&file).unwrap();
    assert_eq!(
        (read.signer, known),
        (signer, true),
        "our own signature is trusted here"
    );
    for at in 0..file.len() {
        for bit in [0, 5] {
            let mut altered = file.clone();
            altered[at] ^= 1 << bit;
            let problem = place.gatehouse.read_profile_file(&altered).unwrap_err();
            assert_eq!(
                problem.code,
                ErrorCode::ProfileFileDamaged,
                "byte {at}, bit {bit}: {problem}"
            );
        }
    }
    for longer in [
        [file.as_slice(), b"\n"].concat(),
        [b" ", file.as_slice()].concat(),
        file[..file.len() - 1].to_vec(),
    ] {
        let problem = place.gatehouse.read_profile_file(&longer).unwrap_err();
        assert_eq!(
            problem.code,
            ErrorCode::ProfileFileDamaged,
            "also a blank more or less: {problem}"
        );
    }
}

#[test]
fn on_another_machine_it_is_a_draft_without_keys() {
    let here = Place::new();
    let profile = here.begun();
    here.gatehouse
        .create_key(&profile, CertificateUsage::JwtSigning)
        .unwrap();
    let (file, signer) = here.gatehouse.export_profile(&profile).unwrap();
    let text = String::from_utf8(file.clone()).unwrap();
    assert!(!text.contains("me@acquirer.example"), "the person stays here");
    let there = Place::new();
    let refused = there.gatehouse.import_profile(&file, &choice(None)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::SignerUntrusted, "{refused}");
    assert!(
        refused.message.contains(&signer),
        "the fingerprint is shown to be compared: {refused}"
    );
    let spaced = signer
        .to_uppercase()
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect::<Vec<_>>();
    let imported = there
        .gatehouse
        .import_profile(&file, &choice(Some(&spaced.join(" "))))
        .unwrap();
    assert_eq!(imported.account, profile.account, "it is the same account");
    assert_eq!(imported.allowed_hosts, profile.allowed_hosts, "with the same hosts");
    assert_ne!(imported.id, profile.id, "under an id of its own");
    let setup = there.gatehouse.setup(&imported).unwrap();
    assert_eq!(
        (setup.ready, setup.next),
        (false, Some(Step::Method)),
        "set-up says what is missing"
    );
    assert_eq!(there.gatehouse.keys(&imported).unwrap().len(), 0, "no key came along");
    let taken = there.gatehouse.import_profile(&file, &choice(None)).unwrap_err();
    assert_eq!(
        taken.code,
        ErrorCode::ProfileExists,
        "the signer is known now, the name is taken: {taken}"
    );
}

#[test]
fn a_file_cannot_mix_environments() {
    let place = Place::new();
    let profile = place.begun();
    let mut mixed = profile.clone();
    mixed.environment = gatehouse_core::profile::ProfileEnvironment::Live;
    let (file, _) = place.gatehouse.export_profile(&mixed).unwrap();
    let problem = place
        .gatehouse
        .import_profile(
            &file,
            &ImportChoice {
                name: Some("other".into()),
                ..choice(None)
            },
        )
        .unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::EnvironmentMixed,
        "a signature does not make it right: {problem}"
    );
    assert_eq!(place.gatehouse.profiles().unwrap().len(), 1, "nothing was made");
}
