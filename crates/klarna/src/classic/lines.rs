//! What is ordered through payments v1 (tokens.md 4.3).
//!
//! The order's amount is the sum of its lines, so the two cannot differ. Deliberately absent: whether one line adds up, which
//! Klarna judges with its own rounding of taxes.

use crate::authorize::purchase::Interval;
use crate::terms::{Country, Currency, Locale, Reference, ReturnUrl, TermRefusal};
use serde::Serialize;
use std::num::NonZeroU32;

/// The most lines that Klarna takes (tokens.md 4.3, DOC).
pub const MOST_ORDER_LINES: usize = 1000;

/// The subscription that a line pays for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineSubscription {
    /// Its name.
    pub name: String,
    /// How it is billed.
    pub interval: Interval,
    /// Every how many intervals.
    pub interval_count: NonZeroU32,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderLine {
    /// Such as `physical`, `digital` or `discount`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The merchant's own id of the article.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// What it is.
    pub name: String,
    /// How many.
    pub quantity: NonZeroU32,
    /// What one costs, tax included; below zero for a discount.
    pub unit_price: i64,
    /// The tax in hundredths of a per cent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<u32>,
    /// What all cost.
    pub total_amount: i64,
    /// What was taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_discount_amount: Option<i64>,
    /// How much of it is tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tax_amount: Option<i64>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<ReturnUrl>,
    /// A page about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_url: Option<ReturnUrl>,
    /// The subscription it pays for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<LineSubscription>,
}

/// The lines of an order: 1 to 1000, with a sum that is an amount or nothing to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLines {
    list: Vec<OrderLine>,
    amount: i64,
    tax: Option<i64>,
}

impl OrderLines {
    /// Takes lines.
    ///
    /// # Errors
    /// [`TermRefusal::Nothing`], [`TermRefusal::TooMany`], or [`TermRefusal::Amount`] when the sum is below zero or too large.
    pub fn new(lines: impl IntoIterator<Item = OrderLine>) -> Result<Self, TermRefusal> {
        let list: Vec<_> = lines.into_iter().collect();
        if list.is_empty() {
            return Err(TermRefusal::Nothing);
        }
        if list.len() > MOST_ORDER_LINES {
            return Err(TermRefusal::TooMany);
        }
        let amount = sum(list.iter().map(|line| line.total_amount))?;
        let taxes: Vec<_> = list.iter().filter_map(|line| line.total_tax_amount).collect();
        let tax = if taxes.is_empty() { None } else { Some(sum(taxes)?) };
        Ok(Self { list, amount, tax })
    }

    /// Returns the sum, in the smallest unit.
    #[must_use]
    pub const fn amount(&self) -> i64 {
        self.amount
    }
}

fn sum(amounts: impl IntoIterator<Item = i64>) -> Result<i64, TermRefusal> {
    let sum = amounts.into_iter().try_fold(0_i64, i64::checked_add);
    sum.filter(|sum| (0..1 << 53).contains(sum)).ok_or(TermRefusal::Amount)
}

/// Where Klarna sends the customer and its messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MerchantUrls {
    /// Where the customer comes back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<ReturnUrl>,
    /// Where decisions about pending orders are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification: Option<ReturnUrl>,
    /// Where completed orders are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<ReturnUrl>,
    /// Where the authorization token is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<ReturnUrl>,
}

/// The terms of an order; a session and the order that comes of it have the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTerms {
    /// Where it is bought.
    pub country: Country,
    /// In which currency.
    pub currency: Currency,
    /// The customer's language; recommended.
    pub locale: Option<Locale>,
    /// What is bought.
    pub lines: OrderLines,
    /// The merchant's own id of the order.
    pub merchant_reference1: Option<Reference>,
    /// Another one.
    pub merchant_reference2: Option<Reference>,
    /// Where Klarna sends the customer and its messages.
    pub merchant_urls: MerchantUrls,
}

#[derive(Serialize)]
pub(super) struct TermsBody<'a> {
    purchase_country: &'a Country,
    purchase_currency: &'a Currency,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a Locale>,
    order_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_tax_amount: Option<i64>,
    order_lines: &'a [OrderLine],
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_reference1: Option<&'a Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_reference2: Option<&'a Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_urls: Option<&'a MerchantUrls>,
}

impl<'a> TermsBody<'a> {
    pub(super) fn of(terms: &'a OrderTerms) -> Self {
        let urls = &terms.merchant_urls;
        Self {
            purchase_country: &terms.country,
            purchase_currency: &terms.currency,
            locale: terms.locale.as_ref(),
            order_amount: terms.lines.amount,
            order_tax_amount: terms.lines.tax,
            order_lines: &terms.lines.list,
            merchant_reference1: terms.merchant_reference1.as_ref(),
            merchant_reference2: terms.merchant_reference2.as_ref(),
            merchant_urls: (*urls != MerchantUrls::default()).then_some(urls),
        }
    }
}
