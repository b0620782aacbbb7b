//! `doctor`: looks at every part and names cause and cure.
//!
//! Each line stands for one part; a bad one says what to do. It leaves nothing changed, makes no link, and reveals no secret.

use crate::data_dir;
use crate::facade::{Core, Gatehouse};
use crate::key_store::DirectoryItem;
use crate::policy::BrowserChoice;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// How a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoctorState {
    /// As it should be.
    Ok,
    /// Works, but look at it.
    Warn,
    /// Does not work.
    Bad,
}

impl DoctorState {
    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// What is known of one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorLine {
    /// The part's name.
    pub part: String,
    /// How it is.
    pub state: DoctorState,
    /// What was found.
    pub message: String,
    /// What to do, if anything.
    pub hint: String,
}

impl DoctorLine {
    fn ok(part: &str, message: impl Into<String>) -> Self {
        Self {
            part: part.into(),
            state: DoctorState::Ok,
            message: message.into(),
            hint: String::new(),
        }
    }

    fn warn(part: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            part: part.into(),
            state: DoctorState::Warn,
            message: message.into(),
            hint: hint.into(),
        }
    }

    fn bad(part: &str, problem: Problem) -> Self {
        Self {
            part: part.into(),
            state: DoctorState::Bad,
            message: problem.message,
            hint: problem.hint,
        }
    }
}

impl Gatehouse {
    /// Looks at data directory, key store, log, and the profile's certificates, clock and connection.
    #[must_use]
    pub fn doctor(&self, profile: Option<&Profile>) -> Vec<DoctorLine> {
        let mut lines = vec![data_directory(self.core()), key_store(self.core()), log(self)];
        match profile {
            None => lines.push(DoctorLine::warn(
                "profile",
                "There is no profile yet.",
                "Make one with `gatehouse profile create sandbox --sandbox`.",
            )),
            Some(profile) => {
                lines.push(keys(self.core(), profile));
                lines.extend(certificates(self, profile));
                lines.extend(endings(self, profile));
                lines.push(browser(self.core(), profile));
                lines.push(connection(self, profile));
                lines.push(clock(self.core(), profile));
            }
        }
        lines
    }
}

/// A file is made and removed again: rights alone do not tell of a read-only mount or a full disk.
fn data_directory(core: &Core) -> DoctorLine {
    let dir = core.dir();
    let refusal = core.database_for_change().err();
    match refusal.or_else(|| data_dir::try_to_write(dir).err()) {
        None => DoctorLine::ok("data directory", dir.display().to_string()),
        Some(problem) => DoctorLine {
            message: format!("{}: {} Reading goes on.", dir.display(), problem.message),
            ..DoctorLine::bad("data directory", problem)
        },
    }
}

fn key_store(core: &Core) -> DoctorLine {
    let asked = core.key_store().and_then(|store| {
        let item = crate::acts::item(core.dir(), DirectoryItem::Anchor);
        Ok((store.kind(), store.get(&item)?.is_some()))
    });
    match asked {
        Ok((kind, true)) => DoctorLine::ok(
            "key store",
            format!("The {} answers, and the log's anchor is there.", kind.as_str()),
        ),
        Ok((kind, false)) => DoctorLine::ok("key store", format!("The {} answers.", kind.as_str())),
        Err(problem) => DoctorLine::bad("key store", problem),
    }
}

fn log(gatehouse: &Gatehouse) -> DoctorLine {
    let report = match gatehouse.audit_report() {
        Err(problem) if problem.code == ErrorCode::AuditEntryMissing => {
            return DoctorLine::ok("audit log", "It begins with the first act.");
        }
        Err(problem) => return DoctorLine::bad("audit log", problem),
        Ok(report) => report,
    };
    if !report.is_intact() {
        let problem = Problem::from(gatehouse_audit::LogError::Alarm(Box::new(report)));
        return DoctorLine::bad("audit log", problem);
    }
    match gatehouse.unresolved().map(|open| open.len()) {
        Ok(0) => DoctorLine::ok("audit log", format!("Intact, {} entries.", report.size)),
        Ok(count) => DoctorLine::warn(
            "audit log",
            format!("Intact, but {count} acts have no outcome."),
            "They are settled when Gatehouse starts, or with `gatehouse audit reconcile`.",
        ),
        Err(problem) => DoctorLine::bad("audit log", problem),
    }
}

fn keys(core: &Core, profile: &Profile) -> DoctorLine {
    match core
        .key_store()
        .and_then(|_| crate::profile::key_life::load(core, profile))
    {
        Ok(held) if held.api_key.is_none() || held.jwt.current.is_none() || held.mtls.current.is_none() => {
            DoctorLine::warn(
                "keys",
                "The key store has not all of this profile's keys yet.",
                "Go on with its set-up: `gatehouse profile setup` shows the next step.",
            )
        }
        Ok(_) => DoctorLine::ok("keys", "Signing key, mTLS key and API key are in the key store."),
        Err(problem) => DoctorLine::bad("keys", problem),
    }
}

fn certificates(gatehouse: &Gatehouse, profile: &Profile) -> Vec<DoctorLine> {
    let facts = match gatehouse.key_facts(profile) {
        Err(problem) => return vec![DoctorLine::bad("certificates", problem)],
        Ok(facts) => facts,
    };
    facts
        .iter()
        .map(|fact| {
            let part = format!("{} certificate", fact.usage.as_str());
            match fact.checks.iter().find(|line| !line.passed) {
                Some(line) => DoctorLine::bad(&part, Problem::from(line)),
                None => DoctorLine::ok(&part, format!("Fits key and account; {} days left.", fact.days_left)),
            }
        })
        .collect()
}

/// What ends soon, by the same thresholds as everywhere.
fn endings(gatehouse: &Gatehouse, profile: &Profile) -> Vec<DoctorLine> {
    match gatehouse.expiry_warnings(profile) {
        Err(problem) => vec![DoctorLine::bad("ends soon", problem)],
        Ok(warnings) => warnings
            .into_iter()
            .map(|warning| DoctorLine::warn("ends soon", warning.message, warning.hint))
            .collect(),
    }
}

/// A default browser without a screen is a warning: where `--print-url` is used, nothing is wrong.
fn browser(core: &Core, profile: &Profile) -> DoctorLine {
    let name = crate::portal::browser::name(&profile.policy.browser);
    match crate::portal::browser::preflight(&profile.policy.browser, core.screen()) {
        Ok(()) => DoctorLine::ok("browser", format!("Portals open in: {name}.")),
        Err(problem) if profile.policy.browser == BrowserChoice::Default => {
            DoctorLine::warn("browser", problem.message, problem.hint)
        }
        Err(problem) => DoctorLine::bad("browser", problem),
    }
}

fn connection(gatehouse: &Gatehouse, profile: &Profile) -> DoctorLine {
    match gatehouse.warm(profile) {
        Ok(()) => DoctorLine::ok("Klarna", format!("{} answers.", gatehouse.api_address(profile))),
        Err(problem) => DoctorLine::bad("Klarna", problem),
    }
}

fn clock(core: &Core, profile: &Profile) -> DoctorLine {
    match core.skew_s(profile) {
        0 => DoctorLine::ok("clock", "Agrees with Klarna's."),
        skew => DoctorLine::warn(
            "clock",
            format!("Klarna's clock is {skew} s ahead of this computer's; Gatehouse corrects for it."),
            "Set this computer's clock.",
        ),
    }
}
