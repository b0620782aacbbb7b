//! Whose address counts: the one that connects, or what a trusted proxy says of it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// A range of addresses, `10.0.0.0/8`; an address alone is a range of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    network: u128,
    bits: u32,
}

impl Range {
    /// Reads a range.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().ok()?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(whole);
        if bits > whole {
            return None;
        }
        let bits = bits + 128 - whole;
        Some(Self {
            network: number(address) & mask(bits),
            bits,
        })
    }

    /// Whether an address lies in it.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        number(address) & mask(self.bits) == self.network
    }
}

/// Whether an address lies in one of the ranges.
#[must_use]
pub fn is_among(ranges: &[Range], address: IpAddr) -> bool {
    ranges.iter().any(|range| range.holds(address))
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Their address, as far as it is known.
    pub address: IpAddr,
    /// Whether it is known: a trusted proxy that does not say for whom it asks hides everybody behind its own.
    pub known: bool,
}

/// The caller: from the right, the first address that is none of our proxies'. What a caller writes itself stands further left.
#[must_use]
pub fn caller(peer: IpAddr, headers: &HeaderMap, proxies: &[Range]) -> Caller {
    let trusted = |address: IpAddr| is_among(proxies, address);
    let is = |address, known| Caller { address, known };
    if !trusted(peer) {
        return is(peer, true);
    }
    let lines = headers.get_all("x-forwarded-for").iter();
    let lines: Vec<&str> = lines.map(|value| value.to_str().unwrap_or_default()).collect();
    let mut last = is(peer, false);
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = forwarded(text.trim()) else {
            return is(last.address, false);
        };
        last = is(address, true);
        if !trusted(address) {
            return last;
        }
    }
    last
}

/// An address as proxies write it: alone, with a port, and of IPv6 in brackets.
fn forwarded(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = match bare {
        Some(bare) => bare.parse().map(IpAddr::V6),
        None => text.parse(),
    };
    address
        .or_else(|_| text.parse().map(|with_port: SocketAddr| with_port.ip()))
        .ok()
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = [Range::parse("10.0.0.0/8").unwrap(), Range::parse("::1").unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", axum::http::HeaderValue::from_static(line));
        }
        let caller = caller(peer.parse().unwrap(), &headers, &proxies);
        format!("{}{}", caller.address, if caller.known { "" } else { " for whom?" })
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_as_far_as_it_saw() {
        assert_eq!(
            said("192.0.2.9", &["198.51.100.1"]),
            "192.0.2.9",
            "a stranger's word counts nothing"
        );
        assert_eq!(said("10.1.2.3", &["198.51.100.1"]), "198.51.100.1", "a proxy's does");
        assert_eq!(
            said("10.1.2.3", &["1.1.1.1, 198.51.100.1"]),
            "198.51.100.1",
            "what the caller wrote itself does not"
        );
        assert_eq!(
            said("10.1.2.3", &["1.1.1.1", "198.51.100.1, 10.9.9.9"]),
            "198.51.100.1",
            "through two proxies"
        );
        assert_eq!(
            said("10.1.2.3", &["nonsense"]),
            "10.1.2.3 for whom?",
            "what is no address is not taken"
        );
        assert_eq!(
            said("::ffff:10.1.2.3", &["198.51.100.1"]),
            "198.51.100.1",
            "an address in other clothes"
        );
        assert_eq!(said("::1", &[]), "::1 for whom?", "nothing said");
        assert_eq!(
            said("10.1.2.3", &["10.9.9.9"]),
            "10.9.9.9",
            "a proxy that asks for itself"
        );
    }

    #[test]
    fn an_address_is_read_in_every_form_that_proxies_write() {
        for (written, meant) in [
            ("203.0.113.7:51234", "203.0.113.7"),
            ("[2001:db8::7]:51234", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("1.1.1.1:1 , 203.0.113.7:2,10.9.9.9:3", "203.0.113.7"),
            ("1.1.1.1, unknown", "10.1.2.3 for whom?"),
            ("1.1.1.1, _hidden, 10.9.9.9:3", "10.9.9.9 for whom?"),
            ("", "10.1.2.3 for whom?"),
            ("203.0.113.7:", "10.1.2.3 for whom?"),
            ("203.0.113.7:99999", "10.1.2.3 for whom?"),
            ("[203.0.113.7]", "10.1.2.3 for whom?"),
            ("[2001:db8::7", "10.1.2.3 for whom?"),
        ] {
            assert_eq!(said("10.1.2.3", &[written]), meant, "{written}");
        }
    }

    #[test]
    fn ranges_are_read_strictly() {
        for bad in ["", "10.0.0.0/33", "::/129", "ten", "10.0.0.0/-1", "10.0.0"] {
            assert!(Range::parse(bad).is_none(), "{bad:?}");
        }
        assert!(
            Range::parse("0.0.0.0/0").unwrap().holds("8.8.8.8".parse().unwrap()),
            "everything of IPv4"
        );
        assert!(
            !Range::parse("0.0.0.0/0").unwrap().holds("2001:db8::1".parse().unwrap()),
            "and nothing else"
        );
    }
}
