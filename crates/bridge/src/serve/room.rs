//! How many connections there may be: altogether, and of one address, so that nobody alone can take all the places.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::client::{Range, is_among};
use crate::limits::network;
use crate::metrics::CutOff;

/// The places of a listener.
pub struct Room {
    places: Arc<Semaphore>,
    all: u32,
    each: u32,
    proxies: Vec<Range>,
    held: Mutex<HashMap<IpAddr, u32>>,
}

/// A place, until it is dropped.
pub struct Place {
    room: Arc<Room>,
    /// Whose share it is of; nobody's where a trusted proxy holds it.
    address: Option<IpAddr>,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    /// Whether a trusted proxy holds it.
    #[must_use]
    pub const fn is_of_proxy(&self) -> bool {
        self.address.is_none()
    }
}

impl Room {
    /// So many places, so many of them for one address; a trusted proxy brings many people and may take all.
    #[must_use]
    pub fn new(all: u32, each: u32, proxies: Vec<Range>) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(usize::try_from(all).unwrap_or(1))),
            all,
            each,
            proxies,
            held: Mutex::default(),
        })
    }

    /// A place for a caller.
    ///
    /// # Errors
    /// Why there is none.
    pub fn take(self: &Arc<Self>, caller: IpAddr) -> Result<Place, CutOff> {
        let permit = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| CutOff::TooMany)?;
        let address = (!is_among(&self.proxies, caller)).then(|| network(caller));
        if let Some(address) = address {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let count = held.entry(address).or_default();
            if *count >= self.each {
                return Err(CutOff::TooManyOfOne);
            }
            *count += 1;
        }
        Ok(Place {
            room: Arc::clone(self),
            address,
            _permit: permit,
        })
    }

    /// Waits until every place is free again, and keeps them.
    pub async fn all_gone(&self) {
        if let Ok(all) = self.places.acquire_many(self.all).await {
            all.forget();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut held = self.room.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                held.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_its_share_and_a_trusted_proxy_all() {
        let room = Room::new(4, 2, vec![Range::parse("10.0.0.0/8").unwrap()]);
        let take = |caller: &str| room.take(caller.parse().unwrap());
        let (first, _second) = (take("192.0.2.1").unwrap(), take("::ffff:192.0.2.1").unwrap());
        assert_eq!(take("192.0.2.1").err(), Some(CutOff::TooManyOfOne), "a third of one");
        let _neighbour = take("192.0.2.2").unwrap();
        drop(first);
        let _again = take("192.0.2.1").unwrap();
        let _proxy = take("10.1.1.1").unwrap();
        assert_eq!(take("10.1.1.1").err(), Some(CutOff::TooMany), "the room is full");
    }

    #[test]
    fn whoever_is_gone_is_forgotten() {
        let room = Room::new(1000, 3, Vec::new());
        for number in 0..=255 {
            drop(room.take(IpAddr::from([192, 0, 2, number])).unwrap());
        }
        assert!(room.held.lock().unwrap().is_empty(), "nothing is kept of who was here");
        let proxy = Room::new(9, 1, vec![Range::parse("::1").unwrap()]);
        let places: Vec<_> = (0..9).map(|_| proxy.take("::1".parse().unwrap())).collect();
        assert!(places.iter().all(Result::is_ok), "all for a proxy");
    }
}
