//! What a person says of a token to be made or charged, checked and turned into Klarna's own types.
//!
//! These are stored as JSON with an act, so that the very same request can be sent again under the same key. Deliberately absent: the
//! token itself; it stays in the vault.

use std::num::NonZeroU32;

use gatehouse_klarna::{
    AbsentCharge, Amount, Authorization, BillingPlan, ConsentFor, Currency, CustomerToken, Finalisation, Interval,
    NetworkSessionToken, OndemandService, Payment, PresentCharge, Purchase, PurchaseLine, Reference, ReturnUrl, StepUp,
    Subscription, Subscriptions, TermRefusal, TokenCreation, TokenWish,
};
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::problem::{ErrorCode, Problem};

/// Whether the customer is there when the token is charged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// The customer is there and may be asked.
    CustomerPresent,
    /// Nobody can be asked.
    #[default]
    CustomerNotPresent,
}

impl Presence {
    /// The word in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CustomerPresent => "customer_present",
            Self::CustomerNotPresent => "customer_not_present",
        }
    }

    /// The scope that a token needs for it.
    #[must_use]
    pub fn scope(self) -> &'static str {
        match self {
            Self::CustomerPresent => "payment:customer_present",
            Self::CustomerNotPresent => "payment:customer_not_present",
        }
    }
}

/// One line of what is bought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What one costs, in the smallest unit.
    pub unit_price: i64,
}

/// What is expected of purchases with the customer there; Klarna asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ondemand {
    /// What a purchase costs on average, in the smallest unit.
    pub average: i64,
    /// The least.
    #[serde(default)]
    pub least: Option<i64>,
    /// The most.
    #[serde(default)]
    pub most: Option<i64>,
    /// How often within the interval.
    pub count: u32,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub interval: String,
}

/// A subscription that the token pays for; Klarna asks for it, and again with each charge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Subscribed {
    /// The acquirer's own id of it.
    pub reference: String,
    /// Its name.
    pub name: Option<String>,
    /// Klarna's word about a free trial.
    pub free_trial: Option<String>,
    /// What is billed each time, in the smallest unit; with the interval.
    pub amount: Option<i64>,
    /// `DAY`, `WEEK`, `MONTH` or `YEAR`.
    pub interval: Option<String>,
    /// Every how many intervals.
    pub frequency: Option<u32>,
}

/// The terms of a token or a charge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Terms {
    /// Three capital letters.
    pub currency: String,
    /// How much, in the smallest unit; nothing where only a token is made.
    pub amount: Option<i64>,
    /// The acquirer's own id of the payment.
    pub payment_reference: Option<String>,
    /// The acquirer's or merchant's own id of the purchase.
    pub purchase_reference: Option<String>,
    /// What is bought.
    pub lines: Vec<Line>,
    /// Asked for with the customer there.
    pub ondemand: Option<Ondemand>,
    /// Asked for without the customer; at least one.
    pub subscriptions: Vec<Subscribed>,
    /// Where the customer comes back to.
    pub return_url: Option<String>,
    /// The acquirer's own id of the payment request.
    pub request_reference: Option<String>,
    /// Two capital letters; payments v1 asks for it.
    pub country: Option<String>,
    /// `ll-CC`; payments v1 recommends it.
    pub locale: Option<String>,
}

/// A token to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreateToken {
    /// Account KRN, its last segment, or a unique reference of the merchant.
    pub merchant: String,
    /// What charges it shall allow.
    pub presence: Presence,
    /// Whether it shall also recognise the customer.
    pub log_in: bool,
    /// The acquirer's own id of the token.
    pub reference: Option<String>,
    /// The acquirer's id of the customer.
    pub customer: Option<String>,
    /// What it is about.
    pub terms: Terms,
}

/// A token to be charged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChargeToken {
    /// The token: its number, reference or fingerprint.
    pub token: String,
    /// Whether the customer is there.
    pub presence: Presence,
    /// What it is about.
    pub terms: Terms,
    /// Why; stands in the log's private part.
    pub reason: Option<String>,
}

