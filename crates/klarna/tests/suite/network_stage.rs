//! What the tests of network tokens need: terms, the four authorisations, permits, and a server with one answer.

use crate::customer_token::{PAYMENT, token};
use crate::stage::merchant;
use gatehouse_klarna::{
    AbsentCharge, Amount, Authorization, Client, ConsentFor, Currency, Finalisation, Interval, NetworkCall,
    NetworkSessionToken, OndemandService, Payment, Permit, PresentCharge, Purchase, PurchaseLine, Reference, ReturnUrl,
    StepUp, Subscription, Subscriptions, TokenCreation, TokenWish,
};
use serde_json::{Map, Value, json};
use std::num::NonZeroU32;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

pub const SESSION: &str = "krn:payment:eu1:klarna-network-session-token:5e55104c-0f70-4a1c-9a3e-c0ffee000001";
pub const REQUEST_ID: &str = "krn:payment:eu1:request:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

pub async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

pub async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

pub fn header(request: &Request, name: &str) -> Option<String> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

pub fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

pub fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

pub fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

pub fn payment() -> Payment {
    Payment {
        amount: Amount::new(1299).unwrap(),
        reference: reference("inv-2025-0042"),
        option_id: None,
    }
}

pub fn subscriptions() -> Subscriptions {
    let subscription = Subscription {
        reference: reference("sub-1"),
        name: Some("Music".into()),
        free_trial: None,
        billing_plans: Vec::new(),
        more: Map::new(),
    };
    Subscriptions::new([subscription]).unwrap()
}

pub fn service() -> OndemandService {
    OndemandService {
        avg_order_value: Amount::new(2000).unwrap(),
        min_order_value: None,
        max_order_value: Some(Amount::new(9000).unwrap()),
        avg_purchase_frequency_count: one(),
        avg_purchase_frequency_interval: Interval::Month,
        more: Map::new(),
    }
}

pub fn step_up() -> StepUp {
    StepUp {
        payment_request_reference: Some(reference("signup-7781")),
        return_url: ReturnUrl::parse("https://shop.example/back?id={klarna.payment_request.id}").unwrap(),
        app_return_url: None,
    }
}

pub fn purchase() -> Purchase {
    let line = PurchaseLine {
        name: "Ride".into(),
        quantity: one(),
        unit_price: 1299,
        total_amount: 1299,
    };
    Purchase {
        reference: Some(reference("order-9")),
        lines: vec![line],
        customer: Map::new(),
    }
}

pub fn wish(consent: ConsentFor) -> TokenWish {
    TokenWish {
        consent,
        log_in: false,
        reference: Some(reference("crm-100482")),
    }
}

pub fn creation(first_payment: Option<Payment>) -> Authorization {
    Authorization::CreateToken(Box::new(TokenCreation {
        currency: eur(),
        wish: wish(ConsentFor::CustomerNotPresent(subscriptions())),
        first_payment,
        step_up: step_up(),
        purchase: purchase(),
    }))
}

pub fn finalisation() -> Authorization {
    Authorization::Finalise(Box::new(Finalisation {
        session: NetworkSessionToken::parse(SESSION.into()).unwrap(),
        currency: eur(),
        payment: payment(),
        wish: None,
        purchase: purchase(),
    }))
}

pub fn present_charge() -> Authorization {
    Authorization::ChargePresent(Box::new(PresentCharge {
        token: token(PAYMENT),
        currency: eur(),
        payment: payment(),
        service: service(),
        step_up: step_up(),
        purchase: purchase(),
    }))
}

pub fn absent_charge_of(amount: i64) -> Authorization {
    Authorization::ChargeAbsent(Box::new(AbsentCharge {
        token: token(PAYMENT),
        currency: eur(),
        payment: Payment {
            amount: Amount::new(amount).unwrap(),
            ..payment()
        },
        subscriptions: subscriptions(),
        purchase: purchase(),
    }))
}

pub fn absent_charge() -> Authorization {
    absent_charge_of(1299)
}

/// The permit that a call takes at the usual merchant.
pub fn permit(call: NetworkCall<'_>) -> Permit {
    let (kind, subject) = call.permit_for(&merchant()).unwrap();
    Permit::mint(kind, &subject)
}

/// A client of a server, which must outlive it.
pub fn client(server: &MockServer) -> Client {
    crate::stage::client(&server.uri())
}

pub fn approved() -> Value {
    json!({ "payment_transaction_response": { "result": "APPROVED", "payment_transaction": {
        "payment_transaction_id": "krn:payment:eu1:transaction:11111111-2222-4333-8444-555555555555",
        "payment_transaction_reference": "inv-2025-0042", "amount": 1299, "currency": "EUR" } } })
}

pub fn payment_request(state: &str) -> Value {
    json!({ "payment_request_id": REQUEST_ID, "payment_request_reference": "signup-7781", "state": state,
        "amount": 1299, "currency": "EUR", "expires_at": "2025-03-01T15:00:00Z",
        "state_context": { "customer_interaction": { "method": "HANDOVER", "payment_request_id": REQUEST_ID,
            "payment_request_url": "https://journey.example/requests/aaaaaaaa" } } })
}
