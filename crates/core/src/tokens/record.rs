//! How tokens stand in the log and in their own story: by number, by keyed hash, by the acquirer's own id; never themselves.

use gatehouse_audit::Phase;
use gatehouse_klarna::CustomerToken;
use rusqlite::TransactionBehavior;
use uuid::Uuid;

use super::store::{self, Keeping, Kept};
use super::story::{self, StoryLine};
use super::token::{NewToken, Token, TokenSource, TokenState};
use super::words;
use crate::acts::{self, Members};
use crate::facade::Core;
use crate::merchants;
use crate::problem::Problem;
use crate::profile::Profile;

/// Checks what is told of a token, and turns the merchant into its account KRN.
///
/// # Errors
/// `merchant_*`, `input_invalid`.
pub(crate) fn checked(core: &Core, profile: &Profile, told: &NewToken) -> Result<NewToken, Problem> {
    let merchant = told
        .merchant
        .as_deref()
        .map(str::trim)
        .filter(|needle| !needle.is_empty());
    let merchant = merchant
        .map(|needle| merchants::find(&core.database(), &profile.id.to_string(), needle))
        .transpose()?;
    Ok(NewToken {
        merchant: merchant.map(|merchant| merchant.id),
        reference: words::own_id(told.reference.as_deref(), "reference")?,
        scopes: words::scopes(&told.scopes)?,
        customer: words::own_id(told.customer.as_deref(), "customer id")?,
        subscription: words::own_id(told.subscription.as_deref(), "subscription id")?,
        created_ms: told.created_ms,
    })
}

/// Keeps one token, recorded; `told` was checked.
///
/// # Errors
/// `vault_*`, `keyring_*`, `log_*`.
pub(crate) fn take(
    core: &Core,
    profile: &Profile,
    (token, told): (&CustomerToken, &NewToken),
    source: TokenSource,
    state: TokenState,
) -> Result<Kept, Problem> {
    core.unlock_log()?;
    let keys = core.vault_anew()?;
    let keeping = Keeping {
        keys: &keys,
        profile,
        source,
        now_ms: core.clock().unix_ms(),
        fill: core.fill(),
    };
    let kept = {
        let mut database = core.database_for_change()?;
        let change = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let kept = store::keep(&change, &keeping, token, told, state)?;
        change.commit()?;
        kept
    };
    if let Kept::Unchanged(_) = kept {
        return Ok(kept);
    }
    let row = super::find(&core.database(), profile, &kept.id().to_string())?;
    let mut members = named(core, &row, token)?;
    members.insert("source".into(), source.word().into());
    let seq = note(core, profile, ("token.add", row.merchant.as_deref()), members, None)?;
    let told = if matches!(kept, Kept::Added(_)) {
        source.word()
    } else {
        "more is known of it"
    };
    tell(core, row.id, ("token.add", "", told), Some(seq))?;
    Ok(kept)
}

/// How an entry names a token.
pub(crate) fn named(core: &Core, row: &Token, token: &CustomerToken) -> Result<Members, Problem> {
    let (hmac, key_id) = core.vault()?.in_log(token);
    let mut members = Members::new();
    members.insert("token".into(), row.id.into());
    members.insert("token_hmac".into(), hmac.into());
    members.insert("token_key".into(), key_id.into());
    members.insert("family".into(), row.kind.word().into());
    if let Some(reference) = &row.reference {
        members.insert("token_ref".into(), reference.as_str().into());
    }
    Ok(members)
}

/// Writes a note about tokens; answers its place in the log.
///
/// # Errors
/// `log_*`, `keyring_*`.
pub(crate) fn note(
    core: &Core,
    profile: &Profile,
    (kind, merchant): (&str, Option<&str>),
    members: Members,
    reason: Option<&str>,
) -> Result<u64, Problem> {
    core.unlock_log()?;
    let label = profile.into();
    let mut note = acts::draft(
        kind,
        Phase::Note,
        Uuid::now_v7(),
        Some(&label),
        merchant.map(str::to_owned),
    );
    note.request = members;
    note.result.insert("outcome".into(), "succeeded".into());
    if let Some(reason) = reason.map(str::trim).filter(|reason| !reason.is_empty()) {
        note.private = Some(Members::from_iter([("reason".to_owned(), reason.into())]));
    }
    core.journal().append(note)
}

/// Adds a line to a token's story.
///
/// # Errors
/// What the database says.
pub(crate) fn tell(
    core: &Core,
    token: i64,
    (what, outcome, told): (&str, &str, &str),
    seq: Option<u64>,
) -> Result<(), Problem> {
    let line = StoryLine {
        at_ms: core.clock().unix_ms(),
        what: what.to_owned(),
        outcome: outcome.to_owned(),
        told: told.chars().take(200).collect(),
        seq,
        who: None,
    };
    story::tell(&*core.database_for_change()?, token, &line)
}
