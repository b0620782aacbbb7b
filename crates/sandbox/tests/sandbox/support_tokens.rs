//! Short ways to create, charge and end customer tokens, and a receiver of webhooks.

use crate::support::House;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode as Code};
use gatehouse_sandbox::generate;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const PRESENT: &str = "payment:customer_present";
pub const NOT_PRESENT: &str = "payment:customer_not_present";
pub const REVOKED: &str = "identity.customer-token.state-change.revoked";
pub const COMPLETED: &str = "payment.request.state-change.completed";

/// The account of the second operational merchant.
pub fn other_merchant() -> String {
    generate(30)
        .skip(1)
        .find(|one| one.state == gatehouse_sandbox::AccountState::Operational)
        .unwrap()
        .account_id
}

/// What goes with a scope.
pub fn data(scope: &str) -> Value {
    if scope == PRESENT {
        json!({"customer": {}, "ondemand_service": {"average_amount": 1000}})
    } else {
        json!({"customer": {}, "subscriptions": [{"subscription_reference": "sub-1", "name": "Bread"}]})
    }
}

pub fn step_up() -> Value {
    json!({
        "payment_request_reference": "signup-1",
        "customer_interaction_config": {"method": "HANDOVER", "return_url": "https://shop.example/back?s={klarna.payment_request.state}"},
    })
}

/// A body that asks for a token.
pub fn asking(scope: &str, amount: Option<i64>) -> Value {
    let mut body = json!({
        "currency": "EUR",
        "request_customer_token": {"scopes": [scope], "customer_token_reference": "crm-1"},
        "step_up_config": step_up(),
        "supplementary_purchase_data": data(scope),
    });
    if let Some(amount) = amount {
        body["request_payment_transaction"] = json!({"amount": amount, "payment_transaction_reference": "inv-1"});
    }
    body
}

/// A body that charges a token of this scope rightly.
pub fn charging(scope: &str, amount: i64) -> Value {
    let mut body = json!({
        "currency": "EUR",
        "request_payment_transaction": {"amount": amount, "payment_transaction_reference": "inv-2"},
        "supplementary_purchase_data": data(scope),
    });
    if scope == PRESENT {
        body["step_up_config"] = step_up();
    }
    body
}

/// Result and reason of the money in an answer.
pub fn verdict(answer: &Value) -> (&str, &str) {
    let block = &answer["payment_transaction_response"];
    (
        block["result"].as_str().unwrap_or_default(),
        block["result_reason"].as_str().unwrap_or_default(),
    )
}

pub async fn value(answer: Response) -> Value {
    assert!(answer.status().is_success(), "the call is accepted: {answer:?}");
    answer.json().await.unwrap()
}

impl House {
    pub fn path(&self, rest: &str) -> String {
        format!("/v2/accounts/{}/{rest}", self.merchant.account_id)
    }

    pub async fn authorize(&self, body: &Value) -> Response {
        self.send(Method::POST, &self.path("payment/authorize"), body).await
    }

