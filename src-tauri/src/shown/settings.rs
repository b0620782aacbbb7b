//! Settings: the appearance, which is the person's, and the policy, which is the active profile's.
//!
//! Deliberately absent: secrets of a profile.

use gatehouse_core::policy::{BrowserApart, OnBehalfOf, PolicyChange};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::argument::{Text, Words};
use crate::shell::Shell;
use crate::shown::profile;
use crate::views::app::ThemeView;
use crate::views::profile::ProfileView;
use crate::views::request::{ApprovalWish, BrowserApartWord, OnBehalfOfWord, SettingsChange};

const THEME: &str = "theme";

/// The chosen appearance; the system's when none was chosen.
///
/// # Errors
/// What the database says.
pub fn theme(core: &Gatehouse) -> Result<ThemeView, Problem> {
    Ok(match core.setting(THEME)?.as_deref() {
        Some("light") => ThemeView::Light,
        Some("dark") => ThemeView::Dark,
        _ => ThemeView::System,
    })
}

/// Saves what was changed; answers the active profile, when there is one.
///
/// # Errors
/// As the core says; nothing of the policy is saved when a part of it cannot be used.
pub fn save(core: &Gatehouse, shell: &Shell, change: SettingsChange) -> Result<Option<ProfileView>, Problem> {
    match (change.touches_profile(), change.allowed_hosts.clone()) {
        (true, Some(_)) => return Err(hosts_alone()),
        (true, None) => drop(core.save_policy(&core.profile(None)?, &policy(&change))?),
        (false, Some(hosts)) => drop(core.choose_hosts(&core.profile(None)?, &hosts.into_strings())?),
        (false, None) => {}
    }
    if let Some(choice) = change.theme {
        core.set_setting(THEME, word(choice))?;
        shell.desktop().set_appearance(choice);
    }
    core.active()?.map(|active| profile::view(core, &active)).transpose()
}

/// Hosts and policy are two entries of the log; one that fails after the other would leave half a change.
fn hosts_alone() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "The portal's hosts are changed on their own.",
        "Save the other settings first, then the hosts.",
    )
}

fn policy(change: &SettingsChange) -> PolicyChange {
    PolicyChange {
        user: change.user.clone().map(Text::into_string),
        default_roles: change.default_roles.clone().map(Words::into_strings),
        on_behalf_of: change.on_behalf_of.map(|word| match word {
            OnBehalfOfWord::Acquirer => OnBehalfOf::Acquirer,
            OnBehalfOfWord::Merchant => OnBehalfOf::Merchant,
        }),
        reason_required: change.reason_required,
        unsigned_allowed: change.unsigned_allowed,
        browser: change.browser.clone().map(Text::into_string),
        browser_apart: change.browser_apart.map(|word| match word {
            BrowserApartWord::Nothing => BrowserApart::Nothing,
            BrowserApartWord::Environment => BrowserApart::Environment,
            BrowserApartWord::Merchant => BrowserApart::Merchant,
        }),
        approvals: approvals(change),
    }
}

/// The rules as the core and the command line write them.
fn approvals(change: &SettingsChange) -> Vec<String> {
    let wishes = [
        ("bulk-grants", &change.bulk_grants),
        ("bulk-revokes", &change.bulk_revokes),
        ("token-copies", &change.token_copies),
        ("admin-on-live", &change.admin_on_live),
    ];
    let rule = |(subject, wish): (&str, &Option<ApprovalWish>)| {
        let ApprovalWish { approvers, roles, over } = wish.clone()?;
        Some(format!(
            "{subject}={approvers}:{}>{over}",
            roles.into_strings().join(",")
        ))
    };
    wishes.into_iter().filter_map(rule).collect()
}

fn word(choice: ThemeView) -> &'static str {
    match choice {
        ThemeView::System => "system",
        ThemeView::Light => "light",
        ThemeView::Dark => "dark",
    }
}
