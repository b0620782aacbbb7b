//! What a system's own settings say about the way to Klarna, from the texts that systems print.

use gatehouse_klarna::{GnomeProxy, ManualProxy, ProxySource, SystemProxy, SystemSettings, WindowsProxy, system_proxy};

fn manual(address: &str, no_proxy: &str, source: ProxySource) -> SystemProxy {
    SystemProxy::Manual {
        address: address.into(),
        no_proxy: no_proxy.into(),
        has_credentials: false,
        source,
    }
}

fn pac(url: Option<&str>) -> SystemProxy {
    let url = url.map(ToOwned::to_owned);
    SystemProxy::PacOnly { url }
}

fn environment(variables: &[(&'static str, &'static str)]) -> SystemProxy {
    system_proxy(&SystemSettings {
        environment: variables.iter().copied().collect(),
        ..SystemSettings::default()
    })
}

fn gnome(settings: GnomeProxy<'_>) -> SystemProxy {
    system_proxy(&SystemSettings {
        gnome: Some(settings),
        ..SystemSettings::default()
    })
}

fn macos(printed: &str) -> SystemProxy {
    system_proxy(&SystemSettings {
        scutil: Some(printed),
        ..SystemSettings::default()
    })
}

fn windows(settings: WindowsProxy<'_>) -> SystemProxy {
    system_proxy(&SystemSettings {
        windows: Some(settings),
        ..SystemSettings::default()
    })
}

#[test]
fn the_environment_is_read_as_the_transport_reads_it() {
    let from = ProxySource::Environment;
    assert_eq!(environment(&[]), SystemProxy::Direct, "nothing is set");
    assert_eq!(
        environment(&[("HTTPS_PROXY", " ")]),
        SystemProxy::Direct,
        "an empty one is none"
    );
    assert_eq!(
        environment(&[("HTTP_PROXY", "http://p:1")]),
        SystemProxy::Direct,
        "for http alone"
    );
    assert_eq!(
        environment(&[
            ("https_proxy", "p.example:3128"),
            ("ALL_PROXY", "http://q:1"),
            ("no_proxy", "a.example, 10.0.0.0/8")
        ]),
        manual("http://p.example:3128", "a.example,10.0.0.0/8", from),
        "https before all, a scheme is added, exceptions are kept"
    );
    assert_eq!(
        environment(&[("all_proxy", "socks5h://p:1080")]),
        manual("socks5h://p:1080", "", from),
        "a SOCKS proxy for all"
    );
    let cgi = environment(&[("HTTPS_PROXY", "http://p:1"), ("REQUEST_METHOD", "GET")]);
    assert_eq!(
        cgi,
        SystemProxy::Direct,
        "below a web server the variables are a stranger's"
    );
}

#[test]
fn a_password_in_a_variable_is_not_handed_on() {
    let found = environment(&[("HTTPS_PROXY", "http://ann:s3cret@p.example:3128")]);
    let shown = format!("{found:?}");
    assert!(
        !shown.contains("s3cret") && !shown.contains("ann"),
        "no credentials: {shown}"
    );
    assert!(
        shown.contains("has_credentials: true"),
        "but that there are some: {shown}"
    );
}

#[test]
fn a_pac_file_without_a_proxy_is_named_on_each_system() {
    let url = Some("http://wpad.corp.example/proxy.pac");
    let auto = GnomeProxy {
        mode: "'auto'",
        autoconfig_url: "'http://wpad.corp.example/proxy.pac'",
        ..GnomeProxy::default()
    };
    assert_eq!(gnome(auto), pac(url), "GNOME");
    let discovery = GnomeProxy {
        autoconfig_url: "''",
        ..auto
    };
    assert_eq!(gnome(discovery), pac(None), "GNOME discovers");
    let printed = "<dictionary> {\n  HTTPSEnable : 0\n  ProxyAutoConfigEnable : 1\n  \
                   ProxyAutoConfigURLString : http://wpad.corp.example/proxy.pac\n}\n";
    assert_eq!(macos(printed), pac(url), "macOS");
    assert_eq!(
        macos("<dictionary> {\n  ProxyAutoDiscoveryEnable : 1\n}"),
        pac(None),
        "macOS discovers"
    );
    let registry = WindowsProxy {
        enable: "0x0",
        server: "old.example:8080",
        auto_config_url: "http://u:p@wpad.corp.example/proxy.pac",
        ..WindowsProxy::default()
    };
    assert_eq!(
        windows(registry),
        pac(url),
        "Windows, and without the password in the address"
    );
}