fn refused(what: &str) -> impl FnOnce(TermRefusal) -> Problem {
    let message = format!("Nothing was sent: {what} cannot be used.");
    move |cause| Problem::new(ErrorCode::InputInvalid, message, cause.to_string())
}

fn missing(what: &str, hint: &'static str) -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        format!("Nothing was sent: {what} is missing."),
        hint,
    )
}

fn reference(text: Option<&str>, what: &str) -> Result<Option<Reference>, Problem> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| Reference::parse(text).map_err(refused(what)))
        .transpose()
}

fn amount(minor: i64, what: &str) -> Result<Amount, Problem> {
    Amount::new(minor).map_err(refused(what))
}

fn interval(word: &str) -> Result<Interval, Problem> {
    match word.trim().to_ascii_uppercase().as_str() {
        "DAY" => Ok(Interval::Day),
        "WEEK" => Ok(Interval::Week),
        "MONTH" => Ok(Interval::Month),
        "YEAR" => Ok(Interval::Year),
        _ => Err(missing(
            "a known interval",
            "The intervals are DAY, WEEK, MONTH and YEAR.",
        )),
    }
}

fn at_least_one(number: u32, what: &str) -> Result<NonZeroU32, Problem> {
    NonZeroU32::new(number).ok_or_else(|| missing(what, "Give a whole number, at least 1."))
}

impl Terms {
    pub(crate) fn currency(&self) -> Result<Currency, Problem> {
        Currency::parse(self.currency.trim()).map_err(refused("the currency"))
    }

    /// The payment, where money moves.
    pub(crate) fn payment(&self) -> Result<Option<Payment>, Problem> {
        let Some(minor) = self.amount else { return Ok(None) };
        let amount = amount(minor, "the amount")?;
        let reference = reference(self.payment_reference.as_deref(), "the payment's reference")?;
        let hint = "Give your own id of the payment; it keeps the same payment from being made twice.";
        Ok(Some(Payment {
            amount,
            reference: reference.ok_or_else(|| missing("the payment's reference", hint))?,
            option_id: None,
        }))
    }

    fn due(&self) -> Result<Payment, Problem> {
        self.payment()?.ok_or_else(|| {
            missing(
                "the amount",
                "Give it in the smallest unit of the currency, as a whole number above zero.",
            )
        })
    }

    fn step_up(&self) -> Result<StepUp, Problem> {
        let hint = "The customer may have to be sent to Klarna: give the address to come back to, https://...";
        let url = self.return_url.as_deref().map(str::trim).filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| missing("the address to return to", hint))?;
        Ok(StepUp {
            payment_request_reference: reference(self.request_reference.as_deref(), "the request's reference")?,
            return_url: ReturnUrl::parse(url).map_err(refused("the address to return to"))?,
            app_return_url: None,
        })
    }

    fn purchase(&self) -> Result<Purchase, Problem> {
        let lines = self.lines.iter().map(|line| {
            let quantity = at_least_one(line.quantity, "the quantity of a line")?;
            Ok(PurchaseLine {
                name: line.name.clone(),
                quantity,
                unit_price: line.unit_price,
                total_amount: line.unit_price.saturating_mul(i64::from(line.quantity)),
            })
        });
        Ok(Purchase {
            reference: reference(self.purchase_reference.as_deref(), "the purchase's reference")?,
            lines: lines.collect::<Result<_, Problem>>()?,
            customer: Map::new(),
        })
    }

    fn service(&self) -> Result<OndemandService, Problem> {
        let hint = "Say what a purchase costs on average and how often there is one: Klarna demands ondemand_service where the customer is there.";
        let told = self
            .ondemand
            .as_ref()
            .ok_or_else(|| missing("what is expected of purchases", hint))?;
        let bound = |minor: Option<i64>| minor.map(|minor| amount(minor, "a purchase's value")).transpose();
        Ok(OndemandService {
            avg_order_value: amount(told.average, "a purchase's value")?,
            min_order_value: bound(told.least)?,
            max_order_value: bound(told.most)?,
            avg_purchase_frequency_count: at_least_one(told.count, "how often there is a purchase")?,
            avg_purchase_frequency_interval: interval(&told.interval)?,
            more: Map::new(),
        })
    }

    fn subscribed(&self) -> Result<Subscriptions, Problem> {
        let each = self.subscriptions.iter().map(|told| self.subscription(told));
        let each: Vec<Subscription> = each.collect::<Result<_, Problem>>()?;
        let hint = "Name the subscription by your own id: Klarna demands subscriptions where the customer is not there, on each charge.";
        Subscriptions::new(each).map_err(|_| missing("the subscription", hint))
    }

    fn subscription(&self, told: &Subscribed) -> Result<Subscription, Problem> {
        let hint = "Name the subscription by your own id of it.";
        let reference = reference(Some(&told.reference), "the subscription's reference")?;
        let plan = match (told.amount, &told.interval) {
            (Some(minor), Some(word)) => Some(BillingPlan {
                billing_amount: amount(minor, "what is billed")?,
                currency: self.currency()?,
                from: None,
                interval: interval(word)?,
                interval_frequency: at_least_one(told.frequency.unwrap_or(1), "how many intervals")?,
            }),
            _ => None,
        };
        Ok(Subscription {
            reference: reference.ok_or_else(|| missing("the subscription's reference", hint))?,
            name: told.name.clone(),
            free_trial: told.free_trial.clone(),
            billing_plans: plan.into_iter().collect(),
            more: Map::new(),
        })
    }
}

