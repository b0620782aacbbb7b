//! A profile's keys through their life: made, imported, requested, installed, rotated, revoked, removed; and facts about them.
//!
//! Showing needs no key store; every change is recorded. What was refused is kept as the step's last failure, so that set-up
//! shows it until the step is done.

use super::Gatehouse;
use super::core::Change;
use crate::key_store::{KeyStoreKind, SecretBytes};
use crate::person::Deed;
use crate::problem::{ErrorCode, Problem, ways};
use crate::profile::key_rows::{self, KeyRow, KeyState};
use crate::profile::rotation::{self, Rotated};
use crate::profile::steps::Step;
use crate::profile::{KeyPlace, KeyRemoval, Profile, credentials, key_end, key_life};
use crate::signing_key::{self, Certificate, CertificateFacts, CertificateUsage, CheckLine};

/// What is known of one key and its certificate without touching the key.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    /// What the key is for.
    pub usage: CertificateUsage,
    /// RFC 7638 thumbprint.
    pub key_id: String,
    /// Where the key is kept.
    pub store: KeyStoreKind,
    /// Klarna's id of the credential; empty when it is not known.
    pub credential_id: String,
    /// When the certificate was installed.
    pub installed_at_ms: i64,
    /// What the certificate says.
    pub certificate: CertificateFacts,
    /// SHA-256 of the certificate, hex.
    pub sha256: String,
    /// Every check by name.
    pub checks: Vec<CheckLine>,
    /// Whole days until it ends; negative when it has ended.
    pub days_left: i64,
}

/// One key at its place in life.
#[derive(Debug, Clone)]
pub struct KeyStatus {
    /// State, place, times, request.
    pub row: KeyRow,
    /// The data directory's key store; a hardware key's place stands in the row.
    pub store: KeyStoreKind,
    /// Its certificate, if it is installed.
    pub facts: Option<KeyFacts>,
}

impl Gatehouse {
    /// Facts about the keys in use, JWT_SIGNING first.
    ///
    /// # Errors
    /// What the database says; `certificate_unreadable`.
    pub fn key_facts(&self, profile: &Profile) -> Result<Vec<KeyFacts>, Problem> {
        let active = self
            .keys(profile)?
            .into_iter()
            .filter(|key| key.row.state == KeyState::Active);
        Ok(active.filter_map(|key| key.facts).collect())
    }

