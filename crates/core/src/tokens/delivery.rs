//! Deliveries of Klarna's webhooks: examined by anybody, taken in when their signature is good (tokens.md 7).
//!
//! A revocation is matched by the acquirer's reference, or by the token itself where Klarna tells it. Who revoked is not documented to be in it,
//! so Klarna's word is shown as it is, and nothing is said where there is none. Deliberately absent: a receiver on the internet.

use gatehouse_klarna::{
    Delivery, DeliveryAge, DeliveryReport, News, RevocationNews, SignatureFinding, WebhookKey, WebhookNotice,
    check_delivery,
};
use rusqlite::OptionalExtension;
use serde::Serialize;
use zeroize::Zeroizing;

use super::course::{by_request, consent};
use super::token::{Token, TokenSource, TokenState};
use super::{named, note, opened, store, tell};
use crate::acts::Members;
use crate::facade::Core;
use crate::key_store::SecretBytes;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// What was found about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExaminedDelivery {
    /// Whether the signature is Klarna's.
    pub is_good: bool,
    /// What was found about it, in a sentence.
    pub signature: String,
    /// What to do about it, where something can be told.
    pub hint: Option<String>,
    /// The key that made it.
    pub key_id: Option<String>,
    /// How old it is, in a sentence.
    pub age: String,
    /// Whether it was taken in before.
    pub is_repeated: bool,
    /// Klarna's id of the event.
    pub event_id: Option<String>,
    /// Klarna's kind of the event.
    pub event_type: Option<String>,
    /// The merchant's account KRN.
    pub merchant: Option<String>,
    /// Why it cannot be read, where it cannot.
    pub unreadable: Option<String>,
    /// Whether it is of another environment than the profile.
    pub is_of_other_environment: bool,
}

/// A delivery that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenDelivery {
    /// What was found about it.
    pub examined: ExaminedDelivery,
    /// What was done, in a sentence.
    pub done: String,
    /// The token that it is about.
    pub token: Option<Token>,
}

/// Reads a key of webhooks: its id and its secret with a colon, a tab or a line break between.
///
/// # Errors
/// `webhook_invalid`.
pub(crate) fn key(id: &str, secret: &SecretBytes) -> Result<WebhookKey, Problem> {
    let text = secret.expose_str().unwrap_or_default().to_owned();
    WebhookKey::new(id, text).map_err(|cause| invalid(&cause.to_string()))
}

/// Examines a delivery as it was captured; nothing is recorded.
///
/// # Errors
/// `webhook_invalid` for what is no delivery.
pub(crate) fn examine(
    core: &Core,
    profile: &Profile,
    (capture, keys): (&[u8], &[WebhookKey]),
) -> Result<ExaminedDelivery, Problem> {
    report(core, profile, capture, keys).map(|(shown, _)| shown)
}

fn report(
    core: &Core,
    profile: &Profile,
    capture: &[u8],
    keys: &[WebhookKey],
) -> Result<(ExaminedDelivery, DeliveryReport), Problem> {
    let delivery = delivery(capture)?;
    let database = core.database();
    let seen = |id: &str| is_seen(&database, profile, id).unwrap_or(false);
    let report = check_delivery(&delivery, keys, core.clock().unix_ms() / 1000, seen);
    Ok((shown(profile, &report), report))
}

/// A capture with its headers, or a body alone.
fn delivery(capture: &[u8]) -> Result<Delivery, Problem> {
    let made = if capture.trim_ascii_start().starts_with(b"{") {
        Delivery::new([], Zeroizing::new(capture.to_vec()))
    } else {
        Delivery::from_capture(capture)
    };
    made.map_err(|cause| invalid(&cause.to_string()))
}

fn is_seen(database: &rusqlite::Connection, profile: &Profile, id: &str) -> Result<bool, Problem> {
    Ok(database
        .prepare_cached("SELECT 1 FROM token_delivery WHERE profile = ?1 AND event_id = ?2")?
        .query_row((profile.id.to_string(), id), |_| Ok(()))
        .optional()?
        .is_some())
}

