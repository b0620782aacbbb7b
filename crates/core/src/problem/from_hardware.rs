//! What importing a key and hardware tokens cannot do, put into words. Their own sentences say what happened, then what to do.

use gatehouse_klarna::SignFailure;

use super::{ErrorCode, Problem, ways};
use crate::signing_key::{HardwareFailure, NotImportable, NotRequested};

impl From<NotImportable> for Problem {
    fn from(cause: NotImportable) -> Self {
        let code = match cause {
            NotImportable::PassphraseNeeded | NotImportable::WrongPassphrase => ErrorCode::PassphraseWrong,
            NotImportable::Empty
            | NotImportable::TooLarge
            | NotImportable::NotAKey
            | NotImportable::Certificate
            | NotImportable::SigningRequest
            | NotImportable::PublicKey
            | NotImportable::NoArmour
            | NotImportable::OldEncryption
            | NotImportable::TooMuchWork
            | NotImportable::OtherCurve { .. }
            | NotImportable::OtherKind { .. }
            | NotImportable::OtherForm { .. }
            | NotImportable::SeveralKeys { .. }
            | NotImportable::NoKeyInside
            | NotImportable::Damaged => ErrorCode::KeyUnreadable,
        };
        Self::new(code, "No key was imported.", cause.to_string())
    }
}

impl From<NotRequested> for Problem {
    fn from(cause: NotRequested) -> Self {
        match cause {
            NotRequested::Unsigned(failure) => failure.into(),
            NotRequested::NameEmpty | NotRequested::NameTooLong { .. } | NotRequested::NameNotPlain => Self::new(
                ErrorCode::InputInvalid,
                "No signing request was made.",
                cause.to_string(),
            ),
        }
    }
}

impl From<SignFailure> for Problem {
    fn from(failure: SignFailure) -> Self {
        match failure.0.downcast_ref::<HardwareFailure>() {
            Some(cause) => cause.clone().into(),
            None => Self::internal("sign with the key", &failure),
        }
    }
}

impl From<HardwareFailure> for Problem {
    fn from(cause: HardwareFailure) -> Self {
        let code = match &cause {
            HardwareFailure::Module { .. } | HardwareFailure::NoToken { .. } | HardwareFailure::Gone => {
                ErrorCode::HardwareAbsent
            }
            HardwareFailure::PinNeeded | HardwareFailure::PinWrong { .. } | HardwareFailure::PinNotTaken => {
                ErrorCode::HardwarePin
            }
            HardwareFailure::PinLocked | HardwareFailure::PinExpired | HardwareFailure::PinNotSet => {
                ErrorCode::HardwarePinBlocked
            }
            HardwareFailure::NoKey => ErrorCode::KeyMissing,
            HardwareFailure::WriteProtected
            | HardwareFailure::Full
            | HardwareFailure::NotP256
            | HardwareFailure::NotKept => ErrorCode::HardwareUnsuitable,
            HardwareFailure::Slow => ErrorCode::HardwareSlow,
            HardwareFailure::Failed { .. } | HardwareFailure::Crashed => ErrorCode::HardwareFailed,
        };
        if cause == HardwareFailure::PinNeeded {
            let hint = ways(
                "Enter its PIN: it is asked for on a terminal, or read from --pin-file.",
                "Enter its PIN; it is kept until Gatehouse locks or is closed.",
            );
            return Self::new(code, "The token needs its PIN.", hint);
        }
        let said = cause.to_string();
        let (happened, cure) = said.split_once(". ").unwrap_or((&said, ""));
        Self::new(code, format!("{happened}."), cure.to_owned())
    }
}
