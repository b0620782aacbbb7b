//! Hardware tokens as the window shows them; all public.
//!
//! Deliberately absent: PINs, and paths of modules; the window names a token by its serial number alone.

use serde::Serialize;
use specta::Type;

/// A token, as a key's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// The name its owner gave it.
    pub label: String,
    /// Its serial number.
    pub serial: String,
}

/// A token that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HardwareTokenView {
    /// The name its owner gave it.
    pub label: String,
    /// Its serial number.
    pub serial: String,
    /// Who made it, and which model it is.
    pub model: String,
    /// Why no key can be made on it, in a sentence; nothing when one can.
    pub unusable: Option<String>,
    /// What to know before its PIN is entered, in a sentence.
    pub warning: Option<String>,
}

/// One PKCS#11 module, and the tokens that it sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModuleTokensView {
    /// The module's name.
    pub module: String,
    /// Its tokens.
    pub tokens: Vec<HardwareTokenView>,
    /// Why it cannot be used, and what to do.
    pub failure: Option<String>,
}
