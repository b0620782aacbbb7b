//! A live or test profile at its first step: account, address and environment checked against each other before anything is stored.
//!
//! Live, test and sandbox never mix: the KRN names the environment, the host belongs to it, and whatever is on this
//! machine is a sandbox (portal-access.md 6.1, 15.9). Deliberately absent: secrets; they come in a step of their own.

use gatehouse_klarna::{AccountKrn, Email, KrnError, LIVE_BASE_URL, TEST_BASE_URL};
use url::Url;
use uuid::Uuid;

use super::{Endpoint, Method, Profile, ProfileEnvironment, ProxySetting};
use crate::key_store::KeyStoreKind;
use crate::policy::Policy;
use crate::problem::{ErrorCode, Hint, Problem, ways};

/// Where portals of Klarna may be (portal-access.md 14.1, row 18).
pub const KLARNA_HOSTS: &str = "*.klarna.com";

/// A profile to be begun.
#[derive(Debug, Clone)]
pub struct NewProfile {
    /// Its name.
    pub name: String,
    /// Live or test; a sandbox has its own beginning (`setup::NewSandbox`).
    pub environment: ProfileEnvironment,
    /// The acquirer's account KRN.
    pub account: String,
    /// The account manager's own e-mail.
    pub user: String,
    /// The API's address, if it is not Klarna's documented one.
    pub api_url: Option<String>,
    /// The host of `api_url` once more, as the person's word that it is meant.
    pub trusted_host: Option<String>,
    /// An added certificate authority.
    pub ca_pem: Option<String>,
    /// `system`, `direct` or an address.
    pub proxy: Option<String>,
    /// How people get into the portal, if it is known already.
    pub method: Option<Method>,
    /// Where secrets go.
    pub key_store: KeyStoreKind,
}

/// Checks a wish and makes the profile of it; nothing is stored.
///
/// # Errors
/// `input_invalid`, `krn_invalid`, `environment_mixed`, `email_invalid`, `api_url_refused`.
pub fn draft(wish: &NewProfile, now_ms: i64) -> Result<Profile, Problem> {
    let account = account(&wish.account, wish.environment)?;
    let default = documented_address(wish.environment)?;
    let url = match &wish.api_url {
        Some(url) => address(url, wish.environment, wish.trusted_host.as_deref())?,
        None => default.to_owned(),
    };
    Ok(Profile {
        id: Uuid::new_v4(),
        name: name(&wish.name)?,
        environment: wish.environment,
        account_name: account.suffix().to_owned(),
        account,
        user: user(&wish.user)?,
        endpoint: Endpoint::Url {
            url,
            ca_pem: wish.ca_pem.clone(),
        },
        allowed_hosts: vec![KLARNA_HOSTS.to_owned()],
        policy: Policy::new(),
        method: wish.method,
        proxy: ProxySetting::parse(wish.proxy.as_deref().unwrap_or("system"))?,
        created_at_ms: now_ms,
    })
}

fn documented_address(environment: ProfileEnvironment) -> Result<&'static str, Problem> {
    match environment {
        ProfileEnvironment::Live => Ok(LIVE_BASE_URL),
        ProfileEnvironment::Test => Ok(TEST_BASE_URL),
        ProfileEnvironment::Sandbox => Err(Problem::new(
            ErrorCode::InputInvalid,
            "A sandbox profile does not lead to Klarna.",
            ways("Make it with --sandbox.", "Choose Sandbox as its environment."),
        )),
    }
}

/// Whether a profile's API is where Klarna documents it; another address is shown with a warning.
#[must_use]
pub fn is_documented(profile: &Profile) -> bool {
    match (&profile.endpoint, documented_address(profile.environment)) {
        (Endpoint::Url { url, .. }, Ok(default)) => url.trim_end_matches('/') == default,
        (Endpoint::Url { .. }, Err(_)) | (Endpoint::Embedded, _) => true,
    }
}

/// Whether an address may serve an environment: a sandbox on this machine alone, live and test nowhere on it.
///
/// # Errors
/// `api_url_refused`, `environment_mixed`.
pub fn fits_environment(endpoint: &Endpoint, environment: ProfileEnvironment) -> Result<(), Problem> {
    let sandbox = environment == ProfileEnvironment::Sandbox;
    let Endpoint::Url { url, .. } = endpoint else {
        let wrong = || {
            refused(
                "embedded",
                "Only a sandbox profile uses this data directory's own sandbox.",
            )
        };
        return sandbox.then_some(()).ok_or_else(wrong);
    };
    if sandbox {
        let here = Url::parse(url).is_ok_and(|url| is_loopback(&url));
        return here
            .then_some(())
            .ok_or_else(|| refused(url, "A sandbox is on this machine."));
    }
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
    address(url, environment, host.as_deref()).map(|_| ())
}

