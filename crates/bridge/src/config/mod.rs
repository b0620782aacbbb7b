//! The configuration of a bridge: one TOML file, read with all its flaws at once; secrets by reference.
//!
//! Deliberately absent: defaults for what only the acquirer can know, and any secret in the file itself.

mod parts;
mod saml;
mod secrets;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use gatehouse_core::login_bridge::people::People;
use gatehouse_core::login_bridge::{self, section as reader};
use gatehouse_core::portal::TokenPlacement;
use url::Url;

pub(crate) use parts::is_safe;
pub use parts::{ClientAuthentication, Limits, Provider, Tls};
pub use reader::Flaw;
pub(crate) use saml::RELAY_STATE;
pub use saml::{Attributes, NameIdFormat, Saml, Times};
pub use secrets::SecretRef;

use crate::serve::client::Range;
use reader::{Flaws, Section};

/// Keeps a part that can be used; of any other its flaw, under the place that names it.
pub(crate) fn kept<T>(flaws: &mut Vec<Flaw>, place: &str, part: Result<T, String>) -> Option<T> {
    part.map_err(|text| {
        flaws.push(Flaw {
            place: place.to_owned(),
            text,
        });
    })
    .ok()
}

/// Keeps a part that can be used; of any other its flaws.
pub(crate) fn kept_all<T>(flaws: &mut Vec<Flaw>, part: Result<T, Vec<Flaw>>) -> Option<T> {
    part.map_err(|found| flaws.extend(found)).ok()
}

/// Everything that a bridge is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address that people's browsers know: scheme, host, port.
    pub public_url: Url,
    /// Where the bridge listens.
    pub listen: SocketAddr,
    /// Where health, readiness and metrics are answered; not for the public.
    pub operations: SocketAddr,
    /// The data directory with profile, keys and log.
    pub data_dir: Option<PathBuf>,
    /// The profile that links are made with; the only one where left out.
    pub profile: Option<String>,
    /// The connection string of the store that several bridges share; the embedded one without.
    pub postgres: Option<SecretRef>,
    /// Which of several bridges this is, where they share a store.
    pub replica: Option<String>,
    /// What opens a sealed key file.
    pub passphrase: Option<SecretRef>,
    /// The acquirer's name, as people know it.
    pub acquirer: String,
    /// Whom people ask for help, as text.
    pub help: Option<String>,
    /// TLS of our own, unless a proxy does it.
    pub tls: Option<Tls>,
    /// The proxies whose word on the caller's address counts.
    pub proxies: Vec<Range>,
    /// Where people sign in.
    pub provider: Provider,
    /// Who may enter what.
    pub people: People,
    /// Where Klarna's session token goes.
    pub placement: TokenPlacement,
    /// What is too much.
    pub limits: Limits,
    /// The SAML identity provider, if there is one.
    pub saml: Option<Saml>,
}

/// A configuration that cannot be used, with everything that is wrong in it.
#[derive(Debug)]
pub struct Unusable(pub Vec<Flaw>);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|flaw| format!("{} {}", flaw.place, flaw.text))
            .collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Unusable {}

impl Config {
    /// Reads a file; paths in it are relative to its folder.
    ///
    /// # Errors
    /// [`Unusable`] with every flaw.
    pub fn load(file: &Path) -> Result<Self, Unusable> {
        without_flaws(Self::looked_at(file)?)
    }

    /// Reads a file as far as it can be read, with what is wrong in it; what is flawed has a stand-in that nobody should use.
    ///
    /// # Errors
    /// [`Unusable`] when it cannot be read or is not TOML.
    pub fn looked_at(file: &Path) -> Result<(Self, Vec<Flaw>), Unusable> {
        let text = std::fs::read_to_string(file).map_err(|cause| {
            Unusable(vec![Flaw {
                place: file.display().to_string(),
                text: format!("cannot be read: {cause}. Check the path and its rights."),
            }])
        })?;
        Self::text_looked_at(&text, file.parent().unwrap_or(Path::new(".")))
    }

