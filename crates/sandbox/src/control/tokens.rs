//! Customer tokens from outside: listed without their text, made in bulk, and changed as Klarna or the customer would.

use super::{Outcome, Trouble, at_desk};
use crate::api::Call;
use crate::api::answer::Answer;
use crate::api::new_credentials;
use crate::api::text::{first, form};
use crate::clock::rfc3339;
use crate::customer_token::{By, Family, LOGIN, NOT_PRESENT, PRESENT, Status, Wanted, digest, make, revoke, shown};
use crate::desk::Desk;
use crate::merchants::ACQUIRER;
use crate::sandbox::Sandbox;
use crate::store::customer_tokens::{self, Token, Which};
use crate::store::{accounts, charges, purchases};
use serde::Deserialize;
use serde_json::{Value, json};

/// Most tokens of one call.
const MOST: u32 = 100_000;

fn refused(message: &str) -> Trouble {
    Trouble::Refused(400, message.to_owned())
}

fn read<T: serde::de::DeserializeOwned>(body: &Value) -> Result<T, Trouble> {
    T::deserialize(body).map_err(|error| refused(&format!("The body cannot be read: {error}.")))
}

/// `?account=`, `?reference=`, `?family=`, `?after=` (an id), `?limit=`; in the order of making.
pub(super) fn list(sandbox: &Sandbox, call: &Call) -> Outcome {
    let query = form(&call.query);
    let text = |name| first(&query, name).map(str::to_owned);
    let number = |name| first(&query, name).map_or(Ok(None), |text| text.parse::<i64>().map(Some));
    let bad = |_| refused("The limit and after must be whole numbers.");
    let which = Which {
        account: text("account"),
        reference: text("reference"),
        family: text("family"),
        after: number("after").map_err(bad)?.unwrap_or(0),
    };
    let limit = number("limit").map_err(bad)?.unwrap_or(1_000);
    let now_ms = sandbox.clock.now_ms();
    let tokens = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| customer_tokens::list(tx, &which, limit))?;
    let tokens: Vec<Value> = tokens.iter().map(|token| line(token, now_ms)).collect();
    Ok(Answer::json(200, &json!({"tokens": tokens})))
}

