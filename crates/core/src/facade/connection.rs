//! The way to one profile's Klarna: client, signing identity and address, kept warm while the profile is in use.
//!
//! Secrets are read from the key store once and held in types that wipe themselves. A restarted sandbox has another
//! address, which is noticed before each act.

use std::sync::Arc;

use gatehouse_klarna::{ApiKeyForm, Client, ClientConfig, KeyPem, MtlsIdentity, Timeouts};
use url::Url;
use zeroize::Zeroizing;

use super::Core;
use crate::acts::Members;
use crate::network::{self, NetworkSettings};
use crate::problem::{ErrorCode, Problem, unusable};
use crate::profile::{Endpoint, Profile, secrets, store};
use crate::signing_key::{Certificate, CertificateUsage, SigningIdentity, SoftwareKey};

/// A ready client and the identity that signs for it.
pub(crate) struct Connection {
    pub client: Client,
    pub identity: SigningIdentity,
    pub base_url: String,
    /// When the network settings that it was made with were changed last.
    pub network_ms: i64,
}

impl Connection {
    /// How entries name the key that signed.
    pub fn signing_members(&self) -> Members {
        let mut members = Members::new();
        members.insert("key_id".into(), self.identity.key().key_id().into());
        members.insert("cert_sha256".into(), self.identity.certificate().sha256_hex().into());
        members
    }
}

/// A profile's address and added authority, as they are now.
pub(crate) fn address(core: &Core, endpoint: &Endpoint) -> Result<(String, Vec<String>), Problem> {
    match endpoint {
        Endpoint::Url { url, ca_pem } => Ok((url.clone(), ca_pem.iter().cloned().collect())),
        Endpoint::Embedded => {
            let address = core.sandbox_address()?;
            Ok((address.https, vec![address.ca_pem]))
        }
    }
}

/// Builds a profile's connection from database and key store.
///
/// # Errors
/// `keyring_*`, `certificate_*`, `api_url_refused`, `sandbox_failed`.
pub(crate) fn build(core: &Core, profile: &Profile) -> Result<Connection, Problem> {
    let (base_url, extra_ca_pem) = address(core, &profile.endpoint)?;
    let network_ms = NetworkSettings::load(&core.database())?.changed_at_ms;
    let store = core.key_store()?;
    let secrets = secrets::load(store.as_ref(), profile.id)?;
    let signing = installed(core, profile, CertificateUsage::JwtSigning)?;
    let mtls = installed(core, profile, CertificateUsage::Mtls)?;
    let config = config(
        core,
        &base_url,
        extra_ca_pem,
        secrets.api_key,
        Some(MtlsIdentity {
            key_pem: key_pem(&secrets.mtls_key),
            chain_pem: mtls.to_pem(),
        }),
    )?;
    let client = Client::new(config).map_err(|cause| unusable(&cause, &base_url).because(&cause))?;
    let identity = SigningIdentity::new(secrets.jwt_key, signing)?;
    Ok(Connection {
        client,
        identity,
        base_url,
        network_ms,
    })
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

fn installed(core: &Core, profile: &Profile, usage: CertificateUsage) -> Result<Certificate, Problem> {
    let rows = store::certificates(&core.database(), profile.id)?;
    let row = rows
        .into_iter()
        .find(|row| row.usage == usage.as_str())
        .ok_or_else(|| {
            Problem::new(
                ErrorCode::CertificateMissing,
                format!("This profile has no {} certificate.", usage.as_str()),
                "Finish the profile's set-up, or make the profile anew.",
            )
        })?;
    Ok(Certificate::from_pem(&row.pem)?)
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
