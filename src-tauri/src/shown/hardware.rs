//! Hardware tokens, shown; and the module that a person chose in a native dialog.

use gatehouse_core::profile::Profile;
use gatehouse_core::signing_key::{HardwareFailure, PinState, TokenAddress, TokenFacts};
use gatehouse_core::{Gatehouse, ModuleTokens, Problem};

use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::views::hardware::{HardwareTokenView, ModuleTokensView, TokenView};

/// The tokens behind every known module.
///
/// # Errors
/// As the core says.
pub fn tokens(core: &Gatehouse, name: &str) -> Result<Vec<ModuleTokensView>, Problem> {
    of(core, &core.profile(Some(name))?)
}

fn of(core: &Gatehouse, profile: &Profile) -> Result<Vec<ModuleTokensView>, Problem> {
    Ok(core.hardware_tokens(profile)?.into_iter().map(module).collect())
}

/// Lets the person choose a module's library, and adds it; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn add_module(core: &Gatehouse, shell: &Shell, name: &str) -> Result<Option<Vec<ModuleTokensView>>, Problem> {
    let profile = core.profile(Some(name))?;
    core.ready_to_record()?;
    let Some(path) = shell.desktop().choose_file(Wanted::Module) else {
        return Ok(None);
    };
    core.add_hardware_module(&profile, &path)?;
    of(core, &profile).map(Some)
}

/// A token as a key's place.
pub fn token(token: &TokenAddress) -> TokenView {
    TokenView {
        label: token.label.clone(),
        serial: token.serial.clone(),
    }
}

fn module(found: ModuleTokens) -> ModuleTokensView {
    let failure = found.tokens.as_ref().err().map(HardwareFailure::to_string);
    ModuleTokensView {
        module: found.module.name,
        tokens: found
            .tokens
            .unwrap_or_default()
            .iter()
            .filter(|token| token.initialised)
            .map(shown)
            .collect(),
        failure,
    }
}

fn shown(token: &TokenFacts) -> HardwareTokenView {
    let unusable = match token.pin {
        PinState::NotSet => Some(HardwareFailure::PinNotSet),
        PinState::Locked => Some(HardwareFailure::PinLocked),
        PinState::Ready | PinState::FewTries | PinState::LastTry if token.write_protected => {
            Some(HardwareFailure::WriteProtected)
        }
        PinState::Ready | PinState::FewTries | PinState::LastTry => (!token.p256).then_some(HardwareFailure::NotP256),
    };
    let warning = match token.pin {
        PinState::FewTries => Some("A wrong PIN was given lately; a few more lock the token."),
        PinState::LastTry => Some("One try is left: another wrong PIN locks the token."),
        PinState::NotSet | PinState::Ready | PinState::Locked => None,
    };
    HardwareTokenView {
        label: token.label.clone(),
        serial: token.serial.clone(),
        model: format!("{} {}", token.manufacturer, token.model).trim().to_owned(),
        unusable: unusable.map(|failure| failure.to_string()),
        warning: warning.map(str::to_owned),
    }
}
