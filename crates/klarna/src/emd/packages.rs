//! The packages of extra merchant data, with the union of the members that both documents name (tokens.md 4.6).
//!
//! What is not known is left out. Deliberately absent: IP address and device fingerprint, which Klarna's script collects and
//! which must never be added.

use super::Attachment;
use super::shapes::is_date;
use crate::terms::TermRefusal;
use serde::Serialize;

/// A day or a moment of ISO 8601; both are taken, because the documents differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct EmdDate {
    text: String,
}

impl EmdDate {
    /// Reads `2023-01-14`, or that with a time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        is_date(text).then(|| Self { text: text.to_owned() })
    }
}

macro_rules! package {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct $name {
            $($(#[$field_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)+
        }
    };
}

package! {
    /// `customer_account_info`: the customer's account at the shop.
    CustomerAccountInfo {
        /// The shop's id of the account.
        unique_account_identifier: String,
        /// When it was made.
        account_registration_date: EmdDate,
        /// When it was changed.
        account_last_modified: EmdDate,
        /// How many log-ins failed within a day.
        number_of_failed_login_attempts_24h: u64,
    }
}
package! {
    /// Who a seller is.
    SellerId {
        /// A number of a person or company.
        pno: String,
        /// An e-mail address.
        email: String,
        /// Another id.
        other: String,
    }
}
package! {
    /// When which part of an account was changed.
    AccountChanges {
        /// The password.
        password: EmdDate,
        /// The e-mail address.
        email: EmdDate,
        /// What is offered.
        listing: EmdDate,
        /// The last log-in.
        login: EmdDate,
        /// The address.
        address: EmdDate,
    }
}
package! {
    /// `marketplace_seller_info`: who sells on a marketplace.
    MarketplaceSellerInfo {
        /// Who it is.
        unique_account_identifier_seller: SellerId,
        /// The marketplace's id of the seller.
        seller_id: String,
        /// The merchant below the marketplace.
        sub_merchant_id: String,
        /// Its name.
        sub_merchant_name: String,
        /// Its postal code.
        sub_merchant_postal_code: String,
        /// What kind of thing is sold.
        product_category: String,
        /// What is sold.
        product_name: String,
        /// When the seller's account was made.
        account_registration_date: EmdDate,
        /// When it was changed.
        account_last_modified: AccountChanges,
        /// How the seller is rated.
        seller_rating: String,
        /// How much was sold, as a number.
        number_of_trades: u64,
        /// How much was sold, as an amount.
        volume_of_trades: u64,
        /// How many log-ins there were within a day.
        number_of_logins_24h: u64,
    }
}
package! {
    /// `customer_tokens`: what is known of purchases with a token.
    TokenHistory {
        /// What a purchase costs on average.
        avg_order_value: u64,
        /// How often within the interval.
        avg_purchase_frequency_count: u64,
        /// Within which span.
        avg_purchase_frequency_interval: String,
        /// The least that a purchase costs.
        min_order_value: u64,
        /// The most that a purchase costs.
        max_order_value: u64,
    }
}
package! {
    /// `payment_history_full`: what the customer paid before, in figures.
    PaymentHistoryFull {
        /// The shop's id of the account.
        unique_account_identifier: String,
        /// How it was paid.
        payment_option: String,
        /// How many purchases.
        number_paid_purchases: u64,
        /// How much in all.
        total_amount_paid_purchases: u64,
        /// When first.
        date_of_first_paid_purchase: EmdDate,
        /// When last.
        date_of_last_paid_purchase: EmdDate,
    }
}
package! {
    /// `payment_history_simple`: whether the customer paid before.
    PaymentHistorySimple {
        /// The shop's id of the account.
        unique_account_identifier: String,
        /// Whether.
        paid_before: bool,
    }
}

/// Extra merchant data to be sent: any of the packages, each a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Emd {
    /// See [`CustomerAccountInfo`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub customer_account_info: Vec<CustomerAccountInfo>,
    /// See [`MarketplaceSellerInfo`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marketplace_seller_info: Vec<MarketplaceSellerInfo>,
    /// See [`TokenHistory`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub customer_tokens: Vec<TokenHistory>,
    /// See [`PaymentHistoryFull`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payment_history_full: Vec<PaymentHistoryFull>,
    /// See [`PaymentHistorySimple`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub payment_history_simple: Vec<PaymentHistorySimple>,
}

impl Emd {
    /// Writes the attachment.
    ///
    /// # Errors
    /// [`TermRefusal::Nothing`] when there is no package in it.
    pub fn build(&self) -> Result<Attachment, TermRefusal> {
        if *self == Self::default() {
            return Err(TermRefusal::Nothing);
        }
        let body = serde_json::to_string(self).expect("texts, numbers and lists always serialise");
        Ok(Attachment::of(body))
    }
}
