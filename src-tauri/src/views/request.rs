//! What enters Rust over IPC in more than a word or two: requests with named members.
//!
//! Unknown members are refused, texts are capped. Deliberately absent: secrets; none is typed in this screens.

use serde::Deserialize;
use specta::Type;

use crate::argument::{Id, QueryText, Reason, RowCount, Text, Words};
use crate::views::app::ThemeView;
use crate::views::audit_keep::LogQuery;
use crate::views::number::Seq;

/// Which window of the merchant list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchRequest {
    /// What was typed.
    pub query: QueryText,
    /// Position of the first row.
    pub first: u32,
    /// How many rows, 200 at most.
    pub count: RowCount,
}

/// Which windows may be wanted next.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AheadRequest {
    /// What was typed so far.
    pub query: QueryText,
    /// How many rows of each, 200 at most.
    pub count: RowCount,
}

/// Which portal is to be opened, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PortalRequest {
    /// The merchant's account KRN.
    pub merchant_id: Id,
    /// Another person's e-mail, to open as that person.
    #[serde(default)]
    pub open_as: Option<Id>,
    /// Why, where the policy or "open as" asks for it.
    #[serde(default)]
    pub reason: Option<Reason>,
    /// Roles other than the profile's.
    #[serde(default)]
    pub roles: Option<Words>,
    /// Without a signature, where the profile allows it.
    pub unsigned: bool,
}

/// Which page of acts is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActsRequest {
    /// Rows before this sequence number; null for the newest.
    #[serde(default)]
    pub before: Option<Seq>,
    /// How many rows, 200 at most.
    pub limit: RowCount,
    /// What was typed.
    pub query: LogQuery,
}

/// In whose name links are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum OnBehalfOfWord {
    /// The acquirer itself.
    Acquirer,
    /// The merchant.
    Merchant,
}

/// What the browser keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum BrowserApartWord {
    /// Nothing.
    Nothing,
    /// The environment.
    Environment,
    /// Each merchant.
    Merchant,
}

/// What is to be changed in the settings; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SettingsChange {
    /// The appearance.
    pub theme: Option<ThemeView>,
    /// The account manager's own e-mail.
    pub user: Option<Id>,
    /// The roles of a link unless others are chosen.
    pub default_roles: Option<Words>,
    /// In whose name links are made.
    pub on_behalf_of: Option<OnBehalfOfWord>,
    /// Whether every open asks for a reason.
    pub reason_required: Option<bool>,
    /// Whether an unsigned link may be made.
    pub unsigned_allowed: Option<bool>,
    /// The browser program, or `default`.
    pub browser: Option<Text<1000>>,
    /// What the browser keeps apart.
    pub browser_apart: Option<BrowserApartWord>,
    /// To which hosts a portal link may lead; changed on its own.
    pub allowed_hosts: Option<Words>,
    /// Who approves that many people get access.
    pub bulk_grants: Option<ApprovalWish>,
    /// Who approves that many people lose access.
    pub bulk_revokes: Option<ApprovalWish>,
    /// Who approves that a customer token is copied.
    pub token_copies: Option<ApprovalWish>,
    /// Who approves that somebody becomes administrator on live.
    pub admin_on_live: Option<ApprovalWish>,
}

/// So many other persons, each with one of these roles.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApprovalWish {
    /// How many.
    pub approvers: u8,
    /// Their roles.
    pub roles: Words,
    /// It begins above so many.
    pub over: u32,
}

impl SettingsChange {
    /// Whether the active profile's policy is to be changed too.
    pub fn touches_profile(&self) -> bool {
        Self {
            theme: None,
            allowed_hosts: None,
            ..self.clone()
        } != Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn unknown_members_are_refused() {
        let request = json!({ "merchantId": "krn", "unsigned": false, "url": "https://example.com/" });
        assert!(
            serde_json::from_value::<PortalRequest>(request).is_err(),
            "nobody smuggles an address in"
        );
    }

    #[test]
    fn the_theme_alone_does_not_touch_the_profile() {
        let theme: SettingsChange = serde_json::from_value(json!({ "theme": "dark" })).unwrap();
        assert!(
            !theme.touches_profile(),
            "appearance belongs to the person, not to a profile"
        );
        let policy: SettingsChange = serde_json::from_value(json!({ "reasonRequired": true })).unwrap();
        assert!(policy.touches_profile(), "policy belongs to the profile");
    }
}
