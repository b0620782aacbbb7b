//! Foreign judges of what we send and write: PyJWT, openssl, sqlite3, and a verifier of the log written from its description alone.
//!
//! What the product sent is recorded by a stand-in between it and the sandbox, so it is the real bytes that are judged.

mod bundle;
mod certificates;
mod databases;
mod log;
pub mod python;
mod tokens;
mod verifiers;

use std::sync::{Arc, Mutex};

use crate::http::{Recorded, recorder};
use crate::world::{Place, Served};

/// A profile whose calls are recorded on their way to the sandbox.
pub struct Watched {
    pub place: Place,
    pub served: Served,
    tape: Arc<Mutex<Vec<Recorded>>>,
    _elsewhere: Place,
}

impl Watched {
    pub fn ready() -> Self {
        let elsewhere = Place::new();
        let served = Served::start(&elsewhere);
        let (url, tape) = recorder(served.http());
        let place = Place::new();
        place.stand_in(&url, &served).json();
        let csv = "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:MB6KIE1P,SE-00417,Bageri Åsa\n";
        let file = place.file("m.csv", csv);
        place.run(&["merchants", "import", &file]).json();
        Self {
            place,
            served,
            tape,
            _elsewhere: elsewhere,
        }
    }

    /// The calls whose path ends so.
    pub fn calls(&self, ending: &str) -> Vec<Recorded> {
        self.tape
            .lock()
            .unwrap()
            .iter()
            .filter(|call| call.path.ends_with(ending))
            .cloned()
            .collect()
    }
}
