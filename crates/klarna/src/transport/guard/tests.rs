//! What the last look lets pass, and at the wire: of what it stops, not one byte leaves.
//!
//! Here and not in the suite, because no public call can build such an address. Deliberately absent: the doors before it, which
//! the suite tries (`empty_selector`).

use super::*;
use crate::config::{Network, ProxyChoice, Timeouts};
use crate::context::CallContext;
use crate::failure::{Effect, FailureKind};
use crate::transport::{Outgoing, Transport};
use reqwest::header::HeaderMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ACCOUNT: &str = "account_id=krn:partner:global:account:test:MERCHANT-1";
const BEHALF: &str = "on_behalf_of=krn:partner:global:account:test:LYABCDEI";

/// Paths and queries that name less than one person at one merchant, or say it in a way that a server may read otherwise.
fn wide() -> Vec<String> {
    let queries = [
        String::new(),
        "?".into(),
        format!("?{ACCOUNT}"),
        "?principal=b".into(),
        format!("?{BEHALF}"),
        "?account_id=&principal=b".into(),
        "?account_id&principal=b".into(),
        "?account_id=MERCHANT-1&principal=b".into(),
        format!("?{ACCOUNT}&principal="),
        format!("?{ACCOUNT}&principal"),
        format!("?{ACCOUNT}&principal=%20"),
        format!("?{ACCOUNT}&principal=%00"),
        format!("?{ACCOUNT}&principal=%E2%80%8B"),
        format!("?{ACCOUNT}&principal=*%20"),
        format!("?{ACCOUNT}&principal=b+c"),
        format!("?{ACCOUNT}&principal=a+b@c.example"),
        format!("?{ACCOUNT}&principal=b&on_behalf_of="),
        format!("?{ACCOUNT}&principal=b&{BEHALF}&{BEHALF}"),
        format!("?{ACCOUNT}&{ACCOUNT}&principal=b"),
        format!("?{ACCOUNT}&principal=b&principal=c"),
        format!("?{ACCOUNT}&principal=b&principal="),
        format!("?{ACCOUNT}&principal=b&all=true"),
        format!(
            "?Account_id={}&principal=b",
            "krn:partner:global:account:test:MERCHANT-1"
        ),
        format!("?{ACCOUNT};principal=b"),
        format!("?{ACCOUNT}%26principal=b"),
        format!("#?{ACCOUNT}&principal=b"),
        format!("?{ACCOUNT}&principal=b#c"),
    ];
    let paths = [
        "/v2/portal/user-access/",
        "/v2/portal/User-Access",
        "/v2/portal/user%2Daccess",
        "/v2/portal/user-access/x",
        "/portal/user-access",
    ];
    let right = format!("?{ACCOUNT}&principal=b");
    let of_paths = paths
        .iter()
        .flat_map(|path| [(*path).to_owned(), format!("{path}{right}")]);
    let of_queries = queries.iter().map(|query| format!("/v2/portal/user-access{query}"));
    of_queries.chain(of_paths).collect()
}

fn safe(rest: &str) -> bool {
    let url = Url::parse(&format!("https://k.example{rest}")).unwrap();
    is_safe(&Method::DELETE, &url)
}

#[test]
fn delete_of_access_names_account_and_principal() {
    for narrow in [
        format!("{ACCOUNT}&principal=b%2Bc%40d.example"),
        format!("principal=b&{ACCOUNT}&{BEHALF}"),
    ] {
        assert!(
            safe(&format!("/v2/portal/user-access?{narrow}")),
            "{narrow} names one person"
        );
        assert!(
            safe(&format!("/relay/v2/portal/user-access?{narrow}")),
            "a base may have a path"
        );
    }
    for wide in wide() {
        assert!(!safe(&wide), "{wide} must not be sent");
    }
}

