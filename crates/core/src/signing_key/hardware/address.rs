//! Where a token is found again: its serial number, and the module that reaches it, written as a PKCS#11 URI (RFC 7512).
//!
//! `pkcs11:token=…;serial=…?module-path=…`. Deliberately absent: `pin-value` and `pin-source`, which have no business in a stored
//! address, and the key's own attributes; a key is found by its thumbprint.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const SCHEME: &str = "pkcs11:";

/// All but the unreserved characters of RFC 3986 is escaped; a path stays readable.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ESCAPED_IN_PATH: AsciiSet = ESCAPED.remove(b'/');

/// A token by its serial number, and the module that reaches it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenAddress {
    /// The absolute path of the module's library.
    pub module: PathBuf,
    /// The token's serial number.
    pub serial: String,
    /// The name its owner gave it, for people.
    pub label: String,
}

/// A text that is no token's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "This is not the address of a token. It looks like pkcs11:token=NAME;serial=NUMBER?module-path=/usr/lib/MODULE.so."
)]
pub struct NotATokenAddress;

impl TokenAddress {
    /// Names a token.
    #[must_use]
    pub fn new(module: &Path, serial: &str, label: &str) -> Self {
        Self {
            module: module.to_path_buf(),
            serial: serial.to_owned(),
            label: label.to_owned(),
        }
    }
}

impl fmt::Display for TokenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.module.to_string_lossy();
        write!(
            f,
            "{SCHEME}token={};serial={}?module-path={}",
            utf8_percent_encode(&self.label, &ESCAPED),
            utf8_percent_encode(&self.serial, &ESCAPED),
            utf8_percent_encode(&path, &ESCAPED_IN_PATH),
        )
    }
}

impl FromStr for TokenAddress {
    type Err = NotATokenAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix(SCHEME).ok_or(NotATokenAddress)?;
        let (path, query) = rest.split_once('?').ok_or(NotATokenAddress)?;
        let module = PathBuf::from(member(query, '&', "module-path").ok_or(NotATokenAddress)?);
        let serial = member(path, ';', "serial").ok_or(NotATokenAddress)?;
        if serial.is_empty() || !module.is_absolute() {
            return Err(NotATokenAddress);
        }
        Ok(Self {
            module,
            serial,
            label: member(path, ';', "token").unwrap_or_default(),
        })
    }
}

fn member(members: &str, between: char, wanted: &str) -> Option<String> {
    let found = members.split(between).filter_map(|member| member.split_once('='));
    let value = found.into_iter().find(|(name, _)| *name == wanted)?.1;
    percent_decode_str(value)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::path::Path;

    use proptest::prelude::*;

    use super::{NotATokenAddress, TokenAddress};

    #[test]
    fn an_address_is_a_pkcs11_uri() {
        let address = TokenAddress::new(Path::new("/usr/lib/soft hsm/m.so"), "6ef1", "Klarna; live?");
        let text = "pkcs11:token=Klarna%3B%20live%3F;serial=6ef1?module-path=/usr/lib/soft%20hsm/m.so";
        assert_eq!(address.to_string(), text, "RFC 7512 escapes what separates its parts");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in [
            "",
            "key_store",
            "pkcs11:",
            "pkcs11:serial=1",
            "pkcs11:serial=1?module-path=relative.so",
            "pkcs11:serial=?module-path=/a.so",
            "pkcs11:token=x?module-path=/a.so",
            "http:serial=1?module-path=/a.so",
        ] {
            assert_eq!(bad.parse::<TokenAddress>(), Err(NotATokenAddress), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn an_address_is_read_back_as_it_was_written(serial in "\\PC{1,32}", label in "\\PC{0,32}", path in "/\\PC{1,40}") {
            let address = TokenAddress::new(Path::new(&path), &serial, &label);
            prop_assert_eq!(address.to_string().parse::<TokenAddress>().unwrap(), address);
        }
    }
}