fn shown(profile: &Profile, report: &DeliveryReport) -> ExaminedDelivery {
    let (signature, hint, key_id) = signature(&report.signature);
    let notice = report.notice.as_ref().ok();
    let environment = notice.and_then(WebhookNotice::environment);
    ExaminedDelivery {
        is_good: report.signature.is_good(),
        signature,
        hint,
        key_id,
        age: age(&report.age),
        is_repeated: report.is_repeated,
        event_id: notice.map(|notice| notice.event_id.clone()),
        event_type: notice.map(|notice| notice.event_type.clone()),
        merchant: notice
            .and_then(|notice| notice.subject.as_ref())
            .map(|krn| krn.as_str().to_owned()),
        unreadable: report.notice.as_ref().err().map(ToString::to_string),
        is_of_other_environment: environment.is_some_and(|environment| environment != profile.environment.krn()),
    }
}

fn signature(found: &SignatureFinding) -> (String, Option<String>, Option<String>) {
    let plain = |text: &str| (text.to_owned(), None, None);
    match found {
        SignatureFinding::Good { key_id } => ("The signature is Klarna's.".into(), None, Some(key_id.clone())),
        SignatureFinding::OtherKey { named, key_id } => {
            let named = named.as_deref().unwrap_or("none");
            let text = format!("The signature is right, but made by another key than the delivery names ({named}).");
            (
                text,
                Some("Choose the key by Klarna-Signing-Key-Id.".into()),
                Some(key_id.clone()),
            )
        }
        SignatureFinding::Wrong { hint } => (
            "The signature is not that of this body.".into(),
            Some(
                hint.map_or("The body was altered, or the key is another one.", |hint| {
                    hint.sentence()
                })
                .to_owned(),
            ),
            None,
        ),
        SignatureFinding::UnknownKey { named } => {
            let text = format!("The delivery names the key {named}, which was not given, and no other fits.");
            (text, Some("Give the key with that id.".into()), None)
        }
        SignatureFinding::Missing => plain("There is no Klarna-Signature among the headers."),
        SignatureFinding::Repeated => plain("Klarna-Signature stands there several times."),
        SignatureFinding::NoKey => plain("No key was given, so the signature was not checked."),
    }
}

fn age(age: &DeliveryAge) -> String {
    match age {
        DeliveryAge::Fresh { seconds } => format!("It happened {seconds} seconds ago."),
        DeliveryAge::Late { seconds } => format!(
            "It happened {} minutes ago; Klarna repeats for about 21 hours.",
            seconds / 60
        ),
        DeliveryAge::TooOld { seconds } => {
            format!(
                "It happened {} hours ago, later than Klarna repeats: an old capture, or somebody sends it again.",
                seconds / 3600
            )
        }
        DeliveryAge::Ahead { seconds } => format!("It lies {seconds} seconds ahead: a clock is wrong."),
        DeliveryAge::Unknown => "It does not say when it happened.".into(),
    }
}

/// Takes a delivery in: its signature must be good, and a second one changes nothing.
///
/// # Errors
/// `webhook_invalid`, `environment_mixed`; `vault_*`, `log_*`.
pub(crate) fn take(
    core: &Core,
    profile: &Profile,
    (capture, keys): (&[u8], &[WebhookKey]),
) -> Result<TakenDelivery, Problem> {
    let (examined, report) = report(core, profile, capture, keys)?;
    if !examined.is_good {
        let hint = examined.hint.clone().unwrap_or_else(|| "Nothing was taken in.".into());
        return Err(Problem::new(ErrorCode::WebhookInvalid, examined.signature, hint));
    }
    let notice = report.notice.map_err(|cause| invalid(&cause.to_string()))?;
    if examined.is_of_other_environment {
        return Err(Problem::new(
            ErrorCode::EnvironmentMixed,
            "The delivery is of another environment than this profile, so nothing was taken in.",
            "Choose a profile of its environment.",
        ));
    }
    if examined.is_repeated {
        return Ok(TakenDelivery {
            examined,
            done: "It was taken in before; nothing changed.".into(),
            token: None,
        });
    }
    core.unlock_log()?;
    let (token, done) = happened(core, profile, &notice)?;
    core.database_for_change()?.execute(
        "INSERT OR IGNORE INTO token_delivery (profile, event_id, taken_ms) VALUES (?1, ?2, ?3)",
        (profile.id.to_string(), &notice.event_id, core.clock().unix_ms()),
    )?;
    Ok(TakenDelivery { examined, done, token })
}

fn happened(core: &Core, profile: &Profile, notice: &WebhookNotice) -> Result<(Option<Token>, String), Problem> {
    let mut members = Members::new();
    members.insert("event_id".into(), notice.event_id.as_str().into());
    members.insert("event_type".into(), notice.event_type.as_str().into());
    members.insert("verified".into(), true.into());
    match &notice.news {
        News::TokenRevoked(news) => revoked(core, profile, news, members),
        News::PaymentRequest(news) => requested(core, profile, notice, news, members),
        News::Other => {
            note(core, profile, ("token.webhook", None), members, None)?;
            Ok((None, "It tells of nothing that concerns tokens.".into()))
        }
    }
}

