//! An entry as an OCSF 1.8.0 event: a pure function of its bytes, its side row and nothing else.
//!
//! docs/ocsf.md holds the table. The event names the entry by its leaf hash, so that whoever holds the event finds the signed bytes; what
//! no attribute of OCSF stands for is under `unmapped`, as it stands in the entry. Deliberately absent: looking at other entries, so an
//! outcome says nothing of what its intent asked for: `metadata.correlation_uid` joins them.

mod classes;
mod common;
mod json;
mod kinds;
mod objects;
mod time;

use gatehouse_audit::StoredEntry;

use super::seen::Seen;
use classes::Class;
use json::Object;

/// The version of the schema.
pub const VERSION: &str = "1.8.0";

/// Appends an entry's event to a buffer, without a newline; false for bytes that are no entry.
#[must_use]
pub fn write(entry: &StoredEntry<'_>, redact: bool, out: &mut Vec<u8>) -> bool {
    let Some(seen) = Seen::of(entry, redact) else {
        return false;
    };
    let Some(unix_ms) = time::unix_ms(seen.time) else {
        return false;
    };
    event(&seen, unix_ms, out);
    true
}

fn event(seen: &Seen<'_>, unix_ms: i64, out: &mut Vec<u8>) {
    let told = kinds::of(seen);
    let mut event = Object::begin(out);
    event.number("time", unix_ms);
    common::head(&mut event, seen, &told);
    common::metadata(&mut event, seen);
    common::actor(&mut event, seen);
    common::device(&mut event, seen);
    match told.class {
        Class::Base => {}
        Class::Api => objects::api(&mut event, seen),
        Class::UserAccess => objects::user_access(&mut event, seen),
        Class::Account => objects::user(&mut event, seen),
        Class::Authentication => objects::authentication(&mut event, seen),
        Class::Entity => objects::entity(&mut event, seen, &told),
        Class::Application => objects::application(&mut event, seen),
        Class::Datastore => objects::datastore(&mut event, seen, &told),
        Class::Finding => objects::finding(&mut event, seen, &told),
    }
    common::unmapped(&mut event, seen);
    event.end();
}
