//! The network's settings: shown, and changed with a note in the log.

use gatehouse_audit::Phase;
use gatehouse_klarna::{ProxySource, SystemProxy};
use uuid::Uuid;

use super::{Change, Gatehouse};
use crate::acts::{self, Members};
use crate::network::{AddedAuthority, NetworkSettings, ProxySetting, ProxySignIn, checked, keep_sign_in};
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
        let mut next = self.network().unwrap_or_default();
        let had = matches!(next.proxy, ProxySetting::Manual { sign_in: true, .. });
        let proxy = match proxy {
            ProxySetting::Manual { address, no_proxy, .. } => {
                ProxySetting::manual(&address, &no_proxy, sign_in.is_some())?
            }
            same @ (ProxySetting::System | ProxySetting::Direct) => same,
        };
        let mut request = Members::new();
        request.insert("setting".into(), "proxy".into());
        request.insert("mode".into(), proxy.word().into());
        if let ProxySetting::Manual { address, no_proxy, .. } = &proxy {
            request.insert("address".into(), address.as_str().into());
            request.insert("no_proxy".into(), no_proxy.as_str().into());
            request.insert("sign_in".into(), sign_in.is_some().into());
        }
        self.note_network(request)?;
        if had || sign_in.is_some() {
            keep_sign_in(&self.core, sign_in)?;
        }
        next.proxy = proxy;
        self.keep_network(next)
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
                    "The command gatehouse network show lists them.",
                ),
            ));
        };
        self.note_network(about_authority("ca_removed", &facts.sha256_hex))?;
        next.authorities_pem
            .retain(|pem| AddedAuthority::of_pem(pem).as_ref() != Some(facts));
        self.keep_network(next)?;
        Ok(facts.clone())
    }

    /// What the operating system says about its proxy, as a sentence without any sign-in; may take a second.
    #[must_use]
    pub fn system_proxy(&self) -> String {
        match self.core.desktop().proxy() {
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

fn about_authority(setting: &str, sha256_hex: &str) -> Members {
    let mut request = Members::new();
    request.insert("setting".into(), setting.into());
    request.insert("ca_sha256".into(), sha256_hex.into());
    request
}
