//! The steps of set-up with what comes from elsewhere: an API key that is given, a sealed key file, a certificate that is brought.
//!
//! openssl seals a new key for every round and Klarna issues its certificate, both outside of what is timed.

use std::process::Command;
use std::time::Duration;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::{KeyRemoval, Profile};
use gatehouse_core::signing_key::{CertificateUsage, SoftwareKey};
use gatehouse_core::{Gatehouse, fill_random};
use gatehouse_klarna::{
    ApiKey, ApiKeyForm, Call, CallContext, Client, ClientConfig, Permit, ProxyChoice, Timeouts, Url,
};
use uuid::Uuid;

use crate::steps::timed;

const SIGN: CertificateUsage = CertificateUsage::JwtSigning;
/// Seals keys that live for one round.
const PASSPHRASE: &str = "of the benchmark alone";

pub struct Elsewhere {
    api_key: SecretBytes,
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Elsewhere {
    pub fn new(address: &gatehouse_sandbox::Address) -> Self {
        let client = Client::new(ClientConfig {
            base_url: Url::parse(&address.https).unwrap(),
            api_key: ApiKey::parse(address.api_key.clone()).unwrap(),
            api_key_form: ApiKeyForm::Raw,
            identity: None,
            extra_ca_pem: vec![address.ca_pem.clone()],
            proxy: ProxyChoice::Direct,
            timeouts: Timeouts::default(),
            app_version: "0".into(),
            integrator_name: "SPEED".into(),
        });
        Self {
            api_key: SecretBytes::from_slice(address.api_key.as_bytes()),
            client: client.unwrap(),
            runtime: tokio::runtime::Runtime::new().unwrap(),
        }
    }

    pub fn round(&self, gatehouse: &Gatehouse, profile: &Profile) -> Vec<f64> {
        let (file, passphrase) = (sealed_key(), SecretBytes::from_slice(PASSPHRASE.as_bytes()));
        let mut key_id = String::new();
        let mut times = vec![
            timed(|| gatehouse.set_api_key(profile, &self.api_key)),
            timed(|| {
                key_id = gatehouse.import_key(profile, SIGN, &file, Some(&passphrase))?.key_id;
                Ok(())
            }),
        ];
        let request = gatehouse.signing_request(profile, SIGN).unwrap();
        let (id, certificate) = self.certificate(&request);
        times.push(timed(|| {
            let lines = gatehouse.judge_certificate(profile, SIGN, certificate.as_bytes())?;
            assert!(lines.iter().all(|line| line.passed), "{lines:?}");
            Ok(())
        }));
        times.push(timed(|| {
            gatehouse.install_certificate(profile, SIGN, certificate.as_bytes(), Some(&id))
        }));
        gatehouse.destroy_key(profile, &key_id, KeyRemoval::default()).unwrap();
        times
    }

    fn certificate(&self, request: &str) -> (String, String) {
        let context = CallContext {
            idempotency_key: None,
            correlation_id: Uuid::new_v4().simple().to_string(),
            deadline: Duration::from_secs(45),
            paced: false,
        };
        let permit = Permit::mint(Call::IssueCertificate, SIGN.as_str());
        let asked = self
            .client
            .issue_client_certificate(permit, SIGN, request, "speed", &context);
        let issued = self.runtime.block_on(asked).unwrap().value;
        (String::from(issued.credential_id), issued.certificate_pem)
    }
}

/// A new key as PKCS#8, sealed as openssl seals.
fn sealed_key() -> SecretBytes {
    let folder = tempfile::tempdir().unwrap();
    let key = SoftwareKey::make(&mut |bytes| fill_random(bytes)).unwrap();
    std::fs::write(folder.path().join("key"), key.to_pkcs8_der().expose()).unwrap();
    std::fs::write(folder.path().join("passphrase"), PASSPHRASE).unwrap();
    let words = ["pkcs8", "-topk8", "-inform", "DER", "-in", "key", "-v2", "aes-256-cbc"];
    let sealed = Command::new("openssl")
        .args(words)
        .args(["-passout", "file:passphrase"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(sealed.status.success(), "openssl seals a key");
    SecretBytes::new(sealed.stdout)
}
