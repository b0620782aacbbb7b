//! The way to one profile's Klarna: client, signing identity and address, kept warm while the profile is in use.
//!
//! Secrets are read from the key store once and held in types that wipe themselves. A restarted sandbox has another
//! address and a rotated key another id, which is noticed before each act.

use std::sync::Arc;

use gatehouse_klarna::{ApiKeyForm, Client, ClientConfig, KeyPem, ManualProxy, MtlsIdentity, ProxyChoice, Timeouts};
use url::Url;
use zeroize::Zeroizing;

use super::Core;
use crate::acts::Counted;
use crate::acts::Members;
use crate::hardware::SealKey;
use crate::network::{self, NetworkSettings};
use crate::problem::{ErrorCode, Problem, unusable};
use crate::profile::key_rows::{self, KeyRow, KeyState};
use crate::profile::secrets::{self, ProfileSecrets};
use crate::profile::{Endpoint, Profile, ProxySetting, api_key, key_life};
use crate::signing_key::{CertificateUsage, SigningIdentity, SoftwareKey};

/// A ready client and the identity that signs for it.
pub(crate) struct Connection {
    pub client: Client,
    pub identity: SigningIdentity,
    /// The key of before the last rotation, to settle acts that it signed.
    pub retiring: Option<SigningIdentity>,
    /// Seals what a hardware key signs; nothing where the profile never had one.
    pub seal: Option<SealKey>,
    pub base_url: String,
    pub mark: String,
    /// When the network settings that it was made with were changed last.
    pub network_ms: i64,
}

impl Connection {
    /// Whether nothing of what it was built from has changed since.
    pub fn fits(&self, basis: &Basis) -> bool {
        self.base_url == basis.address.base_url && self.mark == basis.mark() && self.network_ms == basis.network_ms
    }

    /// The identity with that key, if it still is in use or retiring.
    pub fn identity_of(&self, key_id: &str) -> Option<&SigningIdentity> {
        std::iter::once(&self.identity)
            .chain(self.retiring.as_ref())
            .find(|identity| identity.key().key_id() == key_id)
    }

    /// How entries name the key that signed.
    pub fn signing_members(&self) -> Members {
        let mut members = Members::new();
        members.insert("key_id".into(), self.identity.key().key_id().into());
        members.insert("cert_sha256".into(), self.identity.certificate().sha256_hex().into());
        members
    }
}

/// A profile's address and added authorities, as they are now.
pub(crate) struct Address {
    base_url: String,
    extra_ca_pem: Vec<String>,
}

impl Address {
    /// Where an endpoint is; the embedded sandbox is started if need be.
    fn of(core: &Core, endpoint: &Endpoint) -> Result<Self, Problem> {
        match endpoint {
            Endpoint::Url { url, ca_pem } => Ok(Self {
                base_url: url.clone(),
                extra_ca_pem: ca_pem.iter().cloned().collect(),
            }),
            Endpoint::Embedded => {
                let address = core.sandbox_address()?;
                Ok(Self {
                    base_url: address.https,
                    extra_ca_pem: vec![address.ca_pem],
                })
            }
        }
    }
}

/// Where a profile's API answers, and whom it trusts there.
pub(crate) fn service_address(core: &Core, profile: &Profile) -> Result<(String, Vec<String>), Problem> {
    let Address { base_url, extra_ca_pem } = Address::of(core, &profile.endpoint)?;
    Ok((base_url, extra_ca_pem))
}

/// What a connection is built from, and what tells whether a kept one is still good. No secret is among it.
pub(crate) struct Basis {
    address: Address,
    rows: Vec<KeyRow>,
    network_ms: i64,
}

impl Basis {
    /// Reads it as it is now: a sandbox may have moved, another process may have rotated a key.
    pub fn now(core: &Core, profile: &Profile) -> Result<Self, Problem> {
        let address = Address::of(core, &profile.endpoint)?;
        let database = core.database();
        Ok(Self {
            address,
            rows: key_rows::all(&database, profile.id)?,
            network_ms: NetworkSettings::load(&database)?.changed_at_ms,
        })
    }

    fn mark(&self) -> String {
        self.rows
            .iter()
            .filter(|row| matches!(row.state, KeyState::Active | KeyState::Retiring))
            .map(|row| format!("{}={} ", row.key_id, row.state.word()))
            .collect()
    }
}

/// Builds a profile's connection from what was read of it and the key store.
///
/// # Errors
/// `api_key_missing`, `key_missing` and `certificate_missing` name the step of set-up that is not done; `keyring_*`,
/// `certificate_*`, `api_url_refused`.
pub(crate) fn build(core: &Core, profile: &Profile, basis: Basis) -> Result<Connection, Problem> {
    let mark = basis.mark();
    let Basis {
        address,
        rows,
        network_ms,
    } = basis;
    let signing = active(&rows, CertificateUsage::JwtSigning)?;
    let mtls = active(&rows, CertificateUsage::Mtls)?;
    let mut held = key_life::load(core, profile)?;
    let base_url = address.base_url.clone();
    let client = client_at(core, profile, address, &held, Some(mtls))?;
    let retiring = rows
        .iter()
        .find(|row| row.usage == CertificateUsage::JwtSigning && row.state == KeyState::Retiring)
        .and_then(|row| identity(core, &mut held, row).ok());
    if signing.place.token().is_some() && held.seal.is_none() {
        held.seal = Some(seal_key(core, profile)?);
    }
    let identity = identity(core, &mut held, signing)?;
    Ok(Connection {
        client,
        identity,
        retiring,
        seal: held.seal,
        base_url,
        mark,
        network_ms,
    })
}

