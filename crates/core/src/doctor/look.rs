//! One look along the way to Klarna with what the profile has: its address, the network as it is set, and its client certificate.
//!
//! The same settings as every call, through the client's own probe. Deliberately absent: reading what was seen; `way` and `klarna` do.

use gatehouse_klarna::{CallContext, KeyPem, MtlsIdentity, Network, ProbeReport, probe, probe_network};
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::facade::{Core, DEEP_LINK_DEADLINE, connection};
use crate::network;
use crate::problem::Problem;
use crate::profile::secrets::ProfileSecrets;
use crate::profile::{Endpoint, Profile, store};
use crate::signing_key::{Certificate, CertificateUsage};

/// Where the API answers; nothing for a sandbox that is not running.
pub(super) fn address(core: &Core, profile: &Profile) -> Option<(String, Vec<String>)> {
    match &profile.endpoint {
        Endpoint::Url { url, ca_pem } => Some((url.clone(), ca_pem.iter().cloned().collect())),
        Endpoint::Embedded => core
            .running_sandbox()
            .map(|address| (address.https, vec![address.ca_pem])),
    }
}

/// Asks the probe; without secrets it goes without API key and client certificate.
pub(super) fn look(
    core: &Core,
    profile: &Profile,
    base: &Url,
    own_ca: Vec<String>,
    secrets: Option<ProfileSecrets>,
) -> Result<ProbeReport, Problem> {
    let context = CallContext {
        idempotency_key: None,
        correlation_id: Uuid::new_v4().simple().to_string(),
        deadline: DEEP_LINK_DEADLINE,
    };
    let now = || core.clock().unix_ms().div_euclid(1000);
    let Some(secrets) = secrets else {
        let way = network::way(core)?;
        let network = Network {
            base_url: base,
            identity: None,
            extra_ca_pem: &[own_ca, way.authorities_pem].concat(),
            proxy: &way.proxy,
        };
        return Ok(core.block_on(probe_network(&network, &context, &now)));
    };
    let identity = identity(core, profile, &secrets);
    let config = connection::config(core, base.as_str(), own_ca, secrets.api_key, identity)?;
    Ok(core.block_on(probe(&config, &context, &now)))
}

/// The client certificate, if there is one and it fits its key; what does not fit has a line of its own.
fn identity(core: &Core, profile: &Profile, secrets: &ProfileSecrets) -> Option<MtlsIdentity> {
    let rows = store::certificates(&core.database(), profile.id).ok()?;
    let row = rows.iter().find(|row| row.usage == CertificateUsage::Mtls.as_str())?;
    let certificate = Certificate::from_pem(&row.pem).ok()?;
    if certificate.spki_der() != secrets.mtls_key.spki_der() {
        return None;
    }
    let pem = secrets.mtls_key.to_pkcs8_pem();
    Some(MtlsIdentity {
        key_pem: KeyPem::new(Zeroizing::new(pem.expose_str()?.to_owned())),
        chain_pem: certificate.to_pem(),
    })
}
