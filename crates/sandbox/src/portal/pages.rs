//! How the pages look: quiet, under a band that says "sandbox" by word, shape and colour (look.md).
//!
//! Every text from outside is escaped, and names stand in `<bdi>`, since they come in every script.

use super::WATCH;
use super::life::Life;
use crate::api::answer::Answer;
use crate::clock::rfc3339;
use crate::store::links::Link;

/// How often a live session page looks whether it still lives.
pub(super) const LOOK_EVERY_S: u32 = 5;

/// What a page about a session shows.
pub(super) struct Shown<'a> {
    pub(super) link: &'a Link,
    pub(super) name: &'a str,
    pub(super) reference: &'a str,
    /// Whether the acquirer's own staff looks in.
    pub(super) staff: bool,
}

/// Makes text safe inside an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(one),
        }
    }
    safe
}

/// A page of the portal.
pub(crate) fn page(status: u16, title: &str, head: &str, main: &str) -> Answer {
    banded(status, title, "simulated partner portal, not Klarna", head, main)
}

/// A page that a customer sees.
pub(super) fn customer_page(status: u16, title: &str, main: &str) -> Answer {
    banded(status, title, "simulated purchase, not Klarna", "", main)
}

fn banded(status: u16, title: &str, what: &str, head: &str, main: &str) -> Answer {
    let title = escape(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{head}\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/portal/style.css\">\n</head>\n<body>\n\
         <header class=\"band\"><span class=\"hatch\" aria-hidden=\"true\">▚</span> SANDBOX\
         <span class=\"what\">{what}</span></header>\n<main>\n{main}</main>\n</body>\n</html>\n"
    );
    Answer::other(status, "text/html; charset=utf-8", html)
}

/// A page that says one thing and what to do.
pub(crate) fn notice(status: u16, what: &str, then: &str) -> Answer {
    let main = format!(
        "<h1 id=\"portal-notice\">{}</h1>\n<p>{}</p>\n",
        escape(what),
        escape(then)
    );
    page(status, &format!("{what} · Sandbox"), "", &main)
}

fn line(name: &str, id: &str, value: &str) -> String {
    format!("<dt>{name}</dt><dd id=\"{id}\"><bdi>{}</bdi></dd>\n", escape(value))
}

fn moment(name: &str, id: &str, unix_ms: i64) -> String {
    let text = rfc3339(unix_ms);
    format!("<dt>{name}</dt><dd id=\"{id}\"><time datetime=\"{text}\">{text}</time></dd>\n")
}

fn facts(shown: &Shown<'_>) -> String {
    let behalf = if shown.staff {
        "the acquirer (staff)"
    } else {
        "the merchant"
    };
    let link = shown.link;
    [
        line("Account", "portal-account", &link.merchant),
        line("Reference", "portal-reference", shown.reference),
        line("Signed in as", "portal-person", &link.subject),
        line("On behalf of", "portal-behalf", behalf),
        line("Roles", "portal-roles", &link.roles.join(", ")),
    ]
    .concat()
}

/// The portal itself, while the session lives.
pub(super) fn portal(shown: &Shown<'_>, until_ms: i64) -> Answer {
    let session = shown.link.session.as_deref().unwrap_or_default();
    let head =
        format!("<meta http-equiv=\"refresh\" content=\"{LOOK_EVERY_S}; url=/portal/session/{session}?{WATCH}\">\n");
    let main = format!(
        "<p class=\"state\" id=\"portal-state\" data-state=\"live\"><span class=\"dot\" aria-hidden=\"true\">●</span> Session is live</p>\n\
         <h1 id=\"portal-merchant\"><bdi>{}</bdi></h1>\n<dl>\n{}{}</dl>\n\
         <p><a id=\"portal-session\" href=\"/portal/session/{session}\">This session</a></p>\n",
        escape(shown.name),
        facts(shown),
        moment("Until", "portal-until", until_ms),
    );
    page(200, &format!("{} · Partner portal · Sandbox", shown.name), &head, &main)
}

/// What is left when a session has ended.
pub(super) fn ended(shown: &Shown<'_>, life: Life) -> Answer {
    let why = match life {
        Life::SessionRevoked | Life::LinkRevoked => "It was revoked.",
        Life::SessionExpired | Life::LinkExpired => "Its time is over.",
        Life::Waiting | Life::Live { .. } => "It has not begun.",
    };
    let main = format!(
        "<p class=\"state ended\" id=\"portal-state\" data-state=\"{}\"><span class=\"dot\" aria-hidden=\"true\">○</span> Session has ended</p>\n\
         <h1 id=\"portal-merchant\"><bdi>{}</bdi></h1>\n<p id=\"portal-notice\">{why} Open the portal from Gatehouse again.</p>\n\
         <dl>\n{}</dl>\n",
        life.as_str(),
        escape(shown.name),
        facts(shown),
    );
    page(410, "Session has ended · Sandbox", "", &main)
}

/// The page behind an unsigned link: a password first, as Klarna demands of people whom nobody vouches for.
pub(super) fn password(shown: &Shown<'_>, flaw: Option<&str>) -> Answer {
    let session = shown.link.session.as_deref().unwrap_or_default();
    let flaw_line = flaw.map(|flaw| {
        format!(
            "<p class=\"flaw\" id=\"password-flaw\" role=\"alert\">{}</p>\n",
            escape(flaw)
        )
    });
    let main = format!(
        "<h1 id=\"portal-notice\">Set a password</h1>\n\
         <p>This link is not signed, so the portal asks <b id=\"portal-person\"><bdi>{}</bdi></b> for a password of their own. \
         The sandbox checks its length and forgets it.</p>\n{}\
         <form id=\"portal-password-form\" method=\"post\" action=\"/portal/session/{session}/password\">\n\
         <label for=\"portal-password\">New password, at least 8 characters</label>\n\
         <input id=\"portal-password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" required>\n\
         <button type=\"submit\">Set password</button>\n</form>\n",
        escape(&shown.link.subject),
        flaw_line.unwrap_or_default(),
    );
    page(
        if flaw.is_some() { 400 } else { 200 },
        "Set a password · Sandbox",
        "",
        &main,
    )
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn markup_in_a_name_is_shown_and_not_run() {
        assert_eq!(
            escape("<b>&\"'</b>"),
            "&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;",
            "every special character"
        );
    }
}
