//! The pages that a person sees: behind a deep link (portal, session, password), behind an invitation (activation,
//! sign-in, the person's own merchants), and as a customer (consent, purchase).
//!
//! They are the proof of an open in demonstrations and tests, so the facts have stable ids. They run no script and load
//! nothing from elsewhere. The real portal's apps are absent.

pub(crate) mod consent;
pub(crate) mod life;
pub(crate) mod standing;

pub(crate) mod button;
mod consent_pages;
mod pages;
mod password;
mod person;
mod person_pages;
mod purchase;
mod purchase_pages;
mod visit;

pub(crate) use pages::{escape, notice, page};

use crate::api::Call;
use crate::api::answer::{Answer, Body};
use crate::clock::http_date;
use crate::sandbox::Sandbox;

/// The query with which a session page looks after itself; such a look is no activity of the person.
pub(crate) const WATCH: &str = "watch=1";

const STYLE: &str = include_str!("style.css");

/// Answers one call to `/portal/`.
pub(crate) fn answer(sandbox: &Sandbox, call: &Call) -> Answer {
    let rest = call.path.strip_prefix("/portal/").unwrap_or_default();
    let segments: Vec<&str> = rest.split('/').collect();
    let answer = match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["style.css"]) => Answer::other(200, "text/css; charset=utf-8", STYLE),
        ("GET", ["open", token]) => visit::open(sandbox, call, token),
        ("GET", ["session", session]) => visit::session(sandbox, session, call.query == WATCH),
        ("POST", ["session", session, "password"]) => visit::set_password(sandbox, session, &call.body),
        ("GET", ["activate", token]) => person::invitation(sandbox, token),
        ("POST", ["activate", token]) => person::activate(sandbox, token, &call.body),
        ("GET", ["sign-in"]) => button::sign_in(sandbox),
        ("POST", ["sign-in"]) => person::sign_in(sandbox, &call.body),
        ("GET", ["person", session]) => person::home(sandbox, session, call.query == WATCH),
        (method, ["consent", page]) => match method {
            "GET" => consent::look(sandbox, page),
            "POST" => consent::answer(sandbox, page, &call.body),
            _ => nothing(),
        },
        (method, ["purchase", rest @ ..]) => purchase_page(sandbox, call, method, rest),
        ("GET", ["order", _]) => pages::notice(200, "The order is made", "The shop goes on from here."),
        _ => nothing(),
    };
    guarded(answer, sandbox)
}

fn purchase_page(sandbox: &Sandbox, call: &Call, method: &str, rest: &[&str]) -> Answer {
    match (method, rest) {
        ("GET", []) => purchase_pages::ask(None),
        ("POST", []) => purchase::begin(&call.body),
        ("GET", [token]) => purchase::look(sandbox, token),
        ("POST", [token]) => purchase::answer(sandbox, token, &call.body),
        _ => nothing(),
    }
}

fn nothing() -> Answer {
    pages::notice(
        404,
        "There is no such page",
        "Check the address, or open the portal from Gatehouse again.",
    )
}

/// Nothing is cached, framed, sent on as a referrer, or loaded from elsewhere.
fn guarded(answer: Answer, sandbox: &Sandbox) -> Answer {
    let style = matches!(&answer.body, Body::Other { content_type, .. } if content_type.starts_with("text/css"));
    let forms = if style { "'none'" } else { "'self'" };
    guarded_page(answer, sandbox, forms).with("cache-control", if style { "max-age=60" } else { "no-store" })
}

/// The same for a page whose form may lead elsewhere.
pub(crate) fn guarded_page(answer: Answer, sandbox: &Sandbox, forms: &str) -> Answer {
    let policy =
        format!("default-src 'none'; style-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'");
    answer
        .with("content-security-policy", policy)
        .with("referrer-policy", "no-referrer")
        .with("x-content-type-options", "nosniff")
        .with("date", http_date(sandbox.clock.now_ms()))
}
