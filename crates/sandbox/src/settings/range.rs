//! A range of IP addresses in CIDR form, as Klarna's IP restrictions have them (portal-access.md 6.4).
//!
//! Written here, small and strict: no names, no wildcards, no host bits beyond the prefix.

use std::net::IpAddr;

/// One address, or all that share a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IpRange {
    start: u128,
    prefix: u32,
    v4: bool,
}

impl IpRange {
    /// Reads `10.0.0.0/8`, `2001:db8::/32` or a single address.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (start, width, v4) = number(address.parse().ok()?);
        let prefix = prefix.unwrap_or(width);
        let range = Self { start, prefix, v4 };
        (prefix <= width && start & !range.mask() == 0).then_some(range)
    }

    /// Whether an address lies in it; an IPv4 address in IPv6 clothes counts as IPv4.
    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        let (number, _, v4) = number(address.to_canonical());
        v4 == self.v4 && number & self.mask() == self.start
    }

    const fn mask(&self) -> u128 {
        let width = if self.v4 { 32 } else { 128 };
        let all = u128::MAX >> (128 - width);
        match width - self.prefix {
            128 => 0,
            free => all >> free << free,
        }
    }
}

/// The address as a number, its width in bits, and whether it is IPv4.
fn number(address: IpAddr) -> (u128, u32, bool) {
    match address {
        IpAddr::V4(four) => (u128::from(four.to_bits()), 32, true),
        IpAddr::V6(six) => (six.to_bits(), 128, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(range: &str, address: &str) -> bool {
        IpRange::read(range).unwrap().holds(address.parse().unwrap())
    }

    #[test]
    fn ranges_hold_what_shares_their_prefix() {
        for (range, within) in [
            ("127.0.0.0/8", "127.255.0.1"),
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1", "::ffff:127.0.0.1"),
            ("0.0.0.0/0", "203.0.113.9"),
            ("::/0", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1"),
        ] {
            assert!(holds(range, within), "{within} lies in {range}");
        }
        for (range, beyond) in [
            ("127.0.0.0/8", "128.0.0.1"),
            ("127.0.0.1", "127.0.0.2"),
            ("0.0.0.0/0", "::1"),
            ("::/0", "127.0.0.1"),
        ] {
            assert!(!holds(range, beyond), "{beyond} does not lie in {range}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for bad in [
            "",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "10.0.0",
            "host/8",
            "10.0.0.0/",
            "::1/129",
            "*",
        ] {
            assert_eq!(IpRange::read(bad), None, "{bad:?} is no range");
        }
    }
}
