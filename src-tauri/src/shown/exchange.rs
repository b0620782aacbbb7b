//! Profiles as files: written where the person says, read from where the person says, taken in at their word.
//!
//! The file that was read stays here until that word comes; the window gets what it says and who signed it. Deliberately absent: paths.

use gatehouse_core::profile::share::SharedProfile;
use gatehouse_core::{ErrorCode, Gatehouse, ImportChoice, Problem};

use crate::argument::Text;
use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::shown::import::file_name;
use crate::shown::{keys, profile, setup};
use crate::views::profile::ProfileRow;
use crate::views::setup::{ExportView, ProfileFileView, SetupView, TakeInRequest};

/// Writes a profile without secrets where the person says; `None` when they did not.
///
/// # Errors
/// As the core says; `input_invalid` for a place that cannot be written.
pub fn export(core: &Gatehouse, shell: &Shell, name: &str) -> Result<Option<ExportView>, Problem> {
    let of = core.profile(Some(name))?;
    let (bytes, signer) = core.export_profile(&of)?;
    let saved = keys::save(
        shell,
        &format!("{}.gatehouse-profile.json", of.account.suffix()),
        &bytes,
    )?;
    Ok(saved.map(|file| ExportView { file, signer }))
}

/// Reads the profile file that the person chooses; `None` when none was chosen.
///
/// # Errors
/// `profile_file_damaged`, `input_invalid`.
pub fn open(core: &Gatehouse, shell: &Shell) -> Result<Option<ProfileFileView>, Problem> {
    let Some(path) = shell.desktop().choose_file(Wanted::Profile) else {
        return Ok(None);
    };
    let bytes = keys::read(&path)?;
    let (read, trusted) = core.read_profile_file(&bytes)?;
    shell.chosen().profile_file = Some(bytes);
    Ok(Some(ProfileFileView {
        file: file_name(&path),
        profile: row(&read.profile),
        signer: read.signer,
        trusted,
        made_at: read.made_at,
    }))
}

fn row(shared: &SharedProfile) -> ProfileRow {
    ProfileRow {
        name: shared.name.clone(),
        environment: profile::environment(shared.environment),
        account: shared.account.clone(),
        account_name: shared.account_name.clone(),
    }
}

/// Makes a draft of the profile file that was read last.
///
/// # Errors
/// As the core says; the file can be tried again.
pub fn take_in(core: &Gatehouse, shell: &Shell, request: TakeInRequest) -> Result<SetupView, Problem> {
    let bytes = shell.chosen().profile_file.clone().ok_or_else(|| {
        let cure = "Choose the profile's file first.";
        Problem::new(ErrorCode::InputInvalid, "No profile file was read.", cure)
    })?;
    let choice = ImportChoice {
        name: request.name.map(Text::into_string),
        user: request.user.into_string(),
        trust: request.trust.map(Text::into_string),
        key_store: setup::key_store(core)?,
    };
    let taken = core.import_profile(&bytes, &choice)?;
    shell.chosen().profile_file = None;
    setup::view(core, &taken)
}