    pub async fn charge(&self, token: &str, body: &Value) -> Response {
        let call = self.api(Method::POST, &self.path("payment/authorize"));
        call.header("Klarna-Customer-Token", token)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub async fn finish(&self, session: &str, amount: i64) -> Response {
        let body = json!({"currency": "EUR", "request_payment_transaction": {"amount": amount}});
        let call = self.api(Method::POST, &self.path("payment/authorize"));
        call.header("Klarna-Network-Session-Token", session)
            .json(&body)
            .send()
            .await
            .unwrap()
    }

    pub async fn payment_request(&self, id: &str) -> Value {
        value(self.get(&self.path(&format!("payment/requests/{id}"))).await).await
    }

    /// Agrees on the consent page as a customer does, and gives the outcome page.
    pub async fn agree(&self, url: &str, email: &str) -> String {
        self.page(url).await;
        let answer = self
            .client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("email={}&otp=123456&decision=agree", email.replace('+', "%2B")))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 303, "the answer is taken");
        self.page(url).await.1
    }

    /// Creates a token with the customer's consent and gives it.
    pub async fn token(&self, scope: &str) -> String {
        self.token_with(scope, "kim@customer.example").await
    }

    pub async fn token_with(&self, scope: &str, email: &str) -> String {
        let answer = value(self.authorize(&asking(scope, None)).await).await;
        let request = &answer["payment_request"];
        let url = request["state_context"]["customer_interaction"]["payment_request_url"]
            .as_str()
            .unwrap();
        self.agree(url, email).await;
        let request = self
            .payment_request(request["payment_request_id"].as_str().unwrap())
            .await;
        let customer = &request["state_context"]["klarna_customer"];
        customer["customer_token"].as_str().unwrap().to_owned()
    }

    /// Makes a token by control.
    pub async fn minted(&self, changes: &Value) -> String {
        let mut body = json!({"partner_account_id": self.merchant.account_id, "family": "payment"});
        body.as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        let answer = self.control(Method::POST, "tokens", &body).await;
        answer["tokens"][0].as_str().unwrap().to_owned()
    }

    pub async fn identity_call(&self, method: Method, token: &str) -> Response {
        let call = self.api(method, &self.path("identity/customer-token"));
        call.header("X-Klarna-Customer-Token", token).send().await.unwrap()
    }

    pub async fn introspect(&self, token: &str) -> Response {
        self.identity_call(Method::GET, token).await
    }

    pub async fn revoke_token(&self, token: &str) -> Response {
        self.identity_call(Method::DELETE, token).await
    }
}

/// One delivery as it came in.
#[derive(Clone)]
pub struct Received {
    pub headers: HeaderMap,
    pub raw: Bytes,
    pub body: Value,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn kind(&self) -> &str {
        self.body["metadata"]["event_type"].as_str().unwrap_or_default()
    }
}

/// A receiver on this machine that answers as it is told.
#[derive(Clone, Default)]
pub struct Mailroom {
    seen: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Mailroom {
    /// Opens one and gives its address.
    pub async fn open() -> (Self, String) {
        let mailroom = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new().fallback(take).with_state(mailroom.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        (mailroom, url)
    }

    /// The next deliveries are answered with these, and then with 200.
    pub fn answer(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend_from_slice(statuses);
    }

    pub fn seen(&self) -> Vec<Received> {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until so many have come.
    pub async fn wait(&self, count: usize) -> Vec<Received> {
        for _ in 0..200 {
            if self.seen().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let seen = self.seen();
        assert!(seen.len() >= count, "{count} deliveries have come, not {}", seen.len());
        seen
    }
}

async fn take(State(mailroom): State<Mailroom>, headers: HeaderMap, raw: Bytes) -> Code {
    let body = serde_json::from_slice(&raw).unwrap_or(Value::Null);
    mailroom.seen.lock().unwrap().push(Received { headers, raw, body });
    let mut answers = mailroom.answers.lock().unwrap();
    let status = if answers.is_empty() { 200 } else { answers.remove(0) };
    Code::from_u16(status).unwrap()
}

/// A signing key with a webhook for these types; gives key id and secret.
pub async fn webhook(house: &House, url: &str, types: &[&str]) -> (String, String) {
    let key = value(
        house
            .send(Method::POST, "/v2/notification/signing-keys", &json!({}))
            .await,
    )
    .await;
    let id = key["signing_key_id"].as_str().unwrap().to_owned();
    let body =
        json!({"url": url, "event_types": types, "event_version": "v2", "signing_key_id": id, "status": "ENABLED"});
    value(house.send(Method::POST, "/v2/notification/webhooks", &body).await).await;
    (id, key["signing_key"].as_str().unwrap().to_owned())
}

/// HMAC-SHA256 (RFC 2104), written here again so that the sandbox does not vouch for itself.
pub fn signature(secret: &str, body: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    assert!(secret.len() <= 64, "a longer key would be hashed first");
    let mut pads = [[0x36_u8; 64], [0x5c_u8; 64]];
    for pad in &mut pads {
        pad.iter_mut().zip(secret.bytes()).for_each(|(one, byte)| *one ^= byte);
    }
    let inner = Sha256::new().chain_update(pads[0]).chain_update(body).finalize();
    Sha256::new()
        .chain_update(pads[1])
        .chain_update(inner)
        .finalize()
        .into()
}
