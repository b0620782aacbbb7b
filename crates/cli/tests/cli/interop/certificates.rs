//! openssl accepts the certificate requests that we really sent, and reads the certificates that we installed.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Watched;
use crate::world::{rows, text};

/// What openssl says to an input; it must accept it.
fn openssl(words: &[&str], input: &[u8]) -> String {
    let mut command = Command::new("openssl");
    command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("openssl is installed");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "openssl {words:?} accepts it: {said}");
    said
}

#[test]
fn openssl_verifies_our_certificate_requests() {
    let world = Watched::ready();
    let mut calls = world.calls("/credentials/client-certificate");
    calls.retain(|call| !call.body.is_empty());
    assert_eq!(calls.len(), 2, "one for signing, one for mTLS");
    for call in calls {
        let body: Value = serde_json::from_slice(&call.body).unwrap();
        let csr = text(&body["config"], "certificate_signing_request");
        let said = openssl(&["req", "-verify", "-noout", "-text"], csr.as_bytes());
        assert!(
            said.to_lowercase().contains("verify ok"),
            "the signature over the request holds: {said}"
        );
        let suffix = world.served.account().rsplit(':').next().unwrap();
        assert!(
            said.contains(&format!("CN = {suffix}")) || said.contains(&format!("CN={suffix}")),
            "the name is the account's: {said}"
        );
        assert!(
            said.contains("prime256v1") && said.contains("ecdsa-with-SHA256"),
            "P-256 and SHA-256: {said}"
        );
    }
}

#[test]
fn openssl_shows_account_and_mark_of_our_certificates() {
    let world = Watched::ready();
    for usage in ["JWT_SIGNING", "MTLS"] {
        let sql = format!("SELECT pem FROM profile_key WHERE state = 'active' AND usage = '{usage}'");
        let certificate = world.place.sqlite("gatehouse.db", &sql);
        let said = openssl(&["x509", "-noout", "-text"], certificate.as_bytes());
        assert!(
            said.contains(&format!("URI:{}", world.served.account())),
            "{usage}: the account stands in it: {said}"
        );
        let private = said
            .lines()
            .any(|line| line.trim().starts_with("1.3.6.1.4.1.") && line.contains("critical"));
        assert!(private, "{usage}: so does Klarna's critical private extension: {said}");
        assert!(
            said.contains("Digital Signature") && said.contains("CA:FALSE"),
            "{usage}: it is an end entity's: {said}"
        );
        let shown = rows(&world.place.run(&["key", "show"]).json(), "keys");
        let ours = shown.iter().find(|key| text(key, "usage") == usage).unwrap();
        let fingerprint = openssl(&["x509", "-noout", "-fingerprint", "-sha256"], certificate.as_bytes());
        let fingerprint = fingerprint
            .trim()
            .rsplit('=')
            .next()
            .unwrap()
            .replace(':', "")
            .to_lowercase();
        assert_eq!(
            text(ours, "sha256"),
            fingerprint,
            "{usage}: the fingerprint that we show is openssl's"
        );
    }
}
