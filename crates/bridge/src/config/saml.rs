//! The section `[saml]`: what the identity provider is called, whom it serves, and how its statements look.
//!
//! Klarna has published none of the names (docs/decisions/0017-saml.md), so every one of them stands here.

use std::path::{Path, PathBuf};

use url::Url;

use super::parts::{is_safe, within};
use super::reader::Section;
use super::secrets::{self, SecretRef};

/// The SAML identity provider.
#[derive(Debug, Clone)]
pub struct Saml {
    /// Our name.
    pub entity_id: String,
    /// Where requests come to.
    pub sso_url: String,
    /// The service provider's name: Klarna's.
    pub service: String,
    /// Whom statements are for; mostly the same.
    pub audience: String,
    /// Where statements may be sent to; the first unless a request names another.
    pub acs: Vec<Url>,
    /// Hosts to which the service may send the browser on.
    pub onward_hosts: Vec<String>,
    /// Where the key is.
    pub key: SecretRef,
    /// The certificate in PEM.
    pub certificate: PathBuf,
    /// The certificate that will follow, for the metadata.
    pub next_certificate: Option<PathBuf>,
    /// The certificate that the service's requests are signed with, in PEM.
    pub service_certificate: Option<PathBuf>,
    /// Whether requests must be signed.
    pub signed_requests: bool,
    /// Whether people may begin here, without a request.
    pub unsolicited: bool,
    /// What is told to the service of a sign-on that began here.
    pub relay_state: Option<String>,
    /// How people are taken to sign in where the provider does not say (`amr`).
    pub assumed_amr: Vec<String>,
    /// What a person is called.
    pub name_id: NameIdFormat,
    /// What the attributes are called.
    pub attributes: Attributes,
    /// For how long, and how far clocks may be off.
    pub times: Times,
}

/// What a person is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameIdFormat {
    /// The address, told as one.
    Email,
    /// The address, not told as one.
    Unspecified,
    /// The same word each time, which tells nobody anything.
    Persistent,
    /// Another word each time.
    Transient,
}

/// What the attributes are called.
#[derive(Debug, Clone)]
pub struct Attributes {
    /// The kind of names.
    pub format: &'static str,
    /// The address.
    pub email: String,
    /// The merchant's account.
    pub account: String,
    /// The roles.
    pub roles: String,
    /// First and last name, where they are told: the claim, the attribute, and what it is.
    pub names: Vec<(String, String, &'static str)>,
}

/// For how long, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// How long a statement may be used.
    pub assertion_s: u32,
    /// How long the service may keep the person in; as it likes without.
    pub session_s: Option<u32>,
    /// How old a request may be.
    pub request_s: u32,
    /// How far the service's clock may be off.
    pub skew_s: u32,
}

impl NameIdFormat {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Email, Self::Unspecified, Self::Persistent, Self::Transient];

    /// The word in a configuration.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Unspecified => "unspecified",
            Self::Persistent => "persistent",
            Self::Transient => "transient",
        }
    }

    /// The name in SAML.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Email => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        }
    }
}

impl Saml {
    pub(super) fn read(section: &Section<'_>, public: &Url, folder: &Path) -> Option<Self> {
        if !section.is_there() {
            return None;
        }
        let file = |name: &str| section.text(name).map(|file| folder.join(file));
        let service_certificate = file("service_provider_certificate");
        let service = section.needed("service_provider", "the entity id of Klarna's service provider");
        let own = |path: &str| crate::flow::own(public, path).to_string();
        let read = Self {
            entity_id: uri(section, "entity_id").unwrap_or_else(|| own("/saml/metadata")),
            sso_url: own("/saml/sso"),
            audience: uri(section, "audience").unwrap_or_else(|| service.clone()),
            service,
            acs: acs(section),
            onward_hosts: hosts(section),
            key: key(section, folder),
            certificate: folder.join(section.needed("certificate", CERTIFICATE)),
            next_certificate: file("next_certificate"),
            // Who names a certificate wants signatures: else whoever takes one off would be let through.
            signed_requests: section.flag("signed_requests", service_certificate.is_some()),
            service_certificate,
            unsolicited: section.flag("unsolicited", true),
            relay_state: section.text("relay_state"),
            assumed_amr: section.texts("assumed_amr").unwrap_or_default(),
            name_id: name_id(section),
            attributes: Attributes::read(&section.section("attributes")),
            times: Times::read(section),
        };
        read.weigh(section);
        section.end();
        Some(read)
    }

