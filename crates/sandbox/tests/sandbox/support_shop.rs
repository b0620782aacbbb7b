//! Short ways to buy at a merchant of payments v1.

use crate::support::{House, plain_client};
use crate::support_tokens::value;
use reqwest::{Method, Response};
use serde_json::{Value, json};

/// A merchant of payments v1 with its user name and password.
pub struct Shop<'a> {
    pub house: &'a House,
    pub username: String,
    pub password: String,
}

impl House {
    pub async fn shop(&self, account: &str) -> Shop<'_> {
        let body = json!({"partner_account_id": account});
        let pair = self.control(Method::POST, "v1-credentials", &body).await;
        Shop {
            house: self,
            username: pair["username"].as_str().unwrap().to_owned(),
            password: pair["password"].as_str().unwrap().to_owned(),
        }
    }

    pub async fn own_shop(&self) -> Shop<'_> {
        self.shop(&self.merchant.account_id).await
    }
}

/// The body of a session or order.
pub fn cart(changes: &Value) -> Value {
    let mut body = json!({
        "intent": "buy_and_link", "purchase_country": "SE", "purchase_currency": "SEK", "locale": "sv-SE",
        "order_amount": 1000, "order_lines": [{"name": "Bread", "quantity": 1, "unit_price": 1000, "total_amount": 1000}],
    });
    body.as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    body
}

impl Shop<'_> {
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
        let call = plain_client().request(method, self.house.url(path));
        let call = call.basic_auth(&self.username, Some(&self.password));
        call.json(body).send().await.unwrap()
    }

    pub async fn session(&self, changes: &Value) -> Value {
        value(self.send(Method::POST, "/payments/v1/sessions", &cart(changes)).await).await
    }

    /// A session to which the customer agreed; gives the authorisation token.
    pub async fn authorized(&self, changes: &Value, decision: &Value) -> String {
        let session = self.session(changes).await;
        let mut body = json!({"session_id": session["session_id"]});
        body.as_object_mut()
            .unwrap()
            .extend(decision.as_object().unwrap().clone());
        let answer = self.house.control(Method::POST, "consent", &body).await;
        answer["authorization_token"].as_str().unwrap().to_owned()
    }

    pub async fn order(&self, authorization: &str, changes: &Value) -> Response {
        let path = format!("/payments/v1/authorizations/{authorization}/order");
        self.send(Method::POST, &path, &cart(changes)).await
    }

    /// Buys and links with this customer token, and gives the order's answer.
    pub async fn buy(&self, sent: Option<&str>, decision: &Value) -> Value {
        let changes = sent.map_or(json!({}), |sent| json!({"customer": {"customer_token": sent}}));
        let authorization = self.authorized(&changes, decision).await;
        value(self.order(&authorization, &changes).await).await
    }

    /// A token of payments v1's own tokenisation.
    pub async fn v1_token(&self, email: &str) -> String {
        let changes = json!({"intent": "tokenize"});
        let authorization = self.authorized(&changes, &json!({"email": email})).await;
        let path = format!("/payments/v1/authorizations/{authorization}/customer-token");
        let body = json!({
            "purchase_country": "SE", "purchase_currency": "SEK", "locale": "sv-SE",
            "description": "Bread every week", "intended_use": "SUBSCRIPTION",
        });
        let answer = value(self.send(Method::POST, &path, &body).await).await;
        answer["token_id"].as_str().unwrap().to_owned()
    }

    /// Code and status of an error of payments v1.
    pub async fn trouble(&self, answer: Response) -> (u16, String, String) {
        let status = answer.status().as_u16();
        let correlation = answer.headers()["klarna-correlation-id"].to_str().unwrap().to_owned();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["correlation_id"], correlation.as_str(), "the id is the header's");
        let code = body["error_code"].as_str().unwrap().to_owned();
        (status, code, body["error_messages"][0].as_str().unwrap().to_owned())
    }
}
