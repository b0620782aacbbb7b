//! Keys and their life, shown; and the files that keys and certificates come from.
//!
//! A file is chosen in a native dialog and read here; the window gets certificates of it, and never anything else. Deliberately
//! absent: a private key's bytes in any answer.

use std::path::Path;

use gatehouse_core::data_dir;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::expiry::ExpiryWarning;
use gatehouse_core::profile::key_rows::{KeyRow, KeyState};
use gatehouse_core::profile::rotation::Rotated;
use gatehouse_core::profile::{KeyPlace, Profile};
use gatehouse_core::signing_key::{self, Certificate, CertificateUsage, NotImportable};
use gatehouse_core::{ErrorCode, Gatehouse, KeyStatus, Problem};

use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::shown::import::file_name;
use crate::shown::{hardware, profile, setup};
use crate::views::keys::{
    ApiKeyStandingView, KeyFileView, KeyLifeView, KeyStateView, KeyUsage, KeysView, RequestView, RotatedView,
};
use crate::views::number::Millis;
use crate::views::setup::{ExpiryView, PublicFile};

/// No key, certificate or profile file is longer.
const LONGEST_FILE: u64 = 1 << 20;

/// A profile's keys.
///
/// # Errors
/// As the core says.
pub fn list(core: &Gatehouse, name: Option<&str>) -> Result<KeysView, Problem> {
    let of = core.profile(name)?;
    let warnings = core.expiry_warnings(&of)?;
    Ok(KeysView {
        profile: profile::row(&of),
        key_store: profile::key_store(core.key_store_kind()?),
        keys: core.keys(&of)?.into_iter().map(life).collect(),
        api_key: core.api_key_standing(&of)?.map(|known| ApiKeyStandingView {
            proved: known.proved,
            set_at: Millis(known.set_at_ms),
            used_at: known.used_at_ms.map(Millis),
            idle_at: Millis(known.idle_at_ms),
            waits_for_next: known.waits_for_next,
        }),
        warnings: warnings.into_iter().map(|warning| ends(&of, warning)).collect(),
    })
}

/// What of any profile ends soon and was not told yet; told by the system too, for a window that nobody looks at.
///
/// # Errors
/// What the database says.
pub fn notices(core: &Gatehouse, shell: &Shell) -> Result<Vec<ExpiryView>, Problem> {
    let untold = core.take_expiry_notices()?;
    for (of, warning) in &untold {
        shell
            .desktop()
            .notify(&format!("Gatehouse: {}", of.name), &warning.message);
    }
    Ok(untold.into_iter().map(|(of, warning)| ends(&of, warning)).collect())
}

/// The signing request of the newest key of a usage.
///
/// # Errors
/// As the core says.
pub fn request(core: &Gatehouse, name: &str, usage: KeyUsage) -> Result<RequestView, Problem> {
    let of = core.profile(Some(name))?;
    let pem = core.signing_request(&of, known(usage))?;
    let setup = setup::view(core, &of)?;
    Ok(RequestView { pem, setup })
}

/// Saves the signing request where the person says; answers the file's name, or `None` when they did not.
///
/// # Errors
/// As the core says; `input_invalid` for a place that cannot be written.
pub fn save_request(core: &Gatehouse, shell: &Shell, name: &str, usage: KeyUsage) -> Result<Option<String>, Problem> {
    let of = core.profile(Some(name))?;
    let pem = core.signing_request(&of, known(usage))?;
    let wish = format!(
        "{}-{}.csr.pem",
        of.account.suffix(),
        known(usage).as_str().to_lowercase()
    );
    save(shell, &wish, pem.as_bytes())
}

/// Writes a file where the person says.
///
/// # Errors
/// `input_invalid` for a place that cannot be written.
pub(crate) fn save(shell: &Shell, wish: &str, bytes: &[u8]) -> Result<Option<String>, Problem> {
    let Some(path) = shell.desktop().save_file(wish) else {
        return Ok(None);
    };
    write(&path, bytes).map(Some)
}

/// Writes a file that only its owner reads where the person said; answers its name.
///
/// # Errors
/// `input_invalid` for a place that cannot be written.
pub(crate) fn write(path: &std::path::Path, bytes: &[u8]) -> Result<String, Problem> {
    data_dir::replace_private(path, bytes).map_err(|cause| {
        let said = format!("{} cannot be written: {cause}.", file_name(path));
        Problem::new(ErrorCode::InputInvalid, said, "Choose a folder that you may write to.")
    })?;
    Ok(file_name(path))
}

/// Lets the person choose a private key and takes it in; a sealed one waits for its passphrase.
///
/// # Errors
/// As the core says.
pub fn import(core: &Gatehouse, shell: &Shell, name: &str, usage: KeyUsage) -> Result<Option<KeyFileView>, Problem> {
    let of = core.profile(Some(name))?;
    core.ready_to_record()?;
    let Some(path) = shell.desktop().choose_file(Wanted::Key) else {
        return Ok(None);
    };
    let bytes = SecretBytes::new(read(&path)?);
    let sealed = matches!(signing_key::import(&bytes, None), Err(NotImportable::PassphraseNeeded));
    if !sealed {
        core.import_key(&of, known(usage), &bytes, None)?;
    }
    let file = file_name(&path);
    shell.chosen().key_file = sealed.then_some(path);
    let setup = setup::view(core, &of)?;
    Ok(Some(KeyFileView { file, sealed, setup }))
}

