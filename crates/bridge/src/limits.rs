//! What is too much: sign-ins of one address, links for one person. Counted in memory, each bridge for itself.
//!
//! Persons are counted by a hash, and both tables forget whoever has been quiet.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::HashMapStateStore;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};

use crate::config::Limits;

/// A sign-in is up to four requests: back from the provider, the choice, the click, and one more try.
const STEPS: u32 = 4;
/// How often the log says the same of a proxy.
const COMPLAINTS: Duration = Duration::from_secs(600);

type Keyed<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// The counters.
pub struct Rates {
    begin: Keyed<IpAddr>,
    go_on: Keyed<IpAddr>,
    person: Keyed<[u8; 16]>,
    complaints: Option<DefaultDirectRateLimiter>,
}

impl Rates {
    /// Counts nothing yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let a_minute = |count: u32| Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN));
        Self {
            begin: RateLimiter::hashmap(a_minute(limits.per_address)),
            go_on: RateLimiter::hashmap(a_minute(limits.per_address.saturating_mul(STEPS))),
            person: RateLimiter::hashmap(a_minute(limits.per_person)),
            complaints: Quota::with_period(COMPLAINTS).map(RateLimiter::direct),
        }
    }

    /// Whether a sign-in may begin from there.
    #[must_use]
    pub fn may_begin(&self, caller: IpAddr) -> bool {
        self.begin.check_key(&network(caller)).is_ok()
    }

    /// Whether a sign-in may go on from there.
    #[must_use]
    pub fn may_go_on(&self, caller: IpAddr) -> bool {
        self.go_on.check_key(&network(caller)).is_ok()
    }

    /// Whether one more link may be made for a person.
    #[must_use]
    pub fn may_enter(&self, email: &str) -> bool {
        let digest = Sha256::digest(email.to_lowercase());
        let mut key = [0; 16];
        for (to, from) in key.iter_mut().zip(digest) {
            *to = from;
        }
        self.person.check_key(&key).is_ok()
    }

    /// Whether the log may say once more that a proxy does not say for whom it asks.
    #[must_use]
    pub fn may_complain(&self) -> bool {
        self.complaints.as_ref().is_some_and(|few| few.check().is_ok())
    }

    /// Forgets whoever has been quiet.
    pub fn forget_the_quiet(&self) {
        self.begin.retain_recent();
        self.go_on.retain_recent();
        self.person.retain_recent();
    }
}

/// One household has a /64 of IPv6, so its addresses count as one.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_persons_are_counted_each_for_itself() {
        let limits = Limits {
            per_address: 2,
            per_person: 1,
            open: 10,
            connections: 10,
            connections_each: 10,
            calls: 1,
            login_s: 60,
            choice_s: 60,
            head_s: 1,
        };
        let rates = Rates::new(&limits);
        let of = |text: &str| text.parse::<IpAddr>().unwrap();
        let begun = |text: &str| rates.may_begin(of(text));
        assert_eq!(
            [begun("192.0.2.1"), begun("192.0.2.1"), begun("192.0.2.1")],
            [true, true, false],
            "two a minute"
        );
        assert!(begun("192.0.2.2"), "a neighbour is somebody else");
        assert!(!begun("::ffff:192.0.2.1"), "the same address in other clothes");
        assert!(
            begun("2001:db8::1") && begun("2001:db8::2") && !begun("2001:db8::3"),
            "a /64 is one caller"
        );
        assert!(begun("2001:db8:0:1::3"), "the next /64 is another");
        assert!(
            rates.may_enter("Ana@x.example") && !rates.may_enter("ana@X.example"),
            "one person in any case"
        );
        assert!(rates.may_enter("bob@x.example"), "another person");
    }
}
