//! Scenarios 12, 13 and 16: a linked token rotated, a customer who opts out, extra merchant data.

use serde_json::{Value, json};

use super::Found;
use super::hands::Hands;
use crate::key_store::SecretBytes;
use crate::problem::{ErrorCode, Problem};
use crate::tokens::course::klarna::merchant;
use crate::tokens::course::{Terms, check};
use crate::tokens::linking::{self, LinkedOrder, LinkingSession, PlaceLinkedOrder, StartLinking, UpdateLinking};
use crate::tokens::token::TokenState;
use crate::tokens::{MerchantDataPart, build_merchant_data, lint_merchant_data, opened};

fn session(hands: &Hands<'_>, token: Option<i64>) -> Result<LinkingSession, Problem> {
    let request = StartLinking {
        merchant: Some(shop(hands)?),
        token: token.map(|id| id.to_string()),
        customer: None,
        terms: Terms {
            currency: "EUR".into(),
            country: Some("DE".into()),
            amount: Some(2_500),
            payment_reference: Some(hands.name()),
            ..Terms::default()
        },
    };
    linking::begun(hands.core, hands.profile, &request)
}

/// The merchant whose log-in of payments v1 is used: the sandbox's first one, unless the profile keeps another's.
fn shop(hands: &Hands<'_>) -> Result<String, Problem> {
    let told = &hands.stage("GET", "enrolment", &Value::Null)?["payments_v1"];
    let login = linking::shown_login(hands.core, hands.profile)?.ok_or_else(linking::no_login)?;
    let first = told["partner_account_id"]
        .as_str()
        .filter(|_| told["username"] == login.user.as_str());
    let known = first.filter(|krn| merchant(hands.core, hands.profile, krn).is_ok());
    Ok(known.unwrap_or_else(|| hands.account.as_str()).to_owned())
}

/// The customer buys, and the order is placed.
fn bought(hands: &Hands<'_>, token: Option<i64>, links: bool) -> Result<LinkedOrder, Problem> {
    let session = session(hands, token)?;
    let body = json!({ "session_id": session.session_id, "link": links });
    let agreed = hands.stage("POST", "consent", &body)?;
    let authorization = agreed["authorization_token"].as_str().ok_or_else(|| {
        let message = "The sandbox's customer did not buy.";
        Problem::new(ErrorCode::SandboxFailed, message, "Look at the sandbox's settings.")
    })?;
    let request = PlaceLinkedOrder {
        session: &session.id,
        authorization: &SecretBytes::from_slice(authorization.as_bytes()),
    };
    linking::placed(hands.core, hands.profile, request)
}

fn id(order: &LinkedOrder) -> i64 {
    order.token.as_ref().map(|token| token.id).unwrap_or_default()
}

pub(super) fn rotated(hands: &Hands<'_>) -> Found {
    let first = bought(hands, None, true)?;
    let same = bought(hands, Some(id(&first)), true)?;
    let (_, token) = opened(hands.core, hands.profile, &id(&first).to_string())?;
    let change = json!({ "token": token.expose(), "status": "SUPERSEDED" });
    hands.stage("PUT", "tokens", &change)?;
    let other = bought(hands, Some(id(&first)), true)?;
    let old = hands.row(id(&first))?;
    let words = (first.linking.as_str(), same.linking.as_str(), other.linking.as_str());
    let is_good = words == ("linked", "same", "replaced")
        && old.state == TokenState::Superseded
        && old.superseded_by == Some(id(&other));
    let found = format!(
        "{}, {}, {}; the old one is {}",
        words.0,
        words.1,
        words.2,
        old.state.word()
    );
    Ok((found, is_good))
}

pub(super) fn opted_out(hands: &Hands<'_>) -> Found {
    let first = bought(hands, None, true)?;
    let order = bought(hands, Some(id(&first)), false)?;
    let checked = check::check(hands.core, hands.profile, &id(&first).to_string())?;
    let state = checked.token.state;
    let is_good = order.linking == "opted_out" && state == TokenState::Active;
    let found = format!(
        "order {}: {}; the token is {}",
        order.order_id,
        order.linking,
        state.word()
    );
    Ok((found, is_good))
}

pub(super) fn merchant_data(hands: &Hands<'_>) -> Found {
    let object = json!({ "attachment": {
        "content_type": gatehouse_klarna::EMD_CONTENT_TYPE,
        "body": { "customer_account_info": [{ "unique_account_identifier": "c-1" }] },
    } });
    let flaws = lint_merchant_data(&object.to_string(), Some("update"))?;
    let named = flaws
        .iter()
        .find(|flaw| flaw.is_breach && flaw.path == "attachment.body");
    let part = MerchantDataPart {
        package: "customer_account_info".into(),
        entry: 0,
        member: "unique_account_identifier".into(),
        value: "c-1".into(),
    };
    let built = build_merchant_data(&[part])?.attachment;
    let clean = lint_merchant_data(&built, Some("update"))?.is_empty();
    let session = session(hands, None)?;
    let wish = UpdateLinking {
        session: session.id,
        terms: None,
        merchant_data: Some(built),
    };
    linking::changed(hands.core, hands.profile, &wish)?;
    let found = named.map_or_else(|| "the check is silent".to_owned(), |flaw| flaw.what.clone());
    Ok((format!("{found} What is built is taken."), named.is_some() && clean))
}
