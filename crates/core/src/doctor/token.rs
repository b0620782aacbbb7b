//! Hardware tokens that hold keys of the profile: whether each is plugged in, and the state of its PIN.
//!
//! No PIN is asked for, and none is tried: a wrong one could lock the token. So the dry signature is made only while the unlock window
//! is open.

use super::DoctorLine;
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::key_rows::{KeyRow, KeyState};
use crate::signing_key::{Certificate, HardwareFailure, HardwareKey, PinState, Signer, TokenAddress};

const PART: &str = "hardware token";
const SIGNATURE: &str = "signature";
const DRY: &[u8] = b"gatehouse doctor: a signature that goes nowhere";

/// A line for each token that holds a living key.
pub(super) fn lines(core: &Core, rows: &[KeyRow]) -> Vec<DoctorLine> {
    let living = rows.iter().filter(|row| row.state != KeyState::Destroyed);
    let mut tokens: Vec<&TokenAddress> = living.filter_map(|row| row.place.token()).collect();
    tokens.sort_by_key(|token| &token.serial);
    tokens.dedup();
    tokens.into_iter().map(|token| line(core, token)).collect()
}

fn line(core: &Core, token: &TokenAddress) -> DoctorLine {
    let found = core.hardware().module(&token.module).tokens();
    let facts = match found {
        Err(failure) => return DoctorLine::bad(PART, failure.into()),
        Ok(tokens) => tokens.into_iter().find(|facts| facts.serial == token.serial),
    };
    let Some(facts) = facts else {
        let absent = HardwareFailure::NoToken {
            serial: token.serial.clone(),
        };
        return DoctorLine::bad(PART, absent.into());
    };
    let named = format!(
        "The token {} (serial number {}) is plugged in",
        facts.label, facts.serial
    );
    match facts.pin {
        PinState::Ready => DoctorLine::ok(PART, format!("{named}; its PIN is asked for when it is needed.")),
        PinState::FewTries | PinState::LastTry => DoctorLine::warn(
            PART,
            format!("{named}, and a wrong PIN was given lately."),
            "Make sure of the PIN before the next try: a few wrong ones lock the token.",
        ),
        PinState::Locked => DoctorLine::bad(PART, HardwareFailure::PinLocked.into()),
        PinState::NotSet => DoctorLine::bad(PART, HardwareFailure::PinNotSet.into()),
    }
}

/// The dry signature of a key on a token.
pub(super) fn signature(core: &Core, row: &KeyRow, certificate: &Certificate, token: &TokenAddress) -> DoctorLine {
    let window = core.token_window(token);
    if !window.is_open() {
        return DoctorLine::skipped(SIGNATURE, "Not tried, because the token would ask for its PIN.");
    }
    let made = HardwareKey::known(&window, &row.key_id, &row.spki)
        .map_err(Problem::from)
        .and_then(|key| Ok(key.sign_es256(DRY)?));
    match made {
        Ok(_) if certificate.spki_der() == row.spki => DoctorLine::ok(
            SIGNATURE,
            "A dry signature by the key on the token fits the certificate; nothing was sent.",
        ),
        Ok(_) => DoctorLine::bad(SIGNATURE, super::pairs::for_another_key()),
        Err(problem) => DoctorLine::bad(SIGNATURE, problem),
    }
}
