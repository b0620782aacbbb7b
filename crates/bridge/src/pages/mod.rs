//! What a person sees: one frame, one sheet of style, nothing from elsewhere, and no script but one line; every text from outside is escaped.

use axum::body::Body;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use url::Url;

use crate::flow::End;
use crate::state::{Choice, SignedIn};

/// The sheet of style.
pub const STYLE: &str = include_str!("style.css");

/// The pages of one bridge.
pub struct Pages {
    acquirer: String,
    help: Option<String>,
    sandbox: bool,
}

impl Pages {
    /// Pages in the acquirer's name; a sandbox says on each that it is one.
    #[must_use]
    pub fn new(acquirer: &str, help: Option<&str>, sandbox: bool) -> Self {
        Self {
            acquirer: acquirer.to_owned(),
            help: help.map(str::to_owned),
            sandbox,
        }
    }

    /// The page of an end.
    #[must_use]
    pub fn end(&self, end: End, reference: &str) -> Response {
        let help = self
            .help
            .as_deref()
            .map(|help| format!("<p class=\"help\">Help: {}</p>\n", escape(help)));
        let main = format!(
            "<h1 id=\"bridge-end\" data-code=\"{code}\">{title}</h1>\n<p>{text}</p>\n{help}\
             <p class=\"reference\">Code <code>{code}</code>, reference <code id=\"bridge-reference\">{reference}</code></p>\n",
            code = end.code(),
            title = end.title(),
            text = end.text(),
            help = help.unwrap_or_default(),
            reference = escape(reference),
        );
        self.page(end.status(), end.title(), &main)
    }

    /// The choice of a merchant.
    #[must_use]
    pub fn choice(&self, person: &SignedIn, form_token: &str) -> Response {
        let rows: String = person
            .choices
            .iter()
            .enumerate()
            .map(|(number, choice)| row(number, choice))
            .collect();
        let main = format!(
            "<h1>Which merchant do you want to open?</h1>\n<p>You are signed in as <b id=\"bridge-person\"><bdi>{}</bdi></b>.</p>\n{}\
             <form method=\"post\" action=\"/enter\" id=\"bridge-choice\">\n\
             <input type=\"hidden\" name=\"form\" value=\"{}\">\n<ul>\n{rows}</ul>\n</form>\n",
            escape(&person.email),
            beyond(person.beyond),
            escape(form_token),
        );
        self.page(200, "Choose a merchant", &main)
    }

    /// A form that sends itself on to a service; without script a person presses its button.
    ///
    /// # Panics
    /// Never: the policy is made of constants and addresses.
    #[must_use]
    pub fn onward(&self, what: &Onward<'_>) -> Response {
        let relay_state = what
            .relay_state
            .map(|text| hidden("RelayState", text))
            .unwrap_or_default();
        let main = format!(
            "<h1 id=\"bridge-onward\">{}</h1>\n<p>{}</p>\n<form method=\"post\" action=\"{}\" id=\"{FORM}\">\n{}{relay_state}\
             <button>Go on</button>\n</form>\n<script>{SCRIPT}</script>\n",
            what.end.title(),
            what.end.text(),
            escape(what.address.as_str()),
            hidden("SAMLResponse", what.response),
        );
        let mut response = self.page(200, what.end.title(), &main);
        let policy = HeaderValue::from_str(&onward_policy(what)).expect("addresses are ASCII");
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        response
    }

    fn page(&self, status: u16, title: &str, main: &str) -> Response {
        let acquirer = escape(&self.acquirer);
        let band = if self.sandbox {
            "<p class=\"band\"><span aria-hidden=\"true\">▚</span> SANDBOX: simulated, not Klarna</p>\n"
        } else {
            ""
        };
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>{} · {acquirer}</title>\n\
             <link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n{band}<header><bdi>{acquirer}</bdi></header>\n\
             <main>\n{main}</main>\n</body>\n</html>\n",
            escape(title),
        );
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = StatusCode::from_u16(shown(status)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
    }
}

/// An answer on its way to a service.
pub struct Onward<'a> {
    /// How the sign-in ended.
    pub end: End,
    /// Where it goes.
    pub address: &'a Url,
    /// Where the service may send the browser on to.
    pub hosts: &'a [String],
    /// The answer in Base64.
    pub response: &'a str,
    /// What goes with it.
    pub relay_state: Option<&'a str>,
}

const FORM: &str = "onward";
/// The only script there is; the policy of its page names its hash.
const SCRIPT: &str = "document.getElementById(\"onward\").submit()";

/// The form may lead to the service, and by its redirect to the hosts that were configured.
fn onward_policy(what: &Onward<'_>) -> String {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let mut address = what.address.clone();
    address.set_query(None);
    let address = address.as_str().replace(';', "%3B").replace(',', "%2C");
    let hosts: String = what.hosts.iter().map(|host| format!(" https://{host}")).collect();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'sha256-{hash}'; form-action {address}{hosts}; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escape(value))
}

/// A page is never a redirect.
const fn shown(status: u16) -> u16 {
    if status < 400 && status != 200 { 200 } else { status }
}

/// Says that the list is not all of it.
fn beyond(more: usize) -> String {
    if more == 0 {
        return String::new();
    }
    format!(
        "<p class=\"help\" id=\"bridge-beyond\">These are not all of your merchants: {more} more are assigned to you than can be shown here. \
         If yours is missing, tell us.</p>\n"
    )
}

fn row(number: usize, choice: &Choice) -> String {
    let reference = if choice.reference.is_empty() {
        String::new()
    } else {
        format!(" <span class=\"what\"><bdi>{}</bdi></span>", escape(&choice.reference))
    };
    format!(
        "<li><button name=\"merchant\" value=\"{number}\"><bdi>{}</bdi>{reference} <span class=\"what\">{}</span></button></li>\n",
        escape(&choice.name),
        escape(&choice.roles.join(", ")),
    )
}

/// Makes text safe inside an element or a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            one if one.is_control() => safe.push(' '),
            _ => safe.push(one),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_from_outside_is_shown_and_not_run() {
        assert_eq!(
            escape("<script>&\"'\r\n\u{0}</script>"),
            "&lt;script&gt;&amp;&quot;&#39;   &lt;/script&gt;",
            "every letter that means something"
        );
    }
}
