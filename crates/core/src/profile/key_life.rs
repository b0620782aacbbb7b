//! A key's life: made or imported, its request, its certificate, its use; each change recorded.
//!
//! Nothing here asks Klarna; that is `credentials`. A key that is gone from the key store is told as a loss and never made
//! anew silently: `key_end` has the explicit way on.

use gatehouse_klarna::AccountKrn;

use super::key_rows::{self, KeyRow, KeyState};
use super::notes::{key_note, record};
use super::secrets::{self, ProfileSecrets};
use super::{KeyPlace, Profile, draft, facts, key_on_token, rotation};
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem, ways};
use crate::signing_key::{
    Certificate, CertificateCheck, CertificateUsage, CheckLine, SoftwareKey, certificate_signing_request,
    check_certificate,
};

/// The profile's secrets; an empty set only where nothing was stored before.
pub(crate) fn load(core: &Core, profile: &Profile) -> Result<ProfileSecrets, Problem> {
    let expected = {
        let database = core.database();
        let held = |row: &KeyRow| row.place == KeyPlace::KeyStore && row.state != KeyState::Destroyed;
        facts::get(&database, profile.id, facts::API_KEY)?.is_some()
            || key_rows::all(&database, profile.id)?.iter().any(held)
    };
    match secrets::load_if_any(core.key_store()?.as_ref(), profile.id)? {
        Some(secrets) => Ok(secrets),
        None if expected => Err(secrets::missing()),
        None => Ok(ProfileSecrets::default()),
    }
}

pub(crate) fn save(core: &Core, profile: &Profile, secrets: &ProfileSecrets) -> Result<(), Problem> {
    secrets::save(core.key_store()?.as_ref(), profile.id, secrets)?;
    core.forget_connection(profile.id);
    Ok(())
}

/// The key of a usage that is on its way, or else the one in use.
pub(crate) fn newest(core: &Core, profile: &Profile, usage: CertificateUsage) -> Result<KeyRow, Problem> {
    let rows = key_rows::all(&core.database(), profile.id)?;
    let of = |wanted: fn(KeyState) -> bool| rows.iter().find(|row| row.usage == usage && wanted(row.state)).cloned();
    of(KeyState::is_next)
        .or_else(|| of(|state| state == KeyState::Active))
        .ok_or_else(|| key_missing(usage))
}

/// The one key of a usage in a state.
pub(crate) fn in_state(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    wanted: fn(KeyState) -> bool,
) -> Result<Option<KeyRow>, Problem> {
    let rows = key_rows::all(&core.database(), profile.id)?;
    Ok(rows.into_iter().find(|row| row.usage == usage && wanted(row.state)))
}

/// Makes a key of a usage. Beside one in use it becomes the next one.
pub(crate) fn create(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    place: &KeyPlace,
) -> Result<KeyRow, Problem> {
    if let KeyPlace::Token(token) = place {
        return key_on_token::create(core, profile, usage, token);
    }
    let key = SoftwareKey::make(&mut |bytes| (core.fill())(bytes))?;
    take_in(core, profile, usage, key, "key.create")
}

/// Takes in a key that was made elsewhere.
pub(crate) fn import(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    key: SoftwareKey,
) -> Result<KeyRow, Problem> {
    take_in(core, profile, usage, key, "key.import")
}

fn take_in(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    key: SoftwareKey,
    kind: &str,
) -> Result<KeyRow, Problem> {
    refuse_second_next(core, profile, usage)?;
    refuse_known(core, profile, &key.key_id())?;
    let mut held = load(core, profile)?;
    let row = KeyRow::generated(usage, &key, KeyPlace::KeyStore, core.clock().unix_ms());
    record(core, key_note(profile, kind, usage, &row.key_id), || {
        held.keys_mut(usage).next = Some(key);
        save(core, profile, &held)?;
        key_rows::insert(&core.database(), profile.id, &row)
    })?;
    Ok(row)
}

/// At most one key of a usage is on its way.
pub(crate) fn refuse_second_next(core: &Core, profile: &Profile, usage: CertificateUsage) -> Result<(), Problem> {
    let waiting = in_state(core, profile, usage, KeyState::is_next)?;
    waiting.map_or(Ok(()), |waiting| Err(on_its_way(&waiting)))
}

pub(crate) fn refuse_known(core: &Core, profile: &Profile, key_id: &str) -> Result<(), Problem> {
    if key_rows::find(&core.database(), profile.id, key_id)?.is_none() {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::InputInvalid,
        "This profile knows that key already.",
        "Each usage needs a key pair of its own (JWT_SIGNING and MTLS), and a key that was destroyed is not taken back.",
    ))
}

/// The signing request of a key on its way; made once, then always the same.
pub(crate) fn csr(core: &Core, profile: &Profile, usage: CertificateUsage) -> Result<String, Problem> {
    let row = newest(core, profile, usage)?;
    if let Some(csr) = row.csr {
        return Ok(csr);
    }
    let key = core.signer(&mut load(core, profile)?, &row)?;
    core.demand_pin(&key)?;
    let csr = certificate_signing_request(&key, &profile.account)?;
    record(core, key_note(profile, "key.csr", usage, &row.key_id), || {
        key_rows::set_csr(&core.database(), profile.id, &row.key_id, &csr)
    })?;
    Ok(csr)
}

/// Judges a certificate for the newest key of a usage; every rule, nothing changed.
pub(crate) fn judge(core: &Core, profile: &Profile, row: &KeyRow, certificate: &Certificate) -> Vec<CheckLine> {
    let now_s = core.clock().unix_ms().div_euclid(1000);
    check_certificate(certificate, &row.spki, &profile.account, row.usage, now_s)
}