fn line(token: &Token, now_ms: i64) -> Value {
    json!({
        "id": token.id,
        "shown": shown(&token.token),
        "sha256": digest(&token.token),
        "family": token.family,
        "partner_account_id": token.account,
        "customer_token_reference": token.reference,
        "scopes": token.scopes,
        "currency": token.currency,
        "email": token.email,
        "status": token.status(now_ms).as_str(),
        "decline": token.decline,
        "ended_by": token.ended_by,
        "superseded_by_sha256": token.superseded_by.as_deref().map(digest),
        "created": rfc3339(token.created_ms),
        "updated": rfc3339(token.updated_ms),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    partner_account_id: String,
    family: String,
    customer_token_reference: Option<String>,
    scopes: Option<Vec<String>>,
    currency: Option<String>,
    email: Option<String>,
    #[serde(default = "one")]
    count: u32,
}

const fn one() -> u32 {
    1
}

impl Made {
    /// The scopes that are asked for, or the usual one of the family.
    fn scopes(&self, family: Family) -> Option<Vec<String>> {
        let usual: &[&str] = match family {
            Family::Payment => &[NOT_PRESENT],
            Family::Linking => &[LOGIN],
            Family::V1 => &[],
        };
        let usual = || usual.iter().map(|scope| (*scope).to_owned()).collect();
        let scopes = self.scopes.clone().unwrap_or_else(usual);
        let known = [PRESENT, NOT_PRESENT, LOGIN];
        scopes
            .iter()
            .all(|scope| known.contains(&scope.as_str()))
            .then_some(scopes)
    }

    /// The reference, numbered where there are many.
    fn reference(&self, number: u32) -> Option<String> {
        let reference = self.customer_token_reference.as_ref()?;
        let many = self.count != 1;
        Some(if many {
            format!("{reference}-{number}")
        } else {
            reference.clone()
        })
    }
}

/// Makes tokens without a customer; with a count, their references are numbered. The answer alone shows them.
pub(super) fn mint(sandbox: &Sandbox, body: &Value) -> Outcome {
    let made: Made = read(body)?;
    let family = Family::read(&made.family).ok_or_else(|| refused("The families are payment, linking and v1."))?;
    let scopes = made.scopes(family).filter(|_| made.count <= MOST);
    let scopes = scopes.ok_or_else(|| refused("The count goes to 100000, and the scopes are Klarna's three."))?;
    let tokens = at_desk(sandbox, |desk| {
        let token = |number| {
            let wanted = Wanted {
                family,
                acquirer: ACQUIRER,
                account: &made.partner_account_id,
                reference: made.reference(number),
                scopes: scopes.clone(),
                currency: made.currency.as_deref().unwrap_or("EUR"),
                email: made.email.as_deref().unwrap_or("kim@customer.example"),
            };
            make(desk, wanted).map(|token| token.token)
        };
        (1..=made.count).map(token).collect::<rusqlite::Result<Vec<String>>>()
    })?;
    Ok(Answer::json(200, &json!({"tokens": tokens})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    token: Option<String>,
    customer_token_reference: Option<String>,
    status: Option<String>,
    by: Option<String>,
    /// `""` takes it away.
    decline: Option<String>,
}

/// Changes every token that is meant: its status as Klarna or the customer would, or why its charges are declined.
pub(super) fn change(sandbox: &Sandbox, body: &Value) -> Outcome {
    let change: Change = read(body)?;
    let status = change.status.as_deref().map(|word| {
        Status::read(word).ok_or_else(|| refused("The states are ACTIVE, SUSPENDED, REVOKED and SUPERSEDED."))
    });
    let status = status.transpose()?;
    let by = By::read(change.by.as_deref().unwrap_or("klarna"));
    let by = by.ok_or_else(|| refused("A token ends by customer, klarna or acquirer."))?;
    if change.token.is_none() && change.customer_token_reference.is_none() {
        return Err(refused("Name a token or a customer_token_reference."));
    }
    let changed = at_desk(sandbox, |desk| {
        let meant = meant(desk.tx, &change)?;
        // Klarna suspends tokens of payments v1 only (tokens.md 5).
        let fits = |token: &Token| status != Some(Status::Suspended) || token.is_of(Family::V1);
        let meant: Vec<Token> = meant.into_iter().filter(fits).collect();
        let count = meant.len();
        meant
            .into_iter()
            .try_for_each(|token| change_one(desk, token, &change, status, by))?;
        Ok(count)
    })?;
    if changed == 0 {
        let message = "There is no such token, or it cannot be suspended: only those of v1 can.";
        return Err(Trouble::Refused(404, message.into()));
    }
    Ok(Answer::json(200, &json!({"changed": changed})))
}

fn change_one(desk: &Desk<'_>, token: Token, change: &Change, status: Option<Status>, by: By) -> rusqlite::Result<()> {
    let decline = match &change.decline {
        None => token.decline.clone(),
        Some(why) => Some(why.clone()).filter(|why| !why.is_empty()),
    };
    let token = Token { decline, ..token };
    match status {
        Some(Status::Revoked) => revoke(desk, token, by),
        None => customer_tokens::write(desk.tx, &token),
        Some(status) => {
            let changed = Token {
                status: status.as_str().to_owned(),
                ends_ms: None,
                updated_ms: desk.now_ms,
                ..token
            };
            customer_tokens::write(desk.tx, &changed)
        }
    }
}

fn meant(tx: &rusqlite::Transaction<'_>, change: &Change) -> rusqlite::Result<Vec<Token>> {
    if let Some(text) = &change.token {
        return Ok(customer_tokens::find(tx, text)?.into_iter().collect());
    }
    let which = Which {
        reference: change.customer_token_reference.clone(),
        ..Which::default()
    };
    customer_tokens::list(tx, &which, -1)
}

/// What was decided about money, the newest first.
pub(super) fn decided(sandbox: &Sandbox) -> Outcome {
    let charges = sandbox
        .store
        .transaction::<_, rusqlite::Error>(|tx| charges::list(tx, 1_000))?;
    let rows: Vec<Value> = charges
        .iter()
        .map(|charge| {
            json!({
                "id": charge.id,
                "token_sha256": charge.token.as_deref().map(digest),
                "partner_account_id": charge.account,
                "reference": charge.reference,
                "amount": charge.amount,
                "currency": charge.currency,
                "result": charge.result,
                "reason": charge.reason,
                "created": rfc3339(charge.created_ms),
            })
        })
        .collect();
    Ok(Answer::json(200, &json!({"charges": rows})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    partner_account_id: String,
}

/// User name and password of payments v1 for a merchant, made at the first asking.
pub(super) fn credentials(sandbox: &Sandbox, body: &Value) -> Outcome {
    let named: Named = read(body)?;
    Ok(Answer::json(200, &credentials_of(sandbox, &named.partner_account_id)?))
}

pub(super) fn credentials_of(sandbox: &Sandbox, account: &str) -> Result<Value, Trouble> {
    let pair = sandbox.store.transaction::<_, rusqlite::Error>(|tx| {
        let account = accounts::find(tx, account)?;
        account
            .map(|account| purchases::credentials(tx, &account.krn, || new_credentials(sandbox.random, &account.krn)))
            .transpose()
    })?;
    let (username, password) = pair.ok_or_else(|| Trouble::Refused(404, "There is no such merchant.".into()))?;
    Ok(json!({"partner_account_id": account, "username": username, "password": password}))
}
