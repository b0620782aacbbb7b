//! Makes profiles: a draft for live and test, or a sandbox profile that goes through the same steps in one go.
//!
//! Each step that concerns keys or Klarna is an act in the log. A one-go set-up that breaks off leaves no profile behind;
//! one that goes step by step leaves a draft, which can be listed, resumed and removed.

use uuid::Uuid;

use super::api_key::ApiKeyProof;
use super::key_rows::KeyState;
use super::notes::{note, record};
use super::{
    Endpoint, KeyPlace, Method, Profile, ProfileEnvironment, ProxySetting, api_key, credentials, draft, facts,
    key_life, proof, secrets, store,
};
use crate::facade::{Core, connection};
use crate::key_store::{KeyStoreKind, SecretBytes};
use crate::policy::Policy;
use crate::problem::Problem;
use crate::signing_key::CertificateUsage;

pub use super::draft::NewProfile;

/// A sandbox profile to be made.
#[derive(Debug, Clone)]
pub struct NewSandbox {
    /// Its name.
    pub name: String,
    /// This directory's own sandbox, or a served one.
    pub endpoint: NewEndpoint,
    /// The account manager's e-mail, or none for the sandbox's.
    pub user: Option<String>,
    /// Where secrets go.
    pub key_store: KeyStoreKind,
}

/// Which sandbox.
#[derive(Debug, Clone)]
pub enum NewEndpoint {
    /// The one of this data directory, started at need.
    Embedded,
    /// A served sandbox or another stand-in on this machine.
    Url {
        /// Scheme, host and port.
        url: String,
        /// The acquirer's account KRN there.
        account: String,
        /// The API key there; not needed where set-up goes step by step.
        api_key: SecretBytes,
        /// The authority of its TLS certificate.
        ca_pem: Option<String>,
    },
}

const SANDBOX_USER: &str = "account.manager@acquirer.example";

/// Makes a sandbox profile ready; `progress` hears a sentence a step.
///
/// # Errors
/// `profile_exists`, `api_url_refused`, `api_key_invalid`, `environment_mixed`, `keyring_*`, `klarna_*`, `sandbox_failed`.
pub(crate) fn sandbox(core: &Core, wish: &NewSandbox, progress: &dyn Fn(&str)) -> Result<Profile, Problem> {
    if matches!(wish.endpoint, NewEndpoint::Embedded) {
        progress("Starting the sandbox");
    }
    let mut profile = sandbox_draft(core, wish)?;
    profile.method = Some(Method::DeepLink);
    let given = sandbox_key(core, wish)?;
    api_key::read(&profile, &given)?;
    if let Some(broken_off) = broken_off(core, &profile)? {
        profile = broken_off;
        in_one_go(core, &profile, &given, progress)?;
    } else {
        store_draft(core, &profile, wish.key_store, Way::OneGo)?;
        let made = in_one_go(core, &profile, &given, progress);
        made.inspect_err(|_| drop_draft(core, &profile))?;
    }
    let database = core.database();
    store::set_active(&database, profile.id)?;
    facts::clear(&database, profile.id, facts::ONE_GO)?;
    drop(database);
    Ok(profile)
}

/// What a killed process left of the very profile that is wanted: it goes on where it stopped.
fn broken_off(core: &Core, wanted: &Profile) -> Result<Option<Profile>, Problem> {
    let database = core.database();
    let Some(found) = store::by_name(&database, &wanted.name)? else {
        return Ok(None);
    };
    let same = found.account == wanted.account && found.endpoint == wanted.endpoint && found.user == wanted.user;
    Ok((same && facts::get(&database, found.id, facts::ONE_GO)?.is_some()).then_some(found))
}

