//! What the system says about proxies, recognised from texts that others read: above all a network that has only a PAC file.
//!
//! A PAC file is a program in JavaScript, which nobody here runs; such a network looks direct to the transport and every call is
//! blocked without a reason, so it must be named. The order is the transport's own: the environment first, then the system. Deliberately
//! absent: reading anything; variables, `gsettings`, `scutil --proxy` and the registry come in as parameters.

use super::no_proxy::{entries, exception};
use super::system_text::{Scutil, gsettings_list, gsettings_text, windows_server};
use std::collections::BTreeMap;
use url::Url;

/// The texts that describe a system's proxies; what a system does not have is left out.
#[derive(Clone, Debug, Default)]
pub struct SystemSettings<'a> {
    /// The environment, or its proxy variables.
    pub environment: BTreeMap<&'a str, &'a str>,
    /// GNOME's settings below `org.gnome.system.proxy`.
    pub gnome: Option<GnomeProxy<'a>>,
    /// What `scutil --proxy` prints.
    pub scutil: Option<&'a str>,
    /// The values below `HKCU\...\Internet Settings`.
    pub windows: Option<WindowsProxy<'a>>,
}

/// GNOME's proxy settings, each as `gsettings get` prints it.
#[derive(Clone, Copy, Debug, Default)]
pub struct GnomeProxy<'a> {
    /// `mode`: `'none'`, `'manual'` or `'auto'`.
    pub mode: &'a str,
    /// `autoconfig-url`.
    pub autoconfig_url: &'a str,
    /// `host` below `https`, or below `http` when that one is empty.
    pub host: &'a str,
    /// The port beside it.
    pub port: &'a str,
    /// `ignore-hosts`.
    pub ignore_hosts: &'a str,
}

/// Windows' proxy settings, each as text; numbers in either form, `1` or `0x1`.
#[derive(Clone, Copy, Debug, Default)]
pub struct WindowsProxy<'a> {
    /// `ProxyEnable`.
    pub enable: &'a str,
    /// `ProxyServer`.
    pub server: &'a str,
    /// `ProxyOverride`.
    pub exceptions: &'a str,
    /// `AutoConfigURL`.
    pub auto_config_url: &'a str,
}

/// Where a proxy was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxySource {
    /// A variable such as `HTTPS_PROXY`.
    Environment,
    /// GNOME's settings, which [`crate::ProxyChoice::System`] does not see: give the proxy by hand.
    Gnome,
    /// macOS' settings.
    Macos,
    /// Windows' settings of the user.
    Windows,
}

/// What the system says about the way to an https host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemProxy {
    /// No proxy.
    Direct,
    /// A proxy with an address.
    Manual {
        /// Its address, without user and password; [`crate::ManualProxy::parse`] takes it.
        address: String,
        /// The exceptions that the transport understands, commas between.
        no_proxy: String,
        /// Whether the setting holds user or password as well.
        has_credentials: bool,
        /// Where it was found.
        source: ProxySource,
    },
    /// Only a PAC file, or automatic discovery when there is no address: calls go nowhere until a proxy is given by hand.
    PacOnly {
        /// The address of the file, without user and password.
        url: Option<String>,
    },
}

/// Recognises what the system says.
#[must_use]
pub fn system_proxy(settings: &SystemSettings<'_>) -> SystemProxy {
    let found = [
        by_environment(&settings.environment),
        settings.scutil.and_then(by_scutil),
        settings.windows.as_ref().and_then(by_windows),
        settings.gnome.as_ref().and_then(by_gnome),
    ];
    found.into_iter().flatten().next().unwrap_or(SystemProxy::Direct)
}

/// As curl and the transport read it: the upper-case name first, an empty value is none.
fn by_environment(variables: &BTreeMap<&str, &str>) -> Option<SystemProxy> {
    let first = |names: [&str; 2]| names.into_iter().find_map(|name| variables.get(name).copied());
    let given = |names| first(names).filter(|text| !text.trim().is_empty());
    // A server program that was started by a web server takes nothing from its caller's headers.
    if variables.contains_key("REQUEST_METHOD") {
        return None;
    }
    let address = given(["HTTPS_PROXY", "https_proxy"]).or_else(|| given(["ALL_PROXY", "all_proxy"]))?;
    let exceptions = first(["NO_PROXY", "no_proxy"]).unwrap_or_default();
    manual(address, entries(exceptions), ProxySource::Environment)
}

fn by_scutil(text: &str) -> Option<SystemProxy> {
    let scutil = Scutil::read(text);
    let on = |name: &str| scutil.value(name) == Some("1");
    if on("HTTPSEnable") {
        let host = scutil.value("HTTPSProxy")?;
        let port = scutil.value("HTTPSPort").unwrap_or("443");
        let exceptions = scutil.exceptions.iter().map(String::as_str);
        return manual(&joined(host, port), exceptions, ProxySource::Macos);
    }
    let automatic = on("ProxyAutoConfigEnable") || on("ProxyAutoDiscoveryEnable");
    automatic.then(|| pac_only(scutil.value("ProxyAutoConfigURLString").unwrap_or_default()))
}

fn by_windows(settings: &WindowsProxy<'_>) -> Option<SystemProxy> {
    let server =
        windows_server(settings.server).filter(|_| matches!(settings.enable.trim(), "1" | "0x1" | "0x00000001"));
    if let Some(server) = server {
        return manual(server, entries(settings.exceptions), ProxySource::Windows);
    }
    let url = settings.auto_config_url.trim();
    (!url.is_empty()).then(|| pac_only(url))
}

fn by_gnome(settings: &GnomeProxy<'_>) -> Option<SystemProxy> {
    match gsettings_text(settings.mode) {
        "manual" => {
            let host = Some(gsettings_text(settings.host)).filter(|host| !host.is_empty())?;
            let ignored = gsettings_list(settings.ignore_hosts);
            manual(
                &joined(host, settings.port.trim()),
                ignored.into_iter(),
                ProxySource::Gnome,
            )
        }
        "auto" => Some(pac_only(gsettings_text(settings.autoconfig_url))),
        _ => None,
    }
}

/// Host and port; an IPv6 host gets its brackets.
fn joined(host: &str, port: &str) -> String {
    let host = if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    if matches!(port, "" | "0") {
        host
    } else {
        format!("{host}:{port}")
    }
}

/// A proxy with an address; what is no address counts as nothing, as the transport sees it.
fn manual<'a>(text: &str, exceptions: impl Iterator<Item = &'a str>, source: ProxySource) -> Option<SystemProxy> {
    let (mut url, has_credentials) = parsed(text)?;
    bare(&mut url);
    let exceptions: Vec<String> = exceptions.filter_map(exception).collect();
    Some(SystemProxy::Manual {
        address: url.as_str().trim_end_matches('/').to_owned(),
        no_proxy: exceptions.join(","),
        has_credentials,
        source,
    })
}

fn pac_only(text: &str) -> SystemProxy {
    let url = Url::parse(text.trim()).ok().map(|mut url| {
        bare(&mut url);
        url.to_string()
    });
    SystemProxy::PacOnly { url }
}

fn parsed(text: &str) -> Option<(Url, bool)> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text).ok()?
    } else {
        Url::parse(&format!("http://{text}")).ok()?
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    url.has_host().then_some((url, has_credentials))
}

/// Takes user and password away.
fn bare(url: &mut Url) {
    // Both fail only for an address that cannot hold them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}