    /// Reads a text; paths in it are relative to `folder`.
    ///
    /// # Errors
    /// [`Unusable`] with every flaw.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Unusable> {
        without_flaws(Self::text_looked_at(text, folder)?)
    }

    fn text_looked_at(text: &str, folder: &Path) -> Result<(Self, Vec<Flaw>), Unusable> {
        let table = reader::parsed(text).map_err(Unusable)?;
        let flaws = Flaws::default();
        let config = Self::read(&Section::root(&table, &flaws), folder);
        Ok((config, flaws.take()))
    }

    fn read(root: &Section<'_>, folder: &Path) -> Self {
        let public_url = login_bridge::public_url(root);
        let config = Self {
            saml: Saml::read(&root.section("saml"), &public_url, folder),
            public_url,
            listen: address(root, "listen", "127.0.0.1:8443"),
            operations: address(root, "operations_listen", "127.0.0.1:9464"),
            data_dir: root.text("data_dir").map(|dir| folder.join(dir)),
            profile: root.text("profile"),
            passphrase: secrets::reference(root, "key_store_passphrase").map(|found| parts::within(found, folder)),
            replica: replica(root),
            postgres: secrets::reference(root, "postgres").map(|found| parts::within(found, folder)),
            acquirer: root.needed("acquirer", "the acquirer's name as people know it"),
            help: root.text("help"),
            tls: Tls::read(&root.section("tls"), folder),
            proxies: proxies(root),
            provider: Provider::read(&root.section("provider"), folder),
            people: People::read(&root.section("people"), folder),
            placement: placement(root),
            limits: Limits::read(&root.section("limits")),
        };
        config.weigh(root);
        root.end();
        config
    }

    /// What no member alone can tell.
    fn weigh(&self, root: &Section<'_>) {
        if self.passphrase == Some(SecretRef::KeyStore) {
            root.flaw("key_store_passphrase", "cannot lie in the key store that it opens.");
        }
        if self.postgres == Some(SecretRef::KeyStore) {
            root.flaw("postgres", "cannot lie in the key store: each bridge has its own.");
        }
        if self.postgres.is_some() != self.replica.is_some() {
            root.flaw(
                "replica",
                "and postgres belong together. With postgres, give each bridge a name of its own, like replica = \"bridge-1\"; without, leave it out.",
            );
        }
        if self.public_url.as_str() == login_bridge::NO_URL {
            return;
        }
        let https = self.public_url.scheme() == "https";
        if https && self.tls.is_none() && self.proxies.is_empty() {
            root.flaw(
                "tls",
                "is missing. Give certificate and key, or trusted_proxies where a proxy does TLS.",
            );
        }
        if !https && !self.listen.ip().is_loopback() {
            root.flaw(
                "public_url",
                "is plain http, which is for this machine alone. Use https, or listen on 127.0.0.1.",
            );
        }
    }
}

/// What was read, if nothing is wrong with it.
pub(crate) fn without_flaws<T>((read, flaws): (T, Vec<Flaw>)) -> Result<T, Unusable> {
    if flaws.is_empty() {
        Ok(read)
    } else {
        Err(Unusable(flaws))
    }
}

fn replica(root: &Section<'_>) -> Option<String> {
    let name = root.text("replica")?;
    if !gatehouse_core::is_replica_name(&name) {
        root.flaw(
            "replica",
            "must be 1 to 40 of a-z, 0-9, \"-\" and \".\", like bridge-1.",
        );
    }
    Some(name)
}

fn address(root: &Section<'_>, name: &str, otherwise: &str) -> SocketAddr {
    let text = root.text(name).unwrap_or_else(|| otherwise.to_owned());
    text.parse().unwrap_or_else(|_| {
        root.flaw(name, "must be an address and a port, like 0.0.0.0:8443 or [::]:8443.");
        SocketAddr::from(([127, 0, 0, 1], 0))
    })
}

fn proxies(root: &Section<'_>) -> Vec<Range> {
    let texts = root.texts("trusted_proxies").unwrap_or_default();
    let read = |text: &String| {
        let range = Range::parse(text);
        if range.is_none() {
            root.flaw(
                "trusted_proxies",
                format!("{text:?} is no address range. Write one like 10.0.0.0/8 or ::1."),
            );
        }
        range
    };
    texts.iter().filter_map(read).collect()
}

fn placement(root: &Section<'_>) -> TokenPlacement {
    let klarna = root.section("klarna");
    let word = klarna
        .text("session_token")
        .unwrap_or_else(|| "redirect_query".to_owned());
    klarna.end();
    TokenPlacement::from_word(&word).unwrap_or_else(|| {
        klarna.flaw(
            "session_token",
            "must be redirect_query, jwt_claim or body_field. Ask Klarna's technical contact.",
        );
        TokenPlacement::RedirectQuery
    })
}
