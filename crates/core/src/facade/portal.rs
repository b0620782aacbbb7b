//! Portals and sessions: open, hand over, watch, end, reopen.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use gatehouse_klarna::PortalUrl;

use super::Gatehouse;
use super::core::{Change, Core};
use crate::network;
use crate::person::Deed;
use crate::portal::handoff::{Fetched, Handoff};
use crate::portal::open::{make_link, not_used};
use crate::portal::session::LINK_MS;
use crate::portal::{Handover, OpenRequest, OpenStep, Opened, Session, SessionState, StepKind, browser, revoke, store};
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::Profile;

/// Sessions older than this many are in the log alone.
const SHOWN: u32 = 500;

/// What became of "end all".
#[derive(Debug)]
pub struct RevokeAll {
    /// Accepted by Klarna.
    pub revoked: Vec<Session>,
    /// Session id and why it was not.
    pub failed: Vec<(String, Problem)>,
}

impl Gatehouse {
    /// Makes the connection ready (TLS done), so that the next act does not wait for it; never makes a link.
    ///
    /// # Errors
    /// `keyring_*`, `network_*`, `sandbox_failed`.
    pub fn warm(&self, profile: &Profile) -> Result<(), Problem> {
        self.core.allow(profile, Deed::OpenPortal)?;
        let connection = self.core.connection(profile)?;
        let meta = self
            .core
            .block_on(connection.client.warm())
            .map_err(|failure| network::told(&self.core, profile, &failure))?;
        self.core.note_server_time(profile, meta.server_unix_s);
        Ok(())
    }

    /// Makes a link and hands it over; see [`OpenRequest`].
    ///
    /// # Errors
    /// As `design.md` section 7 groups them; `link_not_used` when waiting and nobody came within 60 s.
    pub fn open_portal(
        &self,
        profile: &Profile,
        request: &OpenRequest,
        progress: &dyn Fn(OpenStep),
    ) -> Result<Opened, Problem> {
        self.core.allow(profile, deed(&request.handover))?;
        let merchant = self.merchant(profile, &request.merchant)?;
        let began_ms = self.core.clock().mono_ms();
        let mut opened = make_link(&self.core, profile, &merchant, request, progress)?;
        self.core.tell(Change::Sessions);
        if let Handover::Browser { wait } = request.handover
            && let Some(link) = opened.link.take()
        {
            let handing = self.ask_browser(profile, &opened, began_ms, progress)?;
            let watch = Watch {
                core: Arc::clone(&self.core),
                step: handing.step,
                began_ms,
                session: opened.session.id.clone(),
            };
            if wait {
                return watch.finish(handing.handoff, &link, &mut opened, progress);
            }
            thread::spawn(move || watch.in_background(handing.handoff, &link));
        }
        Ok(opened)
    }

    fn ask_browser(
        &self,
        profile: &Profile,
        opened: &Opened,
        began_ms: u64,
        progress: &dyn Fn(OpenStep),
    ) -> Result<Handing, Problem> {
        let handoff =
            Handoff::open(self.core.fill()).map_err(|cause| Problem::internal("open its loopback address", &cause))?;
        let folder = browser::folder(self.core.dir(), profile, &opened.session.merchant_id);
        browser::ask(&profile.policy.browser, &handoff.address(), folder.as_deref())?;
        let step = OpenStep {
            act_id: opened.act_id,
            merchant_id: opened.session.merchant_id.clone(),
            step: StepKind::BrowserAsked,
            elapsed_ms: self.core.clock().mono_ms().saturating_sub(began_ms),
            text: opened.session.browser.clone(),
        };
        progress(step.clone());
        Ok(Handing { handoff, step })
    }

