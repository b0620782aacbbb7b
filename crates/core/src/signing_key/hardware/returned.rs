//! What a module returned, translated by value into the named states.

use std::path::Path;

use cryptoki::error::{Error, RvError};

use super::{HardwareFailure, ModuleFault};

/// Translates any failure but those of loading.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "PKCS#11 has a hundred return values; all without a cure of their own are one state"
)]
pub(super) fn named(error: Error) -> HardwareFailure {
    let Error::Pkcs11(value, function) = error else {
        return HardwareFailure::Failed {
            cause: error.to_string(),
        };
    };
    match value {
        RvError::PinLocked => HardwareFailure::PinLocked,
        RvError::PinExpired => HardwareFailure::PinExpired,
        RvError::PinInvalid | RvError::PinLenRange => HardwareFailure::PinNotTaken,
        RvError::UserPinNotInitialized => HardwareFailure::PinNotSet,
        RvError::UserNotLoggedIn
        | RvError::SessionHandleInvalid
        | RvError::SessionClosed
        | RvError::DeviceRemoved
        | RvError::TokenNotPresent
        | RvError::TokenNotRecognized
        | RvError::SlotIdInvalid
        | RvError::CryptokiNotInitialized => HardwareFailure::Gone,
        RvError::TokenWriteProtected | RvError::SessionReadOnly => HardwareFailure::WriteProtected,
        RvError::DeviceMemory => HardwareFailure::Full,
        RvError::MechanismInvalid
        | RvError::CurveNotSupported
        | RvError::DomainParamsInvalid
        | RvError::KeySizeRange
        | RvError::FunctionNotSupported => HardwareFailure::NotP256,
        RvError::KeyHandleInvalid | RvError::ObjectHandleInvalid => HardwareFailure::NoKey,
        other => HardwareFailure::Failed {
            cause: format!("{function:?}: {other:?}"),
        },
    }
}

/// Translates a failure of loading or starting the library.
pub(super) fn unusable(path: &Path, error: &Error) -> HardwareFailure {
    let fault = match error {
        Error::LibraryLoading(_) => ModuleFault::NotLoadable,
        Error::MissingSymbol(_) | Error::NullFunctionPointer => ModuleFault::NotPkcs11,
        Error::Pkcs11(..)
        | Error::NotSupported
        | Error::TryFromInt(_)
        | Error::TryFromSlice(_)
        | Error::ParseInt(_)
        | Error::Utf8(_)
        | Error::NulError(_)
        | Error::InvalidValue
        | Error::PinNotSet => ModuleFault::NotStarted,
    };
    tracing::warn!(path = %path.display(), %error, "a PKCS#11 module cannot be used");
    HardwareFailure::Module {
        path: path.to_path_buf(),
        fault,
    }
}

#[cfg(test)]
mod tests {
    use cryptoki::context::Function;
    use cryptoki::error::{Error, RvError};

    use super::{HardwareFailure, named};

    #[test]
    fn states_that_softhsm_never_reaches_have_their_names_too() {
        let cases = [
            (RvError::PinLocked, HardwareFailure::PinLocked),
            (RvError::PinExpired, HardwareFailure::PinExpired),
            (RvError::PinLenRange, HardwareFailure::PinNotTaken),
            (RvError::UserPinNotInitialized, HardwareFailure::PinNotSet),
            (RvError::DeviceRemoved, HardwareFailure::Gone),
            (RvError::TokenNotPresent, HardwareFailure::Gone),
            (RvError::SessionHandleInvalid, HardwareFailure::Gone),
            (RvError::TokenWriteProtected, HardwareFailure::WriteProtected),
            (RvError::DeviceMemory, HardwareFailure::Full),
            (RvError::CurveNotSupported, HardwareFailure::NotP256),
            (RvError::MechanismInvalid, HardwareFailure::NotP256),
        ];
        for (value, expected) in cases {
            let found = named(Error::Pkcs11(value, Function::Sign));
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn what_has_no_cure_of_its_own_is_quoted_by_its_pkcs11_names() {
        let found = named(Error::Pkcs11(RvError::DeviceError, Function::Sign));
        let quoted = "Sign: DeviceError".to_owned();
        assert_eq!(found, HardwareFailure::Failed { cause: quoted }, "function and value");
    }
}
