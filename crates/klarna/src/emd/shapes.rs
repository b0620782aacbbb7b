//! The members that are known of each package, and what each may hold.
//!
//! No schema is published (tokens.md 4.6), so an unknown member is worth a word and no more. Deliberately absent: what must be
//! there.

use jiff::civil::{Date, DateTime};
use serde_json::Value;

/// What a member may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Count,
    Truth,
    Date,
    /// An object with these members.
    Parts(&'static [(&'static str, Self)]),
}

use Holds::{Count, Parts, Text, Truth};

const CHANGES: &[(&str, Holds)] = &[
    ("password", Holds::Date),
    ("email", Holds::Date),
    ("listing", Holds::Date),
    ("login", Holds::Date),
    ("address", Holds::Date),
];

/// The packages, the union of both documents.
pub(super) const PACKAGES: &[(&str, &[(&str, Holds)])] = &[
    (
        "customer_account_info",
        &[
            ("unique_account_identifier", Text),
            ("account_registration_date", Holds::Date),
            ("account_last_modified", Holds::Date),
            ("number_of_failed_login_attempts_24h", Count),
        ],
    ),
    (
        "marketplace_seller_info",
        &[
            (
                "unique_account_identifier_seller",
                Parts(&[("pno", Text), ("email", Text), ("other", Text)]),
            ),
            ("seller_id", Text),
            ("sub_merchant_id", Text),
            ("sub_merchant_name", Text),
            ("sub_merchant_postal_code", Text),
            ("product_category", Text),
            ("product_name", Text),
            ("account_registration_date", Holds::Date),
            ("account_last_modified", Parts(CHANGES)),
            ("seller_rating", Text),
            ("number_of_trades", Count),
            ("volume_of_trades", Count),
            ("number_of_logins_24h", Count),
        ],
    ),
    (
        "customer_tokens",
        &[
            ("avg_order_value", Count),
            ("avg_purchase_frequency_count", Count),
            ("avg_purchase_frequency_interval", Text),
            ("min_order_value", Count),
            ("max_order_value", Count),
        ],
    ),
    (
        "payment_history_full",
        &[
            ("unique_account_identifier", Text),
            ("payment_option", Text),
            ("number_paid_purchases", Count),
            ("total_amount_paid_purchases", Count),
            ("date_of_first_paid_purchase", Holds::Date),
            ("date_of_last_paid_purchase", Holds::Date),
        ],
    ),
    (
        "payment_history_simple",
        &[("unique_account_identifier", Text), ("paid_before", Truth)],
    ),
];

/// Tells whether a member may hold a value; `null` says that it is not known, which is allowed (S2).
pub(super) fn fits(holds: Holds, value: &Value) -> bool {
    match holds {
        _ if value.is_null() => true,
        // The types of numbers are not published: a figure may be written as a text.
        Text => value.is_string() || value.is_number(),
        Count => value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()),
        Truth => value.is_boolean(),
        Holds::Date => value.as_str().is_some_and(is_date),
        Parts(_) => value.is_object(),
    }
}

/// A day or a moment of ISO 8601.
pub(super) fn is_date(text: &str) -> bool {
    let day = text.parse::<Date>().is_ok() && text.len() == 10;
    let with_time = text.len() > 10 && (text.parse::<jiff::Timestamp>().is_ok() || text.parse::<DateTime>().is_ok());
    day || with_time
}
