//! Notices of the system, for what should be known while nobody looks at the window.
//!
//! On Linux by the desktop's own service (org.freedesktop.Notifications); where none answers, the window says it alone. Deliberately
//! absent: anything secret, and buttons.

/// Shows a notice in the background; nothing is waited for.
#[cfg(target_os = "linux")]
pub fn tell(title: &str, text: &str) {
    let (title, text) = (title.to_owned(), text.to_owned());
    let said = std::thread::Builder::new().name("notice".into()).spawn(move || {
        if let Err(cause) = notify(&title, &text) {
            tracing::info!(%cause, "the desktop shows no notices");
        }
    });
    if let Err(cause) = said {
        tracing::warn!(%cause, "the system gave no thread to show a notice");
    }
}

#[cfg(target_os = "linux")]
fn notify(title: &str, text: &str) -> zbus::Result<()> {
    use std::collections::HashMap;
    use zbus::blocking::{Connection, Proxy};
    use zbus::zvariant::Value;

    /// The service chooses how long it is shown.
    const AS_IT_LIKES: i32 = -1;
    let bus = Connection::session()?;
    let service = Proxy::new(
        &bus,
        "org.freedesktop.Notifications",
        "/org/freedesktop/Notifications",
        "org.freedesktop.Notifications",
    )?;
    let (replaces, icon) = (0_u32, "");
    let (actions, hints): (Vec<&str>, HashMap<&str, Value<'_>>) = (Vec::new(), HashMap::new());
    let _id: u32 = service.call(
        "Notify",
        &("Gatehouse", replaces, icon, title, text, actions, hints, AS_IT_LIKES),
    )?;
    Ok(())
}

/// Other systems: the window says it.
#[cfg(not(target_os = "linux"))]
pub fn tell(_title: &str, _text: &str) {}
