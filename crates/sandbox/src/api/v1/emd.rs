//! Extra merchant data: `attachment` is a media type and a string that holds JSON (tokens.md 4.6).
//!
//! The usual mistakes are an object in place of the string, and an object in place of a list. Contents are compared with
//! the known packages only; what is unknown raises an alarm, or is refused where the settings say so.

use super::error::bad_value;
use crate::api::Context;
use crate::api::answer::Refusal;
use crate::settings::Key;
use crate::store::records;
use serde_json::{Map, Value};

const MEDIA: &str = "application/vnd.klarna.internal.emd-v2+json";
/// As Klarna's error names it.
const FIELD: &str = "attachment.attachment";

/// The packages with their members (the documents' and the source's together).
const PACKAGES: [(&str, &[&str]); 5] = [
    (
        "customer_account_info",
        &[
            "unique_account_identifier",
            "account_registration_date",
            "account_last_modified",
            "number_of_failed_login_attempts_24h",
        ],
    ),
    (
        "marketplace_seller_info",
        &[
            "unique_account_identifier_seller",
            "sub_merchant_id",
            "sub_merchant_name",
            "sub_merchant_postal_code",
            "product_category",
            "product_name",
            "account_registration_date",
            "account_last_modified",
            "seller_rating",
            "number_of_trades",
            "volume_of_trades",
            "seller_id",
            "number_of_logins_24h",
        ],
    ),
    (
        "customer_tokens",
        &[
            "avg_order_value",
            "avg_purchase_frequency_count",
            "avg_purchase_frequency_interval",
            "min_order_value",
            "max_order_value",
        ],
    ),
    (
        "payment_history_full",
        &[
            "unique_account_identifier",
            "payment_option",
            "number_paid_purchases",
            "total_amount_paid_purchases",
            "date_of_first_paid_purchase",
            "date_of_last_paid_purchase",
        ],
    ),
    ("payment_history_simple", &["unique_account_identifier", "paid_before"]),
];

/// Checks the attachment of a session, if it has one.
pub(super) fn check(context: &Context<'_>, body: &Map<String, Value>) -> Result<(), Refusal> {
    let Some(attachment) = body.get("attachment").filter(|value| !value.is_null()) else {
        return Ok(());
    };
    let packages = read(attachment).ok_or_else(|| bad_value(FIELD))?;
    let strange = strange(&packages);
    if strange.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "Extra merchant data holds what is not known or not allowed: {}.",
        strange.join(", ")
    );
    records::raise(context.tx, "emd-unknown", &detail, context.now_ms)?;
    match context.settings.text(Key::EmdUnknown) {
        "400" => Err(bad_value(FIELD)),
        _ => Ok(()),
    }
}

/// The packages, each a list of objects; nothing when the form is wrong.
fn read(attachment: &Value) -> Option<Map<String, Value>> {
    let media = attachment.get("content_type")?.as_str()? == MEDIA;
    let text = attachment.get("body")?.as_str().filter(|_| media)?;
    let Ok(Value::Object(packages)) = serde_json::from_str(text) else {
        return None;
    };
    let listed = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_object));
    packages.values().all(listed).then_some(packages)
}

/// The names that no document knows, such as those of addresses and fingerprints of devices.
fn strange(packages: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, list) in packages {
        let Some((_, members)) = PACKAGES.iter().find(|(known, _)| known == name) else {
            found.push(name.clone());
            continue;
        };
        let objects = list.as_array().into_iter().flatten().filter_map(Value::as_object);
        let unknown = objects
            .flat_map(Map::keys)
            .filter(|key| !members.contains(&key.as_str()));
        found.extend(unknown.map(|key| format!("{name}.{key}")));
    }
    found
        .iter_mut()
        .for_each(|name| *name = name.chars().take(80).collect());
    found
}
