//! The key store and what a profile keeps in it; for a keyring in trouble, the cure that fits the desktop.
//!
//! It is asked once, within its own limit; what needs it afterwards is left out when it does not answer. A sealed file that is not
//! there yet is not made. Deliberately absent: unlocking anything.

use super::DoctorLine;
use crate::facade::{Core, sealed_file_missing};
use crate::key_store::{DirectoryItem, KeyStoreKind};
use crate::network::Desktop;
use crate::problem::{ErrorCode, ways};
use crate::profile::Profile;
use crate::profile::key_life;
use crate::profile::key_rows::{self, KeyRow};
use crate::profile::secrets::ProfileSecrets;
use crate::signing_key::CertificateUsage;

const PART: &str = "key store";

/// What the key store gave.
pub(super) struct Held {
    pub lines: Vec<DoctorLine>,
    pub answers: bool,
    pub secrets: Option<ProfileSecrets>,
}

pub(super) fn look(core: &Core, profile: Option<&Profile>) -> Held {
    let (line, answers) = answering(core);
    let mut held = Held {
        lines: vec![line],
        answers,
        secrets: None,
    };
    let Some(profile) = profile else { return held };
    if !answers {
        held.lines.push(DoctorLine::skipped(
            "keys",
            "Not looked at, because the key store does not answer.",
        ));
        return held;
    }
    match key_life::load(core, profile) {
        Ok(found) => {
            let rows = key_rows::all(&core.database(), profile.id).unwrap_or_default();
            held.lines.push(keys(&found, &rows));
            held.secrets = Some(found);
        }
        Err(problem) if problem.code == ErrorCode::AppLocked => held
            .lines
            .push(DoctorLine::skipped("keys", "Not looked at, because the app is locked.")),
        Err(problem) => held.lines.push(DoctorLine::bad("keys", problem)),
    }
    held
}

/// Whether every key that has to be in the key store is; one on a token has its own line.
fn keys(found: &ProfileSecrets, rows: &[KeyRow]) -> DoctorLine {
    const PART: &str = "keys";
    let on_token = |usage| key_rows::in_use(rows, usage).is_some_and(|row| row.place.token().is_some());
    let is_missing = |usage| !on_token(usage) && found.keys(usage).current.is_none();
    let missing = [CertificateUsage::JwtSigning, CertificateUsage::Mtls]
        .into_iter()
        .any(is_missing);
    if missing || found.api_key.is_none() {
        return DoctorLine::warn(
            PART,
            "The key store has not all of this profile's keys yet.",
            ways(
                "Go on with its set-up: `gatehouse profile setup` shows the next step.",
                "Press Go on with set-up in the settings.",
            ),
        );
    }
    let message = if on_token(CertificateUsage::JwtSigning) {
        "mTLS key and API key are in the key store; the signing key is on its token."
    } else {
        "Signing key, mTLS key and API key are in the key store."
    };
    DoctorLine::ok(PART, message)
}

fn answering(core: &Core) -> (DoctorLine, bool) {
    if is_unmade(core) && core.journal().is_born() {
        return (DoctorLine::bad(PART, sealed_file_missing()), false);
    }
    if is_unmade(core) {
        let message = "The sealed key file is made with the first profile.";
        return (DoctorLine::skipped(PART, message), false);
    }
    let asked = core.key_store().and_then(|store| {
        let item = crate::acts::item(core.dir(), DirectoryItem::Anchor);
        Ok((store.kind(), store.get(&item)?.is_some()))
    });
    match asked {
        Ok((kind, true)) => {
            let message = format!("The {} answers, and the log's anchor is there.", kind.as_str());
            (DoctorLine::ok(PART, message), true)
        }
        Ok((kind, false)) => (DoctorLine::ok(PART, format!("The {} answers.", kind.as_str())), true),
        Err(problem) => {
            let told = match cure(problem.code, Surface::of(core.desktop())) {
                Some(cure) => problem.with_hint(cure),
                None => problem,
            };
            (DoctorLine::bad(PART, told), false)
        }
    }
}

/// Whether a sealed file is chosen and not there; where there is a log there was one, which is lost then.
fn is_unmade(core: &Core) -> bool {
    let sealed = core.key_store_kind().is_ok_and(|kind| kind == KeyStoreKind::SealedFile);
    sealed && core.known_key_store().is_none() && !core.dir().join("keys.sealed").exists()
}

/// Where a person sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    Macos,
    Windows,
    Gnome,
    Kde,
    OtherDesktop,
    Headless,
}

impl Surface {
    fn of(desktop: &Desktop) -> Self {
        if cfg!(target_os = "macos") {
            return Self::Macos;
        }
        if cfg!(target_os = "windows") {
            return Self::Windows;
        }
        let name = desktop
            .variable("XDG_CURRENT_DESKTOP")
            .unwrap_or_default()
            .to_ascii_uppercase();
        let screen = ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| desktop.variable(name).is_some());
        match name.as_str() {
            name if name.contains("KDE") => Self::Kde,
            name if ["GNOME", "UNITY", "CINNAMON", "MATE", "BUDGIE"]
                .iter()
                .any(|kin| name.contains(kin)) =>
            {
                Self::Gnome
            }
            _ if screen => Self::OtherDesktop,
            _ => Self::Headless,
        }
    }
}