/// Begins a sandbox profile that is set up step by step, as live and test are: for trainings and for the wizard.
pub(crate) fn sandbox_begun(core: &Core, wish: &NewSandbox) -> Result<Profile, Problem> {
    let profile = sandbox_draft(core, wish)?;
    store_draft(core, &profile, wish.key_store, Way::StepByStep)?;
    activate_if_alone(core, &profile)?;
    Ok(profile)
}

/// Begins a live or test profile.
///
/// # Errors
/// As [`draft::draft`]; `profile_exists`, `keyring_*`, `log_*`.
pub(crate) fn begun(core: &Core, wish: &NewProfile) -> Result<Profile, Problem> {
    let profile = draft::draft(wish, core.clock().unix_ms())?;
    store_draft(core, &profile, wish.key_store, Way::StepByStep)?;
    activate_if_alone(core, &profile)?;
    Ok(profile)
}

/// How a profile is made: what is killed while it is made in one go is finished by the next try.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    OneGo,
    StepByStep,
}

/// Writes a draft's row; recorded.
fn store_draft(core: &Core, profile: &Profile, kind: KeyStoreKind, way: Way) -> Result<(), Problem> {
    if store::by_name(&core.database(), &profile.name)?.is_some() {
        return Err(store::exists(&profile.name));
    }
    core.choose_key_store(kind)?;
    let mut made = note(profile, "profile.create");
    made.request.insert("account".into(), profile.account.as_str().into());
    made.private = Some([("sub".to_owned(), profile.user.as_str().into())].into_iter().collect());
    record(core, made, || {
        let mut database = core.database();
        let transaction = database.transaction()?;
        store::save(&transaction, profile)?;
        if way == Way::OneGo {
            facts::set(&transaction, profile.id, facts::ONE_GO, "", profile.created_at_ms)?;
        }
        Ok(transaction.commit()?)
    })
}

/// A draft does not take the place of a profile that people work with.
fn activate_if_alone(core: &Core, profile: &Profile) -> Result<(), Problem> {
    let database = core.database();
    if store::active(&database)?.is_none() {
        store::set_active(&database, profile.id)?;
    }
    Ok(())
}

fn in_one_go(core: &Core, profile: &Profile, given: &SecretBytes, progress: &dyn Fn(&str)) -> Result<(), Problem> {
    progress("Making keys in your key store");
    if let ApiKeyProof::NotAsked(problem) = api_key::set(core, profile, given)? {
        return Err(problem);
    }
    for usage in [CertificateUsage::Mtls, CertificateUsage::JwtSigning] {
        if key_life::in_state(core, profile, usage, |state| state == KeyState::Active)?.is_some() {
            continue;
        }
        if key_life::in_state(core, profile, usage, KeyState::is_next)?.is_none() {
            key_life::create(core, profile, usage, &KeyPlace::KeyStore)?;
        }
        progress(match usage {
            CertificateUsage::Mtls => "Asking for the mTLS certificate",
            CertificateUsage::JwtSigning => "Asking for the signing certificate",
        });
        credentials::request(core, profile, usage)?;
    }
    progress("Proving the keys");
    dry_signature(core, profile)?;
    proof::first_call(core, profile).map(|_| ())
}

/// Proves the signing key in use, and keeps that it was proved.
pub(crate) fn dry_signature(core: &Core, profile: &Profile) -> Result<String, Problem> {
    let usage = CertificateUsage::JwtSigning;
    let row = key_life::in_state(core, profile, usage, |state| state == KeyState::Active)?
        .ok_or_else(|| key_life::certificate_missing(usage))?;
    proof::dry_signature(core, profile, &row)?;
    let now_ms = core.clock().unix_ms();
    facts::set(&core.database(), profile.id, facts::DRY_SIGNATURE, &row.key_id, now_ms)?;
    Ok(row.key_id)
}

