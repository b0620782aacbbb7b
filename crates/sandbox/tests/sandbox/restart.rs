//! What survives a restart: everything but faults. Ports come back, growth keeps what is there, and only one may run.

use crate::support::{ENFORCEMENT, House, KEYS, MERCHANTS, options, plain_client, unlimited};
use gatehouse_sandbox::{ServeError, ServeOptions, find_running, serve};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Instant;
use tempfile::TempDir;

impl House {
    async fn restart(self, merchants: u32) -> Self {
        self.running.shutdown().await;
        let running = serve(ServeOptions {
            merchants,
            ..options(&self.dir, None)
        })
        .await
        .unwrap();
        Self {
            running,
            client: plain_client(),
            ..self
        }
    }
}

#[tokio::test]
async fn keys_certificates_links_settings_and_clock_survive() {
    let house = House::open().await;
    let signer = house.identity("JWT_SIGNING").await;
    let token = signer.sign(&house.claims().await);
    assert_eq!(house.open_with(&token).await.status(), 200, "used before the restart");
    let (id, url) = house.link(&signer).await;
    house.page(&url).await;
    house.set("deeplink.delete_missing", "204").await;
    house.advance(30).await;
    house.fault(json!({"kind": "bodiless_403", "times": 0})).await;
    let (before, now_s) = (house.running.address.clone(), house.now_s().await);
    let house = house.restart(MERCHANTS).await;
    assert_eq!(house.running.address, before, "same ports, same keys, same authority");
    assert!((0..20).contains(&(house.now_s().await - now_s)), "the clock goes on");
    assert_eq!(
        house.open_with(&token).await.status(),
        409,
        "the token is still used up"
    );
    assert_eq!(house.page(&url).await.0, 410, "and so is the link");
    assert_eq!(house.delete(&id).await.status(), 204, "which can still be revoked");
    assert_eq!(house.delete("krn:none").await.status(), 204, "the setting stands");
    house.link(&signer).await;
}

#[tokio::test]
async fn enforcement_and_the_end_of_a_key_survive() {
    let house = House::open().await;
    let made: Value = house.send(Method::POST, KEYS, &json!({})).await.json().await.unwrap();
    let key = format!("{KEYS}/{}", made["credential_id"].as_str().unwrap());
    let ahead = jiff::Timestamp::from_second(house.now_s().await + 86_400).unwrap();
    let ahead = json!({"enforced_from": ahead.to_string()});
    house.send(Method::PUT, ENFORCEMENT, &ahead).await;
    house.set("ip.mode", "reporting").await;
    house.set("api_keys.idle_s", "1000").await;
    house.advance(900).await;
    house.get(KEYS).await;
    house.advance(200).await;
    assert_eq!(state(&house, &key).await, "DISABLED", "nobody used it");
    let house = house.restart(MERCHANTS).await;
    house.set("api_keys.idle_s", "0").await;
    assert_eq!(state(&house, &key).await, "DISABLED", "still");
    let read = house.get(ENFORCEMENT).await;
    assert!(
        read.headers().contains_key("klarna-ip-validation-status"),
        "the setting stands"
    );
    let read: Value = read.json().await.unwrap();
    assert_eq!(read["enforced_from"], ahead["enforced_from"], "the moment stands");
}

async fn state(house: &House, path: &str) -> String {
    let read: Value = house.get(path).await.json().await.unwrap();
    read["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_start_counts_as_use_of_the_first_key() {
    let house = House::open().await;
    house.set("api_keys.idle_s", "1000").await;
    house.advance(2_000).await;
    let first = house.running.address.api_key.clone();
    let house = house.restart(MERCHANTS).await;
    assert_eq!(house.running.address.api_key, first, "the key is handed out again");
    assert_eq!(house.get(KEYS).await.status(), 200, "and it works");
}

#[tokio::test]
async fn a_database_of_an_older_version_is_taken_over() {
    for version in [1, 2, 3, 4] {
        let house = House::open().await;
        let first = house.running.address.api_key.clone();
        house.running.shutdown().await;
        make_old(&house.dir.path().join("sandbox.db"), version);
        let running = serve(options(&house.dir, None)).await.unwrap();
        assert_eq!(running.address.api_key, first, "the same key");
        let house = House { running, ..house };
        assert_eq!(house.get(KEYS).await.status(), 200, "and its use can be noted");
        let access = house.control(Method::GET, "access", &Value::Null).await;
        assert_eq!(access["total"], 0, "there is room for user access");
        let tokens = house.control(Method::GET, "tokens", &Value::Null).await;
        assert_eq!(tokens["tokens"], json!([]), "and for customer tokens");
    }
}

#[expect(clippy::disallowed_methods, reason = "makes a database as an older version left it")]
fn make_old(path: &std::path::Path, version: u32) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let fourth = "DROP TABLE payment_requests; DROP TABLE customer_tokens; DROP TABLE charges; DROP TABLE signing_keys; DROP TABLE webhooks;
        DROP TABLE deliveries; DROP TABLE v1_credentials; DROP TABLE purchases;";
    connection
        .execute_batch("DROP TABLE logins; DROP TABLE oidc_codes;")
        .unwrap();
    if version == 4 {
        return connection.pragma_update(None, "user_version", version).unwrap();
    }
    connection.execute_batch(fourth).unwrap();
    let third = "DROP INDEX mail_recipient; ALTER TABLE mail DROP COLUMN link; ALTER TABLE alarms DROP COLUMN counts; DROP TABLE people;
        DROP TABLE invitations; DROP TABLE person_sessions; DROP TABLE access; DROP TABLE access_calls;";
    if version < 3 {
        connection.execute_batch(third).unwrap();
    }
    if version == 1 {
        connection
            .execute_batch("ALTER TABLE api_keys DROP COLUMN used_ms;")
            .unwrap();
    }
    connection.pragma_update(None, "user_version", version).unwrap();
}

