//! A hostile provider, hostile queries, half-open sign-ins: each refused, with nothing made.

use reqwest::Method;

use crate::browser::Browser;
use crate::world::{open, with};

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_that_anybody_but_the_provider_could_have_made_signs_nobody_in() {
    let world = open().await;
    for flaw in [
        "alg_none",
        "hs256",
        "foreign_key",
        "unknown_key",
        "foreign_issuer",
        "foreign_audience",
        "wrong_nonce",
        "wrong_at_hash",
        "expired",
        "issued_late",
    ] {
        world.set("oidc.id_token", flaw).await;
        let end = world.enter("ana@bakery.example").await;
        assert_eq!((end.code().as_str(), end.status), ("provider_refused", 502), "{flaw}");
    }
    assert_eq!(world.counted("provider_refused").await, 10, "each is counted");
    assert!(world.links().await.is_empty(), "nobody entered");
    world.set("oidc.id_token", "good").await;
    assert_eq!(
        world.enter("ana@bakery.example").await.status,
        200,
        "a good one still does"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_a_query_or_header_leads_anywhere_else() {
    let world = open().await;
    let provider = format!("{}/oidc/authorize?", world.demo.sandbox.address.http);
    for query in [
        "next=https://evil.example",
        "redirect_uri=https://evil.example",
        "return_to=//evil.example",
        "issuer=https://evil.example",
        "url=https://evil.example&state=x",
        "%0d%0aLocation:%20https://evil.example",
    ] {
        let mut browser = Browser::new();
        let extra = [
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-for", "10.0.0.1"),
            ("forwarded", "host=evil.example"),
        ];
        let page = browser
            .step(Method::GET, &world.bridge(&format!("/login?{query}")), None, &extra)
            .await;
        let to = page.location().unwrap();
        assert!(to.starts_with(&provider) && !to.contains("evil"), "{query}: {to}");
        assert!(
            to.contains(&format!("127.0.0.1%3A{}%2Fcallback", world.demo.bridge.public.port())),
            "back to us: {to}"
        );
    }
    let mut browser = Browser::new();
    world.press(&mut browser).await;
    for query in [
        "",
        "state=x",
        "code=x",
        "state=x&code=x",
        "state=&code=",
        "state=x&state=y&code=z",
        "error=access_denied",
    ] {
        let page = browser.go(&world.bridge(&format!("/callback?{query}"))).await;
        assert_eq!(page.code(), "mixed_up", "{query}");
    }
    assert!(!browser.cookies.is_empty(), "and the sign-in goes on");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_loads_nothing_frames_nothing_and_tells_nobody_where_it_was() {
    let world = open().await;
    let mut browser = Browser::new();
    for path in ["/login", "/callback", "/choose", "/style.css", "/nothing"] {
        let page = browser.step(Method::GET, &world.bridge(path), None, &[]).await;
        let said = |name: &str| {
            page.headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        assert_eq!(said("referrer-policy"), "no-referrer", "{path}");
        assert!(
            said("content-security-policy").starts_with("default-src 'none'; style-src 'self'"),
            "{path}"
        );
        assert!(
            said("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(said("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(said("cache-control") == "no-store", path != "/style.css", "{path}");
        assert!(!page.body.contains("<script"), "{path}: no script");
    }
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_half_open_sign_ins_leave_room_and_a_full_store_says_so() {
    let world = with(|mut plan| {
        plan.more = "[limits]\nsign_ins_per_minute_per_address = 100000\nopen_sign_ins = 10000".into();
        plan
    })
    .await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let mut early = Browser::new();
    let page = world.press(&mut early).await;
    let url = world.bridge("/login");
    let workers = (0..8).map(|_| {
        let (client, url) = (client.clone(), url.clone());
        tokio::spawn(async move {
            let mut begun = 0;
            for _ in 0..1260 {
                begun += usize::from(client.get(&url).send().await.unwrap().status() == 303);
            }
            begun
        })
    });
    let mut begun = 1;
    for worker in workers.collect::<Vec<_>>() {
        begun += worker.await.unwrap();
    }
    assert!(
        (9_990..=10_010).contains(&begun),
        "as many as there is room for: {begun}"
    );
    // The store counts its rows about right, so a few more may fit.
    let mut end = Browser::new().step(Method::GET, &url, None, &[]).await;
    for _ in 0..10 {
        if end.status == 303 {
            end = Browser::new().step(Method::GET, &url, None, &[]).await;
        }
    }
    assert_eq!(
        (end.code().as_str(), end.status),
        ("too_many_open", 503),
        "then no more"
    );
    let portal = world.sign_in(&mut early, &page, "ana@bakery.example").await;
    assert_eq!(portal.status, 200, "who began goes on: {}", portal.body);
    world.demo.shutdown().await;
}
