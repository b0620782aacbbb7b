//! Opens: from the window's request to the core's, and the way of the link to the browser or the clipboard.
//!
//! Deliberately absent: waiting until the browser came; that is told by an event.

use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::argument::{Text, Words};
use crate::shell::Shell;
use crate::shown::{events, portal};
use crate::views::portal::OpenView;
use crate::views::request::PortalRequest;

/// Opens a portal in the profile's browser.
///
/// # Errors
/// As the core says.
pub fn in_browser(core: &Gatehouse, shell: &Shell, request: PortalRequest) -> Result<OpenView, Problem> {
    let request = open_request(request, Handover::Browser { wait: false });
    let opened = core.open_portal(&core.profile(None)?, &request, &|step| {
        shell.desktop().progress(events::progress(step));
    })?;
    Ok(portal::opened(&opened))
}

/// Makes a link and lends it to the clipboard.
///
/// # Errors
/// As the core says; `clipboard_failed`.
pub fn on_clipboard(core: &Gatehouse, shell: &Shell, request: PortalRequest) -> Result<OpenView, Problem> {
    let request = open_request(request, Handover::Copy);
    let opened = core.open_portal(&core.profile(None)?, &request, &|step| {
        shell.desktop().progress(events::progress(step));
    })?;
    let link = opened.link.as_ref().ok_or_else(no_link)?;
    shell.desktop().copy(link.expose())?;
    Ok(portal::opened(&opened))
}

/// Opens the portal of a session's merchant again.
///
/// # Errors
/// As the core says.
pub fn again(core: &Gatehouse, shell: &Shell, session: &str) -> Result<OpenView, Problem> {
    let opened = core.reopen_session(&core.profile(None)?, session, &|step| {
        shell.desktop().progress(events::progress(step));
    })?;
    Ok(portal::opened(&opened))
}

fn open_request(request: PortalRequest, handover: Handover) -> OpenRequest {
    OpenRequest {
        merchant: request.merchant_id.into_string(),
        open_as: request.open_as.map(Text::into_string),
        reason: request.reason.map(Text::into_string),
        roles: request.roles.map(Words::into_strings),
        unsigned: request.unsigned,
        handover,
    }
}

fn no_link() -> Problem {
    Problem::new(
        ErrorCode::Internal,
        "The link to copy is not there.",
        "Open the portal in the browser instead.",
    )
}
