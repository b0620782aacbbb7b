//! The provider's keys and its id tokens: good ones, and on demand each kind of bad one.

use super::{OIDC_CLIENT, OIDC_SECRET, issuer};
use crate::api::Call;
use crate::api::answer::Answer;
use crate::api::text::{first, form, percent_decode};
use crate::sandbox::Sandbox;
use crate::settings::Key;
use crate::store::logins::{self, Code};
use crate::store::{meta, set_meta};
use crate::webhook::hmac_sha256;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const CODE_MS: i64 = 60_000;
const TOKEN_S: i64 = 300;

/// The key set.
pub(super) fn keys(sandbox: &Sandbox) -> Answer {
    match key(sandbox) {
        Some(key) => Answer::json(200, &json!({"keys": [public(&key)]})),
        None => Answer::empty(500),
    }
}

/// Gives an id token for a code; the code is gone, whatever comes of it.
pub(super) fn exchange(sandbox: &Sandbox, call: &Call) -> Answer {
    let fields = form(&String::from_utf8_lossy(&call.body));
    let field = |name: &str| first(&fields, name).unwrap_or_default();
    let taken = sandbox.store.transaction(|tx| logins::take_code(tx, field("code")));
    let code = match taken {
        Ok(code) => code,
        Err(error) => {
            let _: rusqlite::Error = error;
            return Answer::empty(500);
        }
    };
    let now_ms = sandbox.clock.now_ms();
    if !is_client(call, &fields) {
        return Answer::json(401, &json!({"error": "invalid_client"}));
    }
    let verifier = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    let fits = |code: &Code| {
        code.client == OIDC_CLIENT
            && code.redirect == field("redirect_uri")
            && code.challenge == verifier
            && now_ms - code.created_ms <= CODE_MS
    };
    let (Some(code), Some(key)) = (code.filter(fits), key(sandbox)) else {
        return Answer::json(400, &json!({"error": "invalid_grant"}));
    };
    let access = sandbox.random.token();
    let token = id_token(sandbox, &code, &key, &access, now_ms / 1_000);
    let body = json!({"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_S, "id_token": token});
    Answer::json(200, &body).with("cache-control", "no-store")
}

fn is_client(call: &Call, fields: &[(String, String)]) -> bool {
    if let Some(basic) = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Basic "))
    {
        let text = STANDARD
            .decode(basic)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = text.as_deref().and_then(|text| text.split_once(':'));
        let pair = pair.and_then(|(id, secret)| Some((percent_decode(id)?, percent_decode(secret)?)));
        return pair.is_some_and(|(id, secret)| id == OIDC_CLIENT && secret == OIDC_SECRET);
    }
    first(fields, "client_id") == Some(OIDC_CLIENT) && first(fields, "client_secret") == Some(OIDC_SECRET)
}

/// A token with one flaw, if the settings ask for one.
fn id_token(sandbox: &Sandbox, code: &Code, key: &SigningKey, access: &str, now_s: i64) -> String {
    let settings = sandbox.settings();
    let flaw = settings.text(Key::OidcIdToken);
    let mut claims: Map<String, Value> = serde_json::from_str(&code.claims).unwrap_or_default();
    let when = match flaw {
        "expired" => now_s - 3_600,
        "issued_late" => now_s + 3_600,
        _ => now_s,
    };
    let issuer = if flaw == "foreign_issuer" {
        "https://id.elsewhere.example".to_owned()
    } else {
        issuer(sandbox)
    };
    let audience = if flaw == "foreign_audience" {
        "somebody-else"
    } else {
        OIDC_CLIENT
    };
    let nonce = if flaw == "wrong_nonce" {
        Some("another".to_owned())
    } else {
        code.nonce.clone()
    };
    let hash = Sha256::digest(if flaw == "wrong_at_hash" { "another" } else { access });
    for (name, value) in [
        ("iss", json!(issuer)),
        ("aud", json!(audience)),
        ("iat", json!(when)),
        ("exp", json!(when + TOKEN_S)),
        ("nonce", json!(nonce)),
        ("email_verified", json!(flaw != "unverified")),
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(hash.split_at(16).0))),
    ] {
        claims.insert(name.to_owned(), value);
    }
    signed(sandbox, &Value::Object(claims), key, flaw)
}

fn signed(sandbox: &Sandbox, claims: &Value, key: &SigningKey, flaw: &str) -> String {
    let algorithm = match flaw {
        "alg_none" => "none",
        "hs256" => "HS256",
        _ => "ES256",
    };
    let id = if flaw == "unknown_key" {
        "another".to_owned()
    } else {
        key_id(key)
    };
    let header = json!({"alg": algorithm, "typ": "JWT", "kid": id});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let input = format!("{}.{}", part(&header), part(claims));
    let es256 = |key: &SigningKey| {
        let signature: Signature = key.sign(input.as_bytes());
        signature.to_bytes().to_vec()
    };
    let signature = match flaw {
        "alg_none" => Vec::new(),
        "hs256" => hmac_sha256(OIDC_SECRET.as_bytes(), input.as_bytes()).to_vec(),
        "foreign_key" => es256(&sandbox.random.signing_key()),
        _ => es256(key),
    };
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn public(key: &SigningKey) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let part = |bytes: Option<&[u8]>| URL_SAFE_NO_PAD.encode(bytes.unwrap_or_default());
    let (x, y) = (point.x().map(|x| x.as_slice()), point.y().map(|y| y.as_slice()));
    json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": key_id(key), "x": part(x), "y": part(y)})
}

fn key_id(key: &SigningKey) -> String {
    let point = key.verifying_key().to_sec1_point(true);
    hex::encode(Sha256::digest(point.as_bytes()).split_at(8).0)
}

fn key(sandbox: &Sandbox) -> Option<SigningKey> {
    let found = sandbox.store.transaction(|tx| -> rusqlite::Result<_> {
        if let Some(bytes) = meta(tx, "oidc-key")? {
            return Ok(SigningKey::from_slice(&bytes).ok());
        }
        let key = sandbox.random.signing_key();
        set_meta(tx, "oidc-key", &key.to_bytes())?;
        Ok(Some(key))
    });
    found.ok().flatten()
}
