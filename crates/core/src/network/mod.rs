//! The way to Klarna as a person may set it: proxy, added authorities, and what the desktop around the program says.
//!
//! One setting serves every client, so that no path escapes the proxy. Each change is a note in the log. Deliberately absent: HTTP
//! itself (gatehouse_klarna has it), PAC files, and sign-in to a proxy other than Basic.

mod authority;
mod desktop;
mod settings;
mod sign_in;

pub use authority::AddedAuthority;
pub use desktop::{Desktop, ProxyTexts};
pub use settings::{NetworkSettings, ProxySetting};
pub use sign_in::ProxySignIn;

pub(crate) use authority::{checked, day, text_of};

pub use gatehouse_klarna::{ProxySource, SystemProxy, is_loopback};

use gatehouse_klarna::{
    CallFailure, CertificateProblem, FailureKind, IpStatus, ManualProxy, MtlsStatus, NetworkFault, ProxyChoice,
};

use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::{Endpoint, Profile, proof};

/// What a client needs of the settings.
pub(crate) struct Way {
    pub proxy: ProxyChoice,
    pub authorities_pem: Vec<String>,
}

/// The way as it is set now; the key store is asked only when the proxy wants a sign-in.
pub(crate) fn way(core: &Core) -> Result<Way, Problem> {
    let settings = NetworkSettings::load(&core.database())?;
    Ok(Way {
        proxy: choice(core, &settings.proxy)?,
        authorities_pem: settings.authorities_pem,
    })
}

fn choice(core: &Core, setting: &ProxySetting) -> Result<ProxyChoice, Problem> {
    Ok(match setting {
        ProxySetting::System => ProxyChoice::System,
        ProxySetting::Direct => ProxyChoice::Direct,
        ProxySetting::Manual {
            address,
            no_proxy,
            sign_in: wanted,
        } => {
            let proxy = ManualProxy::parse(address, no_proxy)
                .map_err(|cause| Problem::internal("read its own proxy setting", &cause))?;
            ProxyChoice::Manual(if *wanted {
                proxy.with_credentials(sign_in::load(core)?)
            } else {
                proxy
            })
        }
    })
}

/// Puts user and password away, or takes them out.
pub(crate) fn keep_sign_in(core: &Core, sign_in: Option<&ProxySignIn>) -> Result<(), Problem> {
    match sign_in {
        Some(given) => sign_in::save(core, given),
        None => sign_in::remove(core),
    }
}

/// Whether an address is on this machine, where no proxy stands in between.
pub(crate) fn is_here(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

/// A failed call in words that know where the profile's API is, what the system's network is like, and what is known of the clock and
/// the client certificate.
pub(crate) fn told(core: &Core, profile: &Profile, failure: &CallFailure) -> Problem {
    let here = match &profile.endpoint {
        Endpoint::Embedded => true,
        Endpoint::Url { url, .. } => is_here(url),
    };
    let fault = failure.network.as_deref();
    foreign(here, fault)
        .or_else(|| pac_only(core, here, &failure.kind, fault))
        .unwrap_or_else(|| answered_no(core, profile, failure))
}

/// A refusal by its cause, where that is known: the clock, or this computer's address.
fn answered_no(core: &Core, profile: &Profile, failure: &CallFailure) -> Problem {
    let dated = failure.meta.as_ref().and_then(|meta| meta.server_unix_s);
    core.note_server_time(profile, dated);
    let plain = Problem::from(failure);
    core.clock_explains(profile, failure, plain.code)
        .or_else(|| address_explains(core, profile, failure))
        .unwrap_or(plain)
}

/// The address, where Klarna says so, or where a gateway blocks without a word a call whose certificate was found valid before
/// (portal-access.md 6.4: an enforced list answers with an empty body).
fn address_explains(core: &Core, profile: &Profile, failure: &CallFailure) -> Option<Problem> {
    let meta = failure.meta.as_ref()?;
    if failure.kind != FailureKind::ForbiddenNoBody {
        return None;
    }
    if matches!(meta.ip_status, Some(IpStatus::Denied | IpStatus::Invalid)) {
        return Some(Problem::address_refused(true));
    }
    let doubted = matches!(meta.mtls_status, Some(MtlsStatus::Invalid | MtlsStatus::NotPresent));
    (!doubted && proof::mtls_was_valid(core, profile)).then(|| Problem::address_refused(false))
}

/// A server on this machine of which we know no authority: no proxy stands in between, so it is another server.
pub(crate) fn foreign(here: bool, fault: Option<&NetworkFault>) -> Option<Problem> {
    let Some(NetworkFault::Certificate(fault)) = fault.filter(|_| here) else {
        return None;
    };
    let unknown = fault.problem == CertificateProblem::UnknownIssuer;
    unknown.then(|| Problem::foreign_authority(&fault.issuer))
}

/// A call of which nobody heard, on a network whose proxy stands in a PAC file alone.
fn pac_only(core: &Core, here: bool, kind: &FailureKind, fault: Option<&NetworkFault>) -> Option<Problem> {
    let unheard = matches!(kind, FailureKind::Connect | FailureKind::Dns) && fault.is_none();
    if here || !unheard {
        return None;
    }
    let settings = NetworkSettings::load(&core.database()).ok()?;
    if settings.proxy != ProxySetting::System {
        return None;
    }
    match core.desktop().proxy() {
        SystemProxy::PacOnly { url } => Some(Problem::pac_only(url.as_deref())),
        SystemProxy::Direct | SystemProxy::Manual { .. } => None,
    }
}
