//! Short ways to grant and revoke user access, to read what became of it, and to walk the pages of a person.

use crate::support::{House, Identity};
use gatehouse_sandbox::generate;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

pub const USER_ACCESS: &str = "/v2/portal/user-access";
pub const DAY: i64 = 86_400;
pub const PASSWORD: &str = "long enough";

/// The nth merchant that can be opened.
pub fn merchant(index: usize) -> String {
    let operational = generate(40).filter(|one| one.state == gatehouse_sandbox::AccountState::Operational);
    operational.map(|one| one.account_id).nth(index).unwrap()
}

/// The UTC day that lies so many days after the sandbox's today.
pub async fn day(house: &House, days: i64) -> String {
    let moment = jiff::Timestamp::from_second(house.now_s().await + days * DAY).unwrap();
    moment.strftime("%Y-%m-%d").to_string()
}

impl House {
    /// The claims of a good token for user access to the first merchant, changed: a null removes the claim.
    pub async fn access_claims(&self, changes: Value) -> Value {
        let now_s = self.now_s().await;
        let mut claims = json!({
            "iss": self.account(), "jti": Uuid::new_v4().to_string(), "sub": "ada@shop.example", "iat": now_s, "exp": now_s + 120,
            "account_id": self.merchant.account_id, "on_behalf_of": self.merchant.account_id, "roles": ["merchant:developer"],
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    }

    pub async fn grant(&self, signer: &Identity, changes: Value) -> Response {
        let jwt = signer.sign(&self.access_claims(changes).await);
        self.send(Method::POST, USER_ACCESS, &json!({"jwt": jwt})).await
    }

    pub async fn granted(&self, signer: &Identity, changes: Value) {
        let answer = self.grant(signer, changes).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "the access is granted");
    }

    /// A delete with this query, as it is written.
    pub async fn take_away(&self, query: &str) -> Response {
        let path = format!("{USER_ACCESS}{query}");
        self.api(Method::DELETE, &path).send().await.unwrap()
    }

    pub async fn access(&self) -> Vec<Value> {
        let answer = self.control(Method::GET, "access", &Value::Null).await;
        answer["access"].as_array().unwrap().clone()
    }

    /// `sub account-suffix state` of every access, in the order of making.
    pub async fn states(&self) -> Vec<String> {
        let text = |one: &Value| format!("{} {}", one["sub"].as_str().unwrap(), one["state"].as_str().unwrap());
        self.access().await.iter().map(text).collect()
    }

    pub async fn mails(&self) -> Vec<Value> {
        let answer = self.control(Method::GET, "mailbox", &Value::Null).await;
        answer["messages"].as_array().unwrap().clone()
    }

    pub async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Response {
        let encoded = form.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = encoded.collect::<Vec<_>>().join("&");
        let call = self
            .client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded");
        call.body(body).send().await.unwrap()
    }

    /// Follows the newest invitation, sets the password, and gives the address of the person's page.
    pub async fn accept(&self) -> String {
        let link = self.mails().await[0]["link"].as_str().unwrap().to_owned();
        let answer = self.post_form(&link, &[("password", PASSWORD)]).await;
        self.after(&answer)
    }

    /// Where a page sends the browser next.
    pub fn after(&self, answer: &Response) -> String {
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "the page goes on");
        self.url(answer.headers()["location"].to_str().unwrap())
    }

    /// The counts of all calls of a method.
    pub async fn totals(&self, method: &str) -> Value {
        let answer = self.control(Method::GET, "calls?path=user-access", &Value::Null).await;
        answer["totals"][method].clone()
    }
}

/// The accounts that the person's page lists.
pub fn listed(page: &str) -> Vec<String> {
    let cells = page.split("<tr data-account=\"").skip(1);
    cells.map(|row| row.split('"').next().unwrap().to_owned()).collect()
}

/// Percent-encodes everything but letters and digits.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
