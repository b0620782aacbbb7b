//! No token leaves by another way than its own: not through logs at their most talkative, failures, or addresses.

use crate::classic_stage::{
    AUTHORIZATION, PASSWORD, authorization, payments, permit as classic_permit, session, terms,
};
use crate::customer_token::{CLASSIC, LINKING, PAYMENT, token};
use crate::network_stage::{SESSION, absent_charge, client, creation, finalisation, permit, present_charge};
use crate::raw::RawServer;
use crate::stage::{context, merchant};
use gatehouse_klarna::{CallFailure, ClassicCall, Client, Intent, NetworkCall, PaymentsClient, TokenOrder};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn network_calls(client: &Client) -> Vec<CallFailure> {
    let mut failures = Vec::new();
    for authorization in [creation(None), finalisation(), present_charge(), absent_charge()] {
        let permit = permit(NetworkCall::Authorize(&authorization));
        let result = client
            .authorize_payment(permit, &merchant(), &authorization, &context())
            .await;
        failures.extend(result.err());
    }
    for text in [PAYMENT, LINKING, CLASSIC] {
        let token = token(text);
        failures.extend(client.introspect_token(&merchant(), &token, &context()).await.err());
        let permit = permit(NetworkCall::Revoke(&token));
        failures.extend(client.revoke_token(permit, &merchant(), &token, &context()).await.err());
    }
    failures
}

async fn classic_calls(client: &PaymentsClient) -> Vec<CallFailure> {
    let (classic, authorization, terms) = (token(CLASSIC), authorization(), terms());
    let order = TokenOrder {
        terms: terms.clone(),
        step_up_supported: false,
    };
    let mut linking = session(Intent::BuyAndLink);
    linking.customer_token = Some(token(LINKING));
    let mut failures = Vec::new();
    let call = ClassicCall::CreateSession(&linking);
    failures.extend(
        client
            .create_session(classic_permit(client, call), &linking, &context())
            .await
            .err(),
    );
    let call = ClassicCall::PlaceOrder(&authorization, &terms);
    let result = client
        .place_order(classic_permit(client, call), &authorization, &terms, &context())
        .await;
    failures.extend(result.err());
    let call = ClassicCall::Release(&authorization);
    failures.extend(
        client
            .release_authorization(classic_permit(client, call), &authorization, &context())
            .await
            .err(),
    );
    failures.extend(client.read_token(&classic, &context()).await.err());
    let call = ClassicCall::OrderWithToken(&classic, &order);
    failures.extend(
        client
            .order_with_token(classic_permit(client, call), &classic, &order, &context())
            .await
            .err(),
    );
    let call = ClassicCall::CancelToken(&classic);
    failures.extend(
        client
            .cancel_token(classic_permit(client, call), &classic, &context())
            .await
            .err(),
    );
    failures
}

/// The secret parts of everything that is sent.
fn canaries() -> Vec<String> {
    let texts = [PAYMENT, LINKING, CLASSIC, SESSION, AUTHORIZATION, PASSWORD];
    texts
        .iter()
        .map(|text| text.rsplit(':').next().unwrap().to_ascii_lowercase())
        .collect()
}

#[tokio::test]
async fn no_token_is_logged_or_told_in_a_failure() {
    let kept = Kept::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(kept.clone())
        .init();
    let mut failures = Vec::new();
    for status in [200, 404, 410, 500] {
        let server = MockServer::start().await;
        let quoting = format!(
            "{{\"error_code\":\"X {CLASSIC}\",\"error_message\":\"{PAYMENT} {LINKING} {SESSION}\",\"error_messages\":[\"{AUTHORIZATION}\"]}}"
        );
        let answer = ResponseTemplate::new(status).set_body_string(quoting);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let network = network_calls(&client(&server)).await;
        failures.extend(network.into_iter().map(|failure| (status, failure)));
        let classic = classic_calls(&payments(&server.uri())).await;
        failures.extend(classic.into_iter().map(|failure| (status, failure)));
    }
    let cut = RawServer::start(vec![vec![]]).await;
    let broken = classic_calls(&payments(&cut.base())).await;
    assert!(
        broken.iter().any(|failure| failure.detail.is_some()),
        "causes below HTTP are told"
    );
    failures.extend(broken.into_iter().map(|failure| (0, failure)));
    let logged = String::from_utf8_lossy(&kept.0.lock().unwrap()).to_ascii_lowercase();
    assert!(
        logged.contains("/customer-token/v1/tokens/{token}/order"),
        "the log is kept, and names templates"
    );
    let own: Vec<&str> = logged.lines().filter(|line| !line.contains("wiremock")).collect();
    for canary in canaries() {
        let found = own.iter().find(|line| line.contains(&canary));
        assert_eq!(found, None, "{canary} is in no log");
    }
    assert!(failures.len() > 20, "most of the calls fail: {}", failures.len());
    for (status, failure) in &failures {
        let told = format!("{failure:?} {failure}");
        assert!(!told.contains(PASSWORD), "{status}: no password in {told}");
        let detail = failure.detail.clone().unwrap_or_default();
        assert!(
            !detail.contains("/tokens/") && !detail.contains("/authorizations/"),
            "{status}: no address in {detail}"
        );
    }
}

#[tokio::test]
async fn no_token_stands_in_an_address_of_the_network() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404))
        .mount(&server)
        .await;
    network_calls(&client(&server)).await;
    let sent = server.received_requests().await.unwrap();
    assert!(sent.len() >= 10, "the calls are made");
    for request in &sent {
        let address = request.url.as_str().to_ascii_lowercase();
        for canary in canaries() {
            assert!(!address.contains(&canary), "{address}");
        }
        let body = String::from_utf8_lossy(&request.body).to_ascii_lowercase();
        assert!(
            !body.contains("customer-token:") && !body.contains("session-token:"),
            "nor in a body: {body}"
        );
    }
}
