//! No door of the client leads to a delete that names less than one person at one merchant: counted in bytes at the wire.
//!
//! The doors: texts, JSON, permits, base addresses, redirects. What cannot even be written down stands in `must_not_build`; the
//! last look at the finished address is tried beside it, in `transport/guard/tests.rs`.

use crate::stage::{ACQUIRER, MERCHANT, config, context, merchant};
use gatehouse_klarna::{
    AccessSelector, AccountKrn, Call, Client, ConfigFailure, Effect, Email, FailureKind, Permit, Principal, UserId,
};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What says nothing, or nothing visible.
const NOTHING: [&str; 13] = [
    "", " ", "\t", "\n", "\0", "\u{a0}", "\u{200b}", "\u{feff}", "@", " @ ", "*@", "null\n", "a b",
];

/// A server of bare bytes that keeps what it was sent and gives one answer to each request.
struct Wire {
    base: String,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Wire {
    async fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(read(stream, answer, Arc::clone(&keep)));
            }
        });
        Self { base, seen }
    }

    fn client(&self) -> Client {
        gatehouse_klarna::install_crypto();
        Client::new(config(&self.base)).unwrap()
    }

    fn bytes(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    fn request_lines(&self) -> Vec<String> {
        let seen = String::from_utf8(self.seen.lock().unwrap().clone()).unwrap();
        seen.lines()
            .filter(|line| line.ends_with("HTTP/1.1"))
            .map(str::to_owned)
            .collect()
    }
}

