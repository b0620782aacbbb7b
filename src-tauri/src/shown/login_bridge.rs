//! The draft of a bridge's files that the window works on: kept in Rust, shown as views.
//!
//! Deliberately absent: any rule of who may enter; the core has them, and the bridge has the same.

use std::path::{Path, PathBuf};

use gatehouse_core::login_bridge::people::{MOST_CHOICES, People};
use gatehouse_core::login_bridge::{Draft, Flaw, LoginChoice, RowsWanted, TriedClaims};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::desktop::Wanted;
use crate::shell::{BridgeDraft, Shell};
use crate::views::login_bridge::{BridgeFlaw, BridgeRules, BridgeRulesWish, BridgeView, BridgeWord};
use crate::views::login_bridge_served::{BridgeChoice, BridgeTried};
use crate::views::number::count;

/// Shows the draft, or the files where nothing was changed.
///
/// # Errors
/// As the core says.
pub fn show(core: &Gatehouse, shell: &Shell, again: bool) -> Result<Option<BridgeView>, Problem> {
    let profile = core.profile(None)?;
    let known = core.login_bridge_file(&profile)?.is_some();
    let untouched = |kept: &BridgeDraft| kept.profile != profile.id.to_string() || !kept.draft.is_changed();
    if again || !known || shell.chosen().bridge.as_ref().is_none_or(untouched) {
        let draft = core.open_login_bridge(&profile)?;
        keep(shell, &profile, draft);
    }
    let kept = shell.chosen();
    Ok(kept.bridge.as_ref().map(|kept| view(shell, &kept.draft)))
}

/// Lets the person choose a configuration.
///
/// # Errors
/// As the core says.
pub fn choose(core: &Gatehouse, shell: &Shell) -> Result<Option<BridgeView>, Problem> {
    let profile = core.profile(None)?;
    core.may_edit_login_bridge(&profile)?;
    let Some(path) = shell.desktop().choose_file(Wanted::Bridge) else {
        return Ok(None);
    };
    let draft = core.choose_login_bridge(&profile, &path)?;
    let shown = view(shell, &draft);
    keep(shell, &profile, Some(draft));
    Ok(Some(shown))
}

/// Forgets which bridge is the profile's.
///
/// # Errors
/// As the core says.
pub fn forget(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.forget_login_bridge(&profile)?;
    keep(shell, &profile, None);
    Ok(())
}

/// Changes the draft and shows it.
///
/// # Errors
/// As the core says; the draft is as before then.
pub fn change(
    core: &Gatehouse,
    shell: &Shell,
    work: impl FnOnce(&mut Draft) -> Result<(), Problem>,
) -> Result<BridgeView, Problem> {
    core.may_edit_login_bridge(&core.profile(None)?)?;
    with_draft(core, shell, |draft| {
        work(draft)?;
        Ok(view(shell, draft))
    })
}

/// Takes other rules.
///
/// # Errors
/// `bridge_rules_invalid`.
pub fn set_rules(core: &Gatehouse, shell: &Shell, wish: BridgeRulesWish) -> Result<BridgeView, Problem> {
    let optional = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let words = wish.words.into_iter();
    let people = People {
        email_claim: wish.email_claim.as_str().trim().to_owned(),
        verified: wish.verified,
        merchants_claim: optional(wish.merchants_claim.as_str()),
        roles_claim: optional(wish.roles_claim.as_str()),
        roles: words
            .map(|one| (one.word.into_string(), one.roles.into_strings()))
            .collect(),
        default_roles: wish.default_roles.into_strings(),
        table: None,
    };
    change(core, shell, |draft| draft.set_rules(people))
}

/// Saves the draft.
///
/// # Errors
/// As the core says; nothing was written then, and the draft is as before.
pub fn save(core: &Gatehouse, shell: &Shell) -> Result<BridgeView, Problem> {
    let profile = core.profile(None)?;
    core.may_edit_login_bridge(&profile)?;
    with_draft(core, shell, |draft| {
        *draft = core.save_login_bridge(&profile, draft)?;
        Ok(view(shell, draft))
    })
}

