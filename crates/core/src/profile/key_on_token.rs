//! Signing keys that are made on a hardware token and never leave it; each change recorded with the token's address.
//!
//! The public half and the address are all that is stored. The key of the TLS connection stays in software
//! (docs/decisions/0005-keys-from-elsewhere-and-in-hardware.md). Deliberately absent: initialising tokens and setting PINs.

use super::key_rows::{self, KeyRow};
use super::notes::{key_note, record};
use super::{KeyPlace, Profile, key_life};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::signing_key::{CertificateUsage, HardwareFailure, HardwareKey, Signer, TokenAddress};

/// Makes a key on a token.
pub(crate) fn create(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    token: &TokenAddress,
) -> Result<KeyRow, Problem> {
    refuse_mtls(usage)?;
    key_life::refuse_second_next(core, profile, usage)?;
    core.demand_pin_of(token)?;
    core.unlock_log()?;
    let label = format!("Gatehouse {} {}", profile.account.suffix(), usage.as_str());
    let key = HardwareKey::make(&core.token_window(token), &label, &mut |bytes| (core.fill())(bytes))?;
    let row = keep(core, profile, usage, token, &key, "key.create");
    // What is on the token and in no list would be found by nobody.
    if row.is_err() {
        let _ = key.destroy();
    }
    row
}

/// Takes a key into use that stands on a token already: made with its maker's tool, or left by a process that was killed.
pub(crate) fn adopt(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    token: &TokenAddress,
    key_id: &str,
) -> Result<KeyRow, Problem> {
    refuse_mtls(usage)?;
    key_life::refuse_second_next(core, profile, usage)?;
    key_life::refuse_known(core, profile, key_id)?;
    let key = HardwareKey::find(&core.token_window(token), key_id)?;
    core.demand_pin(&key)?;
    // A key that could leave its token is refused at its first signature.
    key.sign_es256(b"gatehouse: a signature that goes nowhere")?;
    keep(core, profile, usage, token, &key, "key.import")
}

fn keep(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    token: &TokenAddress,
    key: &HardwareKey,
    kind: &str,
) -> Result<KeyRow, Problem> {
    let place = KeyPlace::Token(token.clone());
    let row = KeyRow::generated(usage, key, place, core.clock().unix_ms());
    let mut note = key_note(profile, kind, usage, &row.key_id);
    note.request.insert("token".into(), row.place.to_string().into());
    record(core, note, || key_rows::insert(&core.database(), profile.id, &row))?;
    Ok(row)
}

/// Destroys a key on its token; one that is gone already counts as destroyed.
pub(super) fn destroy(core: &Core, row: &KeyRow, token: &TokenAddress) -> Result<(), Problem> {
    core.demand_pin_of(token)?;
    let key = HardwareKey::known(&core.token_window(token), &row.key_id, &row.spki)?;
    match key.destroy() {
        Ok(()) | Err(HardwareFailure::NoKey) => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}

fn refuse_mtls(usage: CertificateUsage) -> Result<(), Problem> {
    match usage {
        CertificateUsage::JwtSigning => Ok(()),
        CertificateUsage::Mtls => Err(Problem::new(
            ErrorCode::InputInvalid,
            "The mTLS key cannot be on a hardware token: the connection to Klarna takes it from the key store.",
            "Make the mTLS key in the key store; the signing key can be on the token.",
        )),
    }
}