/// The cure of a keyring's state on a desktop; nothing where the general one fits.
fn cure(code: ErrorCode, surface: Surface) -> Option<&'static str> {
    let absent = code == ErrorCode::KeyringAbsent;
    let locked = matches!(
        code,
        ErrorCode::KeyringLocked | ErrorCode::KeyringSlow | ErrorCode::KeyringDenied
    );
    let crashed = code == ErrorCode::KeyringCrashed;
    if !(absent || locked || crashed) {
        return None;
    }
    Some(match surface {
        Surface::Gnome if absent => {
            "Install and start GNOME Keyring (package gnome-keyring), and make a default keyring named Login in “Passwords and Keys”; then sign in anew."
        }
        Surface::Gnome if locked => {
            "Unlock the Login keyring in “Passwords and Keys” (Seahorse), or answer the password window; then try again."
        }
        Surface::Gnome => "Sign out and in, so that GNOME Keyring starts anew.",
        Surface::Kde if absent => {
            "Switch the KDE wallet on in System Settings, KDE Wallet, with its Secret Service; or start KeePassXC with its Secret Service."
        }
        Surface::Kde if locked => "Open the wallet in KWalletManager, or answer its password window; then try again.",
        Surface::Kde => "Restart the wallet: sign out and in, or end kwalletd and open KWalletManager.",
        Surface::OtherDesktop if absent => {
            "Start a keyring with a Secret Service in this session (gnome-keyring-daemon, KeePassXC), or make a new data directory whose keys are in the sealed file (--key-store file)."
        }
        Surface::OtherDesktop => "Unlock or restart the keyring program of this session, then try again.",
        Surface::Headless if absent => {
            "Without a desktop a keyring has to be started: run inside `dbus-run-session` with one that is unlocked. A new data directory can keep its keys in the sealed file instead (--key-store file)."
        }
        Surface::Headless if code == ErrorCode::KeyringSlow => {
            "Without a desktop nobody sees its password window: unlock it first (gnome-keyring-daemon --unlock reads the password), or end the keyring program that hangs; then try again."
        }
        Surface::Headless if locked => {
            "Without a desktop nobody can be asked: unlock it first (gnome-keyring-daemon --unlock reads the password), then try again."
        }
        Surface::Headless => "Restart the keyring program of this session, then try again.",
        Surface::Macos => {
            "Open Keychain Access, unlock the login keychain, and allow Gatehouse when it asks (“Always Allow”)."
        }
        Surface::Windows => {
            "Sign in to Windows with your own account (not as a service), and see that the service “Credential Manager” runs."
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::network::ProxyTexts;

    const SURFACES: [Surface; 6] = [
        Surface::Macos,
        Surface::Windows,
        Surface::Gnome,
        Surface::Kde,
        Surface::OtherDesktop,
        Surface::Headless,
    ];

    #[test]
    fn a_missing_keyring_has_a_cure_of_its_own_on_each_desktop() {
        let cures: BTreeSet<_> = SURFACES
            .iter()
            .map(|&surface| cure(ErrorCode::KeyringAbsent, surface))
            .collect();
        assert_eq!(cures.len(), SURFACES.len(), "no two desktops share one");
        for surface in SURFACES {
            for code in [
                ErrorCode::KeyringLocked,
                ErrorCode::KeyringSlow,
                ErrorCode::KeyringCrashed,
            ] {
                assert!(cure(code, surface).is_some(), "{surface:?} has a cure for {code:?}");
            }
            assert_eq!(
                cure(ErrorCode::PassphraseWrong, surface),
                None,
                "a passphrase is no matter of desktops"
            );
        }
    }

    #[test]
    fn a_keyring_that_is_there_is_cured_by_itself_and_not_by_another_store() {
        let states = [
            ErrorCode::KeyringLocked,
            ErrorCode::KeyringSlow,
            ErrorCode::KeyringDenied,
            ErrorCode::KeyringCrashed,
        ];
        for (surface, code) in SURFACES.into_iter().flat_map(|one| states.map(|code| (one, code))) {
            let told = cure(code, surface).unwrap();
            assert!(
                !told.contains("--key-store") && !told.contains("no keyring"),
                "{surface:?} with {code:?}: the directory's store is fixed, and it is there: {told}"
            );
        }
        let headless: BTreeSet<_> = states.iter().map(|&code| cure(code, Surface::Headless)).collect();
        assert_eq!(headless.len(), 3, "hanging, locked and broken have cures of their own");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_desktop_is_told_by_its_variables() {
        let of = |pairs: &[(&str, &str)]| {
            let variables = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Surface::of(&Desktop::saying(
                variables.collect::<BTreeMap<_, _>>(),
                ProxyTexts::default(),
            ))
        };
        assert_eq!(of(&[("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")]), Surface::Gnome, "Ubuntu");
        assert_eq!(of(&[("XDG_CURRENT_DESKTOP", "KDE")]), Surface::Kde, "Plasma");
        assert_eq!(of(&[("WAYLAND_DISPLAY", "wayland-0")]), Surface::OtherDesktop, "sway");
        assert_eq!(of(&[]), Surface::Headless, "a server");
    }
}
