//! What a bridge says on its own: whatever people and attackers send, each line stays one line of JSON, and nothing personal is in it.

use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::browser::Browser;
use crate::program::Program;
use crate::world::{BAKERY, World, with};

/// Sends bytes as they are, and answers what came back.
async fn raw(program: &Program, request: &str) -> String {
    let mut stream = TcpStream::connect(&program.public).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// A whole way from the button to the portal; answers everything of it that must not be told.
async fn enter(world: &World, program: &Program) -> Vec<String> {
    let mut browser = Browser::new();
    let way = "/login?deeplink_session_token=canary.token.of.klarna";
    let fields = format!("email=canary.person%40x.example&merchants={BAKERY}");
    let back = world.way_back_to(&mut browser, program, way, &fields).await;
    let mut secrets: Vec<String> = browser.cookies.values().cloned().collect();
    let asked = url::Url::parse(&back).unwrap();
    secrets.extend(asked.query_pairs().map(|(_, value)| value.into_owned()));
    let end = browser.step(Method::GET, &back, None, &[]).await;
    secrets.push(end.location().expect("the way leads on to the portal"));
    secrets.extend(["canary.token.of.klarna", "canary.person", "x.example", BAKERY, "krn:"].map(str::to_owned));
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_the_services_log_can_be_forged_and_no_person_token_or_merchant_stands_in_one() {
    let world = with(|mut plan| {
        plan.passphrase = Some("the sea is wide and cold".into());
        plan
    })
    .await;
    let program = Program::start(&world.demo.program("logged").await.unwrap());
    let secrets = enter(&world, &program).await;
    let forged = "%0d%0a%7b%22level%22%3a%22FORGED%22%7d";
    for target in ["/login?x=", "/callback?state=x&code=", "/callback?error=", "/nothing/"] {
        let request = format!(
            "GET {target}{forged} HTTP/1.1\r\nHost: x\r\nUser-Agent: FORGED\r\nX-Forwarded-For: FORGED\r\nConnection: close\r\n\r\n"
        );
        let answer = raw(&program, &request).await;
        assert!(
            !answer.contains("\r\n{\"level\""),
            "no header of the caller's making: {answer}"
        );
    }
    for request in [
        "GET /login HTTP/1.1\r\nHost: x\r\nCookie: __Host-gatehouse=a\nFORGED: b\r\nConnection: close\r\n\r\n",
        "GET /login HTTP/1.1\r\nHost: x\r\nX: a\rFORGED: b\r\nConnection: close\r\n\r\n",
        "FORGED\r\n\r\n",
    ] {
        let answer = raw(&program, request).await;
        assert!(!answer.contains("FORGED"), "nothing comes back: {answer}");
    }
    let said = program.stop();
    assert!(
        said.contains("\"code\":\"entered\""),
        "the sign-in itself is told: {said}"
    );
    for line in said.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("each line is JSON: {line}"));
        assert_ne!(line["level"], "FORGED", "{line}");
    }
    for secret in secrets.iter().filter(|secret| secret.len() > 3) {
        assert!(!said.contains(secret.as_str()), "{secret} stands in the log: {said}");
    }
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_does_not_say_for_whom_it_asks_is_told_of_once_and_without_addresses() {
    let world = with(|mut plan| {
        plan.passphrase = Some("the sea is wide and cold".into());
        plan.first = "trusted_proxies = ['127.0.0.1']".into();
        plan
    })
    .await;
    let program = Program::start(&world.demo.program("logged").await.unwrap());
    for forwarded in [
        "",
        "X-Forwarded-For: 192.0.2.77:x\r\n",
        "X-Forwarded-For: 192.0.2.77, ?\r\n",
    ] {
        let request = format!("GET /style.css HTTP/1.1\r\nHost: x\r\n{forwarded}Connection: close\r\n\r\n");
        assert!(raw(&program, &request).await.starts_with("HTTP/1.1 200"), "{forwarded}");
    }
    let said = program.stop();
    let told: Vec<&str> = said.lines().filter(|line| line.contains("X-Forwarded-For")).collect();
    assert_eq!(told.len(), 1, "once: {said}");
    assert!(told[0].contains("\"level\":\"WARN\""), "{}", told[0]);
    assert!(!said.contains("192.0.2.77"), "nobody's address: {said}");
    world.demo.shutdown().await;
}
