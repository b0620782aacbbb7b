//! What the customer does in a session of payments v1, and which token its order brings (tokens.md 4.2 to 4.4).
//!
//! The stand-in page and the control API let a customer agree; the API turns the agreement into an order.

use crate::customer_token::{self, Family, LOGIN, Status, Wanted, make, supersede};
use crate::desk::Desk;
use crate::merchants::ACQUIRER;
use crate::settings::Key;
use crate::store::charges;
use crate::store::customer_tokens::{self, Token};
use crate::store::purchases::{self, Purchase};
use crate::store::records;
use crate::webhook::{call_back, receiver};
use serde_json::{Value, json};

/// Every intent (tokens.md 4.3).
pub(crate) const INTENTS: [&str; 5] = [
    "buy",
    "tokenize",
    "buy_and_tokenize",
    "buy_and_link",
    "buy_and_default_tokenize",
];

impl Purchase {
    /// The session's body.
    pub(crate) fn body(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self, pointer: &str) -> Option<String> {
        self.body().pointer(pointer).and_then(Value::as_str).map(str::to_owned)
    }

    pub(crate) fn amount(&self) -> i64 {
        self.body()["order_amount"].as_i64().unwrap_or_default()
    }

    pub(crate) fn currency(&self) -> String {
        self.text("/purchase_currency").unwrap_or_default()
    }

    pub(crate) fn links(&self) -> bool {
        self.intent == "buy_and_link"
    }

    /// Whether the session can still be used, as a moment and its order allow.
    pub(crate) fn is_open(&self, now_ms: i64) -> bool {
        self.order_id.is_none() && now_ms < self.expires_ms
    }

    /// Whether the authorisation is good at a moment.
    pub(crate) fn is_authorized(&self, desk: &Desk<'_>) -> bool {
        let life_ms = desk.settings.count(Key::V1AuthorizationLifeS) * 1_000;
        let fresh = self.authorized_ms.is_some_and(|at_ms| desk.now_ms < at_ms + life_ms);
        fresh && self.released_ms.is_none()
    }
}

/// The returning customer's token, if it is good at this merchant: then nobody has to log in.
pub(crate) fn returning(desk: &Desk<'_>, purchase: &Purchase) -> rusqlite::Result<Option<Token>> {
    let Some(sent) = purchase.text("/customer/customer_token").filter(|_| purchase.links()) else {
        return Ok(None);
    };
    let token = customer_tokens::find(desk.tx, &sent)?;
    Ok(token.filter(|token| {
        token.is_of(Family::Linking) && token.account == purchase.account && token.status(desk.now_ms) == Status::Active
    }))
}

/// What a customer decides on the page.
pub(crate) struct Decision<'a> {
    pub(crate) email: &'a str,
    /// Whether the shop may link the account.
    pub(crate) link: bool,
    pub(crate) agrees: bool,
}

/// Notes the decision; an agreement gives the authorisation token and tells the shop.
pub(crate) fn decide(desk: &Desk<'_>, purchase: Purchase, decision: &Decision<'_>) -> rusqlite::Result<Purchase> {
    let refused = !decision.agrees || desk.declines(decision.email, Some(purchase.amount()));
    let purchase = Purchase {
        email: Some(decision.email.to_owned()),
        linked: decision.link && purchase.links(),
        refused,
        authorization: (!refused).then(|| desk.random.uuid().to_string()),
        authorized_ms: (!refused).then_some(desk.now_ms),
        released_ms: None,
        ..purchase
    };
    purchases::write(desk.tx, &purchase)?;
    let shop = purchase.text("/merchant_urls/authorization");
    let shop = shop.filter(|url| receiver(url).is_some());
    if let (Some(token), Some(url)) = (&purchase.authorization, shop) {
        let body = json!({"session_id": purchase.id, "authorization_token": token, "approved": true});
        call_back(desk, &url, &body)?;
    }
    Ok(purchase)
}

/// The token that an order of account linking answers; the newest answer wins (tokens.md 4.4).
pub(crate) fn token_of_order(desk: &Desk<'_>, purchase: &Purchase) -> rusqlite::Result<Option<Token>> {
    if !purchase.linked {
        return Ok(None);
    }
    let Some(sent) = purchase.text("/customer/customer_token") else {
        return new_link(desk, purchase).map(Some);
    };
    let good = returning(desk, purchase)?.filter(|token| Some(&token.email) == purchase.email.as_ref());
    let rule = if good.is_some() {
        Key::LinkingValid
    } else {
        Key::LinkingInvalid
    };
    match (desk.settings.text(rule), good) {
        ("none", _) => Ok(None),
        ("same", Some(token)) => Ok(Some(token)),
        (_, Some(old)) => {
            let new = new_link(desk, purchase)?;
            supersede(desk, old, &new.token)?;
            Ok(Some(new))
        }
        (_, None) => {
            warn_of_foreign(desk, purchase, &sent)?;
            new_link(desk, purchase).map(Some)
        }
    }
}

/// A token of another customer or merchant is treated as invalid, with an alarm (tokens.md 4.4, not known).
fn warn_of_foreign(desk: &Desk<'_>, purchase: &Purchase, sent: &str) -> rusqlite::Result<()> {
    let known = customer_tokens::find(desk.tx, sent)?;
    let other =
        known.filter(|token| token.account != purchase.account || Some(&token.email) != purchase.email.as_ref());
    if other.is_none() {
        return Ok(());
    }
    let detail = format!("An order of {} came with another's customer token.", purchase.account);
    records::raise(desk.tx, "foreign-token", &detail, desk.now_ms)
}

fn new_link(desk: &Desk<'_>, purchase: &Purchase) -> rusqlite::Result<Token> {
    let wanted = Wanted {
        family: Family::Linking,
        acquirer: ACQUIRER,
        account: &purchase.account,
        reference: purchase.text("/merchant_reference1"),
        scopes: vec![LOGIN.to_owned()],
        currency: &purchase.currency(),
        email: purchase.email.as_deref().unwrap_or_default(),
    };
    make(desk, wanted)
}

/// A purchase with the `step_up_id` of a failed charge repairs the token (tokens.md 2.5).
pub(crate) fn repair(desk: &Desk<'_>, purchase: &Purchase) -> rusqlite::Result<()> {
    let failed = purchase.text("/step_up_id").map(|id| charges::find(desk.tx, &id));
    let failed = failed
        .transpose()?
        .flatten()
        .filter(|charge| charge.account == purchase.account);
    let token = failed.and_then(|charge| charge.token);
    let token = token.map(|token| customer_tokens::find(desk.tx, &token)).transpose()?;
    token.flatten().map_or(Ok(()), |token| {
        let repaired = Token {
            decline: None,
            updated_ms: desk.now_ms,
            ..token
        };
        customer_tokens::write(desk.tx, &repaired)
    })
}

/// A token of payments v1's own tokenisation.
pub(crate) fn v1_token(desk: &Desk<'_>, purchase: &Purchase) -> rusqlite::Result<Token> {
    let wanted = Wanted {
        family: Family::V1,
        acquirer: ACQUIRER,
        account: &purchase.account,
        reference: purchase.text("/merchant_reference1"),
        scopes: Vec::new(),
        currency: &purchase.currency(),
        email: purchase.email.as_deref().unwrap_or_default(),
    };
    customer_token::make(desk, wanted)
}
