//! Terms, checked and turned into Klarna's own types.
//!
//! What is missing is named before anything is sent. Deliberately absent: what Klarna knows better, such as which currencies it takes.

use std::num::NonZeroU32;

use gatehouse_klarna::{
    AbsentCharge, Amount, Authorization, BillingPlan, ConsentFor, Currency, CustomerToken, Finalisation, Interval,
    NetworkSessionToken, OndemandService, Payment, PresentCharge, Purchase, PurchaseLine, Reference, ReturnUrl, StepUp,
    Subscription, Subscriptions, TermRefusal, TokenCreation, TokenWish,
};
use serde_json::Map;

use super::terms::{ChargeToken, CreateToken, Presence, Subscribed, Terms};
use crate::problem::{ErrorCode, Problem};

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