#[test]
fn delete_of_a_link_names_the_link() {
    let links = "/v2/accounts/a/portal/deep-links";
    assert!(safe(&format!("{links}/krn:x")), "an item may be deleted");
    assert!(
        safe(&format!("{links}/krn:user-access:x")),
        "whatever its id is made of"
    );
    assert!(!safe(links) && !safe(&format!("{links}/")), "a collection may not");
}

#[test]
fn address_with_a_token_does_not_leave() {
    let token = "krn:customer-token:eu1:a1b2c3d4";
    let at = |rest: &str| {
        Outgoing::new(
            Method::GET,
            Url::parse(&format!("https://k.example/v2/{rest}")).unwrap(),
            "test",
        )
    };
    for rest in [
        format!("identity/{token}"),
        format!("identity/{}", token.replace(':', "%3A")),
        format!("identity?token={}", token.replace(':', "%3a")),
        "x/krn:partner:eu1:live:identity:Customer-Token:abc".into(),
        "x/krn:payment:eu1:klarna-network-session-token:abc".into(),
    ] {
        assert!(!may_leave(&at(&rest)), "{rest} holds a token");
    }
    let odd = "identity/Tok-Unknown?x=1";
    assert!(may_leave(&at(odd)), "nobody knows this as a token");
    assert!(
        !may_leave(&at(odd).hiding("tok-unknown")),
        "but the call that sends it does"
    );
    let classic = at("tokens/0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9").classic();
    assert!(
        may_leave(&classic.hiding("0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9")),
        "v1 has its own in the path"
    );
}

#[test]
fn revocation_names_its_token_in_a_header() {
    let revoke = || {
        let url = Url::parse("https://k.example/v2/accounts/a/identity/customer-token").unwrap();
        Outgoing::new(Method::DELETE, url, "test")
    };
    let name = HeaderName::from_static("x-klarna-customer-token");
    assert!(!may_leave(&revoke()), "which token is not said");
    assert!(
        !may_leave(&revoke().with_header(name.clone(), HeaderValue::from_static(""))),
        "nor here"
    );
    assert!(
        may_leave(&revoke().with_header(name, HeaderValue::from_static("t"))),
        "this one says it"
    );
}

/// A listener that says 204 to whatever comes and counts the bytes.
async fn counting() -> (Url, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let bytes = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&bytes);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(swallow(stream, Arc::clone(&counter)));
        }
    });
    (base, bytes)
}

async fn swallow(mut stream: TcpStream, counter: Arc<AtomicUsize>) {
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut piece).await {
        counter.fetch_add(length, Ordering::SeqCst);
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    }
}

fn transport(base: &Url) -> Transport {
    crate::install_crypto();
    let network = Network {
        base_url: base,
        identity: None,
        extra_ca_pem: &[],
        proxy: &ProxyChoice::Direct,
    };
    Transport::over(&network, Timeouts::default(), HeaderMap::new()).unwrap()
}

#[tokio::test]
async fn a_delete_that_names_too_little_sends_not_one_byte() {
    let (base, bytes) = counting().await;
    let transport = transport(&base);
    let context = CallContext::new([1; 16], Duration::from_secs(5));
    let carry = async |rest: &str| {
        let out = Outgoing::new(Method::DELETE, base.join(rest).unwrap(), "test");
        transport.carry(&out.without_answer(), &context).await.map(|_| ())
    };
    for wide in wide() {
        let failure = carry(&wide).await.unwrap_err();
        let found = (failure.kind, failure.effect, failure.attempts);
        assert_eq!(
            found,
            (FailureKind::UnsafeUrl, Effect::NotSent, 1),
            "{wide} is stopped at once"
        );
    }
    assert_eq!(bytes.load(Ordering::SeqCst), 0, "nothing has left");
    let narrow = format!("/v2/portal/user-access?{ACCOUNT}&principal=b");
    carry(&narrow).await.expect("one person's access may be deleted");
    assert!(bytes.load(Ordering::SeqCst) > 0, "the counter counts");
}
