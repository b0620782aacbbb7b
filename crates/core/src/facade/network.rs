//! The network's settings: shown, and changed with a note in the log.

use gatehouse_audit::Phase;
use gatehouse_klarna::{ProxySource, SystemProxy};
use uuid::Uuid;

use super::{Change, Gatehouse};
use crate::acts::{self, Members};
use crate::network::{AddedAuthority, NetworkSettings, ProxySetting, ProxySignIn, checked, keep_sign_in, text_of};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};

impl Gatehouse {
    /// How this data directory reaches Klarna.
    ///
    /// # Errors
    /// What the database says.
    pub fn network(&self) -> Result<NetworkSettings, Problem> {
        NetworkSettings::load(&self.core.database())
    }

    /// Sets the proxy; recorded. A sign-in goes to the key store, and leaving it out removes the old one.
    ///
    /// # Errors
    /// `input_invalid`, `keyring_*`, `log_*`.
    pub fn set_proxy(&self, proxy: ProxySetting, sign_in: Option<&ProxySignIn>) -> Result<NetworkSettings, Problem> {
        self.core.allow_everywhere(Deed::SetNetwork)?;
        sign_in.map(ProxySignIn::check).transpose()?;
        let kept = self.kept_network()?;
        let had = kept.as_ref().is_none_or(|kept| kept.proxy.signs_in());
        let mut next = kept.unwrap_or_default();
        next.proxy = proxy.with_sign_in(sign_in.is_some())?;
        self.note_network(about_proxy(&next.proxy))?;
        if had || sign_in.is_some() {
            keep_sign_in(&self.core, sign_in)?;
        }
        self.keep_network(next)
    }

    /// Sets the proxy and leaves its sign-in as it is; another address or none takes the sign-in with it, so that a password
    /// never goes to a proxy that it was not given for. Recorded; what is set already changes nothing.
    ///
    /// # Errors
    /// `input_invalid`, `keyring_*`, `log_*`.
    pub fn change_proxy(&self, proxy: ProxySetting) -> Result<NetworkSettings, Problem> {
        self.core.allow_everywhere(Deed::SetNetwork)?;
        let kept = self.kept_network()?;
        let proxy = proxy.with_sign_in(false)?;
        let had = kept.as_ref().is_none_or(|kept| kept.proxy.signs_in());
        let stays = kept
            .as_ref()
            .is_some_and(|kept| kept.proxy.signs_in() && kept.proxy.address() == proxy.address());
        let proxy = proxy.with_sign_in(stays)?;
        if let Some(kept) = kept.as_ref().filter(|kept| kept.proxy == proxy) {
            return Ok(kept.clone());
        }
        let mut next = kept.unwrap_or_default();
        self.note_network(about_proxy(&proxy))?;
        if had && !stays {
            keep_sign_in(&self.core, None)?;
        }
        next.proxy = proxy;
        self.keep_network(next)
    }

