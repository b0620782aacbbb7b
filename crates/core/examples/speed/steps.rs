//! The steps of set-up, a signature with the key as the keyring hands it out, and the doctor; against the running sandbox.
//!
//! A round makes the next key beside the one in use, takes it through request and certificate, and removes it again; then it does the
//! same with a key and a certificate that come from elsewhere (`elsewhere.rs`). Steps that ask Klarna are taken whole, the sandbox's
//! answer on loopback and all. The import of 1,000 merchants is a quantity of its own: it finds 100,000 others there.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_core::profile::{KeyRemoval, Profile};
use gatehouse_core::signing_key::CertificateUsage;
use gatehouse_core::{Gatehouse, Problem};

use crate::elsewhere::Elsewhere;
use crate::open::gatehouse;
use crate::timing_store::TimingStore;
use crate::{ms, say};

const SIGN: CertificateUsage = CertificateUsage::JwtSigning;
const DOCTORS: usize = 5;
const IMPORTS: usize = 5;

/// A thousand merchants, each of them changed since the import before.
fn merchants(import: usize) -> String {
    let head = "partner_account_id,partner_account_reference,name\n".to_owned();
    gatehouse_sandbox::generate(1000).fold(head, |file, merchant| {
        let (id, reference) = (merchant.account_id, merchant.reference);
        file + &format!("{id},{reference},Merchant {reference} of import {import}\n")
    })
}

pub fn measure(dir: &Path, rounds: usize) {
    let address = gatehouse_sandbox::find_running(dir).expect("the directory's sandbox runs");
    let keys = Arc::new(TimingStore::new());
    let gatehouse = gatehouse(dir, &keys, &address);
    let profile = gatehouse.profile(None).unwrap();
    timed(|| gatehouse.dry_signature(&profile));
    let signatures: Vec<f64> = (0..rounds * 5)
        .map(|_| timed(|| gatehouse.dry_signature(&profile)))
        .collect();
    say("sign_keyring", &signatures);
    let elsewhere = Elsewhere::new(&address);
    let steps: Vec<f64> = (0..rounds)
        .flat_map(|_| [round(&gatehouse, &profile), elsewhere.round(&gatehouse, &profile)])
        .flatten()
        .collect();
    say("step", &steps);
    let imports: Vec<f64> = (0..IMPORTS)
        .map(|at| {
            let file = merchants(at);
            timed(|| gatehouse.import_merchants(&profile, "first.csv", file.as_bytes()))
        })
        .collect();
    say("import_1000", &imports);
    let looks: Vec<f64> = (0..DOCTORS)
        .map(|_| {
            let begin = Instant::now();
            assert!(!gatehouse.doctor(Some(&profile)).is_empty());
            ms(begin)
        })
        .collect();
    say("doctor", &looks);
}

fn round(gatehouse: &Gatehouse, profile: &Profile) -> Vec<f64> {
    let certificate = gatehouse.key_facts(profile).unwrap();
    assert_eq!(certificate.len(), 2, "both keys are in use");
    let mut key_id = String::new();
    let times = vec![
        timed(|| gatehouse.setup(profile)),
        timed(|| {
            let made = gatehouse.create_key(profile, SIGN)?;
            key_id = made.key_id;
            Ok(())
        }),
        timed(|| gatehouse.signing_request(profile, SIGN)),
        timed(|| gatehouse.request_certificate(profile, SIGN)),
        timed(|| gatehouse.first_call(profile)),
        timed(|| gatehouse.destroy_key(profile, &key_id, KeyRemoval::default())),
    ];
    times
}

pub fn timed<T>(work: impl FnOnce() -> Result<T, Problem>) -> f64 {
    let begin = Instant::now();
    work().unwrap();
    ms(begin)
}