async fn read(mut stream: TcpStream, answer: &str, keep: Arc<Mutex<Vec<u8>>>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        keep.lock().unwrap().extend(piece.iter().take(length));
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

fn ada() -> AccessSelector {
    AccessSelector::new(merchant(), Principal::parse("ada+x@merchant.example").unwrap())
}

/// Tries every pair of an account and a person where at least one says nothing; gives how many were tried.
async fn try_texts(client: &Client) -> usize {
    let mut tried = 0;
    let accounts = NOTHING.iter().copied().chain([MERCHANT, "MERCHANT-1"]);
    for account in accounts {
        for person in NOTHING.iter().copied().chain(["ada@merchant.example"]) {
            if (account, person) == (MERCHANT, "ada@merchant.example") {
                continue;
            }
            tried += 1;
            let (Ok(account), Ok(person)) = (AccountKrn::parse(account), Principal::parse(person)) else {
                continue;
            };
            let selector = AccessSelector::new(account, person);
            let permit = Permit::mint(Call::DeleteUserAccess, &selector.permit_subject());
            let _ = client.delete_user_access(permit, &selector, &context()).await;
        }
    }
    tried
}

#[tokio::test]
async fn no_text_makes_an_empty_selector() {
    let wire = Wire::start("HTTP/1.1 204 No Content\r\n\r\n").await;
    let client = wire.client();
    let tried = try_texts(&client).await;
    assert_eq!(tried, 15 * 14 - 1, "every pair but the whole one is tried");
    assert_eq!(wire.bytes(), 0, "nothing has left");

    let permit = Permit::mint(Call::DeleteUserAccess, &ada().permit_subject());
    client
        .delete_user_access(permit, &ada(), &context())
        .await
        .expect("the whole pair is sent");
    assert_eq!(wire.request_lines(), [ada_line()], "and nothing but it");
}

fn ada_line() -> String {
    let account = MERCHANT.replace(':', "%3A");
    format!("DELETE /v2/portal/user-access?account_id={account}&principal=ada%2Bx%40merchant.example HTTP/1.1")
}

#[test]
fn no_json_makes_a_name_of_nothing() {
    for text in NOTHING {
        let json = serde_json::to_string(text).unwrap();
        assert!(serde_json::from_str::<Email>(&json).is_err(), "{text:?} is no address");
        assert!(
            serde_json::from_str::<AccountKrn>(&json).is_err(),
            "{text:?} is no account"
        );
        assert!(serde_json::from_str::<UserId>(&json).is_err(), "{text:?} is no user id");
    }
    assert!(serde_json::from_str::<UserId>("null").is_err(), "nor is null");
}

#[tokio::test]
async fn no_permit_for_more_is_taken_for_one_person() {
    let wire = Wire::start("HTTP/1.1 204 No Content\r\n\r\n").await;
    let client = wire.client();
    let narrowed = ada().on_behalf_of(AccountKrn::parse(ACQUIRER).unwrap());
    let subjects = [
        "".into(),
        " ".into(),
        MERCHANT.to_owned(),
        format!("{MERCHANT} "),
        "ada+x@merchant.example".into(),
    ];
    let permits = subjects
        .iter()
        .map(|subject| Permit::mint(Call::DeleteUserAccess, subject));
    let others = [
        Permit::mint(Call::CreateUserAccess, &ada().permit_subject()),
        Permit::mint(Call::DeleteDeepLink, &ada().permit_subject()),
        Permit::mint(Call::DeleteUserAccess, &narrowed.permit_subject()),
    ];
    for permit in permits.chain(others) {
        let told = format!("{permit:?}");
        let failure = client.delete_user_access(permit, &ada(), &context()).await.unwrap_err();
        let found = (failure.kind, failure.effect);
        assert_eq!(found, (FailureKind::PermitMismatch, Effect::NotSent), "{told}");
    }
    let wider = Permit::mint(Call::DeleteUserAccess, &ada().permit_subject());
    let failure = client
        .delete_user_access(wider, &narrowed, &context())
        .await
        .unwrap_err();
    assert_eq!(
        failure.kind,
        FailureKind::PermitMismatch,
        "nor one that names less than the call"
    );
    assert_eq!(wire.bytes(), 0, "nothing has left");

    let right = Permit::mint(Call::DeleteUserAccess, &ada().permit_subject());
    client
        .delete_user_access(right, &ada(), &context())
        .await
        .expect("the right permit is taken");
    assert!(wire.bytes() > 0, "the wire counts");
}

#[tokio::test]
async fn no_base_address_widens_a_delete() {
    let wire = Wire::start("HTTP/1.1 204 No Content\r\n\r\n").await;
    gatehouse_klarna::install_crypto();
    for tail in [
        "/?account_id=",
        "/?",
        "/?all=true",
        "/#",
        "/#x",
        "/v2/portal/user-access?",
    ] {
        let refused = Client::new(config(&format!("{}{tail}", wire.base)));
        assert!(
            matches!(refused, Err(ConfigFailure::BaseUrl)),
            "{tail} is no base address"
        );
    }
    let odd = Client::new(config(&format!("{}/v2/portal/user-access/..;/", wire.base))).unwrap();
    let permit = Permit::mint(Call::DeleteUserAccess, &ada().permit_subject());
    let _ = odd.delete_user_access(permit, &ada(), &context()).await;
    let lines = wire.request_lines();
    assert_eq!(lines.len(), 1, "a base may have a path, whatever it is: {lines:?}");
    let end = ada_line().replace("DELETE ", "");
    assert!(
        lines[0].ends_with(&end),
        "behind it stands the whole address: {}",
        lines[0]
    );
}

#[tokio::test]
async fn no_redirect_widens_a_delete() {
    for answer in [
        "HTTP/1.1 307 Temporary Redirect\r\nlocation: /v2/portal/user-access\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 308 Permanent Redirect\r\nlocation: ?\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 303 See Other\r\nlocation: /v2/portal/user-access\r\ncontent-length: 0\r\n\r\n",
    ] {
        let wire = Wire::start(answer).await;
        let permit = Permit::mint(Call::DeleteUserAccess, &ada().permit_subject());
        let failure = wire
            .client()
            .delete_user_access(permit, &ada(), &context())
            .await
            .unwrap_err();
        assert_eq!(failure.kind, FailureKind::Redirected, "a redirect is told");
        let lines = wire.request_lines();
        assert_eq!(lines.len(), 1, "and not followed: {lines:?}");
        assert!(
            lines[0].contains("principal=ada%2Bx%40merchant.example"),
            "{}",
            lines[0]
        );
    }
}
