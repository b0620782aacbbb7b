//! User and password of payments v1, in the profile's item of the key store, and the client that uses them.
//!
//! The region follows the merchant's account (tokens.md 4.1). Deliberately absent: a client kept warm; these calls are few.

use gatehouse_klarna::{PaymentsClient, PaymentsConfig, PaymentsLogin, PaymentsPassword, Region, Timeouts, Url};
use serde::Serialize;

use crate::facade::Core;
use crate::facade::connection::{own_proxy, refused_url, service_address};
use crate::key_store::SecretBytes;
use crate::network;
use crate::problem::{ErrorCode, Problem, unusable, ways};
use crate::profile::secrets::{self, PaymentsSecret};
use crate::profile::{Endpoint, Profile, ProfileEnvironment, key_life};

/// What is told to set the log-in.
#[derive(Debug, Clone, Copy)]
pub struct PaymentsAccess<'a> {
    /// `europe`, `north_america` or `oceania`.
    pub region: &'a str,
    /// The user name.
    pub user: &'a str,
    /// The password.
    pub password: &'a SecretBytes,
}

/// The log-in as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentsLoginShown {
    /// The region.
    pub region: String,
    /// The user name.
    pub user: String,
    /// Where it is used.
    pub host: String,
}

/// Keeps the log-in.
///
/// # Errors
/// `input_invalid`; `keyring_*`.
pub(crate) fn keep_login(core: &Core, profile: &Profile, given: PaymentsAccess<'_>) -> Result<(), Problem> {
    let region = Region::from_word(given.region.trim()).ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("{:?} is not a region of Klarna Payments.", given.region),
            "The regions are europe, north_america and oceania; the region follows the merchant's account.",
        )
    })?;
    let refused = |cause: gatehouse_klarna::PaymentsLoginRefusal| {
        Problem::new(
            ErrorCode::InputInvalid,
            "The log-in of Klarna Payments cannot be used.",
            cause.to_string(),
        )
    };
    let password = given.password.expose_str().unwrap_or_default().to_owned();
    let password = PaymentsPassword::parse(password).map_err(refused)?;
    let user = given.user.trim();
    PaymentsLogin::password(user, password.clone()).map_err(refused)?;
    let _alone = core.hold_keys()?;
    let mut held = key_life::load(core, profile)?;
    held.payments = Some(PaymentsSecret {
        region,
        user: user.to_owned(),
        password,
    });
    secrets::save(core.key_store()?.as_ref(), profile.id, &held)
}

/// The log-in, without its password.
///
/// # Errors
/// `keyring_*`.
pub(crate) fn shown_login(core: &Core, profile: &Profile) -> Result<Option<PaymentsLoginShown>, Problem> {
    let Some(held) = held(core, profile)? else {
        return Ok(None);
    };
    Ok(Some(PaymentsLoginShown {
        region: held.region.as_str().to_owned(),
        host: address(core, profile, held.region)?.0,
        user: held.user,
    }))
}

/// What the profile keeps; the sandbox of its own data directory tells the log-in of its first merchant, so that nobody has to type it.
fn held(core: &Core, profile: &Profile) -> Result<Option<PaymentsSecret>, Problem> {
    let kept = key_life::load(core, profile)?.payments;
    if kept.is_some() || profile.endpoint != Endpoint::Embedded {
        return Ok(kept);
    }
    let told = core.sandbox_address()?.payments_v1;
    Ok(told.and_then(|(user, password)| {
        Some(PaymentsSecret {
            region: Region::Europe,
            user,
            password: PaymentsPassword::parse(password).ok()?,
        })
    }))
}

/// Where each region's API is.
///
/// # Errors
/// `sandbox_*` where the sandbox cannot be reached.
pub(crate) fn hosts(core: &Core, profile: &Profile) -> Result<Vec<(String, String)>, Problem> {
    let each = Region::ALL.into_iter();
    each.map(|region| Ok((region.as_str().to_owned(), address(core, profile, region)?.0)))
        .collect()
}

/// The client of payments v1.
///
/// # Errors
/// `payments_login_missing`, `keyring_*`, `api_url_refused`.
pub(crate) fn client(core: &Core, profile: &Profile) -> Result<PaymentsClient, Problem> {
    let held = held(core, profile)?.ok_or_else(no_login)?;
    let (base, mut extra_ca_pem) = address(core, profile, held.region)?;
    let way = network::way(core)?;
    extra_ca_pem.extend(way.authorities_pem);
    let login = PaymentsLogin::password(&held.user, held.password);
    let config = PaymentsConfig {
        base_url: Url::parse(&base).map_err(|cause| refused_url(&base).because(&cause))?,
        login: login.map_err(|cause| Problem::internal("read a stored log-in", &cause))?,
        extra_ca_pem,
        proxy: own_proxy(profile)?.unwrap_or(way.proxy),
        timeouts: Timeouts::default(),
        app_version: core.app().to_owned(),
    };
    PaymentsClient::new(&config).map_err(|cause| unusable(&cause, &base).because(&cause))
}

/// The region's own host; a sandbox and a stand-in answer both APIs at one address.
fn address(core: &Core, profile: &Profile, region: Region) -> Result<(String, Vec<String>), Problem> {
    let stands_in = match &profile.endpoint {
        Endpoint::Embedded => true,
        Endpoint::Url { url, .. } => profile.environment == ProfileEnvironment::Sandbox || network::is_here(url),
    };
    if stands_in {
        return service_address(core, profile);
    }
    Ok((region.base_url(profile.environment.krn()).to_owned(), Vec::new()))
}

pub(crate) fn no_login() -> Problem {
    Problem::new(
        ErrorCode::PaymentsLoginMissing,
        "This profile has no user and password of Klarna Payments (v1), which tokens of v1 and account linking need.",
        ways(
            "`gatehouse linking login --region REGION --user USER` takes the password from stdin.",
            "Set them under Account linking.",
        ),
    )
}
