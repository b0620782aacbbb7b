//! What a token says about itself, for a person to choose by.

use cryptoki::context::Pkcs11;
use cryptoki::error::Error;
use cryptoki::mechanism::MechanismType;
use cryptoki::slot::{Slot, TokenInfo};
use serde::Serialize;

use super::TriesLeft;

/// The state of a token's PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PinState {
    /// No PIN was ever set.
    NotSet,
    /// Nothing speaks against it.
    Ready,
    /// A wrong PIN was typed since the last right one.
    FewTries,
    /// The next wrong PIN locks the token.
    LastTry,
    /// Locked.
    Locked,
}

/// A token that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenFacts {
    /// The name its owner gave it.
    pub label: String,
    /// The serial number, by which a key is found again.
    pub serial: String,
    /// Who made it.
    pub manufacturer: String,
    /// Which model it is.
    pub model: String,
    /// Whether it was initialised; without that it holds no keys.
    pub initialised: bool,
    /// The state of its PIN.
    pub pin: PinState,
    /// Whether it refuses to be written to.
    pub write_protected: bool,
    /// Whether it makes keys on P-256 and signs with them.
    pub p256: bool,
    /// Whether its slot says that it is a device; SoftHSM's does not.
    pub device: bool,
}

impl TokenFacts {
    pub(super) fn of(module: &Pkcs11, slot: Slot) -> Result<Self, Error> {
        let info = module.get_token_info(slot)?;
        Ok(Self {
            label: info.label().to_owned(),
            serial: info.serial_number().to_owned(),
            manufacturer: info.manufacturer_id().to_owned(),
            model: info.model().to_owned(),
            initialised: info.token_initialized(),
            pin: pin_state(&info),
            write_protected: info.write_protected(),
            p256: does_p256(module, slot),
            device: module.get_slot_info(slot)?.hardware_slot(),
        })
    }
}

fn pin_state(info: &TokenInfo) -> PinState {
    if !info.user_pin_initialized() {
        PinState::NotSet
    } else if info.user_pin_locked() {
        PinState::Locked
    } else if info.user_pin_final_try() {
        PinState::LastTry
    } else if info.user_pin_count_low() {
        PinState::FewTries
    } else {
        PinState::Ready
    }
}

/// What a token tells after a wrong PIN.
pub(super) fn tries_left(module: &Pkcs11, slot: Slot) -> TriesLeft {
    match module.get_token_info(slot).as_ref().map(pin_state) {
        Ok(PinState::LastTry | PinState::Locked) => TriesLeft::Last,
        Ok(PinState::FewTries) => TriesLeft::Few,
        Ok(PinState::NotSet | PinState::Ready) | Err(_) => TriesLeft::Untold,
    }
}

fn does_p256(module: &Pkcs11, slot: Slot) -> bool {
    let does = |mechanism| {
        let info = module.get_mechanism_info(slot, mechanism);
        info.is_ok_and(|info| (info.min_key_size()..=info.max_key_size()).contains(&256))
    };
    does(MechanismType::ECC_KEY_PAIR_GEN) && does(MechanismType::ECDSA)
}
