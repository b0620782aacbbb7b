//! Makes a sandbox profile ready in one act of the person: keys, certificates by Klarna's documented calls, merchants.
//!
//! The same steps will serve live and test; here the API key is the sandbox's. Each step that concerns keys or Klarna is
//! an act in the log. A set-up that breaks off leaves no profile behind: its row is written last.

use gatehouse_audit::Phase;
use gatehouse_klarna::{AccountKrn, ApiKey, Email, Environment};
use uuid::Uuid;

use super::secrets::{self, ProfileSecrets};
use super::{Endpoint, Profile, ProfileEnvironment, credentials, store};
use crate::acts;
use crate::facade::{Core, connection};
use crate::key_store::{KeyStoreKind, SecretBytes};
use crate::policy::Policy;
use crate::problem::{ErrorCode, Problem};
use crate::signing_key::SoftwareKey;

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
        /// The API key there.
        api_key: SecretBytes,
        /// The authority of its TLS certificate.
        ca_pem: Option<String>,
    },
}

const SANDBOX_USER: &str = "account.manager@acquirer.example";

/// Makes the profile; `progress` hears a sentence a step.
///
/// # Errors
/// `profile_exists`, `api_url_refused`, `api_key_invalid`, `environment_mixed`, `keyring_*`, `klarna_*`, `sandbox_failed`.
pub(crate) fn sandbox(core: &Core, wish: &NewSandbox, progress: &dyn Fn(&str)) -> Result<Profile, Problem> {
    if store::by_name(&core.database(), &wish.name)?.is_some() {
        return Err(store::exists(&wish.name));
    }
    core.choose_key_store(wish.key_store)?;
    if matches!(wish.endpoint, NewEndpoint::Embedded) {
        progress("Starting the sandbox");
    }
    let (profile, api_key) = draft(core, wish)?;
    progress("Making keys in your key store");
    core.unlock_log()?;
    let made = ProfileSecrets {
        api_key,
        jwt_key: SoftwareKey::make(&mut |bytes| (core.fill())(bytes))?,
        mtls_key: SoftwareKey::make(&mut |bytes| (core.fill())(bytes))?,
    };
    record_keys(core, &profile, &made)?;
    secrets::save(core.key_store()?.as_ref(), profile.id, &made)?;
    let installed = credentials::certificates(core, &profile, &made, progress);
    let installed = installed.inspect_err(|_| drop_secrets(core, &profile))?;
    let database = core.database();
    store::save(&database, &profile)?;
    for certificate in &installed {
        store::install(&database, profile.id, certificate)?;
    }
    store::set_active(&database, profile.id)?;
    Ok(profile)
}

fn draft(core: &Core, wish: &NewSandbox) -> Result<(Profile, ApiKey), Problem> {
    let (account, key_text, endpoint) = match &wish.endpoint {
        NewEndpoint::Embedded => {
            let address = core.sandbox_address()?;
            (address.account.clone(), address.api_key.clone(), Endpoint::Embedded)
        }
        NewEndpoint::Url {
            url,
            account,
            api_key,
            ca_pem,
        } => {
            let text = api_key.expose_str().unwrap_or_default().trim().to_owned();
            loopback(url)?;
            let endpoint = Endpoint::Url {
                url: url.clone(),
                ca_pem: ca_pem.clone(),
            };
            (account.clone(), text, endpoint)
        }
    };
    let api_key = ApiKey::parse(key_text).map_err(|cause| key_problem().because(&cause))?;
    let account = AccountKrn::parse(account.trim()).map_err(|cause| {
        Problem::new(
            ErrorCode::KrnInvalid,
            "The account is not an account KRN.",
            "It looks like krn:partner:global:account:test:LYABCDEI.",
        )
        .because(&cause)
    })?;
    if account.environment() != Environment::Test || api_key.environment() != Environment::Test {
        return Err(Problem::new(
            ErrorCode::EnvironmentMixed,
            "A sandbox profile uses an account and an API key of the test environment.",
            "Give a test account and a key that begins with klarna_test_api_.",
        ));
    }
    let user = wish.user.as_deref().unwrap_or(SANDBOX_USER);
    let user = Email::parse(user.trim()).map_err(|_| {
        Problem::new(
            ErrorCode::EmailInvalid,
            format!("{user:?} is not an e-mail address."),
            "Give your own work address.",
        )
    })?;
    let profile = Profile {
        id: Uuid::new_v4(),
        name: name(&wish.name)?,
        environment: ProfileEnvironment::Sandbox,
        account_name: "Acme Payments".into(),
        account,
        user,
        endpoint,
        allowed_hosts: Vec::new(),
        policy: Policy::new(),
        created_at_ms: core.clock().unix_ms(),
    };
    Ok((profile, api_key))
}

fn name(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let fits = (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned()).ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "A profile's name has 1 to 64 characters.",
            "Choose a short name, like sandbox.",
        )
    })
}

/// A sandbox is on this machine, so that nothing real can be reached by mistake.
fn loopback(url: &str) -> Result<(), Problem> {
    let refused = || connection::refused_url(url);
    let parsed = url::Url::parse(url).map_err(|_| refused())?;
    let here = match parsed.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let scheme = matches!(parsed.scheme(), "http" | "https");
    (here && scheme).then_some(()).ok_or_else(refused)
}

fn record_keys(core: &Core, profile: &Profile, made: &ProfileSecrets) -> Result<(), Problem> {
    let label = profile.into();
    for (usage, key) in [("JWT_SIGNING", &made.jwt_key), ("MTLS", &made.mtls_key)] {
        let mut note = acts::draft("key.create", Phase::Note, Uuid::now_v7(), Some(&label), None);
        note.request.insert("usage".into(), usage.into());
        note.result.insert("outcome".into(), "succeeded".into());
        note.signing.insert("key_id".into(), key.key_id().into());
        core.journal().append(note)?;
    }
    let mut note = acts::draft("profile.create", Phase::Note, Uuid::now_v7(), Some(&label), None);
    note.request.insert("account".into(), profile.account.as_str().into());
    note.private = Some([("sub".to_owned(), profile.user.as_str().into())].into_iter().collect());
    core.journal().append(note).map(|_| ())
}

fn drop_secrets(core: &Core, profile: &Profile) {
    if let Ok(store) = core.key_store() {
        let _ = store.remove(&secrets::item(profile.id));
    }
}

fn key_problem() -> Problem {
    Problem::new(
        ErrorCode::ApiKeyInvalid,
        "This is not a Klarna API key.",
        "It looks like klarna_test_api_... and is taken as it is, without quotes or line breaks.",
    )
}
