//! Events from Rust to the window, typed.
//!
//! Two are enough: how an act goes on, and what has changed and wants to be read again. Deliberately absent: the data itself; the
//! window asks for it through commands.

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::Event;

/// A step of an act, as it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ProgressStep {
    /// The intent stands in the log.
    Recorded,
    /// The token is signed.
    Signed,
    /// Klarna is being asked.
    Asked,
    /// The link is there.
    Link,
    /// The browser was asked to open it.
    BrowserAsked,
    /// The browser has fetched it.
    Opened,
    /// Nobody used the link within its minute.
    LinkDead,
    /// A step of setting something up.
    Setup,
    /// The act failed.
    Failed,
}

/// How an act goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct ActProgress {
    /// The act's id; empty for a set-up.
    pub act_id: String,
    /// The merchant concerned.
    pub merchant_id: Option<String>,
    /// The step taken.
    pub step: ProgressStep,
    /// A sentence about it.
    pub text: String,
    /// Milliseconds since the act began.
    pub ms: u32,
}

/// A part of what the window shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Profiles and keys.
    Profile,
    /// The merchant directory.
    Merchants,
    /// Portal sessions.
    Sessions,
    /// How far plans are that are being carried out.
    Runs,
    /// People's access, and what is held back.
    Access,
    /// Customer tokens.
    Tokens,
    /// How far what runs long with customer tokens is.
    Jobs,
    /// A file is held over the window.
    Over,
    /// It was taken away again.
    Away,
    /// It was dropped on the window.
    Dropped,
    /// The audit log.
    Audit,
    /// Appearance and policy.
    Settings,
    /// The app lock.
    Lock,
}

/// What wants to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, Event)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    /// The parts.
    pub topics: Vec<Topic>,
}
