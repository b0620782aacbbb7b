//! Portal links and sessions as the window shows them.
//!
//! Deliberately absent: the portal link. It is a bearer secret; Rust hands it to the browser or the clipboard.

use serde::Serialize;
use specta::Type;

use crate::views::number::{Millis, Seq};

/// How far a portal session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum SessionStateView {
    /// The link was made and not used yet.
    Waiting,
    /// The link was used; the session may be live.
    Used,
    /// Revoked, and not certainly out yet.
    Revoking,
    /// Over.
    Ended,
}

/// Why a portal session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum EndedView {
    /// Its hours are over.
    Expired,
    /// It was revoked.
    Revoked,
    /// Its link was never used.
    LinkNotUsed,
}

/// One portal session with its clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Our id of it.
    pub id: String,
    /// Klarna's id of its link.
    pub deep_link_id: String,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// The merchant's name.
    pub merchant_name: String,
    /// The acquirer's own reference.
    pub reference: String,
    /// Who is in the portal.
    pub principal: String,
    /// Whether that is somebody other than the profile's user.
    pub open_as: bool,
    /// The roles given.
    pub roles: Vec<String>,
    /// Whether the link was unsigned.
    pub unsigned: bool,
    /// How far it has come.
    pub state: SessionStateView,
    /// When the link was made.
    pub created_at: Millis,
    /// When an unused link dies.
    pub link_dead_at: Millis,
    /// When the browser fetched the link.
    pub fetched_at: Option<Millis>,
    /// When the session ends by itself.
    pub expires_at: Millis,
    /// When Klarna accepted the revocation.
    pub revoked_at: Option<Millis>,
    /// By when a revoked session is certainly out.
    pub out_by: Option<Millis>,
    /// Where the link went.
    pub browser: String,
    /// Why it is over.
    pub ended: Option<EndedView>,
}

/// What an open came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenView {
    /// Our id of the session.
    pub session_id: String,
    /// Klarna's id of the link.
    pub deep_link_id: String,
    /// The merchant's account KRN.
    pub merchant_id: String,
    /// When the session ends by itself.
    pub expires_at: Millis,
    /// The intent's place in the log.
    pub intent_seq: Seq,
    /// The outcome's place in the log.
    pub outcome_seq: Seq,
    /// The act's id.
    pub act_id: String,
}

/// What revoking all came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RevokedAll {
    /// Sessions revoked.
    pub revoked: u32,
    /// Sessions that could not be revoked.
    pub failed: u32,
}