    /// Every key of a profile, also the destroyed ones; JWT_SIGNING first.
    ///
    /// # Errors
    /// What the database says; `certificate_unreadable`.
    pub fn keys(&self, profile: &Profile) -> Result<Vec<KeyStatus>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let kind = self.core.key_store_kind()?;
        let rows = key_rows::all(&self.core.database(), profile.id)?;
        rows.into_iter()
            .map(|row| {
                let certificate = row.certificate()?;
                let facts = certificate.map(|certificate| self.facts(profile, &row, &certificate, kind));
                Ok(KeyStatus {
                    row,
                    store: kind,
                    facts,
                })
            })
            .collect()
    }

    fn facts(&self, profile: &Profile, row: &KeyRow, certificate: &Certificate, kind: KeyStoreKind) -> KeyFacts {
        let facts = certificate.facts();
        let now_s = self.now_ms().div_euclid(1000);
        KeyFacts {
            usage: row.usage,
            key_id: row.key_id.clone(),
            store: kind,
            credential_id: row.credential_id.clone().unwrap_or_default(),
            installed_at_ms: row.installed_at_ms.unwrap_or(row.generated_at_ms),
            days_left: (facts.not_after_unix_s - now_s).div_euclid(86_400),
            checks: key_life::judge(&self.core, profile, row, certificate),
            sha256: certificate.sha256_hex(),
            certificate: facts,
        }
    }

    /// Makes a key in the key store; beside one in use it becomes the next one.
    ///
    /// # Errors
    /// `input_invalid` while another is on its way; `keyring_*`, `log_*`.
    pub fn create_key(&self, profile: &Profile, usage: CertificateUsage) -> Result<KeyRow, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        self.step(profile, key_step(usage), || {
            key_life::create(&self.core, profile, usage, &KeyPlace::KeyStore)
        })
    }

    /// Takes in a key that was made elsewhere: PKCS#8, SEC1 or PKCS#12, in PEM or DER; `passphrase` opens what is sealed.
    ///
    /// # Errors
    /// `key_unreadable` and `passphrase_wrong` name what is wrong with the file; as [`Gatehouse::create_key`].
    pub fn import_key(
        &self,
        profile: &Profile,
        usage: CertificateUsage,
        file: &SecretBytes,
        passphrase: Option<&SecretBytes>,
    ) -> Result<KeyRow, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        self.step(profile, key_step(usage), || {
            let key = signing_key::import(file, passphrase)?.key;
            key_life::import(&self.core, profile, usage, key)
        })
    }

    /// The signing request of the newest key, PEM; made once, then always the same.
    ///
    /// # Errors
    /// `key_missing`, `keyring_*`, `log_*`.
    pub fn signing_request(&self, profile: &Profile, usage: CertificateUsage) -> Result<String, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        self.step(profile, request_step(usage), || {
            key_life::csr(&self.core, profile, usage)
        })
    }

    /// Sends the signing request to Klarna and installs what comes back.
    ///
    /// # Errors
    /// `api_key_missing`, `key_missing`, `mtls_required`, `certificate_*`, `environment_mixed`, `klarna_*`, `network_*`.
    pub fn request_certificate(&self, profile: &Profile, usage: CertificateUsage) -> Result<KeyRow, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        self.step(profile, Step::certificate(usage), || {
            credentials::request(&self.core, profile, usage)
        })
    }

    /// Judges a certificate for the newest key of a usage: every rule by name; nothing is changed.
    ///
    /// # Errors
    /// `key_missing`, `certificate_unreadable`.
    pub fn judge_certificate(
        &self,
        profile: &Profile,
        usage: CertificateUsage,
        file: &[u8],
    ) -> Result<Vec<CheckLine>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let row = key_life::newest(&self.core, profile, usage)?;
        Ok(key_life::judge(
            &self.core,
            profile,
            &row,
            &Certificate::from_file_bytes(file)?,
        ))
    }

    /// Installs a certificate for the newest key, if every rule is kept; the first of a usage is taken into use at once.
    ///
    /// # Errors
    /// `key_missing`, `certificate_*`, `environment_mixed`; nothing is changed then.
    pub fn install_certificate(
        &self,
        profile: &Profile,
        usage: CertificateUsage,
        file: &[u8],
        credential_id: Option<&str>,
    ) -> Result<KeyRow, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        self.step(profile, Step::certificate(usage), || {
            let certificate = Certificate::from_file_bytes(file)?;
            key_life::install(&self.core, profile, usage, &certificate, credential_id)
        })
    }

    /// Goes on with a rotation as far as it goes now; `ask` has Klarna asked for the certificate, `place` says where a new key is
    /// made, if not where the one in use is.
    ///
    /// # Errors
    /// As the steps it is made of; the key in use stays in use.
    pub fn rotate_key(
        &self,
        profile: &Profile,
        usage: CertificateUsage,
        ask: bool,
        place: Option<&KeyPlace>,
        progress: &dyn Fn(&str),
    ) -> Result<Rotated, Problem> {
        let usual =
            key_life::in_state(&self.core, profile, usage, |state| state == KeyState::Active)?.map(|row| row.place);
        self.pin_first(profile, place.or(usual.as_ref()))?;
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        let rotated = rotation::rotate(&self.core, profile, usage, (ask, place), progress);
        self.core.tell(Change::Profile);
        rotated
    }

    /// Has Klarna refuse the certificate of the key that retires, from a moment on.
    ///
    /// # Errors
    /// `key_missing` when none retires; `input_invalid` without Klarna's id; `klarna_*`, `network_*`, `log_*`.
    pub fn revoke_retiring(
        &self,
        profile: &Profile,
        usage: CertificateUsage,
        credential_id: Option<&str>,
        from_ms: Option<i64>,
    ) -> Result<KeyRow, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let retiring = |state| state == KeyState::Retiring;
        let row = key_life::in_state(&self.core, profile, usage, retiring)?.ok_or_else(|| {
            Problem::new(
                ErrorCode::KeyMissing,
                format!("No {} key retires.", usage.as_str()),
                ways(
                    "A key retires when a rotation has put another in its place: `gatehouse key rotate`.",
                    "A key retires when a rotation has put another in its place: press Rotate in the Keys screen.",
                ),
            )
        })?;
        credentials::revoke(
            &self.core,
            profile,
            &row,
            credential_id,
            from_ms.unwrap_or_else(|| self.now_ms()),
        )?;
        self.core.tell(Change::Profile);
        Ok(row)
    }

    /// Removes a private key for good, from the key store or from its token.
    ///
    /// # Errors
    /// `key_missing`, `input_invalid`, `keyring_*`, `hardware_*`, `log_*`.
    pub fn destroy_key(&self, profile: &Profile, key_id: &str, said: KeyRemoval) -> Result<KeyRow, Problem> {
        let row = key_rows::find(&self.core.database(), profile.id, key_id)?;
        let living = row.filter(|row| row.state != KeyState::Destroyed && !said.token_lost);
        self.pin_first(profile, living.map(|row| row.place).as_ref())?;
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        let destroyed = key_end::destroy(&self.core, profile, key_id, said);
        self.core.tell(Change::Profile);
        destroyed
    }

    /// Records that the keys of a profile are lost with the keyring's item, so that set-up can make new ones.
    ///
    /// # Errors
    /// `input_invalid` while the item is there; `keyring_*`, `log_*`.
    pub fn declare_keys_lost(&self, profile: &Profile) -> Result<Vec<KeyRow>, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        let lost = key_end::lost(&self.core, profile);
        self.core.tell(Change::Profile);
        lost
    }
}

fn key_step(usage: CertificateUsage) -> Step {
    match usage {
        CertificateUsage::Mtls => Step::MtlsKey,
        CertificateUsage::JwtSigning => Step::SigningKey,
    }
}

fn request_step(usage: CertificateUsage) -> Step {
    match usage {
        CertificateUsage::Mtls => Step::MtlsRequest,
        CertificateUsage::JwtSigning => Step::SigningRequest,
    }
}
