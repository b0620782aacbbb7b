//! What a person asks for when a portal is opened, and what is told on the way and at the end.

use gatehouse_klarna::PortalUrl;
use uuid::Uuid;

use super::session::Session;

/// What happens to a link once it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// The profile's browser gets it; `wait` says whether to return only when it was fetched.
    Browser {
        /// Wait until the browser came, at most 60 s.
        wait: bool,
    },
    /// The caller puts it onto the clipboard for 60 s.
    Copy,
    /// The caller prints it for a script.
    Print,
    /// Nobody gets it; the link dies by itself.
    Drop,
    /// The login bridge sends the person's own browser on to it.
    Login,
}

impl Handover {
    /// The word in the log and in the session's row.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Browser { .. } => "browser",
            Self::Copy => "copy",
            Self::Print => "print",
            Self::Drop => "drop",
            Self::Login => "login",
        }
    }

    /// The act's kind: handing a link out counts as a copy.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Copy | Self::Print => "portal.copy",
            Self::Browser { .. } | Self::Drop | Self::Login => "portal.open",
        }
    }
}

/// A person's wish to open a portal.
#[derive(Debug, Clone)]
pub struct OpenRequest {
    /// An account KRN, its last segment, or a unique reference.
    pub merchant: String,
    /// Another person's e-mail, or none for one's own.
    pub open_as: Option<String>,
    /// Why; needed to open as somebody else, or by policy.
    pub reason: Option<String>,
    /// Roles, or none for the profile's defaults.
    pub roles: Option<Vec<String>>,
    /// Klarna's unsigned fallback.
    pub unsigned: bool,
    /// Where the link goes.
    pub handover: Handover,
}

/// How far an open has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// The intent is durable and anchored.
    Recorded,
    /// The token is signed.
    Signed,
    /// Klarna answered.
    Asked,
    /// The outcome is recorded.
    Link,
    /// The browser was started with the loopback address.
    BrowserAsked,
    /// The browser fetched the link.
    Opened,
    /// Nobody fetched the link while it lived.
    LinkDead,
}

/// One step of an open, told as it happens.
#[derive(Debug, Clone)]
pub struct OpenStep {
    /// The act.
    pub act_id: Uuid,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// Which step.
    pub step: StepKind,
    /// Milliseconds since the act began.
    pub elapsed_ms: u64,
    /// A word on it: the browser's name.
    pub text: String,
}

/// A portal link that was made; the link itself only where the caller must hand it on.
#[derive(Debug)]
pub struct Opened {
    /// The session's row.
    pub session: Session,
    /// Joins the act's entries.
    pub act_id: Uuid,
    /// Sequence number of the intent entry.
    pub intent_seq: u64,
    /// Sequence number of the outcome entry.
    pub outcome_seq: u64,
    /// The link, for every hand-over but [`Handover::Drop`].
    pub link: Option<PortalUrl>,
}
