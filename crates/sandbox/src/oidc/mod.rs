//! A small OpenID Connect provider, so that a whole sign-in runs on one machine: discovery, code with PKCE, ES256.
//!
//! Anybody may say who they are: it stands in for an acquirer's own sign-in, where people are simulated too. It can be told to be a bad
//! provider (`oidc.id_token`), to see what its clients say of that. Absent: userinfo, refresh tokens, sessions.

mod page;
mod token;

use crate::api::Call;
use crate::api::answer::Answer;
use crate::api::text::{first, form};
use crate::portal::guarded_page;
use crate::sandbox::Sandbox;
use crate::settings::Key;
use crate::store::logins::{self, Code};
use serde_json::json;

/// The client that the provider knows, and its secret. Both are public: this is a simulation.
pub const OIDC_CLIENT: &str = "gatehouse-bridge";
/// See [`OIDC_CLIENT`].
pub const OIDC_SECRET: &str = "sandbox-bridge-secret";

/// Answers one call to `/oidc/`.
pub(crate) fn answer(sandbox: &Sandbox, call: &Call) -> Answer {
    match (call.method.as_str(), call.path.as_str()) {
        ("GET", "/oidc/.well-known/openid-configuration") => discovery(sandbox),
        ("GET", "/oidc/jwks") => token::keys(sandbox),
        ("GET", "/oidc/authorize") => guarded_page(
            asked(&form(&call.query)),
            sandbox,
            "http://127.0.0.1:* http://localhost:* https:",
        ),
        ("POST", "/oidc/authorize") => guarded_page(
            sign_in(sandbox, call),
            sandbox,
            "http://127.0.0.1:* http://localhost:* https:",
        ),
        ("POST", "/oidc/token") => token::exchange(sandbox, call),
        _ => Answer::json(404, &json!({"error": "not_found"})),
    }
}

/// The issuer, which is also where everything is.
pub(crate) fn issuer(sandbox: &Sandbox) -> String {
    format!("{}/oidc", sandbox.http_origin)
}

fn discovery(sandbox: &Sandbox) -> Answer {
    let issuer = issuer(sandbox);
    Answer::json(
        200,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // It says more than is safe, as careless providers do; a client must have its own list.
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }),
    )
}

/// The page, unless nobody may be asked: nobody is remembered here, so somebody would have to be.
fn asked(query: &[(String, String)]) -> Answer {
    let redirect = first(query, "redirect_uri").unwrap_or_default();
    if first(query, "prompt") == Some("none") && page::may_redirect(redirect) {
        return refused(redirect, "login_required", first(query, "state").unwrap_or_default());
    }
    page::ask(query)
}

fn refused(redirect: &str, error: &str, state: &str) -> Answer {
    let join = if redirect.contains('?') { '&' } else { '?' };
    let to = format!("{redirect}{join}error={error}&state={}", page::encode(state));
    Answer::empty(303).with("location", to)
}

/// Takes the form of the page: a person, or nobody.
fn sign_in(sandbox: &Sandbox, call: &Call) -> Answer {
    let fields = form(&String::from_utf8_lossy(&call.body));
    let field = |name: &str| first(&fields, name).unwrap_or_default();
    let redirect = field("redirect_uri");
    if !page::may_redirect(redirect) {
        return page::bad_redirect();
    }
    if field("answer") == "cancel" {
        return refused(redirect, "access_denied", field("state"));
    }
    let join = if redirect.contains('?') { '&' } else { '?' };
    let state = page::encode(field("state"));
    let words = |name: &str| -> Vec<String> { field(name).split_whitespace().map(str::to_owned).collect() };
    let now_ms = sandbox.clock.now_ms();
    let remembered = sandbox.settings().text(Key::OidcSignIn) == "remembered";
    let claims = json!({
        "auth_time": now_ms / 1_000 - if remembered { 3_600 } else { 0 },
        "amr": ["pwd"],
        "given_name": field("first_name"),
        "family_name": field("last_name"),
        "sub": format!("sandbox|{}", field("email").trim().to_lowercase()),
        "email": field("email").trim(),
        "merchants": words("merchants"),
        "groups": words("groups"),
    });
    let text = sandbox.random.token();
    let code = Code {
        client: field("client_id").to_owned(),
        redirect: redirect.to_owned(),
        nonce: first(&fields, "nonce")
            .filter(|nonce| !nonce.is_empty())
            .map(str::to_owned),
        challenge: field("code_challenge").to_owned(),
        claims: claims.to_string(),
        created_ms: now_ms,
    };
    match sandbox.store.transaction(|tx| logins::keep_code(tx, &text, &code)) {
        Ok(()) => Answer::empty(303).with("location", format!("{redirect}{join}code={text}&state={state}")),
        Err(error) => {
            let _: rusqlite::Error = error;
            Answer::empty(500)
        }
    }
}
