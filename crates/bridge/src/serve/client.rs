//! Whose address counts: the one that connects, or what a trusted proxy says of it.

use std::net::IpAddr;

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

/// The caller: from the right, the first address that is none of our proxies'. What a caller writes itself stands further left.
#[must_use]
pub fn caller(peer: IpAddr, headers: &HeaderMap, proxies: &[Range]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|range| range.holds(address));
    if !trusted(peer) {
        return peer;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let mut last = peer;
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = text.trim().parse::<IpAddr>() else {
            return last;
        };
        last = address;
        if !trusted(address) {
            return address;
        }
    }
    last
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
        caller(peer.parse().unwrap(), &headers, &proxies).to_string()
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
            "10.1.2.3",
            "what is no address is not taken"
        );
        assert_eq!(
            said("::ffff:10.1.2.3", &["198.51.100.1"]),
            "198.51.100.1",
            "an address in other clothes"
        );
        assert_eq!(said("::1", &[]), "::1", "nothing said");
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