/// Reads an account KRN of this environment.
///
/// # Errors
/// `krn_invalid`, also for a suffix that no certificate's common name could hold; `environment_mixed`.
pub fn account(text: &str, environment: ProfileEnvironment) -> Result<AccountKrn, Problem> {
    let account = AccountKrn::parse(text.trim()).map_err(|cause| krn_problem(text.trim(), cause))?;
    if account.environment() == environment.krn() {
        return Ok(account);
    }
    Err(mixed(
        format!(
            "The account belongs to the {} environment, and this profile is {}.",
            account.environment(),
            environment.word()
        ),
        "Give an account of this environment, or make a profile of the other one.",
    ))
}

fn krn_problem(text: &str, cause: KrnError) -> Problem {
    let suffix = text.rsplit(':').next().unwrap_or_default().chars().count();
    if cause == KrnError::Suffix && suffix > 64 {
        return Problem::new(
            ErrorCode::KrnInvalid,
            format!(
                "The account's last part has {suffix} characters; a signing request's common name holds at most 64."
            ),
            "Copy the account's id from Klarna once more.",
        );
    }
    Problem::new(
        ErrorCode::KrnInvalid,
        "The account is not an account KRN.",
        "It looks like krn:partner:global:account:test:LYABCDEI.",
    )
    .because(&cause)
}

/// Reads a profile's name.
///
/// # Errors
/// `input_invalid`.
pub fn name(text: &str) -> Result<String, Problem> {
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

/// Reads the account manager's own e-mail.
///
/// # Errors
/// `email_invalid`.
pub fn user(text: &str) -> Result<Email, Problem> {
    Email::parse(text.trim()).map_err(|_| {
        Problem::new(
            ErrorCode::EmailInvalid,
            format!("{text:?} is not an e-mail address."),
            "Give your own work address.",
        )
    })
}

fn address(text: &str, environment: ProfileEnvironment, trusted: Option<&str>) -> Result<String, Problem> {
    let url = Url::parse(text.trim()).map_err(|_| refused(text, "It cannot be read as an address."))?;
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let bare =
        url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if is_loopback(&url) {
        return Err(refused(
            text,
            ways(
                "It is on this machine, and what is on this machine is a sandbox: use --sandbox.",
                "It is on this machine, and what is on this machine is a sandbox: choose Sandbox.",
            ),
        ));
    }
    if url.scheme() != "https" || host.is_empty() || !bare {
        return Err(refused(text, "Give https, a host, and nothing after it."));
    }
    klarna_host(text, &host, environment)?;
    let given = text.trim().trim_end_matches('/').to_owned();
    let documented = documented_address(environment)? == given;
    if documented || trusted.is_some_and(|trusted| trusted.eq_ignore_ascii_case(&host)) {
        return Ok(given);
    }
    Err(refused(
        text,
        ways(
            format!(
                "It is not the address that Klarna documents. If it is meant, name the host once more: --i-trust-host {host}."
            ),
            "It is not the address that Klarna documents. If it is meant, type its host once more below it.",
        ),
    ))
}

/// Klarna's own hosts say by their name to which environment they belong (portal-access.md 6.1).
fn klarna_host(text: &str, host: &str, environment: ProfileEnvironment) -> Result<(), Problem> {
    let Some(below) = host.strip_suffix(".klarna.com") else {
        return Ok(());
    };
    let first = below.split('.').next().unwrap_or_default();
    if below.ends_with("playground") || matches!(first, "api" | "api-na" | "api-oc") {
        return Err(refused(text, "That host belongs to Klarna's older merchant APIs."));
    }
    let test = below.split('.').any(|label| label == "test");
    if test == (environment == ProfileEnvironment::Test) {
        return Ok(());
    }
    Err(mixed(
        format!(
            "{host} is a host of Klarna's other environment; this profile is {}.",
            environment.word()
        ),
        "Leave the address out: Gatehouse knows the right one.",
    ))
}

/// Whether an address is on this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Reads a proxy's address.
pub(super) fn proxy_address(text: &str) -> Result<String, Problem> {
    let problem = |message: &str| {
        Problem::new(
            ErrorCode::InputInvalid,
            message,
            "Give `system`, `direct`, or an address like http://proxy.example:3128.",
        )
    };
    let url = Url::parse(text).map_err(|_| problem("The proxy's address cannot be read."))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") || !url.has_host() {
        return Err(problem(
            "The proxy's address has no host, or another scheme than http, https or socks5.",
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem(
            "The proxy's address carries a user name or password, which would be stored in clear.",
        ));
    }
    Ok(text.to_owned())
}

/// The problem of parts that belong to different environments.
pub(crate) fn mixed(message: String, hint: &'static str) -> Problem {
    Problem::new(ErrorCode::EnvironmentMixed, message, hint)
}

fn refused(url: &str, hint: impl Into<Hint>) -> Problem {
    Problem::new(
        ErrorCode::ApiUrlRefused,
        format!("{:?} cannot be used as the address of this profile's API.", url.trim()),
        hint,
    )
}
