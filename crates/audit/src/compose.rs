//! The bytes of a new entry, printed straight from its draft and its place: members in their order, nothing copied before.
//!
//! Deliberately absent: the rules for drafts, which `draft` checks; only what the form itself asks is checked here.

use serde_json::{Map, Value};

use crate::body::{FORMAT_VERSION, Place};
use crate::canonical::{self, CanonicalFault, MAX_ENTRY};
use crate::draft::Draft;
use crate::print;

/// Room for an entry of the usual length.
const USUAL: usize = 1024;

/// Prints an entry.
///
/// # Errors
/// Outside the restricted form, or longer than 16 KiB.
pub fn entry(draft: &Draft, place: &Place<'_>) -> Result<Vec<u8>, CanonicalFault> {
    let mut out = Printed(Vec::with_capacity(USUAL));
    out.text("act", Some(&draft.act.hyphenated().to_string()));
    if let Some(actor) = &draft.actor {
        out.texts(
            "actor",
            &[
                ("key_id", &actor.key_id),
                ("role", &actor.role),
                ("session", &actor.session),
            ],
        );
    }
    if let Some(device) = &draft.device {
        out.texts(
            "device",
            &[("app", &device.app), ("id", &device.id), ("os", &device.os)],
        );
    }
    out.text("env", draft.env.as_deref());
    out.text("kind", Some(&draft.kind));
    out.text("log", Some(place.log_id));
    out.text("merchant", draft.merchant.as_deref());
    out.number("mono", place.mono)?;
    out.text("phase", Some(draft.phase.as_str()));
    out.text("plan_sha256", draft.plan_sha256.as_deref());
    out.text("prev", Some(&hex::encode(place.prev)));
    out.text("priv", place.commitment.map(hex::encode).as_deref());
    out.text("profile", draft.profile.as_deref());
    out.object("request", &draft.request)?;
    out.object("result", &draft.result)?;
    out.number("seq", place.seq)?;
    out.object("signing", &draft.signing)?;
    out.text("time", Some(place.time));
    out.number("v", u64::from(FORMAT_VERSION))?;
    out.0.push(b'}');
    canonical::check_length(out.0.len(), MAX_ENTRY)?;
    Ok(out.0)
}

/// An object whose end is not printed yet.
struct Printed(Vec<u8>);

impl Printed {
    fn name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        print::text(&mut self.0, name);
        self.0.push(b':');
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.name(name);
            print::text(&mut self.0, text);
        }
    }

    fn texts(&mut self, name: &str, texts: &[(&str, &str)]) {
        self.name(name);
        let mut inner = Self(Vec::with_capacity(128));
        for (name, text) in texts {
            inner.text(name, Some(text));
        }
        self.0.append(&mut inner.0);
        self.0.push(b'}');
    }

    fn number(&mut self, name: &str, number: u64) -> Result<(), CanonicalFault> {
        if number > canonical::MAX_INTEGER {
            return Err(canonical::outside("an integer is beyond 2^53-1"));
        }
        self.name(name);
        self.0.extend_from_slice(number.to_string().as_bytes());
        Ok(())
    }

    /// An empty one is left out.
    fn object(&mut self, name: &str, object: &Map<String, Value>) -> Result<(), CanonicalFault> {
        if object.is_empty() {
            return Ok(());
        }
        self.name(name);
        print::object(&mut self.0, object, 2)
    }
}