    /// Keeps user and password for the proxy that has an address, or removes them; recorded.
    ///
    /// # Errors
    /// `input_invalid` when no proxy with an address is set, `keyring_*`, `log_*`.
    pub fn set_proxy_sign_in(&self, sign_in: Option<&ProxySignIn>) -> Result<NetworkSettings, Problem> {
        let now = self.network()?.proxy;
        if now.address().is_none() {
            self.core.allow_everywhere(Deed::SetNetwork)?;
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "A sign-in belongs to a proxy with an address, and none is set.",
                "Save the proxy's address first, then its user name and password.",
            ));
        }
        self.set_proxy(now, sign_in)
    }

    /// Adds the certificate authorities of a file, in PEM or DER, as [`Gatehouse::add_authorities`] does.
    ///
    /// # Errors
    /// As there.
    pub fn add_authority_file(&self, bytes: &[u8]) -> Result<Vec<AddedAuthority>, Problem> {
        self.core.allow_everywhere(Deed::SetNetwork)?;
        self.add_authorities(&text_of(bytes)?)
    }

    /// Adds the certificate authorities of a PEM text; recorded, one note each. One that is there already changes nothing.
    ///
    /// # Errors
    /// `certificate_unreadable`, `certificate_expired`, `input_invalid` for one that is no authority's, `log_*`.
    pub fn add_authorities(&self, pem: &str) -> Result<Vec<AddedAuthority>, Problem> {
        self.core.allow_everywhere(Deed::SetNetwork)?;
        let given = checked(pem, self.now_ms().div_euclid(1000))?;
        let mut next = self.network()?;
        let known = next.authorities();
        for (pem, facts) in &given {
            if known.contains(facts) {
                continue;
            }
            self.note_network(about_authority("ca_added", &facts.sha256_hex))?;
            next.authorities_pem.push(pem.clone());
        }
        self.keep_network(next)?;
        Ok(given.into_iter().map(|(_, facts)| facts).collect())
    }

    /// Takes an added authority away, by its SHA-256 or the beginning of it (8 digits or more); recorded.
    ///
    /// # Errors
    /// `input_invalid` when none or several begin so, `log_*`.
    pub fn remove_authority(&self, sha256: &str) -> Result<AddedAuthority, Problem> {
        self.core.allow_everywhere(Deed::SetNetwork)?;
        let mut next = self.network()?;
        let wanted = sha256.trim().replace(':', "").to_ascii_lowercase();
        let found: Vec<AddedAuthority> = next
            .authorities()
            .into_iter()
            .filter(|facts| wanted.len() >= 8 && facts.sha256_hex.starts_with(&wanted))
            .collect();
        let [facts] = found.as_slice() else {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "No single added certificate has this SHA-256.",
                ways(
                    "`gatehouse network show` lists them; give eight digits or more.",
                    "Settings, Network, lists them.",
                ),
            ));
        };
        self.note_network(about_authority("ca_removed", &facts.sha256_hex))?;
        next.authorities_pem
            .retain(|pem| AddedAuthority::of_pem(pem).as_ref() != Some(facts));
        self.keep_network(next)?;
        Ok(facts.clone())
    }

    /// What the operating system says about its proxy; may take a second.
    #[must_use]
    pub fn system_says(&self) -> SystemProxy {
        self.core.desktop().proxy()
    }

    /// The same as a sentence without any sign-in.
    #[must_use]
    pub fn system_proxy(&self) -> String {
        match self.system_says() {
            SystemProxy::Direct => "no proxy".into(),
            SystemProxy::Manual { address, source, .. } => match source {
                ProxySource::Gnome => format!("{address} (GNOME's settings; to be set by hand here)"),
                ProxySource::Environment => format!("{address} (a variable of the environment)"),
                ProxySource::Macos | ProxySource::Windows => address,
            },
            SystemProxy::PacOnly { url } => {
                format!(
                    "only a PAC file ({})",
                    url.as_deref().unwrap_or("found by automatic discovery")
                )
            }
        }
    }

    /// The settings; nothing where they are there and cannot be read, so that setting a proxy sets them anew.
    fn kept_network(&self) -> Result<Option<NetworkSettings>, Problem> {
        match self.network() {
            Ok(kept) => Ok(Some(kept)),
            Err(problem) if problem.code == ErrorCode::DatabaseDamaged => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    fn note_network(&self, request: Members) -> Result<(), Problem> {
        self.core.unlock_log()?;
        let mut note = acts::draft("network.change", Phase::Note, Uuid::now_v7(), None, None);
        note.request = request;
        self.core.journal().append(note).map(|_| ())
    }

    fn keep_network(&self, mut next: NetworkSettings) -> Result<NetworkSettings, Problem> {
        next.changed_at_ms = self.now_ms();
        next.save(&self.core.database())?;
        self.core.tell(Change::Audit);
        self.core.tell(Change::Settings);
        Ok(next)
    }
}

fn about_proxy(proxy: &ProxySetting) -> Members {
    let mut request = Members::new();
    request.insert("setting".into(), "proxy".into());
    request.insert("mode".into(), proxy.word().into());
    if let ProxySetting::Manual {
        address,
        no_proxy,
        sign_in,
    } = proxy
    {
        request.insert("address".into(), address.as_str().into());
        request.insert("no_proxy".into(), no_proxy.as_str().into());
        request.insert("sign_in".into(), (*sign_in).into());
    }
    request
}

fn about_authority(setting: &str, sha256_hex: &str) -> Members {
    let mut request = Members::new();
    request.insert("setting".into(), setting.into());
    request.insert("ca_sha256".into(), sha256_hex.into());
    request
}