/// What a judgement says, if it is a no: all that is wrong, under the code of the first.
pub(crate) fn refusal(lines: &[CheckLine], certificate: &Certificate, account: &AccountKrn) -> Option<Problem> {
    let failed: Vec<&CheckLine> = lines.iter().filter(|line| !line.passed).collect();
    let mut problem = Problem::from(*failed.first()?);
    problem.message = failed
        .iter()
        .map(|line| line.detail.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let other = |uri: &String| AccountKrn::parse(uri).is_ok_and(|krn| krn.environment() != account.environment());
    let stranger = failed.iter().any(|line| line.check == CertificateCheck::AccountUri);
    if stranger && certificate.facts().san_uris.iter().any(other) {
        let hint = "Live and test have separate keys and certificates: install the one of this environment.";
        return Some(draft::mixed(problem.message, hint));
    }
    Some(problem)
}

/// Installs a certificate for the key on its way, and takes the first key of a usage into use.
pub(crate) fn install(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    certificate: &Certificate,
    credential_id: Option<&str>,
) -> Result<KeyRow, Problem> {
    let row = newest(core, profile, usage)?;
    let lines = judge(core, profile, &row, certificate);
    if let Some(problem) = refusal(&lines, certificate, &profile.account) {
        return Err(problem);
    }
    let mut draft = key_note(profile, "key.install", usage, &row.key_id);
    draft
        .signing
        .insert("cert_sha256".into(), certificate.sha256_hex().into());
    let pem = certificate.to_pem();
    let now_ms = core.clock().unix_ms();
    record(core, draft, || {
        let database = core.database();
        if row.state == KeyState::Generated {
            key_rows::set_state(&database, profile.id, &row.key_id, KeyState::Requested, now_ms)?;
        }
        key_rows::install(&database, profile.id, &row.key_id, (&pem, credential_id), now_ms)
    })?;
    core.forget_connection(profile.id);
    if in_state(core, profile, usage, |state| state == KeyState::Active)?.is_none() {
        activate(core, profile, usage)?;
    }
    key_rows::find(&core.database(), profile.id, &row.key_id)?.ok_or_else(|| key_missing(usage))
}

/// Takes the next key into use; the one before it retires and stays in the key store until it is destroyed.
pub(crate) fn activate(core: &Core, profile: &Profile, usage: CertificateUsage) -> Result<(), Problem> {
    let next = in_state(core, profile, usage, KeyState::is_next)?.ok_or_else(|| key_missing(usage))?;
    let certificate = next.certificate()?.ok_or_else(|| certificate_missing(usage))?;
    let before = in_state(core, profile, usage, |state| state == KeyState::Active)?;
    let old = in_state(core, profile, usage, |state| state == KeyState::Retiring)?;
    if let (Some(_), Some(old)) = (&before, old) {
        return Err(rotation::still_retiring(&old));
    }
    if let Some(before) = &before {
        record(core, key_note(profile, "key.retire", usage, &before.key_id), || Ok(()))?;
    }
    let mut draft = key_note(profile, "key.activate", usage, &next.key_id);
    draft
        .signing
        .insert("cert_sha256".into(), certificate.sha256_hex().into());
    record(core, draft, || switch(core, profile, before.as_ref(), &next))
}

/// The key store's slots are named by key id when they are read, so a crash between the two writes loses nothing.
fn switch(core: &Core, profile: &Profile, before: Option<&KeyRow>, next: &KeyRow) -> Result<(), Problem> {
    let mut held = load(core, profile)?;
    let keys = held.keys_mut(next.usage);
    let coming = keys.take(&next.key_id);
    if coming.is_none() && next.place == KeyPlace::KeyStore {
        return Err(secrets::missing());
    }
    if let Some(before) = before {
        keys.old = keys.take(&before.key_id);
    }
    keys.current = coming;
    save(core, profile, &held)?;
    let now_ms = core.clock().unix_ms();
    let mut database = core.database();
    let transaction = database.transaction()?;
    if let Some(before) = before {
        key_rows::set_state(&transaction, profile.id, &before.key_id, KeyState::Retiring, now_ms)?;
    }
    key_rows::set_state(&transaction, profile.id, &next.key_id, KeyState::Active, now_ms)?;
    Ok(transaction.commit()?)
}

/// The problem of a step that needs a key.
pub(crate) fn key_missing(usage: CertificateUsage) -> Problem {
    Problem::new(
        ErrorCode::KeyMissing,
        format!("This profile has no {} key yet.", usage.as_str()),
        ways(
            format!("Make it first: `gatehouse key create --usage {}`.", word(usage)),
            "Make it first: press Go on with set-up in the settings.",
        ),
    )
}

/// The problem of an act that needs a certificate.
pub(crate) fn certificate_missing(usage: CertificateUsage) -> Problem {
    Problem::new(
        ErrorCode::CertificateMissing,
        format!("This profile has no {} certificate in use.", usage.as_str()),
        ways(
            "Finish its set-up: `gatehouse profile setup` shows the next step.",
            "Press Go on with set-up in the settings.",
        ),
    )
}

fn on_its_way(row: &KeyRow) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!(
            "A {} key is on its way already, in state {}.",
            row.usage.as_str(),
            row.state.word()
        ),
        ways(
            format!("Go on with it, or give it up: `gatehouse key remove {}`.", row.key_id),
            "Go on with it in the Keys screen, or destroy it there.",
        ),
    )
}

/// A usage as the command line writes it.
pub(crate) fn word(usage: CertificateUsage) -> &'static str {
    match usage {
        CertificateUsage::JwtSigning => "jwt-signing",
        CertificateUsage::Mtls => "mtls",
    }
}