/// A client with what set-up has so far: the API key, and the mTLS key in use if there is one.
///
/// # Errors
/// `api_key_missing`, `keyring_item_missing`, `certificate_*`, `api_url_refused`, `sandbox_failed`.
pub(crate) fn client(
    core: &Core,
    profile: &Profile,
    held: &ProfileSecrets,
    rows: &[KeyRow],
) -> Result<Client, Problem> {
    client_as(core, profile, held, key_rows::in_use(rows, CertificateUsage::Mtls))
}

/// A client that proves itself with a given mTLS key, or with none.
pub(crate) fn client_as(
    core: &Core,
    profile: &Profile,
    held: &ProfileSecrets,
    mtls: Option<&KeyRow>,
) -> Result<Client, Problem> {
    client_at(core, profile, Address::of(core, &profile.endpoint)?, held, mtls)
}

fn client_at(
    core: &Core,
    profile: &Profile,
    address: Address,
    held: &ProfileSecrets,
    mtls: Option<&KeyRow>,
) -> Result<Client, Problem> {
    let Address { base_url, extra_ca_pem } = address;
    let api_key = held.api_key.clone().ok_or_else(api_key::missing)?;
    let identity = mtls.map(|row| mtls_identity(held, row)).transpose()?;
    let mut config = config(core, &base_url, extra_ca_pem, api_key, identity)?;
    if let Some(proxy) = own_proxy(profile)? {
        config.proxy = proxy;
    }
    Client::new(config).map_err(|cause| unusable(&cause, &base_url).because(&cause))
}

/// A profile's own way out, which goes before the one of this computer's network settings.
pub(crate) fn own_proxy(profile: &Profile) -> Result<Option<ProxyChoice>, Problem> {
    Ok(match &profile.proxy {
        ProxySetting::System => None,
        ProxySetting::Direct => Some(ProxyChoice::Direct),
        ProxySetting::Url(url) => {
            let proxy = ManualProxy::parse(url, "");
            Some(ProxyChoice::Manual(
                proxy.map_err(|cause| Problem::internal("read a stored proxy", &cause))?,
            ))
        }
    })
}

fn mtls_identity(held: &ProfileSecrets, row: &KeyRow) -> Result<MtlsIdentity, Problem> {
    let key = held.keys(row.usage).find(&row.key_id).ok_or_else(secrets::missing)?;
    let certificate = row
        .certificate()?
        .ok_or_else(|| key_life::certificate_missing(row.usage))?;
    Ok(MtlsIdentity {
        key_pem: key_pem(key),
        chain_pem: certificate.to_pem(),
    })
}

/// Joins a key with its certificate, to sign.
pub(crate) fn identity(core: &Core, held: &mut ProfileSecrets, row: &KeyRow) -> Result<SigningIdentity, Problem> {
    let key = Counted {
        key: core.signer(held, row)?,
        signatures: core.journal().signatures().clone(),
    };
    let certificate = row
        .certificate()?
        .ok_or_else(|| key_life::certificate_missing(row.usage))?;
    Ok(SigningIdentity::new(key, certificate)?)
}

fn active(rows: &[KeyRow], usage: CertificateUsage) -> Result<&KeyRow, Problem> {
    let is_next = |row: &KeyRow| row.usage == usage && row.state.is_next();
    match key_rows::in_use(rows, usage) {
        Some(row) => Ok(row),
        None if rows.iter().any(is_next) => Err(key_life::certificate_missing(usage)),
        None => Err(key_life::key_missing(usage)),
    }
}

/// The key that seals tokens; made when the first of them is to be signed, or when the key store's item was lost.
fn seal_key(core: &Core, profile: &Profile) -> Result<SealKey, Problem> {
    let _alone = core.hold_keys()?;
    let mut now = key_life::load(core, profile)?;
    let seal = now.seal.get_or_insert_with(|| {
        let mut seal = SealKey::default();
        (core.fill())(seal.as_mut_slice());
        seal
    });
    let seal = seal.clone();
    secrets::save(core.key_store()?.as_ref(), profile.id, &now)?;
    Ok(seal)
}

fn key_pem(key: &SoftwareKey) -> KeyPem {
    let pem = key.to_pkcs8_pem();
    KeyPem::new(Zeroizing::new(pem.expose_str().unwrap_or_default().to_owned()))
}

/// A client configuration with the product's own time-outs and the network as it is set: one for every path.
pub(crate) fn config(
    core: &Core,
    base_url: &str,
    mut extra_ca_pem: Vec<String>,
    api_key: gatehouse_klarna::ApiKey,
    identity: Option<MtlsIdentity>,
) -> Result<ClientConfig, Problem> {
    let way = network::way(core)?;
    extra_ca_pem.extend(way.authorities_pem);
    Ok(ClientConfig {
        base_url: Url::parse(base_url).map_err(|cause| refused_url(base_url).because(&cause))?,
        api_key,
        api_key_form: ApiKeyForm::Raw,
        identity,
        extra_ca_pem,
        proxy: way.proxy,
        timeouts: Timeouts::default(),
        app_version: core.app().to_owned(),
        integrator_name: "GATEHOUSE".into(),
    })
}

/// The problem of an address that may not be used.
pub(crate) fn refused_url(url: &str) -> Problem {
    Problem::new(
        ErrorCode::ApiUrlRefused,
        format!("{url:?} cannot be used as the address of an API."),
        "Give scheme, host and port; plain http is allowed to this machine only, like http://127.0.0.1:8080.",
    )
}

/// What is kept between acts.
pub(crate) type Kept = Arc<Connection>;
