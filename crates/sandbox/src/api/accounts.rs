//! Partner Accounts: read one; resolve and list only where the settings add them (portal-access.md section 11).
//!
//! Onboarding, updates, products' own calls and compliance are absent: Gatehouse does not use them.

use super::Context;
use super::answer::{Answer, ApiError, Refusal, forbidden, invalid, not_found};
use super::text::{first, form};
use crate::merchants::{ACQUIRER_NAME, AccountState};
use crate::settings::Key;
use crate::store::accounts::{self, Account, Filter};
use crate::store::records;
use serde_json::{Value, json};

const EXPANSIONS: [&str; 4] = ["products", "brands", "store_groups", "partner_business_entities"];

/// Finds a merchant that the caller may work on, and refuses unknown and foreign ones (row 34a).
pub(super) fn onboarded(context: &Context<'_>, id: &str) -> Result<Account, Refusal> {
    let unknown = || not_found("There is no such account.");
    let account = accounts::find(context.tx, id)?.ok_or_else(unknown)?;
    match (account.onboarded, context.settings.text(Key::AccountsForeign)) {
        (true, _) | (false, "allow") => Ok(account),
        (false, "404") => Err(unknown()),
        (false, _) => {
            records::raise(
                context.tx,
                "foreign-account",
                &format!("A merchant of somebody else was asked for: {id}."),
                context.now_ms,
            )?;
            Err(forbidden("The account was not onboarded by the caller."))
        }
    }
}

/// Refuses a merchant that is not operational, as the settings say (row 36).
pub(super) fn check_state(context: &Context<'_>, account: &Account) -> Result<(), Refusal> {
    let status = match context.settings.text(Key::AccountStateGate) {
        _ if account.state == "OPERATIONAL" => return Ok(()),
        "none" => return Ok(()),
        "409" => 409,
        _ => 403,
    };
    Err(Refusal::Api(ApiError::of(
        status,
        format!("The account is {}.", account.state),
    )))
}

pub(super) fn read(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let query = form(&context.call.query);
    let asked: Vec<&str> = query
        .iter()
        .filter(|(name, _)| name == "expand")
        .map(|(_, value)| value.as_str())
        .collect();
    if asked.iter().any(|one| !EXPANSIONS.contains(one)) {
        return Err(invalid("expand", "The value is not known."));
    }
    let account = if id == context.caller {
        own(id)
    } else {
        onboarded(context, id)?
    };
    let mut value = shown(&account);
    for one in asked {
        value[one] = if one == "products" {
            products(&account)
        } else {
            json!([])
        };
    }
    Ok(Answer::json(200, &value))
}

/// The caller's own account, which is no merchant and stands in no list.
fn own(id: &str) -> Account {
    Account {
        krn: id.to_owned(),
        reference: String::new(),
        name: ACQUIRER_NAME.to_owned(),
        country: "SE".to_owned(),
        tags: String::new(),
        state: AccountState::Operational.as_str().to_owned(),
        onboarded: true,
    }
}

pub(super) fn resolve(context: &Context<'_>) -> Result<Answer, Refusal> {
    let query = form(&context.call.query);
    let reference = first(&query, "partner_account_reference").filter(|text| !text.is_empty());
    let reference = reference.ok_or_else(|| invalid("partner_account_reference", "The parameter is missing."))?;
    let account = accounts::find_by_reference(context.tx, reference)?;
    let account = account.ok_or_else(|| not_found("There is no account with this reference."))?;
    Ok(Answer::json(200, &json!({"partner_account_id": account.krn})))
}

/// Klarna has no such list; it exists for a client that must prove it can do without.
pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let query = form(&context.call.query);
    let size = first(&query, "size").map_or(Some(100), |text| text.parse::<i64>().ok());
    let size = size
        .filter(|size| (1..=1_000).contains(size))
        .ok_or_else(|| invalid("size", "The value must be 1 to 1000."))?;
    let after = first(&query, "starting_after").map(str::to_owned);
    let filter = Filter {
        foreign: Some(false),
        limit: Some(size),
        after,
        ..Filter::default()
    };
    let rows: Vec<Value> = accounts::list(context.tx, &filter)?.iter().map(shown).collect();
    Ok(Answer::json(200, &json!({"accounts": rows})))
}

fn shown(account: &Account) -> Value {
    let local: String = account.reference.chars().filter(char::is_ascii_alphanumeric).collect();
    json!({
        "partner_account_id": account.krn,
        "partner_account_reference": account.reference,
        "partner_account_name": account.name,
        "partner_account_contact": {
            "given_name": "Kim",
            "family_name": "Example",
            "email": format!("{}@merchant.example", local.to_lowercase()),
        },
        "state": account.state,
    })
}

fn products(account: &Account) -> Value {
    let suffix = account.krn.rsplit(':').next().unwrap_or_default();
    let state = if account.state == AccountState::Disabled.as_str() {
        "TERMINATED"
    } else {
        "ENABLED"
    };
    json!([{
        "product_id": format!("krn:partner:global:account:product:payment:{suffix}"),
        "type": "PAYMENT",
        "state": state,
        "payment_profile_id": format!("krn:partner:global:account:payment-profile:{suffix}"),
        "payment_accounts": [],
    }])
}
