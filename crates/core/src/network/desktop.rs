//! What the desktop around a program says: its variables, and its proxy settings where only a program of the system tells them.
//!
//! The variables come in from a shell's `main`. The system's programs (`gsettings`, `scutil`, `reg`) are asked only when somebody
//! wants to know, within a short limit, and never at start. Deliberately absent: reading the environment, and judging what is said.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gatehouse_klarna::{GnomeProxy, SystemProxy, SystemSettings, WindowsProxy, system_proxy};

/// How long one of the system's programs may take.
const LIMIT: Duration = Duration::from_millis(700);
/// The most that is read of its answer.
const LONGEST: u64 = 64 * 1024;
const WINDOWS_KEY: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings";

/// The desktop session that a program runs in.
#[derive(Clone, Default)]
pub struct Desktop {
    variables: BTreeMap<String, String>,
    texts: Option<ProxyTexts>,
}

/// The system's proxy settings as its own programs print them; what a system does not have is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxyTexts {
    /// GNOME: mode, autoconfig-url, host, port, ignore-hosts.
    pub gnome: Option<[String; 5]>,
    /// What `scutil --proxy` prints.
    pub scutil: Option<String>,
    /// Windows: ProxyEnable, ProxyServer, ProxyOverride, AutoConfigURL.
    pub windows: Option<[String; 4]>,
}

impl Desktop {
    /// The variables that are looked at; a shell hands in no others.
    pub const VARIABLES: &'static [&'static str] = &[
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
        "REQUEST_METHOD",
        "XDG_CURRENT_DESKTOP",
        "XDG_SESSION_TYPE",
        "DBUS_SESSION_BUS_ADDRESS",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "BROWSER",
        "PATH",
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_CONFIG_DIRS",
        "XDG_DATA_HOME",
        "XDG_DATA_DIRS",
        "WSL_DISTRO_NAME",
        "WEBKIT_DISABLE_DMABUF_RENDERER",
        "WEBKIT_DISABLE_COMPOSITING_MODE",
        "LIBGL_ALWAYS_SOFTWARE",
        "GDK_BACKEND",
    ];

    /// A desktop whose programs are asked when need be; `variable` reads one of [`Desktop::VARIABLES`].
    #[must_use]
    pub fn new(variable: impl Fn(&str) -> Option<String>) -> Self {
        let read = |name: &&str| variable(name).map(|value| ((*name).to_owned(), value));
        Self {
            variables: Self::VARIABLES.iter().filter_map(read).collect(),
            texts: None,
        }
    }

    /// A desktop that says just this, and of which no program is asked; for tests.
    #[must_use]
    pub fn saying(variables: BTreeMap<String, String>, texts: ProxyTexts) -> Self {
        Self {
            variables,
            texts: Some(texts),
        }
    }

    /// A variable that is set and not empty.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// What the system says about the way to an https host; may ask a program of the system and so take a second.
    #[must_use]
    pub fn proxy(&self) -> SystemProxy {
        let texts = self.texts.clone().unwrap_or_else(|| self.ask());
        let pairs = self.variables.iter();
        system_proxy(&SystemSettings {
            environment: pairs.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            gnome: texts.gnome.as_ref().map(gnome),
            scutil: texts.scutil.as_deref(),
            windows: texts.windows.as_ref().map(windows),
        })
    }

    fn ask(&self) -> ProxyTexts {
        ProxyTexts {
            gnome: (cfg!(target_os = "linux") && self.variable("XDG_CURRENT_DESKTOP").is_some())
                .then(ask_gnome)
                .flatten(),
            scutil: cfg!(target_os = "macos")
                .then(|| said("scutil", &["--proxy"]))
                .flatten(),
            windows: cfg!(target_os = "windows").then(ask_windows).flatten(),
        }
    }
}

fn gnome(texts: &[String; 5]) -> GnomeProxy<'_> {
    let [mode, autoconfig_url, host, port, ignore_hosts] = texts;
    GnomeProxy {
        mode,
        autoconfig_url,
        host,
        port,
        ignore_hosts,
    }
}

fn windows(texts: &[String; 4]) -> WindowsProxy<'_> {
    let [enable, server, exceptions, auto_config_url] = texts;
    WindowsProxy {
        enable,
        server,
        exceptions,
        auto_config_url,
    }
}

fn ask_gnome() -> Option<[String; 5]> {
    const SCHEMA: &str = "org.gnome.system.proxy";
    let get = |schema: &str, key: &str| said("gsettings", &["get", schema, key]).map(|text| text.trim().to_owned());
    let mode = get(SCHEMA, "mode")?;
    let mut texts: [String; 5] = Default::default();
    if mode.contains("auto") {
        texts = [
            String::new(),
            get(SCHEMA, "autoconfig-url").unwrap_or_default(),
            String::new(),
            String::new(),
            String::new(),
        ];
    } else if mode.contains("manual") {
        let https = get("org.gnome.system.proxy.https", "host").filter(|host| !host.trim_matches('\'').is_empty());
        let schema = if https.is_some() {
            "org.gnome.system.proxy.https"
        } else {
            "org.gnome.system.proxy.http"
        };
        let part = |key: &str| get(schema, key).unwrap_or_default();
        let ignored = get(SCHEMA, "ignore-hosts").unwrap_or_default();
        texts = [String::new(), String::new(), part("host"), part("port"), ignored];
    }
    texts[0] = mode;
    Some(texts)
}

fn ask_windows() -> Option<[String; 4]> {
    let text = said("reg", &["query", WINDOWS_KEY])?;
    Some(["ProxyEnable", "ProxyServer", "ProxyOverride", "AutoConfigURL"].map(|name| registry_value(&text, name)))
}

/// The data of one value in what `reg query` prints: name, type, data, four spaces between.
fn registry_value(text: &str, name: &str) -> String {
    let mut rows = text.lines().map(|line| {
        line.split("    ")
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
    });
    let found = rows.find(|row| row.first() == Some(&name));
    found
        .and_then(|row| row.get(2).map(ToString::to_string))
        .unwrap_or_default()
}

/// What a program prints, if it is there and ends well within the limit.
fn said(program: &str, args: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    if !ended_well(&mut child) {
        let _ = child.kill();
        let _ = child.wait();
        return None;
    }
    let mut text = String::new();
    child.stdout.take()?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text)
}

fn ended_well(child: &mut Child) -> bool {
    let end = Instant::now() + LIMIT;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_value_is_read_to_its_end() {
        let text = "\r\nHKEY_CURRENT_USER\\...\r\n    ProxyEnable    REG_DWORD    0x1\r\n    ProxyServer    REG_SZ    proxy.example:3128\r\n    AutoConfigURL    REG_SZ    http://wpad.example/p.pac\r\n";
        assert_eq!(registry_value(text, "ProxyEnable"), "0x1", "a number");
        assert_eq!(registry_value(text, "ProxyServer"), "proxy.example:3128", "a text");
        assert_eq!(registry_value(text, "ProxyOverride"), "", "what is not there is empty");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_hangs_is_given_up() {
        let began = Instant::now();
        assert_eq!(said("sleep", &["20"]), None, "nothing was said");
        assert!(began.elapsed() < Duration::from_secs(3), "and nobody waited for it");
        assert_eq!(
            said("echo", &["'auto'"]).as_deref(),
            Some("'auto'\n"),
            "a quick one is heard"
        );
        assert_eq!(
            said("a-program-that-is-not-there", &[]),
            None,
            "a missing one is no failure"
        );
    }
}