/// Opens the chosen key file with its passphrase and takes the key in.
///
/// # Errors
/// `passphrase_wrong`; the file can be tried again. As the core says.
pub fn unseal(
    core: &Gatehouse,
    shell: &Shell,
    name: &str,
    usage: KeyUsage,
    passphrase: &SecretBytes,
) -> Result<KeyFileView, Problem> {
    let of = core.profile(Some(name))?;
    let path = shell.chosen().key_file.clone().ok_or_else(|| {
        let cure = "Choose the key's file first.";
        Problem::new(ErrorCode::InputInvalid, "No key file waits for a passphrase.", cure)
    })?;
    let bytes = SecretBytes::new(read(&path)?);
    core.import_key(&of, known(usage), &bytes, Some(passphrase))?;
    shell.chosen().key_file = None;
    Ok(KeyFileView {
        file: file_name(&path),
        sealed: false,
        setup: setup::view(core, &of)?,
    })
}

/// Lets the person choose a file of certificates. Anything else in it stays here, so a private key chosen by mistake does too.
///
/// # Errors
/// `certificate_unreadable`, `input_invalid`.
pub fn open_certificate(shell: &Shell) -> Result<Option<PublicFile>, Problem> {
    let Some(path) = shell.desktop().choose_file(Wanted::Certificate) else {
        return Ok(None);
    };
    let bytes = SecretBytes::new(read(&path)?);
    let certificate = Certificate::from_file_bytes(bytes.expose())?;
    Ok(Some(PublicFile {
        file: file_name(&path),
        pem: certificate.to_pem(),
    }))
}

/// Reads a small file that the person chose.
///
/// # Errors
/// `input_invalid`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    use std::io::Read;
    let name = file_name(path);
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(path).and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut bytes));
    let why = match opened {
        Ok(length) if length as u64 <= LONGEST_FILE => return Ok(bytes),
        Ok(_) => "it is larger than any key, certificate or profile".to_owned(),
        Err(cause) => cause.to_string(),
    };
    let said = format!("{name} cannot be read: {why}.");
    Err(Problem::new(ErrorCode::InputInvalid, said, "Choose another file."))
}

/// Goes on with a rotation; its steps are told to the window.
///
/// # Errors
/// As the core says; the key in use stays in use.
pub fn rotate(
    core: &Gatehouse,
    shell: &Shell,
    (name, usage): (&str, KeyUsage),
    ask: bool,
    serial: Option<&str>,
) -> Result<RotatedView, Problem> {
    let of = core.profile(Some(name))?;
    let token = serial.map(|serial| core.find_token(&of, serial)).transpose()?;
    let place = token.map(KeyPlace::Token);
    let rotated = core.rotate_key(&of, known(usage), ask, place.as_ref(), &|text| shell.setup_step(text))?;
    Ok(match rotated {
        Rotated::Waiting { key_id, csr } => RotatedView {
            key_id,
            switched: false,
            request: Some(csr),
            retiring: None,
        },
        Rotated::Switched { key_id, retiring } => RotatedView {
            key_id,
            switched: true,
            request: None,
            retiring,
        },
    })
}

/// A usage as the core names it.
pub fn known(usage: KeyUsage) -> CertificateUsage {
    match usage {
        KeyUsage::JwtSigning => CertificateUsage::JwtSigning,
        KeyUsage::Mtls => CertificateUsage::Mtls,
    }
}

fn ends(of: &Profile, warning: ExpiryWarning) -> ExpiryView {
    ExpiryView {
        profile: of.name.clone(),
        subject: warning.subject,
        message: warning.message,
        days_left: i32::try_from(warning.days_left).unwrap_or(i32::MAX),
        ends_at: Millis(warning.ends_at_ms),
    }
}

fn life(key: KeyStatus) -> KeyLifeView {
    let KeyRow {
        key_id,
        usage,
        state,
        place,
        csr,
        credential_id,
        ..
    } = key.row;
    let at = |moment: Option<i64>| moment.map(Millis);
    KeyLifeView {
        key_id,
        usage: match usage {
            CertificateUsage::JwtSigning => KeyUsage::JwtSigning,
            CertificateUsage::Mtls => KeyUsage::Mtls,
        },
        state: key_state(state),
        token: place.token().map(hardware::token),
        has_request: csr.is_some(),
        credential_id,
        generated_at: Millis(key.row.generated_at_ms),
        requested_at: at(key.row.requested_at_ms),
        installed_at: at(key.row.installed_at_ms),
        active_at: at(key.row.active_at_ms),
        retiring_at: at(key.row.retiring_at_ms),
        revoked_from: at(key.row.revoked_from_ms),
        destroyed_at: at(key.row.destroyed_at_ms),
        certificate: key.facts.as_ref().map(profile::key_view),
    }
}

fn key_state(state: KeyState) -> KeyStateView {
    match state {
        KeyState::Generated => KeyStateView::Generated,
        KeyState::Requested => KeyStateView::Requested,
        KeyState::Active => KeyStateView::Active,
        KeyState::Retiring => KeyStateView::Retiring,
        KeyState::Destroyed => KeyStateView::Destroyed,
    }
}