/// Tries a sign-in.
///
/// # Errors
/// `input_invalid` for neither an address nor claims.
pub fn tried(core: &Gatehouse, shell: &Shell, text: &str) -> Result<BridgeTried, Problem> {
    let profile = core.profile(None)?;
    let tried = with_draft(core, shell, |draft| {
        let claims = TriedClaims::read(text, draft.people())?;
        core.try_login(&profile, draft, &claims)
    })?;
    let email = tried.email.unwrap_or_default();
    let (why, hint) = match &tried.answer {
        Ok(choices) if choices.open.is_empty() => NONE_OPEN,
        Ok(_) => ("", ""),
        Err(why) => why.told(),
    };
    let choices = tried.answer.unwrap_or_default();
    Ok(BridgeTried {
        email,
        choices: choices.open.into_iter().map(choice).collect(),
        left_out: choices
            .left_out
            .into_iter()
            .map(|(place, why)| BridgeFlaw {
                place,
                text: in_app(why),
            })
            .chain(beyond(choices.beyond))
            .collect(),
        why: why.into(),
        hint: hint.into(),
    })
}

/// What is named beyond what a bridge offers.
fn beyond(more: usize) -> Option<BridgeFlaw> {
    (more > 0).then(|| BridgeFlaw {
        place: format!("{more} more"),
        text: format!("A bridge offers {MOST_CHOICES} merchants to a person; these come after them by name."),
    })
}

const NONE_OPEN: (&str, &str) = (
    "No merchant that is named for this person can be entered.",
    "Look below at what each of them lacks.",
);

/// Works on the draft; the files are opened where there is none yet.
pub(super) fn with_draft<T>(
    core: &Gatehouse,
    shell: &Shell,
    work: impl FnOnce(&mut Draft) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let profile = core.profile(None)?;
    let mut kept = shell.chosen();
    if kept
        .bridge
        .as_ref()
        .is_none_or(|kept| kept.profile != profile.id.to_string())
    {
        let draft = core.open_login_bridge(&profile)?;
        kept.bridge = draft.map(|draft| BridgeDraft {
            profile: profile.id.to_string(),
            draft,
        });
    }
    let draft = kept.bridge.as_mut().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "No login bridge is known for this profile.",
            "Choose its configuration under Settings, Login bridge.",
        )
    })?;
    work(&mut draft.draft)
}

fn keep(shell: &Shell, profile: &Profile, draft: Option<Draft>) {
    shell.chosen().bridge = draft.map(|draft| BridgeDraft {
        profile: profile.id.to_string(),
        draft,
    });
}

fn view(shell: &Shell, draft: &Draft) -> BridgeView {
    let counts = draft.rows(&RowsWanted::default());
    let outline = draft.outline();
    let shown = |path: PathBuf| path.display().to_string();
    BridgeView {
        file: shown(draft.path().to_owned()),
        table_file: draft
            .table_path()
            .map(|path| shown(path.to_owned()))
            .unwrap_or_default(),
        table_problem: draft.table_problem().cloned().map(Into::into),
        has_table: draft.has_table(),
        public_url: outline.public_url.as_ref().map(ToString::to_string).unwrap_or_default(),
        acquirer: outline.acquirer.clone(),
        same_data: outline
            .data_dir
            .as_ref()
            .is_none_or(|dir| resolved(dir) == resolved(shell.data_dir())),
        rules: rules(draft.people()),
        flaws: draft.flaws().iter().map(flaw).collect(),
        changed: draft.is_changed(),
        cut_off: draft.was_cut_off(),
        rows: count(counts.total),
        changed_rows: count(counts.changed),
        flawed_rows: count(counts.flawed),
    }
}

/// A folder by its own name, whatever links lead there.
fn resolved(dir: &Path) -> PathBuf {
    std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned())
}

fn flaw(flaw: &Flaw) -> BridgeFlaw {
    BridgeFlaw {
        place: flaw.place.clone(),
        text: flaw.text.clone(),
    }
}

fn rules(people: &People) -> BridgeRules {
    let words = people.roles.iter();
    BridgeRules {
        email_claim: people.email_claim.clone(),
        verified: people.verified,
        merchants_claim: people.merchants_claim.clone().unwrap_or_default(),
        roles_claim: people.roles_claim.clone().unwrap_or_default(),
        default_roles: people.default_roles.clone(),
        words: words
            .map(|(word, roles)| BridgeWord {
                word: word.clone(),
                roles: roles.clone(),
            })
            .collect(),
    }
}

fn choice(choice: LoginChoice) -> BridgeChoice {
    BridgeChoice {
        merchant: choice.merchant,
        name: choice.name,
        reference: choice.reference,
        roles: choice.roles,
    }
}

pub(super) fn in_app(problem: Problem) -> String {
    let hint = problem.in_app.map_or(problem.hint, |words| words.into_owned());
    format!("{} {hint}", problem.message)
}
