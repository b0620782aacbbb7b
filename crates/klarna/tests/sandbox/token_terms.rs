//! Short ways to make and charge tokens in the sandbox, with a customer who agrees.

use crate::stage::{Stage, context, operational};
use gatehouse_klarna::{
    AbsentCharge, Amount, Answered, Authorization, AuthorizationAnswer, CallContext, CallFailure, Client, ConsentFor,
    Currency, CustomerToken, Finalisation, Interval, NetworkCall, NetworkSessionToken, OndemandService, Payment,
    PaymentRequest, Permit, PresentCharge, Purchase, Reference, ReturnUrl, StepUp, Subscription, Subscriptions,
    TokenCreation, TokenWish,
};
use serde_json::Map;
use std::num::NonZeroU32;

pub fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

pub fn payment(minor: i64) -> Payment {
    Payment {
        amount: Amount::new(minor).unwrap(),
        reference: Reference::parse("inv-7").unwrap(),
        option_id: None,
    }
}

fn purchase() -> Purchase {
    let mut customer = Map::new();
    customer.insert("given_name".into(), "Kim".into());
    Purchase {
        customer,
        ..Purchase::default()
    }
}

pub fn subscriptions() -> Subscriptions {
    let subscription = Subscription {
        reference: Reference::parse("sub-1").unwrap(),
        name: Some("Bread".into()),
        free_trial: None,
        billing_plans: Vec::new(),
        more: Map::new(),
    };
    Subscriptions::new([subscription]).unwrap()
}

pub fn service() -> OndemandService {
    OndemandService {
        avg_order_value: Amount::new(1000).unwrap(),
        min_order_value: None,
        max_order_value: None,
        avg_purchase_frequency_count: NonZeroU32::MIN,
        avg_purchase_frequency_interval: Interval::Week,
        more: Map::new(),
    }
}

pub fn step_up() -> StepUp {
    StepUp {
        payment_request_reference: Some(Reference::parse("signup-1").unwrap()),
        return_url: ReturnUrl::parse("https://shop.example/back?s={klarna.payment_request.state}").unwrap(),
        app_return_url: None,
    }
}

pub fn wish(consent: ConsentFor) -> TokenWish {
    TokenWish {
        consent,
        log_in: false,
        reference: Some(Reference::parse("crm-1").unwrap()),
    }
}

pub fn creation(consent: ConsentFor, first_payment: Option<Payment>) -> Authorization {
    Authorization::CreateToken(Box::new(TokenCreation {
        currency: eur(),
        wish: wish(consent),
        first_payment,
        step_up: step_up(),
        purchase: purchase(),
    }))
}

pub fn present(token: &CustomerToken, minor: i64) -> Authorization {
    Authorization::ChargePresent(Box::new(PresentCharge {
        token: token.copied(),
        currency: eur(),
        payment: payment(minor),
        service: service(),
        step_up: step_up(),
        purchase: purchase(),
    }))
}

pub fn absent(token: &CustomerToken, minor: i64) -> Authorization {
    Authorization::ChargeAbsent(Box::new(AbsentCharge {
        token: token.copied(),
        currency: eur(),
        payment: payment(minor),
        subscriptions: subscriptions(),
        purchase: purchase(),
    }))
}

pub fn finalisation(session: NetworkSessionToken, minor: i64) -> Authorization {
    Authorization::Finalise(Box::new(Finalisation {
        session,
        currency: eur(),
        payment: payment(minor),
        wish: None,
        purchase: purchase(),
    }))
}

pub fn permit(call: NetworkCall<'_>) -> Permit {
    let (kind, subject) = call.permit_for(&operational()).unwrap();
    Permit::mint(kind, &subject)
}

pub async fn authorize(
    client: &Client,
    authorization: &Authorization,
) -> Result<Answered<AuthorizationAnswer>, CallFailure> {
    authorize_in(client, authorization, &context()).await
}

pub async fn authorize_in(
    client: &Client,
    authorization: &Authorization,
    context: &CallContext,
) -> Result<Answered<AuthorizationAnswer>, CallFailure> {
    let permit = permit(NetworkCall::Authorize(authorization));
    client
        .authorize_payment(permit, &operational(), authorization, context)
        .await
}

/// Agrees on the consent page as a customer does.
pub async fn agree(request: &PaymentRequest) {
    let url = request
        .consent_url
        .as_ref()
        .expect("the customer is sent to a page")
        .expose();
    let browser = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let page = browser.get(url).send().await.unwrap();
    assert!(page.status().is_success(), "the page opens");
    let answer = browser
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("email=kim%40customer.example&otp=123456&decision=agree")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 303, "the customer agrees");
}

/// The request of a step-up after the customer's consent.
pub async fn agreed(client: &Client, answer: AuthorizationAnswer) -> PaymentRequest {
    let request = answer.request.expect("a step-up brings a request");
    agree(&request).await;
    let read = client
        .read_payment_request(&operational(), &request.id, &context())
        .await;
    read.unwrap().value
}

/// A token with its owner's consent.
pub async fn token(stage: &Stage, consent: ConsentFor) -> CustomerToken {
    let client = stage.http();
    let answer = authorize(&client, &creation(consent, None)).await.unwrap().value;
    agreed(&client, answer).await.granted.expect("a token was made").token
}