    /// A profile's sessions, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn sessions(&self, profile: &Profile) -> Result<Vec<Session>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        store::newest(&self.core.database(), profile.id, SHOWN)
    }

    /// A merchant's sessions, newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn sessions_of(&self, profile: &Profile, merchant_id: &str) -> Result<Vec<Session>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        store::of_merchant(&self.core.database(), profile.id, merchant_id, 50)
    }

    /// Ends one session, by our id or Klarna's.
    ///
    /// # Errors
    /// `session_unknown`, `session_ended`, `klarna_*`, `network_*`, `log_*`.
    pub fn revoke_session(&self, profile: &Profile, id: &str) -> Result<Session, Problem> {
        self.core.allow(profile, Deed::RevokeSession)?;
        let session = store::find(&self.core.database(), profile.id, id)?;
        let revoked = revoke::revoke(&self.core, profile, &session);
        self.core.tell(Change::Sessions);
        revoked
    }

    /// Ends every session that may still be open, one exact act each.
    ///
    /// # Errors
    /// When the sessions cannot be listed or nothing can be recorded; what fails on the way stands in the answer.
    pub fn revoke_all_sessions(&self, profile: &Profile) -> Result<RevokeAll, Problem> {
        self.core.allow(profile, Deed::RevokeAllSessions)?;
        let now_ms = self.now_ms();
        let open = self
            .sessions(profile)?
            .into_iter()
            .filter(|session| matches!(session.state(now_ms), SessionState::Waiting | SessionState::Used))
            .collect::<Vec<_>>();
        let mut all = RevokeAll {
            revoked: Vec::new(),
            failed: Vec::new(),
        };
        // What refuses every one of them is told once.
        if !open.is_empty() {
            self.core.unlock_log_to_revoke()?;
        }
        for session in open {
            match revoke::revoke(&self.core, profile, &session) {
                Ok(revoked) => all.revoked.push(revoked),
                Err(problem) => all.failed.push((session.id, problem)),
            }
        }
        self.core.tell(Change::Sessions);
        Ok(all)
    }

    /// Opens the same merchant again as the same person: a new act with a new link.
    ///
    /// # Errors
    /// As [`Gatehouse::open_portal`].
    pub fn reopen_session(&self, profile: &Profile, id: &str, progress: &dyn Fn(OpenStep)) -> Result<Opened, Problem> {
        self.core.allow(profile, Deed::OpenPortal)?;
        let session = store::find(&self.core.database(), profile.id, id)?;
        let request = OpenRequest {
            merchant: session.merchant_id,
            open_as: session.open_as.then_some(session.principal),
            reason: session.reason,
            roles: Some(session.roles),
            unsigned: session.unsigned,
            handover: Handover::Browser { wait: false },
        };
        self.open_portal(profile, &request, progress)
    }
}

struct Handing {
    handoff: Handoff,
    step: OpenStep,
}

/// Watches one hand-over to its end and writes down what was seen.
struct Watch {
    core: Arc<Core>,
    step: OpenStep,
    began_ms: u64,
    session: String,
}

impl Watch {
    fn finish(
        self,
        handoff: Handoff,
        link: &PortalUrl,
        opened: &mut Opened,
        progress: &dyn Fn(OpenStep),
    ) -> Result<Opened, Problem> {
        let (fetched, step) = self.serve(handoff, link);
        progress(step);
        if fetched == Fetched::No {
            return Err(not_used());
        }
        opened.session.fetched_at_ms = Some(self.core.clock().unix_ms());
        Ok(Opened {
            session: opened.session.clone(),
            act_id: opened.act_id,
            intent_seq: opened.intent_seq,
            outcome_seq: opened.outcome_seq,
            link: None,
        })
    }

    fn in_background(self, handoff: Handoff, link: &PortalUrl) {
        let (_, step) = self.serve(handoff, link);
        self.core.tell(Change::Step(step));
        self.core.tell(Change::Sessions);
    }

    fn serve(&self, handoff: Handoff, link: &PortalUrl) -> (Fetched, OpenStep) {
        let lifetime = Duration::from_millis(u64::try_from(LINK_MS).unwrap_or(0));
        let fetched = handoff.serve(link.expose(), lifetime);
        let mut step = self.step.clone();
        step.elapsed_ms = self.core.clock().mono_ms().saturating_sub(self.began_ms);
        step.step = match fetched {
            Fetched::Yes => StepKind::Opened,
            Fetched::No => StepKind::LinkDead,
        };
        if fetched == Fetched::Yes {
            let noted = store::note_fetched(&self.core.database(), &self.session, self.core.clock().unix_ms());
            if let Err(problem) = noted {
                tracing::warn!(code = problem.code.as_str(), "the fetch was not noted");
            }
        }
        (fetched, step)
    }
}

/// A link that leaves the program for other places than the browser is a risk of its own.
fn deed(handover: &Handover) -> Deed {
    match handover {
        Handover::Copy | Handover::Print | Handover::Login => Deed::CopyLink,
        Handover::Browser { .. } | Handover::Drop => Deed::OpenPortal,
    }
}

/// The problem of an act that needs a profile where there is none.
pub(super) fn no_profile() -> Problem {
    Problem::new(
        ErrorCode::ProfileMissing,
        "There is no profile yet.",
        ways(
            "Try the sandbox first: `gatehouse profile create sandbox --sandbox`, or \"Try the sandbox\" in the app.",
            "Press Try the sandbox or Connect to Klarna on the first screen.",
        ),
    )
}
