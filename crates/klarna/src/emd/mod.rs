//! Extra merchant data (EMD): building the attachment, and finding what is wrong with one (tokens.md 4.6).
//!
//! The trap is that `body` is a *text* holding JSON, in which each package is a list; Klarna's own sample shows an object. Both
//! parts are pure. Deliberately absent: which packages a merchant's trade requires, which is agreed with Klarna.

mod lint;
mod packages;
mod parts;
mod shapes;

pub use lint::{EmdFinding, EmdPlace, EmdRule, lint_emd};
pub use packages::{
    AccountChanges, CustomerAccountInfo, Emd, EmdDate, MarketplaceSellerInfo, PaymentHistoryFull, PaymentHistorySimple,
    SellerId, TokenHistory,
};
pub use parts::{EmdHolds, EmdPackage, EmdPart, build_emd, emd_packages};

use serde::Serialize;

/// The content type that an attachment must have (tokens.md 4.6, DOC).
pub const EMD_CONTENT_TYPE: &str = "application/vnd.klarna.internal.emd-v2+json";

/// An attachment as Klarna wants it: its body is JSON written as a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    content_type: &'static str,
    body: String,
}

impl Attachment {
    pub(crate) const fn of(body: String) -> Self {
        Self {
            content_type: EMD_CONTENT_TYPE,
            body,
        }
    }

    /// Returns the JSON that the text holds.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Writes the attachment as it stands in a session or in the browser's call.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("two texts always serialise")
    }
}