/// Who ended a token, as far as Klarna says so.
fn ended_by(told: Option<&str>) -> String {
    let word = told.unwrap_or("elsewhere").to_ascii_lowercase();
    if word.contains("customer") || word.contains("consumer") {
        "customer".into()
    } else if word.contains("klarna") {
        "klarna".into()
    } else {
        word.chars().filter(|c| !c.is_control()).take(60).collect()
    }
}

fn revoked(
    core: &Core,
    profile: &Profile,
    news: &RevocationNews,
    mut members: Members,
) -> Result<(Option<Token>, String), Problem> {
    let Some(row) = meant(core, profile, news)? else {
        note(core, profile, ("token.webhook", None), members, None)?;
        return Ok((None, "A token was revoked that this vault does not have.".into()));
    };
    let by = ended_by(news.told.as_deref());
    // What was ended here keeps its own word: Klarna tells of that, too.
    let next = Token {
        state: TokenState::Revoked,
        ended_by: row.ended_by.clone().or(Some(by)),
        ..row.clone()
    };
    store::change(&*core.database_for_change()?, &next)?;
    let (_, token) = opened(core, profile, &row.id.to_string())?;
    members.extend(named(core, &next, &token)?);
    members.insert("state".into(), next.state.word().into());
    members.insert("ended_by".into(), next.ended_by.as_deref().unwrap_or_default().into());
    let seq = note(
        core,
        profile,
        ("token.webhook", next.merchant.as_deref()),
        members,
        None,
    )?;
    let by = next.ended_by.clone().unwrap_or_default();
    tell(
        core,
        next.id,
        ("token.webhook", "succeeded", &format!("revoked, {by}")),
        Some(seq),
    )?;
    let done = match by.as_str() {
        "customer" => format!("Token {} was revoked by the customer.", next.id),
        "klarna" => format!("Token {} was revoked by Klarna.", next.id),
        "us" => format!("Token {} was revoked here; Klarna confirms it.", next.id),
        _ => format!("Token {} was revoked; Klarna does not say by whom.", next.id),
    };
    Ok((Some(next), done))
}

fn meant(core: &Core, profile: &Profile, news: &RevocationNews) -> Result<Option<Token>, Problem> {
    if let Some(token) = &news.token {
        let keys = core.vault_anew()?;
        let found = store::by_blind(&core.database(), profile.id, &keys, token)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let Some(reference) = &news.reference else {
        return Ok(None);
    };
    let found = store::by_reference(&core.database(), profile.id, reference)?;
    let (mut living, mut ended): (Vec<Token>, Vec<Token>) =
        found.into_iter().partition(|token| !token.state.is_ended());
    // A reference of several living tokens does not say which one ended.
    if living.len() > 1 {
        return Ok(None);
    }
    Ok(living.pop().or_else(|| (ended.len() == 1).then(|| ended.remove(0))))
}

fn requested(
    core: &Core,
    profile: &Profile,
    notice: &WebhookNotice,
    news: &gatehouse_klarna::PaymentRequestNews,
    mut members: Members,
) -> Result<(Option<Token>, String), Problem> {
    let id = news.id.as_ref().map(ToString::to_string).unwrap_or_default();
    members.insert("payment_request_id".into(), id.as_str().into());
    members.insert("state".into(), news.state.as_str().into());
    let merchant = notice.subject.as_ref().map(|krn| krn.as_str().to_owned());
    note(core, profile, ("token.webhook", merchant.as_deref()), members, None)?;
    let Some(row) = by_request(&core.database(), profile.id, &[&id])? else {
        return Ok((None, format!("The payment request {id} was not made here.")));
    };
    let request = consent::of_news(&row, news)?;
    let taken = consent::taken(core, profile, row, request, TokenSource::Webhook)?;
    let token = taken
        .token
        .map(|id| super::find(&core.database(), profile, &id.to_string()))
        .transpose()?;
    Ok((token, format!("The customer's step is {}.", taken.state.word())))
}

fn invalid(why: &str) -> Problem {
    Problem::new(
        ErrorCode::WebhookInvalid,
        why,
        "Give headers, an empty line, and the body as received, up to its last byte.",
    )
}
