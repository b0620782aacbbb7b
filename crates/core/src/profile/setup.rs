//! Makes a sandbox profile ready in one act of the person: keys, certificates by Klarna's documented calls, merchants.
//!
//! The same steps will serve live and test; here the API key is the sandbox's. Each step that concerns keys or Klarna is
//! an act in the log. A set-up that breaks off leaves no profile behind: its row is written last.

use gatehouse_klarna::{
    AccountKrn, ApiKey, Call, CallContext, Client, Email, Environment,
};
use gatehouse_audit::Phase;
use uuid::Uuid;

use super::secrets::{self, ProfileSecrets};
use super::store::{self, InstalledCertificate};
use super::{Endpoint, Profile, ProfileEnvironment};
use crate::acts::{self, Done, Failed, Members, Outcome, Plan};
use crate::facade::call::{answered, failed};
use crate::facade::{Core, DEEP_LINK_DEADLINE, connection};
use crate::key_store::{KeyStoreKind, SecretBytes};
use crate::policy::Policy;
use crate::problem::{ErrorCode, Problem};
use crate::signing_key::{
    Certificate, CertificateUsage, SoftwareKey, certificate_signing_request, check_certificate,
};

/// A sandbox profile to be made.
#[derive(Debug)]
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
#[derive(Debug)]
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
    let installed = certificates(core, &profile, &made, progress);
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
        NewEndpoint::Url { url, account, api_key, ca_pem } => {
            let text = api_key.expose_str().unwrap_or_default().trim().to_owned();
            loopback(url)?;
            let endpoint = Endpoint::Url { url: url.clone(), ca_pem: ca_pem.clone() };
            (account.clone(), text, endpoint)
        }
    };
    let api_key = ApiKey::parse(key_text).map_err(|cause| key_problem().because(&cause))?;
    let account = AccountKrn::parse(account.trim()).map_err(|cause| {
        Problem::new(ErrorCode::KrnInvalid, "The account is not an account KRN.", "It looks like krn:partner:global:account:test:LYABCDEI.")
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
        Problem::new(ErrorCode::EmailInvalid, format!("{user:?} is not an e-mail address."), "Give your own work address.")
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
        Problem::new(ErrorCode::InputInvalid, "A profile's name has 1 to 64 characters.", "Choose a short name, like sandbox.")
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

fn certificates(
    core: &Core,
    profile: &Profile,
    made: &ProfileSecrets,
    progress: &dyn Fn(&str),
) -> Result<Vec<InstalledCertificate>, Problem> {
    let (base_url, ca_pem) = connection::address(core, &profile.endpoint)?;
    let config = connection::config(core, &base_url, ca_pem, made.api_key.clone(), None)?;
    let client = Client::new(config).map_err(|cause| connection::refused_url(&base_url).because(&cause))?;
    let mut installed = Vec::new();
    for (usage, key) in [(CertificateUsage::Mtls, &made.mtls_key), (CertificateUsage::JwtSigning, &made.jwt_key)] {
        progress(match usage {
            CertificateUsage::Mtls => "Asking for the mTLS certificate",
            CertificateUsage::JwtSigning => "Asking for the signing certificate",
        });
        installed.push(certificate(core, profile, &client, usage, key)?);
    }
    Ok(installed)
}

fn certificate(
    core: &Core,
    profile: &Profile,
    client: &Client,
    usage: CertificateUsage,
    key: &SoftwareKey,
) -> Result<InstalledCertificate, Problem> {
    let csr = certificate_signing_request(key, &profile.account);
    let context = CallContext {
        idempotency_key: Some(gatehouse_klarna::idempotency_key_for(&Uuid::new_v4().to_string())),
        correlation_id: Uuid::new_v4().simple().to_string(),
        deadline: DEEP_LINK_DEADLINE,
    };
    let description = format!("Gatehouse {}", usage.as_str().replace('_', " "));
    let issued = acts::perform(core.journal(), plan(profile, usage, key), |_| (), |permit| {
        let answer = core.block_on(client.issue_client_certificate(permit, usage, &csr, &description, &context));
        match answer {
            Ok(answer) => {
                let mut result = answered(core, profile, &answer.meta);
                result.insert("credential_id".into(), answer.value.credential_id.as_str().into());
                match accept(core, profile, usage, key, &answer.value.certificate_pem) {
                    Ok(certificate) => Ok(Done { value: (answer.value.credential_id.as_str().to_owned(), certificate), result }),
                    Err(problem) => Err(Failed { outcome: Outcome::Refused, problem, result }),
                }
            }
            Err(failure) => Err(failed(core, profile, &failure)),
        }
    })?;
    let (credential_id, certificate) = issued.value;
    Ok(InstalledCertificate {
        usage: usage.as_str().to_owned(),
        key_id: key.key_id(),
        spki: key.spki_der(),
        credential_id,
        pem: certificate.to_pem(),
        installed_at_ms: core.clock().unix_ms(),
    })
}

/// Takes a certificate only if every check passes: key match, account, dates, usage.
fn accept(
    core: &Core,
    profile: &Profile,
    usage: CertificateUsage,
    key: &SoftwareKey,
    pem: &str,
) -> Result<Certificate, Problem> {
    let certificate = Certificate::from_pem(pem)?;
    let now_s = core.clock().unix_ms().div_euclid(1000);
    let lines = check_certificate(&certificate, &key.spki_der(), &profile.account, usage, now_s);
    match lines.iter().find(|line| !line.passed) {
        None => Ok(certificate),
        Some(line) => Err(Problem::from(line)),
    }
}

fn plan(profile: &Profile, usage: CertificateUsage, key: &SoftwareKey) -> Plan {
    let mut request = Members::new();
    request.insert("method".into(), "POST".into());
    request.insert("path_template".into(), "/v2/account/integration/credentials/client-certificate".into());
    request.insert("usage".into(), usage.as_str().into());
    let mut signing = Members::new();
    signing.insert("key_id".into(), key.key_id().into());
    Plan {
        kind: "credential.issue",
        call: Call::IssueCertificate,
        subject: usage.as_str().to_owned(),
        profile: profile.into(),
        merchant: None,
        request,
        signing,
        private: Members::new(),
    }
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