#[tokio::test]
async fn an_idempotency_key_is_remembered_over_a_restart() {
    let house = House::open().await;
    let make = async |house: &House| {
        let call = house
            .api(Method::POST, crate::support::KEYS)
            .header("klarna-idempotency-key", "k")
            .json(&json!({}));
        call.send().await.unwrap().json::<Value>().await.unwrap()["credential_id"].clone()
    };
    let first = make(&house).await;
    let house = house.restart(MERCHANTS).await;
    assert_eq!(make(&house).await, first, "the first answer");
}

#[tokio::test]
async fn a_directory_grows_and_never_shrinks() {
    let house = House::open().await;
    let count = async |house: &House| {
        house
            .page(&house.running.address.merchants_csv_url)
            .await
            .1
            .lines()
            .count()
            - 1
    };
    let house = house.restart(200).await;
    assert_eq!(count(&house).await, 200, "more");
    let house = house.restart(10).await;
    assert_eq!(count(&house).await, 200, "not fewer");
}

#[tokio::test]
async fn a_second_one_on_the_same_directory_is_refused() {
    let house = House::open().await;
    let second = serve(options(&house.dir, None)).await;
    assert!(matches!(second, Err(ServeError::AlreadyRunning(_))), "the lock is held");
    assert_eq!(
        house.page(&house.url("/_sandbox/health")).await.0,
        200,
        "the first is unharmed"
    );
}

#[tokio::test]
async fn a_taken_former_port_gives_way_and_a_taken_wanted_port_is_an_error() {
    let house = House::open().await;
    let port: u16 = house.running.address.http.rsplit(':').next().unwrap().parse().unwrap();
    house.running.shutdown().await;
    let squatter = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let wanted = serve(ServeOptions {
        http_port: Some(port),
        ..options(&house.dir, None)
    })
    .await;
    assert!(
        matches!(wanted, Err(ServeError::Port { port: refused, .. }) if refused == port),
        "the port is named"
    );
    let running = serve(options(&house.dir, None)).await.unwrap();
    assert!(
        !running.address.http.ends_with(&format!(":{port}")),
        "another port is taken"
    );
    drop(squatter);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let dir = TempDir::new().unwrap();
    let connection = newer(&dir.path().join("sandbox.db"));
    drop(connection);
    let outcome = serve(options(&dir, None)).await;
    let message = outcome.err().unwrap().to_string();
    assert!(message.contains("version 99"), "both versions are told: {message}");
}

#[expect(clippy::disallowed_methods, reason = "makes a database that the sandbox must refuse")]
fn newer(path: &std::path::Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    connection
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::open().await;
    for name in ["sandbox.db", "sandbox.db-wal", "sandbox.json", "sandbox.lock"] {
        let mode = std::fs::metadata(house.dir.path().join(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777;
        assert_eq!(mode, 0o600, "{name}");
    }
}

#[tokio::test]
async fn an_idle_sandbox_ends_and_takes_its_address_along() {
    let dir = TempDir::new().unwrap();
    let idle_exit = Some(std::time::Duration::from_millis(300));
    let began = Instant::now();
    let running = serve(ServeOptions {
        idle_exit,
        ..options(&dir, Some(unlimited()))
    })
    .await
    .unwrap();
    running.wait().await;
    assert!(began.elapsed().as_millis() >= 250, "not at once");
    assert!(
        !dir.path().join("sandbox.json").exists(),
        "nobody is pointed at a dead port"
    );
    assert!(find_running(dir.path()).is_none(), "nor found");
}

#[tokio::test]
async fn a_hundred_thousand_merchants_are_made_in_seconds() {
    let dir = TempDir::new().unwrap();
    let began = Instant::now();
    let running = serve(ServeOptions {
        merchants: 100_000,
        ..options(&dir, None)
    })
    .await
    .unwrap();
    let took = began.elapsed();
    assert!(took.as_secs() < 30, "even unoptimised and on a busy machine: {took:?}");
    let csv = plain_client()
        .get(&running.address.merchants_csv_url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(csv.lines().count(), 100_001, "all of them");
}
