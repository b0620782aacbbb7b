//! The one window: how it is made, what it may show, how it is titled and coloured.
//!
//! It goes nowhere: every navigation but to our own page is refused, no new window, no download, no permission for camera or place.
//! It is shown at once on the background of the person's appearance, so that nothing flashes. Deliberately absent: a second window.

use std::sync::Arc;

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{AppHandle, DragDropEvent, Manager, Runtime, Theme, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use crate::events::Topic;
use crate::first_answers;
use crate::loading::Core;
use crate::shell::Shell;
use crate::shown::token_tables;
use crate::views::app::ThemeView;

/// The label of the only window; the capability in `tauri.conf.json` names it.
pub const LABEL: &str = "main";

/// Makes the window as `tauri.conf.json` describes it, with the rules above; its page is given the first answers, and the merchants
/// are loaded once it stands.
///
/// # Errors
/// What Tauri says when the window cannot be made.
pub fn make<R: Runtime>(app: &AppHandle<R>, core: &Core) -> tauri::Result<WebviewWindow<R>> {
    let config = app
        .config()
        .app
        .windows
        .first()
        .expect("tauri.conf.json describes the window");
    let (first, loaded) = (Arc::clone(core.first_answers()), core.clone());
    let window = WebviewWindowBuilder::from_config(app, config)?
        .background_color(background(Theme::Light))
        .on_web_resource_request(move |request, response| {
            if is_index(request.uri().path())
                && let Some(answers) = first.take()
            {
                first_answers::put(response.body_mut(), &answers);
            }
        })
        .on_page_load(move |_, page| {
            if page.event() == PageLoadEvent::Finished {
                loaded.load_merchants_soon();
            }
        })
        .on_navigation(is_our_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    if window.theme()? == Theme::Dark {
        window.set_background_color(Some(background(Theme::Dark)))?;
    }
    Ok(window)
}

/// Whether a path is that of the page itself, not of a part of it.
fn is_index(path: &str) -> bool {
    matches!(path, "" | "/" | "/index.html")
}

/// Whether the window may go there: only to the page built into this program (or the dev server of `tauri dev`).
pub fn is_our_page(url: &Url) -> bool {
    let built_in = url.scheme() == "tauri" && url.host_str() == Some("localhost");
    let on_windows = url.scheme() == "http" && url.host_str() == Some("tauri.localhost") && url.port().is_none();
    let dev_server = tauri::is_dev() && url.origin().ascii_serialization() == "http://127.0.0.1:1420";
    built_in || (cfg!(windows) && on_windows) || dev_server
}

/// Gives the window the chosen appearance; `prefers-color-scheme` in the page follows it.
pub fn set_appearance<R: Runtime>(app: &AppHandle<R>, choice: ThemeView) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let theme = match choice {
        ThemeView::System => None,
        ThemeView::Light => Some(Theme::Light),
        ThemeView::Dark => Some(Theme::Dark),
    };
    let shown = window.set_theme(theme).and_then(|()| window.theme());
    if let Err(cause) = shown.and_then(|theme| window.set_background_color(Some(background(theme)))) {
        tracing::warn!(%cause, "the window did not take the appearance");
    }
}

/// Hears of files that are dragged over the window and dropped on it; their paths stay here, the window learns that there is one.
pub fn heard_files(event: &WindowEvent, shell: &Shell) {
    let WindowEvent::DragDrop(drag) = event else { return };
    if matches!(drag, DragDropEvent::Enter { .. }) {
        shell.tell(Topic::Over);
    } else if matches!(drag, DragDropEvent::Leave) {
        shell.tell(Topic::Away);
    } else if let DragDropEvent::Drop { paths, .. } = drag {
        token_tables::note_dropped(shell, paths);
    }
}

/// Titles the window, with the environment's word so that it cannot be mistaken.
pub fn set_title<R: Runtime>(app: &AppHandle<R>, environment: Option<&str>) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if let Err(cause) = window.set_title(&title(environment)) {
        tracing::warn!(%cause, "the window did not take the title");
    }
}

/// Whether the window is what the person works with now.
pub fn has_focus<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.get_webview_window(LABEL)
        .is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// Brings the window to the front, for a second start of the app.
pub fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(cause) = shown {
        tracing::warn!(%cause, "the window did not come to the front");
    }
}

fn title(environment: Option<&str>) -> String {
    environment.map_or_else(
        || "Gatehouse".to_owned(),
        |word| format!("Gatehouse \u{2013} {}", word.to_uppercase()),
    )
}

fn background(theme: Theme) -> Color {
    if theme == Theme::Dark {
        Color(24, 23, 21, 255)
    } else {
        Color(251, 250, 248, 255)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(url: &str) -> bool {
        is_our_page(&url.parse().unwrap())
    }

    #[test]
    fn only_our_own_page_may_be_shown() {
        assert!(allowed("tauri://localhost/index.html"), "our own page");
        for url in [
            "https://example.com/",
            "http://localhost:1420/",
            "http://127.0.0.1.evil.example:1420/",
            "tauri://evil.example/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:blank",
            "https://portal.klarna.com/",
        ] {
            assert!(!allowed(url), "{url} is not our page");
        }
    }

    #[test]
    fn the_title_carries_the_environment_word() {
        assert_eq!(
            title(Some("sandbox")),
            "Gatehouse \u{2013} SANDBOX",
            "the word stands in the title"
        );
        assert_eq!(title(None), "Gatehouse", "before the first profile there is none");
    }
}
