//! The way to Klarna: name, connection, proxy, TLS; what the probe saw, in the words that a failed call would use.
//!
//! Deliberately absent: what Klarna's answer says, which `klarna` reads; and starting a sandbox that is not running.

use gatehouse_klarna::{
    CallFailure, Effect, FailureKind, NetworkFault, ProbeReport, ProbeState, ProbeStep, ProbeStepName, ProxySource,
    SystemProxy,
};
use url::Url;

use super::look::{address, look};
use super::{DoctorLine, klarna};
use crate::facade::{Core, connection};
use crate::network::{self, NetworkSettings, ProxySetting};
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::secrets::ProfileSecrets;
use crate::profile::{Endpoint, Profile};

/// Everything that is looked at behind the profile.
pub(super) const PARTS: [&str; 9] = [
    "DNS",
    "TCP",
    "proxy",
    "TLS",
    "Klarna",
    "clock",
    "mTLS",
    "IP address",
    "API key",
];

/// The way as it is looked at.
pub(super) struct Seen<'a> {
    pub core: &'a Core,
    pub profile: &'a Profile,
    pub base: Url,
    pub here: bool,
    /// The environment of the API key, if there is one.
    pub key_environment: Option<gatehouse_klarna::Environment>,
    pub report: ProbeReport,
}

pub(super) fn lines(core: &Core, profile: &Profile, secrets: Option<ProfileSecrets>) -> Vec<DoctorLine> {
    let Some((address, own_ca)) = address(core, profile) else {
        let why = "This data directory's sandbox is not running; it starts with the next act.";
        return PARTS.map(|part| DoctorLine::skipped(part, why)).to_vec();
    };
    let Ok(base) = Url::parse(&address) else {
        let mut lines = vec![DoctorLine::bad("DNS", connection::refused_url(&address))];
        lines.extend(
            PARTS
                .into_iter()
                .skip(1)
                .map(|part| DoctorLine::skipped(part, "Not reached.")),
        );
        return lines;
    };
    let key_environment = secrets
        .as_ref()
        .and_then(|secrets| Some(secrets.api_key.as_ref()?.environment()));
    let looked = look(core, profile, &base, own_ca, secrets);
    match looked {
        Err(problem) => {
            let why = "Not reached, because the proxy cannot be used.";
            let rest = PARTS.into_iter().filter(|part| *part != "proxy");
            let rest = rest.map(|part| DoctorLine::skipped(part, why));
            std::iter::once(DoctorLine::bad("proxy", problem)).chain(rest).collect()
        }
        Ok(report) => {
            let here = network::is_here(base.as_str());
            let seen = Seen {
                core,
                profile,
                base,
                here,
                key_environment,
                report,
            };
            let mut lines = seen.below_http();
            lines.extend(klarna::lines(&seen));
            lines
        }
    }
}

