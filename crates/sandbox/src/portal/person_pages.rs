//! How the pages of a person with user access look: activation, sign-in, their merchants, and the end.
//!
//! Ids are stable, since tests and trainers look for them: `#activate-form`, `#sign-in-form`, `#portal-person`,
//! `#portal-state`, `#portal-access` with one `<tr data-account data-roles data-on-behalf-of>` for each access.

use super::WATCH;
use super::pages::{LOOK_EVERY_S, escape, notice, page};
use crate::api::answer::Answer;

const SIGN_IN_LINK: &str = "<a id=\"portal-sign-in\" href=\"/portal/sign-in\">Sign in</a>";

/// One access as the person sees it.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) roles: String,
    pub(super) on_behalf_of: String,
    /// Whether the acquirer's own staff looks in.
    pub(super) staff: bool,
    pub(super) until: Option<String>,
}

pub(super) fn no_invitation() -> Answer {
    notice(
        404,
        "This invitation is not known",
        "Check the address, or ask for another invitation.",
    )
}

pub(super) fn used_invitation() -> Answer {
    let main = format!(
        "<h1 id=\"portal-notice\">This invitation was already used</h1>\n<p>It works once. {SIGN_IN_LINK} with your password.</p>\n"
    );
    page(410, "This invitation was already used · Sandbox", "", &main)
}

pub(super) fn late_invitation(ended: &str) -> Answer {
    let then = format!("It ended at {ended}. Ask the company that invited you.");
    notice(410, "This invitation has expired", &then)
}

/// The page behind an invitation.
pub(super) fn activation(token: &str, address: &str, flaw: Option<&str>) -> Answer {
    let main = format!(
        "<h1 id=\"portal-notice\">Set a password</h1>\n\
         <p>You were invited as <b id=\"portal-person\"><bdi>{}</bdi></b>. This is a simulation: do not use a password that you use elsewhere.</p>\n{}\
         <form id=\"activate-form\" method=\"post\" action=\"/portal/activate/{}\">\n\
         <label for=\"activate-password\">New password, at least 8 characters</label>\n\
         <input id=\"activate-password\" name=\"password\" type=\"password\" autocomplete=\"new-password\" required>\n\
         <button id=\"activate-submit\" type=\"submit\">Set password and enter</button>\n</form>\n",
        escape(address),
        flaw_line("activate-flaw", flaw),
        escape(token),
    );
    page(
        if flaw.is_some() { 400 } else { 200 },
        "Set a password · Sandbox",
        "",
        &main,
    )
}

pub(super) fn sign_in(flaw: Option<&str>, button: &str) -> Answer {
    let main = format!(
        "<h1 id=\"portal-notice\">Sign in</h1>\n{button}{}\
         <form id=\"sign-in-form\" method=\"post\" action=\"/portal/sign-in\">\n\
         <label for=\"sign-in-email\">E-mail address</label>\n\
         <input id=\"sign-in-email\" name=\"email\" type=\"email\" autocomplete=\"username\" required>\n\
         <label for=\"sign-in-password\">Password</label>\n\
         <input id=\"sign-in-password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" required>\n\
         <button id=\"sign-in-submit\" type=\"submit\">Sign in</button>\n</form>\n",
        flaw_line("sign-in-flaw", flaw),
    );
    page(if flaw.is_some() { 401 } else { 200 }, "Sign in · Sandbox", "", &main)
}

fn flaw_line(id: &str, flaw: Option<&str>) -> String {
    flaw.map_or_else(String::new, |flaw| {
        format!("<p class=\"flaw\" id=\"{id}\" role=\"alert\">{}</p>\n", escape(flaw))
    })
}

/// The merchants that a person gets into.
pub(super) fn home(session: &str, address: &str, lines: &[Line]) -> Answer {
    let head =
        format!("<meta http-equiv=\"refresh\" content=\"{LOOK_EVERY_S}; url=/portal/person/{session}?{WATCH}\">\n");
    let rows: String = lines.iter().map(row).collect();
    let main = format!(
        "<p class=\"state\" id=\"portal-state\" data-state=\"live\"><span class=\"dot\" aria-hidden=\"true\">●</span> Signed in</p>\n\
         <h1 id=\"portal-person\"><bdi>{}</bdi></h1>\n\
         <table id=\"portal-access\" data-count=\"{}\">\n<caption>Merchants that you can enter</caption>\n\
         <thead><tr><th scope=\"col\">Merchant</th><th scope=\"col\">Roles</th><th scope=\"col\">On behalf of</th><th scope=\"col\">Until</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n\
         <p><a id=\"portal-session\" href=\"/portal/person/{session}\">Look again</a></p>\n",
        escape(address),
        lines.len(),
    );
    page(200, &format!("{address} · Partner portal · Sandbox"), &head, &main)
}

fn row(line: &Line) -> String {
    let account = escape(&line.account);
    let behalf = if line.staff {
        "the acquirer (staff)"
    } else {
        "the merchant"
    };
    let until = line.until.as_deref().map_or_else(
        || "no end".to_owned(),
        |until| format!("<time datetime=\"{until}\">{until}</time>"),
    );
    format!(
        "<tr data-account=\"{account}\" data-roles=\"{roles}\" data-on-behalf-of=\"{}\"><td><b><bdi>{}</bdi></b><br>{account}</td>\
         <td>{roles}</td><td>{behalf}</td><td>{until}</td></tr>\n",
        escape(&line.on_behalf_of),
        escape(&line.name),
        roles = escape(&line.roles),
    )
}

/// What is left when the session or the last access has ended.
pub(super) fn ended(address: &str, why: &str) -> Answer {
    let main = format!(
        "<p class=\"state ended\" id=\"portal-state\" data-state=\"ended\"><span class=\"dot\" aria-hidden=\"true\">○</span> Session has ended</p>\n\
         <h1 id=\"portal-person\"><bdi>{}</bdi></h1>\n<p id=\"portal-notice\">{}</p>\n\
         <p>{SIGN_IN_LINK}</p>\n",
        escape(address),
        escape(why),
    );
    page(410, "Session has ended · Sandbox", "", &main)
}
