//! One look along the way to Klarna with what the profile has: its address, the network as it is set, and its client certificate.
//!
//! The same settings as every call, through the client's own probe. Deliberately absent: reading what was seen; `way` and `klarna` do.

use gatehouse_klarna::{KeyPem, MtlsIdentity, Network, ProbeReport, probe, probe_network};
use url::Url;
use zeroize::Zeroizing;

use crate::facade::call::context;
use crate::facade::{Core, connection};
use crate::network;
use crate::problem::Problem;
use crate::profile::key_rows;
use crate::profile::secrets::ProfileSecrets;
use crate::profile::{Endpoint, Profile};
use crate::signing_key::CertificateUsage;

/// Where the API answers; nothing for a sandbox that is not running.
pub(super) fn address(core: &Core, profile: &Profile) -> Option<(String, Vec<String>)> {
    match &profile.endpoint {
        Endpoint::Url { url, ca_pem } => Some((url.clone(), ca_pem.iter().cloned().collect())),
        Endpoint::Embedded => core
            .running_sandbox()
            .map(|address| (address.https, vec![address.ca_pem])),
    }
}

/// Asks the probe; without an API key it goes without both that and the client certificate.
pub(super) fn look(
    core: &Core,
    profile: &Profile,
    base: &Url,
    own_ca: Vec<String>,
    secrets: Option<ProfileSecrets>,
) -> Result<ProbeReport, Problem> {
    let context = context(None);
    let now = || core.clock().unix_ms().div_euclid(1000);
    let Some((secrets, api_key)) = secrets.and_then(|mut held| held.api_key.take().map(|key| (held, key))) else {
        let way = network::way(core)?;
        let proxy = connection::own_proxy(profile)?.unwrap_or(way.proxy);
        let network = Network {
            base_url: base,
            identity: None,
            extra_ca_pem: &[own_ca, way.authorities_pem].concat(),
            proxy: &proxy,
        };
        return Ok(core.block_on(probe_network(&network, &context, &now)));
    };
    let identity = identity(core, profile, &secrets);
    let mut config = connection::config(core, base.as_str(), own_ca, api_key, identity)?;
    if let Some(proxy) = connection::own_proxy(profile)? {
        config.proxy = proxy;
    }
    Ok(core.block_on(probe(&config, &context, &now)))
}

/// The client certificate, if there is one and it fits its key; what does not fit has a line of its own.
fn identity(core: &Core, profile: &Profile, secrets: &ProfileSecrets) -> Option<MtlsIdentity> {
    let rows = key_rows::all(&core.database(), profile.id).ok()?;
    let row = key_rows::in_use(&rows, CertificateUsage::Mtls)?;
    let (key, certificate) = (secrets.mtls.find(&row.key_id)?, row.certificate().ok()??);
    if certificate.spki_der() != key.spki_der() {
        return None;
    }
    let pem = key.to_pkcs8_pem();
    Some(MtlsIdentity {
        key_pem: KeyPem::new(Zeroizing::new(pem.expose_str()?.to_owned())),
        chain_pem: certificate.to_pem(),
    })
}
