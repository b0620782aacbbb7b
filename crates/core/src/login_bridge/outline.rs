//! What the programs around a bridge need to know of its configuration beside who may enter what.
//!
//! Deliberately absent: everything that is or refers to a secret.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::Url;

use super::section::{Flaws, Section};
use crate::network::is_loopback;

/// Stands for a public address that was told to be a flaw already.
pub const NO_URL: &str = "https://invalid.invalid/";

/// What a configuration says of its bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The address that people's browsers know, where it can be used.
    pub public_url: Option<Url>,
    /// Where health is answered, if the file names it.
    pub operations: SocketAddr,
    /// The bridge's data directory, if the file names it.
    pub data_dir: Option<PathBuf>,
    /// The profile that the bridge works with; its only one where none is named.
    pub profile: Option<String>,
    /// The acquirer's name.
    pub acquirer: String,
    /// Whether the bridge is a SAML identity provider.
    pub saml: bool,
}

impl Outline {
    /// Reads what is there; flaws outside of `[people]` are the bridge's own to tell.
    pub(super) fn read(table: &toml::Table, folder: &Path) -> Self {
        let root = Section::root(table, &Flaws::default());
        let public_url = public_url(&root);
        let operations = root.text("operations_listen").and_then(|text| text.parse().ok());
        Self {
            public_url: Some(public_url).filter(|url| url.as_str() != NO_URL),
            operations: operations.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 9464))),
            data_dir: root.text("data_dir").map(|dir| folder.join(dir)),
            profile: root.text("profile"),
            acquirer: root.text("acquirer").unwrap_or_default(),
            saml: root.section("saml").is_there(),
        }
    }
}

/// Reads the address that browsers use; [`NO_URL`] and a flaw where there is none.
#[must_use]
pub fn public_url(root: &Section<'_>) -> Url {
    let nothing = || Url::parse(NO_URL).expect("a constant address");
    let text = root.needed(
        "public_url",
        "the address that browsers use, like https://login.acquirer.example",
    );
    if text.is_empty() {
        return nothing();
    }
    let usable = |url: &Url| {
        let loopback = is_loopback(url);
        (url.scheme() == "https" || (url.scheme() == "http" && loopback))
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.host_str().is_some()
    };
    Url::parse(&text).ok().filter(usable).unwrap_or_else(|| {
        root.flaw(
            "public_url",
            "must be https, a host and perhaps a port, with no path: https://login.acquirer.example",
        );
        nothing()
    })
}
