//! Reads the bodies and names every flaw by its path, so that one answer tells them all (tokens.md 1.3 and 1.7).

use super::order::{Asked, Expiry, Money, Order, StepUp};
use crate::api::answer::{Flaw, Refusal, flaw, invalid_all};
use crate::customer_token::{LOGIN, NOT_PRESENT, PRESENT};
use serde_json::{Map, Value};

/// Beyond this nobody pays.
const MOST: i64 = 1_000_000_000_000;
const DATA: &str = "supplementary_purchase_data";

/// A body under reading, with the flaws found so far.
struct Reader<'a> {
    members: &'a Map<String, Value>,
    flaws: Vec<Flaw>,
}

/// Reads a body of authorizePayment.
pub(super) fn authorize(members: &Map<String, Value>) -> Result<Order, Refusal> {
    let mut reader = Reader::new(members);
    let money = reader.at("request_payment_transaction").is_some().then(|| Money {
        amount: reader.amount("request_payment_transaction.amount"),
        reference: reader.text("request_payment_transaction.payment_transaction_reference"),
    });
    let step_up = reader.at("step_up_config").is_some();
    let step_up = step_up.then(|| reader.step_up("step_up_config."));
    reader.order(money, step_up)
}

/// Reads a body of createPaymentRequest, which has amount and interaction at its top.
pub(super) fn request(members: &Map<String, Value>) -> Result<Order, Refusal> {
    let mut reader = Reader::new(members);
    let money = reader.at("amount").is_some().then(|| Money {
        amount: reader.amount("amount"),
        reference: None,
    });
    let step_up = reader.step_up("");
    reader.order(money, Some(step_up))
}

impl<'a> Reader<'a> {
    fn new(members: &'a Map<String, Value>) -> Self {
        Self {
            members,
            flaws: Vec::new(),
        }
    }

    /// The value at a dotted path; null counts as absent.
    fn at(&self, path: &str) -> Option<&'a Value> {
        let mut names = path.split('.');
        let first = self.members.get(names.next()?)?;
        let value = names.try_fold(first, |value, name| value.get(name))?;
        Some(value).filter(|value| !value.is_null())
    }

    fn bad(&mut self, path: &str, message: &str) {
        self.flaws.push(flaw(path, message));
    }

    fn text(&mut self, path: &str) -> Option<String> {
        let value = self.at(path)?;
        let text = value.as_str().filter(|text| (1..=1_024).contains(&text.len()));
        if text.is_none() {
            self.bad(path, "The value must be text of 1 to 1024 bytes.");
        }
        text.map(str::to_owned)
    }

    fn amount(&mut self, path: &str) -> i64 {
        let amount = self
            .at(path)
            .and_then(Value::as_i64)
            .filter(|amount| (1..=MOST).contains(amount));
        if amount.is_none() {
            self.bad(path, "The value must be a whole number of minor units, from 1.");
        }
        amount.unwrap_or_default()
    }

    fn currency(&mut self) -> String {
        let currency = self.at("currency").and_then(Value::as_str);
        let currency = currency.filter(|text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()));
        if currency.is_none() {
            self.bad("currency", "The value must be an ISO 4217 code.");
        }
        currency.unwrap_or_default().to_owned()
    }

    fn step_up(&mut self, place: &str) -> StepUp {
        let config = format!("{place}customer_interaction_config");
        let method = format!("{config}.method");
        if self.at(&method).and_then(Value::as_str) != Some("HANDOVER") {
            self.bad(&method, "The value must be HANDOVER.");
        }
        let reference = self.text(&format!("{place}payment_request_reference"));
        let expiry = format!("{config}.interaction_expiry");
        let end = self.text(&expiry).map(|text| Expiry::read(&text));
        if end == Some(None) {
            self.bad(&expiry, "The value must be a moment or a span.");
        }
        let return_url = self.return_url(&config);
        StepUp {
            reference,
            return_url,
            expiry: end.flatten(),
        }
    }

    /// The web address, or else that of an app; one of both must be there.
    fn return_url(&mut self, config: &str) -> Option<String> {
        let (web, app) = (format!("{config}.return_url"), format!("{config}.app_return_url"));
        let url = self.text(&web);
        let other = self.text(&app);
        let fits = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        if url.as_ref().is_some_and(|url| !fits(url)) || (url.is_none() && other.is_none()) {
            self.bad(
                &web,
                "The value must be the http or https address that the customer returns to.",
            );
        }
        url.or(other)
    }

    fn asked(&mut self) -> Option<Asked> {
        let path = "request_customer_token.scopes";
        self.at("request_customer_token")?;
        let scopes = self.at(path).and_then(crate::token::strings).unwrap_or_default();
        let known = |scope: &String| [PRESENT, NOT_PRESENT, LOGIN].contains(&scope.as_str());
        let payment = scopes.iter().filter(|scope| *scope != LOGIN).count();
        if scopes.is_empty() || !scopes.iter().all(known) || payment > 1 {
            let message = "The value must be a list of one payment scope, customer:login, or both.";
            self.bad(path, message);
        }
        let reference = self.text("request_customer_token.customer_token_reference");
        Some(Asked { scopes, reference })
    }

    /// What each line must hold (tokens.md 1.3).
    fn lines(&mut self) {
        let path = format!("{DATA}.line_items");
        let lines = self.at(&path).and_then(Value::as_array);
        for (index, line) in lines.into_iter().flatten().enumerate() {
            let wrong = line_flaws(line).into_iter();
            let named = wrong.map(|(name, message)| flaw(format!("{path}[{index}].{name}"), message));
            self.flaws.extend(named);
        }
    }

    fn order(mut self, money: Option<Money>, step_up: Option<StepUp>) -> Result<Order, Refusal> {
        let currency = self.currency();
        let asked = self.asked();
        self.lines();
        let filled = |value: &Value| value.as_array().is_some_and(|list| !list.is_empty());
        let object = |path: &str| self.at(path).is_some_and(Value::is_object);
        let order = Order {
            currency,
            money,
            asked,
            step_up,
            subscriptions: self.at(&format!("{DATA}.subscriptions")).is_some_and(filled),
            on_demand: object(&format!("{DATA}.ondemand_service")),
            supplementary: object(DATA),
            customer: object(&format!("{DATA}.customer")),
            email: self.email(),
        };
        if self.flaws.is_empty() {
            Ok(order)
        } else {
            Err(invalid_all(self.flaws))
        }
    }

    /// The members of `customer` are not known in full, so the address is looked for under its likely names.
    fn email(&self) -> String {
        let places = [
            "customer.email",
            "customer.customer_profile.email",
            "customer.email_address",
        ];
        let found = places
            .into_iter()
            .find_map(|place| self.at(&format!("{DATA}.{place}")).and_then(Value::as_str));
        found.unwrap_or_default().to_owned()
    }
}

fn line_flaws(line: &Value) -> Vec<(&'static str, &'static str)> {
    let number = |name: &str| line.get(name).and_then(Value::as_i64);
    let named = line
        .get("name")
        .and_then(Value::as_str)
        .is_some_and(|name| !name.is_empty());
    let checks = [
        (named, "name", "The value must be text."),
        (
            number("quantity") >= Some(1),
            "quantity",
            "The value must be at least 1.",
        ),
        (
            number("total_amount").is_some(),
            "total_amount",
            "The value must be a whole number.",
        ),
    ];
    let wrong = checks.into_iter().filter(|(holds, _, _)| !holds);
    wrong.map(|(_, name, message)| (name, message)).collect()
}