    /// What no member alone can tell.
    fn weigh(&self, section: &Section<'_>) {
        if self.signed_requests && self.service_certificate.is_none() {
            section.flaw(
                "service_provider_certificate",
                "is missing, so that no signature could be checked. Name the file, or leave signed_requests out.",
            );
        }
        if matches!(self.key, SecretRef::EnvFile { .. }) {
            section.flaw(
                "key",
                "has many lines, which no environment file holds. Use a file or a credential.",
            );
        }
        if self.relay_state.as_ref().is_some_and(|text| text.len() > RELAY_STATE) {
            section.flaw("relay_state", format!("is longer than {RELAY_STATE} bytes."));
        }
    }
}

const CERTIFICATE: &str = "the file with the certificate in PEM; saml-key writes it";

/// The standard's own limit.
pub(crate) const RELAY_STATE: usize = 80;

impl Attributes {
    fn read(section: &Section<'_>) -> Self {
        let name = |member: &str, otherwise: &str| section.text(member).unwrap_or_else(|| otherwise.to_owned());
        let names = [
            ("first_name_claim", "given_name", "first_name"),
            ("last_name_claim", "family_name", "last_name"),
        ];
        let names = names.map(|(claim, said, attribute)| (name(claim, said), name(attribute, attribute), attribute));
        let told = section.flag("names", false);
        let read = Self {
            format: format(section),
            email: name("email", "email"),
            account: name("account", "account_id"),
            roles: name("roles", "roles"),
            names: if told { names.into() } else { Vec::new() },
        };
        section.end();
        read
    }
}

impl Times {
    fn read(section: &Section<'_>) -> Self {
        let session = section.number("session_seconds", (0, 86_400), 0);
        Self {
            assertion_s: section.number("assertion_seconds", (30, 3600), 300),
            session_s: (session > 0).then_some(session),
            request_s: section.number("request_seconds", (30, 3600), 300),
            skew_s: section.number("clock_skew_seconds", (0, 300), 60),
        }
    }
}

fn key(section: &Section<'_>, folder: &Path) -> SecretRef {
    let key = secrets::reference(section, "key").map(|found| within(found, folder));
    key.unwrap_or_else(|| {
        section.flaw("key", "is missing. Write { key_store = true }, and run saml-key.");
        SecretRef::KeyStore
    })
}

fn uri(section: &Section<'_>, name: &str) -> Option<String> {
    let text = section.text(name)?;
    if text.len() > 1024 || Url::parse(&text).is_err() {
        section.flaw(
            name,
            "must be an absolute address or name, like https://login.acquirer.example/saml/metadata.",
        );
    }
    Some(text)
}

fn acs(section: &Section<'_>) -> Vec<Url> {
    let texts = section.texts("acs").unwrap_or_default();
    if texts.is_empty() {
        section.flaw(
            "acs",
            "is missing. List the addresses that Klarna gives for statements, the usual one first.",
        );
    }
    let read = |text: &String| {
        let url = Url::parse(text).ok().filter(|url| {
            is_safe(url) && url.fragment().is_none() && url.username().is_empty() && url.as_str() == text
        });
        if url.is_none() {
            section.flaw(
                "acs",
                format!("{text:?} must be an https address with a path, written as browsers write it."),
            );
        }
        url
    };
    texts.iter().filter_map(read).collect()
}

fn hosts(section: &Section<'_>) -> Vec<String> {
    let hosts = section.texts("onward_hosts").unwrap_or_default();
    let plain = |host: &String| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    if !hosts.iter().all(plain) {
        section.flaw("onward_hosts", "must be names of hosts alone, like portal.klarna.com.");
    }
    hosts
}

fn name_id(section: &Section<'_>) -> NameIdFormat {
    let word = section.text("name_id").unwrap_or_else(|| "email".to_owned());
    let found = NameIdFormat::ALL.into_iter().find(|format| format.word() == word);
    found.unwrap_or_else(|| {
        section.flaw("name_id", "must be email, unspecified, persistent or transient.");
        NameIdFormat::Email
    })
}

fn format(section: &Section<'_>) -> &'static str {
    match section.text("name_format").as_deref() {
        None | Some("basic") => "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
        Some("uri") => "urn:oasis:names:tc:SAML:2.0:attrname-format:uri",
        Some("unspecified") => "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified",
        Some(_) => {
            section.flaw("name_format", "must be basic, uri or unspecified.");
            ""
        }
    }
}