impl Seen<'_> {
    pub fn step(&self, name: ProbeStepName) -> Option<&ProbeStep> {
        self.report.steps.iter().find(|step| step.step == name)
    }

    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    fn below_http(&self) -> Vec<DoctorLine> {
        let plain = |part, name| self.plain(part, name);
        vec![
            plain("DNS", ProbeStepName::Dns),
            plain("TCP", ProbeStepName::Tcp),
            self.proxy(),
            self.tls(),
        ]
    }

    fn plain(&self, part: &str, name: ProbeStepName) -> DoctorLine {
        match self.step(name) {
            Some(step) if step.state == ProbeState::Passed => DoctorLine::ok(part, passed(step)),
            Some(step) if step.state == ProbeState::Failed && !failed_at_proxy(step) => {
                DoctorLine::bad(part, self.problem(step))
            }
            Some(step) if step.state == ProbeState::Failed => {
                DoctorLine::skipped(part, "Not reached, because the proxy does not let us through.")
            }
            Some(_) | None => DoctorLine::skipped(part, "Not reached, because an earlier part failed."),
        }
    }

    /// The proxy's line: its own failure, at whatever step it showed; a network that names one in a way we do not take.
    fn proxy(&self) -> DoctorLine {
        const PART: &str = "proxy";
        if let Some(step) = self.report.failed().filter(|step| failed_at_proxy(step)) {
            return DoctorLine::bad(PART, self.problem(step));
        }
        if self.here {
            return DoctorLine::ok(PART, "None is used: the API is on this computer.");
        }
        if let Some(proxy) = &self.report.proxy {
            return DoctorLine::ok(PART, format!("Calls go through {proxy}."));
        }
        let through = self.report.http.is_some();
        match (self.setting(), through) {
            (ProxySetting::System, _) => self.system_proxy(through),
            (ProxySetting::Direct | ProxySetting::Manual { .. }, _) => {
                DoctorLine::ok(PART, "None is used, as it is set.")
            }
        }
    }

    fn setting(&self) -> ProxySetting {
        NetworkSettings::load(&self.core.database()).unwrap_or_default().proxy
    }

    fn system_proxy(&self, through: bool) -> DoctorLine {
        const PART: &str = "proxy";
        match self.core.desktop().proxy() {
            SystemProxy::PacOnly { .. } if through => {
                DoctorLine::ok(PART, "The system names a PAC file, but the direct way to Klarna works.")
            }
            SystemProxy::PacOnly { url } => DoctorLine::bad(PART, Problem::pac_only(url.as_deref())),
            SystemProxy::Manual {
                address,
                source: ProxySource::Gnome,
                ..
            } if !through => DoctorLine::bad(
                PART,
                Problem::new(
                    ErrorCode::NetworkProxy,
                    format!("GNOME names the proxy {address}, which Gatehouse does not take by itself."),
                    ways(
                        format!("Set it by hand: `gatehouse network proxy {address}`."),
                        "Enter it under Settings, Network.",
                    ),
                ),
            ),
            SystemProxy::Manual { .. } | SystemProxy::Direct => {
                DoctorLine::ok(PART, "None is used; the system names none for this host.")
            }
        }
    }

    fn tls(&self) -> DoctorLine {
        const PART: &str = "TLS";
        let inspected = self.report.server.as_ref().filter(|server| server.through_added_ca);
        let own = matches!(&self.profile.endpoint, Endpoint::Url { ca_pem: Some(_), .. });
        if let Some(server) = inspected.filter(|_| !self.here && !own) {
            return DoctorLine::warn(
                PART,
                format!(
                    "Your network inspects TLS: the certificate is issued by {}, an added authority.",
                    server.issuer
                ),
                "Calls work, but mutual TLS does not pass such a proxy: ask for an exception for Klarna's API host.",
            );
        }
        match self.step(ProbeStepName::Tls) {
            Some(step) if step.state == ProbeState::Skipped && self.base.scheme() == "http" => {
                DoctorLine::ok(PART, "Plain http on this computer.")
            }
            _ => self.plain(PART, ProbeStepName::Tls),
        }
    }

    /// A failed step in the words of a failed call, without what only an act needs to say.
    pub fn problem(&self, step: &ProbeStep) -> Problem {
        let (kind, fault) = step.failure.as_ref().map_or((FailureKind::Connect, None), |failure| {
            (failure.kind.clone(), failure.network.clone())
        });
        if let Some(known) = network::foreign(self.here, fault.as_ref()) {
            return known;
        }
        if let Some(known) = self.without_an_act(&kind) {
            return known;
        }
        let mut failure = CallFailure::new(kind, Effect::NotSent);
        failure.network = fault.map(Box::new);
        Problem::from(&failure)
    }

    fn without_an_act(&self, kind: &FailureKind) -> Option<Problem> {
        let host = self.host();
        let in_time = matches!(kind, FailureKind::Timeout | FailureKind::DeadlinePassed);
        let known = [
            (
                in_time,
                ErrorCode::NetworkTimeout,
                format!("{host} did not answer in time."),
            ),
            (
                *kind == FailureKind::CutOff,
                ErrorCode::NetworkCutOff,
                format!("The connection to {host} broke."),
            ),
            (
                *kind == FailureKind::Connect,
                ErrorCode::NetworkConnect,
                format!("{host} accepts no connection."),
            ),
            (
                *kind == FailureKind::Dns,
                ErrorCode::NetworkDns,
                format!("The name {host} could not be resolved."),
            ),
            (
                matches!(kind, FailureKind::ServerFault(_)),
                ErrorCode::KlarnaFault,
                "Klarna has a fault of its own.".to_owned(),
            ),
        ];
        let (_, code, message) = known.into_iter().find(|(holds, ..)| *holds)?;
        let hint = if self.here {
            "Start the sandbox or the server that the profile names, or make the profile anew."
        } else {
            "Check network and VPN, and whether a firewall lets this host through; then try again in a minute."
        };
        Some(Problem::new(code, message, hint))
    }
}

fn passed(step: &ProbeStep) -> String {
    match step.step {
        ProbeStepName::Tcp => format!("Connected to {}.", step.detail),
        ProbeStepName::Dns | ProbeStepName::ProxyConnect | ProbeStepName::Tls | ProbeStepName::Http => {
            format!("{}.", step.detail)
        }
    }
}

/// Whether a step failed at the proxy, and not at Klarna.
fn failed_at_proxy(step: &ProbeStep) -> bool {
    let fault = step.failure.as_ref().and_then(|failure| failure.network.as_ref());
    matches!(fault, Some(NetworkFault::Proxy(_)))
}
