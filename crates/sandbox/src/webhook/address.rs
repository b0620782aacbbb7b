//! Where a delivery may go: plain http on a loopback name.

/// A receiver's address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receiver {
    /// As the `Host` header has it.
    pub(crate) host: String,
    /// As a connection is made to it.
    pub(crate) socket: String,
    /// Path and query.
    pub(crate) path: String,
}

/// Reads an address; nothing when it is not on this machine.
pub(crate) fn receiver(url: &str) -> Option<Receiver> {
    let rest = url.strip_prefix("http://")?;
    let plain = rest.bytes().all(|byte| byte.is_ascii_graphic());
    let (host, path) = rest
        .split_once('/')
        .map_or((rest, String::new()), |(host, path)| (host, path.to_owned()));
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port.parse::<u16>().ok()?),
        Some(_) | None => (host, 80),
    };
    let local = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let number = if name == "[::1]" { "[::1]" } else { "127.0.0.1" };
    let path = path.split('#').next().unwrap_or_default();
    (plain && local && port > 0).then(|| Receiver {
        host: host.to_owned(),
        socket: format!("{number}:{port}"),
        path: format!("/{path}"),
    })
}

#[cfg(test)]
mod tests {
    use super::receiver;

    #[test]
    fn only_this_machine_receives() {
        let good = receiver("http://localhost:8080/hook?a=1#b").unwrap();
        assert_eq!(
            (good.socket.as_str(), good.path.as_str(), good.host.as_str()),
            ("127.0.0.1:8080", "/hook?a=1", "localhost:8080"),
            "taken apart"
        );
        assert_eq!(receiver("http://[::1]:9").unwrap().socket, "[::1]:9", "IPv6 too");
        assert_eq!(
            receiver("http://127.0.0.1").unwrap().socket,
            "127.0.0.1:80",
            "the usual port"
        );
        let bad = [
            "https://127.0.0.1:8443/",
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://127.0.0.1@example.com/",
            "http://user@127.0.0.1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:80 /",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
        ];
        assert!(bad.into_iter().all(|url| receiver(url).is_none()), "nobody else");
    }
}