#[test]
fn a_manual_proxy_is_read_on_each_system() {
    let settings = GnomeProxy {
        mode: "'manual'",
        host: "'p.example'",
        port: "8080",
        ignore_hosts: "['localhost', '127.0.0.0/8', '::1', '*.corp.example']",
        ..GnomeProxy::default()
    };
    let no_proxy = "localhost,127.0.0.0/8,::1,.corp.example";
    assert_eq!(
        gnome(settings),
        manual("http://p.example:8080", no_proxy, ProxySource::Gnome),
        "GNOME"
    );
    let none = GnomeProxy {
        ignore_hosts: "@as []",
        host: "'2001:db8::1'",
        ..settings
    };
    assert_eq!(
        gnome(none),
        manual("http://[2001:db8::1]:8080", "", ProxySource::Gnome),
        "an IPv6 host"
    );
    let printed = "<dictionary> {\n  ExceptionsList : <array> {\n    0 : *.local\n    1 : 169.254/16\n  }\n  \
                   FTPPassive : 1\n  HTTPSEnable : 1\n  HTTPSPort : 3128\n  HTTPSProxy : p.example\n  \
                   ProxyAutoConfigEnable : 1\n}\n";
    assert_eq!(
        macos(printed),
        manual("http://p.example:3128", ".local", ProxySource::Macos),
        "macOS: the proxy is usable, so the PAC file does not matter"
    );
    let registry = WindowsProxy {
        enable: "1",
        server: "http=h.example:80;https=p.example:8080",
        exceptions: "*.corp.example;10.*;<local>",
        ..WindowsProxy::default()
    };
    assert_eq!(
        windows(registry),
        manual("http://p.example:8080", ".corp.example", ProxySource::Windows),
        "Windows: what cannot be said is left out"
    );
}

#[test]
fn settings_that_say_nothing_are_direct() {
    let off = WindowsProxy {
        enable: "0",
        server: "p.example:8080",
        ..WindowsProxy::default()
    };
    assert_eq!(windows(off), SystemProxy::Direct, "switched off");
    let http_only = WindowsProxy {
        enable: "1",
        server: "http=p.example:80",
        ..WindowsProxy::default()
    };
    assert_eq!(windows(http_only), SystemProxy::Direct, "none for https");
    for odd in [
        "",
        "garbage",
        "HTTPSEnable : 1",
        "<dictionary> {\n  ExceptionsList : <array> {\n",
    ] {
        assert_eq!(macos(odd), SystemProxy::Direct, "{odd:?}");
    }
    let none = GnomeProxy {
        mode: "'none'",
        host: "'p.example'",
        ..GnomeProxy::default()
    };
    assert_eq!(gnome(none), SystemProxy::Direct, "GNOME without proxy");
}

#[test]
fn what_is_recognised_can_be_used_by_hand() {
    let SystemProxy::Manual { address, no_proxy, .. } =
        environment(&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "*, [::1], x:8")])
    else {
        panic!("a proxy is found")
    };
    let proxy = ManualProxy::parse(&address, &no_proxy).expect("the transport takes it");
    assert_eq!(
        (proxy.address(), proxy.no_proxy().as_str()),
        ("http://p:1", "*,::1"),
        "as it was recognised"
    );
}
