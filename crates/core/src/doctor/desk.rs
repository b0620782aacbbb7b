//! The desktop: whether a browser can be handed a portal, and what the app's own window needs.
//!
//! Deliberately absent: starting a browser, and opening a window.

use super::DoctorLine;
use crate::facade::Core;
use crate::network::Desktop;
use crate::policy::BrowserChoice;
use crate::portal::browser as portal_browser;
use crate::profile::Profile;

pub(super) fn lines(core: &Core, profile: Option<&Profile>) -> Vec<DoctorLine> {
    let browser = profile.map(|profile| browser(core, profile));
    browser.into_iter().chain([graphics(core.desktop())]).collect()
}

/// A default browser without a screen is a warning: where `--print-url` is used, nothing is wrong.
fn browser(core: &Core, profile: &Profile) -> DoctorLine {
    const PART: &str = "browser";
    let name = portal_browser::name(&profile.policy.browser);
    match portal_browser::preflight(&profile.policy.browser, (core.screen(), core.desktop()), None) {
        Ok(()) => DoctorLine::ok(PART, format!("Portals open in: {name}.")),
        Err(problem) if profile.policy.browser == BrowserChoice::Default => {
            let hint = problem.both_hints();
            DoctorLine::warn(PART, problem.message, hint)
        }
        Err(problem) => DoctorLine::bad(PART, problem),
    }
}

/// What makes WebKitGTK's window appear, or stay blank (users.md 1, blank window).
fn graphics(desktop: &Desktop) -> DoctorLine {
    const PART: &str = "graphics";
    if !cfg!(target_os = "linux") {
        return DoctorLine::ok(PART, "The window uses the system's own web view.");
    }
    let surface = match (desktop.variable("WAYLAND_DISPLAY"), desktop.variable("DISPLAY")) {
        (Some(_), _) => "Wayland",
        (None, Some(_)) => "X11",
        (None, None) => return DoctorLine::skipped(PART, "There is no screen here; the command line needs none."),
    };
    let switches = [
        "WEBKIT_DISABLE_DMABUF_RENDERER",
        "WEBKIT_DISABLE_COMPOSITING_MODE",
        "LIBGL_ALWAYS_SOFTWARE",
        "GDK_BACKEND",
    ];
    let set: Vec<&str> = switches
        .into_iter()
        .filter(|name| desktop.variable(name).is_some())
        .collect();
    let said = if set.is_empty() {
        String::new()
    } else {
        format!("; set: {}", set.join(", "))
    };
    let mut line = DoctorLine::ok(PART, format!("The screen is {surface}{said}."));
    if set.is_empty() {
        line.hint = "If the window stays blank, start it with WEBKIT_DISABLE_DMABUF_RENDERER=1.".into();
    }
    line
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::doctor::DoctorState;
    use crate::network::ProxyTexts;

    #[test]
    fn the_screen_and_its_switches_are_told() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            graphics(&Desktop::saying(
                pairs.collect::<BTreeMap<_, _>>(),
                ProxyTexts::default(),
            ))
        };
        assert_eq!(of(&[]).state, DoctorState::Skipped, "a server has no screen");
        assert!(of(&[("DISPLAY", ":0")]).message.contains("X11"), "X11");
        let switched = of(&[
            ("DISPLAY", ":0"),
            ("WAYLAND_DISPLAY", "wayland-0"),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ]);
        assert!(switched.message.contains("Wayland"), "Wayland goes first: {switched:?}");
        assert!(
            switched.message.contains("WEBKIT_DISABLE_DMABUF_RENDERER"),
            "what is set is told: {switched:?}"
        );
        assert_eq!(switched.hint.text, "", "and not advised again");
    }
}
