//! What can be wrong with a hardware token, each state by its name and with its cure.

use std::path::PathBuf;

/// Why a module's library cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModuleFault {
    /// No such file.
    #[error("there is no file at this path")]
    NotThere,
    /// A library for another processor, or for 32 bits.
    #[error("it was made for another kind of processor")]
    OtherArchitecture,
    /// The system's loader refused it.
    #[error("this system cannot load it as a library")]
    NotLoadable,
    /// A library of something else.
    #[error("it is a library, but not a PKCS#11 module")]
    NotPkcs11,
    /// The module itself gave up.
    #[error("it was loaded, but did not start")]
    NotStarted,
}

/// What a token tells about the tries that are left before it locks itself; it never tells a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TriesLeft {
    /// It does not tell.
    #[error(
        "Make sure of the PIN before the next try: after a few wrong ones, of which the token does not tell the number, it locks itself, and only its maker's tool unblocks it."
    )]
    Untold,
    /// A wrong PIN was typed before.
    #[error(
        "Make sure of the PIN before the next try: few are left before the token locks itself, and only its maker's tool unblocks it."
    )]
    Few,
    /// The next wrong PIN locks it.
    #[error(
        "Make sure of the PIN before the next try: it is the last one. Another wrong PIN locks the token, and only its maker's tool unblocks it."
    )]
    Last,
}

/// Why a hardware token did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HardwareFailure {
    /// The library cannot be used.
    #[error("The PKCS#11 module {} cannot be used: {fault}. Check the path, and install the 64-bit module of your token's maker.", path.display())]
    Module {
        /// The path that was given.
        path: PathBuf,
        /// What is wrong with it.
        fault: ModuleFault,
    },
    /// No token with this serial number is plugged in.
    #[error("The token with the serial number {serial} is not plugged in. Plug it in, then try again.")]
    NoToken {
        /// The serial number that was sought.
        serial: String,
    },
    /// It was there a moment ago.
    #[error("The token was removed while it was in use. Plug it in again, then try again; its PIN will be asked for.")]
    Gone,
    /// The unlock window is over, or no PIN was given yet.
    #[error("The token needs its PIN. Enter it; it is kept for the unlock window only.")]
    PinNeeded,
    /// Refused.
    #[error("The PIN is wrong. {tries}")]
    PinWrong {
        /// What the token tells about further tries.
        tries: TriesLeft,
    },
    /// Too short, too long, or with characters the token does not take.
    #[error("The token does not take a PIN of this length or with these characters. Check what was typed.")]
    PinNotTaken,
    /// Locked by wrong tries.
    #[error(
        "The token's PIN is locked after too many wrong tries. Unblock it with its maker's tool and the PUK or SO PIN."
    )]
    PinLocked,
    /// Expired, or still the one it came with.
    #[error("The token wants its PIN changed first. Change it with its maker's tool, then try again.")]
    PinExpired,
    /// Never set.
    #[error("The token has no PIN yet. Initialise it and set a PIN with its maker's tool.")]
    PinNotSet,
    /// The key is not there.
    #[error(
        "The key is not on this token. Plug in the token that the key was made on; a key that is lost cannot be made again, only replaced."
    )]
    NoKey,
    /// The token, or the slot, cannot be written to.
    #[error(
        "The token is write-protected, so no key can be made or destroyed on it. Remove the protection with its maker's tool."
    )]
    WriteProtected,
    /// No room.
    #[error("The token has no room for another key. Destroy one that is no longer used.")]
    Full,
    /// It does not do P-256.
    #[error("The token cannot make or use keys on the curve P-256. Use another token, or a software key.")]
    NotP256,
    /// The key could leave the token.
    #[error("The key on the token could be copied out of it, so it is not used. Make a new key on the token.")]
    NotKept,
    /// No answer in time.
    #[error("The token has not answered yet. If it waits for a touch or a plug, attend to it; then try again.")]
    Slow,
    /// Something else, by the names that PKCS#11 gives it.
    #[error("The token failed ({cause}). Unplug it, plug it in again, then try again.")]
    Failed {
        /// The function and the value it returned; never content.
        cause: String,
    },
    /// The module's code broke down, or its thread.
    #[error("The token's module broke down. Restart Gatehouse; if it happens again, update the module.")]
    Crashed,
}

impl HardwareFailure {
    /// Whether a fresh session may mend it or tell more: of a token that was pulled out, some modules say that the key is not there.
    pub(super) fn may_be_stale(&self) -> bool {
        matches!(self, Self::Gone | Self::NoKey | Self::Failed { .. })
    }
}