impl CreateToken {
    fn wish(&self) -> Result<TokenWish, Problem> {
        let consent = match self.presence {
            Presence::CustomerPresent => ConsentFor::CustomerPresent(self.terms.service()?),
            Presence::CustomerNotPresent => ConsentFor::CustomerNotPresent(self.terms.subscribed()?),
        };
        Ok(TokenWish {
            consent,
            log_in: self.log_in,
            reference: reference(self.reference.as_deref(), "the token's reference")?,
        })
    }

    pub(crate) fn authorization(&self) -> Result<Authorization, Problem> {
        Ok(Authorization::CreateToken(Box::new(TokenCreation {
            currency: self.terms.currency()?,
            wish: self.wish()?,
            first_payment: self.terms.payment()?,
            step_up: self.terms.step_up()?,
            purchase: self.terms.purchase()?,
        })))
    }

    /// The second authorization, after the customer's consent.
    pub(crate) fn finalisation(&self, session: NetworkSessionToken) -> Result<Authorization, Problem> {
        Ok(Authorization::Finalise(Box::new(Finalisation {
            session,
            currency: self.terms.currency()?,
            payment: self.terms.due()?,
            wish: Some(self.wish()?),
            purchase: self.terms.purchase()?,
        })))
    }
}

impl ChargeToken {
    pub(crate) fn authorization(&self, token: CustomerToken) -> Result<Authorization, Problem> {
        let (currency, payment, purchase) = (self.terms.currency()?, self.terms.due()?, self.terms.purchase()?);
        Ok(match self.presence {
            Presence::CustomerPresent => Authorization::ChargePresent(Box::new(PresentCharge {
                token,
                currency,
                payment,
                service: self.terms.service()?,
                step_up: self.terms.step_up()?,
                purchase,
            })),
            Presence::CustomerNotPresent => Authorization::ChargeAbsent(Box::new(AbsentCharge {
                token,
                currency,
                payment,
                subscriptions: self.terms.subscribed()?,
                purchase,
            })),
        })
    }

    /// The second authorization, after the customer was asked in a charge.
    pub(crate) fn finalisation(&self, session: NetworkSessionToken) -> Result<Authorization, Problem> {
        Ok(Authorization::Finalise(Box::new(Finalisation {
            session,
            currency: self.terms.currency()?,
            payment: self.terms.due()?,
            wish: None,
            purchase: self.terms.purchase()?,
        })))
    }
}