fn sandbox_draft(core: &Core, wish: &NewSandbox) -> Result<Profile, Problem> {
    let (account, endpoint) = match &wish.endpoint {
        NewEndpoint::Embedded => (core.sandbox_address()?.account, Endpoint::Embedded),
        NewEndpoint::Url {
            url, account, ca_pem, ..
        } => {
            loopback(url)?;
            let endpoint = Endpoint::Url {
                url: url.clone(),
                ca_pem: ca_pem.clone(),
            };
            (account.clone(), endpoint)
        }
    };
    Ok(Profile {
        id: Uuid::new_v4(),
        name: draft::name(&wish.name)?,
        environment: ProfileEnvironment::Sandbox,
        account_name: "Acme Payments".into(),
        account: draft::account(&account, ProfileEnvironment::Sandbox)?,
        user: draft::user(wish.user.as_deref().unwrap_or(SANDBOX_USER))?,
        endpoint,
        allowed_hosts: Vec::new(),
        policy: Policy::new(),
        method: None,
        proxy: ProxySetting::System,
        created_at_ms: core.clock().unix_ms(),
    })
}

fn sandbox_key(core: &Core, wish: &NewSandbox) -> Result<SecretBytes, Problem> {
    Ok(match &wish.endpoint {
        NewEndpoint::Embedded => SecretBytes::from_slice(core.sandbox_address()?.api_key.as_bytes()),
        NewEndpoint::Url { api_key, .. } => api_key.clone(),
    })
}

/// A sandbox is on this machine, so that nothing real can be reached by mistake.
fn loopback(url: &str) -> Result<(), Problem> {
    let refused = || connection::refused_url(url);
    let parsed = url::Url::parse(url).map_err(|_| refused())?;
    let scheme = matches!(parsed.scheme(), "http" | "https");
    (draft::is_loopback(&parsed) && scheme)
        .then_some(())
        .ok_or_else(refused)
}

/// Takes back what a one-go set-up had begun; the log keeps that it was begun and removed.
fn drop_draft(core: &Core, profile: &Profile) {
    let mut gone = note(profile, "profile.remove");
    gone.request.insert("account".into(), profile.account.as_str().into());
    let removed = core.journal().append(gone).and_then(|_| {
        core.key_store()?.remove(&secrets::item(profile.id))?;
        store::remove(&mut core.database(), profile.id)
    });
    if let Err(problem) = removed {
        tracing::warn!(code = problem.code.as_str(), "a set-up that broke off left its draft");
        let _ = store::remove(&mut core.database(), profile.id);
    }
    core.forget(profile.id);
}

/// Writes a profile that was changed; recorded with what it says from then on.
pub(crate) fn change(core: &Core, changed: &Profile) -> Result<(), Problem> {
    let mut draft = note(changed, "policy.change");
    draft.request.insert("policy".into(), changed.policy.to_json().into());
    draft.request.insert("proxy".into(), changed.proxy.text().into());
    draft
        .request
        .insert("allowed_hosts".into(), changed.allowed_hosts.clone().into());
    if let Some(method) = changed.method {
        draft.request.insert("method_chosen".into(), method.word().into());
    }
    core.unlock_log()?;
    core.journal().append(draft)?;
    store::save(&core.database(), changed)
}

/// Records that a profile left or came in as a file; the signer stands in the entry.
pub(crate) fn record_exchange(
    core: &Core,
    profile: &Profile,
    kind: &str,
    signer: &str,
    change: impl FnOnce() -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut draft = note(profile, kind);
    draft.request.insert("account".into(), profile.account.as_str().into());
    draft.request.insert("signer".into(), signer.into());
    record(core, draft, change)
}

/// Takes in a draft that came as a file.
pub(crate) fn imported(
    core: &Core,
    profile: &Profile,
    kind: KeyStoreKind,
    signer: &str,
    trust: impl FnOnce() -> Result<(), Problem>,
) -> Result<(), Problem> {
    store_draft(core, profile, kind, Way::StepByStep)?;
    record_exchange(core, profile, "profile.import", signer, trust)?;
    activate_if_alone(core, profile)
}
