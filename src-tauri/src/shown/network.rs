//! The way to Klarna, shown; and the file of authorities that a person chose in a native dialog.
//!
//! Deliberately absent: any judgement of addresses and certificates; the core judges.

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::network::{AddedAuthority, ProxySetting, ProxySignIn, ProxySource, SystemProxy};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::argument::{Secret, Text};
use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::shown::keys::read;
use crate::views::network::{AuthorityView, NetworkView, ProxyMode, ProxyRequest, SystemView, SystemWord};
use crate::views::number::Millis;

/// How Klarna is reached.
///
/// # Errors
/// What the database says.
pub fn view(core: &Gatehouse) -> Result<NetworkView, Problem> {
    let settings = core.network()?;
    let authorities = settings.authorities();
    let (mode, address, no_proxy, sign_in) = match settings.proxy {
        ProxySetting::System => (ProxyMode::System, String::new(), String::new(), false),
        ProxySetting::Direct => (ProxyMode::Direct, String::new(), String::new(), false),
        ProxySetting::Manual {
            address,
            no_proxy,
            sign_in,
        } => (ProxyMode::Address, address, no_proxy, sign_in),
    };
    let own = core.active()?.map(|profile| profile.proxy.text().to_owned());
    Ok(NetworkView {
        mode,
        address,
        no_proxy,
        sign_in,
        system: system(core.system_says()),
        profile_way: own.filter(|way| way != "system"),
        authorities: authorities.iter().map(|facts| authority(core, facts)).collect(),
    })
}

/// Chooses the proxy.
///
/// # Errors
/// As the core says.
pub fn choose_proxy(core: &Gatehouse, request: ProxyRequest) -> Result<NetworkView, Problem> {
    core.change_proxy(wanted(request)?)?;
    view(core)
}

fn wanted(request: ProxyRequest) -> Result<ProxySetting, Problem> {
    let without = request.address.is_none() && request.no_proxy.is_none();
    match request.mode {
        ProxyMode::System if without => Ok(ProxySetting::System),
        ProxyMode::Direct if without => Ok(ProxySetting::Direct),
        ProxyMode::System | ProxyMode::Direct => Err(Problem::new(
            ErrorCode::InputInvalid,
            "An address and exceptions belong to a proxy with an address.",
            "Choose the proxy's address as the way to Klarna.",
        )),
        ProxyMode::Address => {
            let text = |text: Option<String>| text.unwrap_or_default();
            let address = text(request.address.map(Text::into_string));
            let no_proxy = text(request.no_proxy.map(Text::into_string));
            ProxySetting::manual(&address, &no_proxy, false)
        }
    }
}

/// Lets the person choose a file of authorities and trusts them; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn add_authorities(core: &Gatehouse, shell: &Shell) -> Result<Option<NetworkView>, Problem> {
    core.ready_to_record()?;
    let Some(path) = shell.desktop().choose_file(Wanted::Certificate) else {
        return Ok(None);
    };
    // A private key chosen by mistake is wiped with the rest.
    let bytes = SecretBytes::new(read(&path)?);
    core.add_authority_file(bytes.expose())?;
    view(core).map(Some)
}

/// Keeps the proxy's sign-in, or removes it when neither part is given.
///
/// # Errors
/// `input_invalid` for one part alone; as the core says.
pub fn sign_in(core: &Gatehouse, user: Option<Text<255>>, password: Option<Secret>) -> Result<NetworkView, Problem> {
    let given = match (user, password) {
        (None, None) => None,
        (user, password) => Some(ProxySignIn {
            user: user.map(Text::into_string).unwrap_or_default(),
            password: password.map_or_else(|| SecretBytes::new(Vec::new()), Secret::into_bytes),
        }),
    };
    core.set_proxy_sign_in(given.as_ref())?;
    view(core)
}

fn system(says: SystemProxy) -> SystemView {
    let (word, address) = match says {
        SystemProxy::Direct => (SystemWord::Direct, String::new()),
        SystemProxy::Manual { address, source, .. } => match source {
            ProxySource::Gnome => (SystemWord::Gnome, address),
            ProxySource::Environment | ProxySource::Macos | ProxySource::Windows => (SystemWord::Proxy, address),
        },
        SystemProxy::PacOnly { url } => (SystemWord::Pac, url.unwrap_or_default()),
    };
    SystemView { word, address }
}

fn authority(core: &Gatehouse, facts: &AddedAuthority) -> AuthorityView {
    let not_after = facts.not_after_unix_s.saturating_mul(1000);
    AuthorityView {
        subject: facts.subject.clone(),
        issuer: facts.issuer.clone(),
        sha256: facts.sha256_hex.clone(),
        not_after: Millis(not_after),
        ended: not_after < core.now_ms(),
    }
}
