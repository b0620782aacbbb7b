//! A delivery as people read what was found about it.
//!
//! Deliberately absent: judging it, which the client does.

use gatehouse_klarna::{DeliveryAge, DeliveryReport, SignatureFinding, WebhookNotice};
use serde::Serialize;

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
    /// Whether that is no older than Klarna repeats deliveries, and not ahead.
    pub is_timely: bool,
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

pub(super) fn shown(profile: &Profile, report: &DeliveryReport) -> ExaminedDelivery {
    let (signature, hint, key_id) = signature(&report.signature);
    let notice = report.notice.as_ref().ok();
    let environment = notice.and_then(WebhookNotice::environment);
    ExaminedDelivery {
        is_good: report.signature.is_good(),
        signature,
        hint,
        key_id,
        age: age(&report.age),
        is_timely: matches!(report.age, DeliveryAge::Fresh { .. } | DeliveryAge::Late { .. }),
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
