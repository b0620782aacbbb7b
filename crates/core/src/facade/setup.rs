//! Set-up, step by step: what is done, what comes next, and the steps that are not about one key.

use super::Gatehouse;
use super::core::Change;
use crate::access::review::rhythm;
use crate::key_store::SecretBytes;
use crate::person::Deed;
use crate::portal::hosts;
use crate::problem::{ErrorCode, Problem};
use crate::profile::api_key::{self, ApiKeyProof};
use crate::profile::draft::{self, NewProfile};
use crate::profile::expiry::{self, ExpiryWarning, Teller};
use crate::profile::proof::{self, FirstCall};
use crate::profile::repeat::Request;
use crate::profile::setup::{self, NewSandbox};
use crate::profile::steps::{self, SetupFacts, SetupStep, Step};
use crate::profile::{Method, Profile, ProxySetting, facts, key_rows, store};

/// A profile's set-up as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// Every step, in the order in which they are offered.
    pub steps: Vec<SetupStep>,
    /// The step to go on with; `None` when all is done.
    pub next: Option<Step>,
    /// Whether acts can be done: API key and both certificates are in place.
    pub ready: bool,
    /// The address is not Klarna's documented one: to be shown with a warning.
    pub unusual_address: bool,
}

/// The API key as far as it is no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiKeyStanding {
    /// Whether Klarna accepted it.
    pub proved: bool,
    /// When it was given or proved.
    pub set_at_ms: i64,
    /// When a call was last made with it, as far as that is kept.
    pub used_at_ms: Option<i64>,
    /// When Klarna disables it, should it not be used again.
    pub idle_at_ms: i64,
    /// Another one was asked for and has not arrived; asking again gives the very same one.
    pub waits_for_next: bool,
}

impl Gatehouse {
    /// What is known of the API key without touching it; `None` before it was given.
    ///
    /// # Errors
    /// What the database says.
    pub fn api_key_standing(&self, profile: &Profile) -> Result<Option<ApiKeyStanding>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let next = Request::waiting(&self.core, profile, facts::API_KEY_ASKED)?;
        let database = self.core.database();
        let used_at_ms = facts::get(&database, profile.id, facts::API_KEY_USED)?.map(|(_, at_ms)| at_ms);
        let given = facts::get(&database, profile.id, facts::API_KEY)?;
        Ok(given.map(|(value, set_at_ms)| ApiKeyStanding {
            proved: value == api_key::PROVED,
            set_at_ms,
            used_at_ms,
            idle_at_ms: expiry::idle_at_ms(used_at_ms.unwrap_or(set_at_ms)),
            waits_for_next: next.is_some(),
        }))
    }

    /// Begins a live or test profile: its row exists from now on, and set-up can stop and go on at any step.
    ///
    /// # Errors
    /// `profile_exists`, `krn_invalid`, `environment_mixed`, `api_url_refused`, `email_invalid`, `keyring_*`, `log_*`.
    pub fn begin_profile(&self, wish: &NewProfile) -> Result<Profile, Problem> {
        let begun = setup::begun(&self.core, wish)?;
        self.core.tell(Change::Profile);
        Ok(begun)
    }

    /// Begins a sandbox profile that is set up step by step, for trainings.
    ///
    /// # Errors
    /// As [`Gatehouse::create_sandbox`], before any key is made.
    pub fn begin_sandbox(&self, wish: &NewSandbox) -> Result<Profile, Problem> {
        let begun = setup::sandbox_begun(&self.core, wish)?;
        self.core.tell(Change::Profile);
        Ok(begun)
    }

    /// Where a profile's set-up stands; asks neither key store nor Klarna.
    ///
    /// # Errors
    /// What the database says.
    pub fn setup(&self, profile: &Profile) -> Result<Setup, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let merchants = u64::from(self.merchant_count(profile)?);
        let database = self.core.database();
        let facts = SetupFacts::new(
            profile,
            key_rows::all(&database, profile.id)?,
            facts::all(&database, profile.id)?,
            merchants,
            self.now_ms(),
        );
        let steps = steps::steps(&facts);
        Ok(Setup {
            next: steps::next(&steps).map(|step| step.step),
            ready: steps::is_ready(&steps),
            unusual_address: !draft::is_documented(profile),
            steps,
        })
    }

    /// Keeps how people get into the portal.
    ///
    /// # Errors
    /// What the database says; `log_*`.
    pub fn choose_method(&self, profile: &Profile, method: Method) -> Result<Profile, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        let mut changed = profile.clone();
        changed.method = Some(method);
        self.save_changed(profile, changed)
    }

    /// Keeps the way out to Klarna: `system`, `direct` or an address.
    ///
    /// # Errors
    /// `input_invalid`, `log_*`.
    pub fn choose_proxy(&self, profile: &Profile, proxy: &str) -> Result<Profile, Problem> {
        self.core.allow(profile, Deed::ChangePolicy)?;
        let mut changed = profile.clone();
        changed.proxy = ProxySetting::parse(proxy)?;
        self.save_changed(profile, changed)
    }

    /// Keeps to which hosts a portal link may lead; a sandbox's links stay on this machine.
    ///
    /// # Errors
    /// `input_invalid`, `log_*`.
    pub fn choose_hosts(&self, profile: &Profile, rules: &[String]) -> Result<Profile, Problem> {
        self.core.allow(profile, Deed::ChangePolicy)?;
        let mut changed = profile.clone();
        changed.allowed_hosts = hosts::parse_rules(rules)?;
        self.save_changed(profile, changed)
    }

    fn save_changed(&self, profile: &Profile, changed: Profile) -> Result<Profile, Problem> {
        if changed != *profile {
            setup::change(&self.core, &changed)?;
            self.core.forget_connection(profile.id);
            self.core.tell(Change::Profile);
        }
        Ok(changed)
    }

    /// Takes the API key: form and environment checked, tried by one harmless call, put into the key store.
    ///
    /// # Errors
    /// `api_key_invalid`, `environment_mixed`, `klarna_unauthorized`; the key that was there stays then. `keyring_*`, `log_*`.
    pub fn set_api_key(&self, profile: &Profile, given: &SecretBytes) -> Result<ApiKeyProof, Problem> {
        self.core.allow(profile, Deed::ChangeKeys)?;
        let _held = self.core.hold_keys()?;
        self.step(profile, Step::ApiKey, || api_key::set(&self.core, profile, given))
    }

    /// Signs with the key in use and verifies with its certificate; nothing is sent. Answers the key's id.
    ///
    /// # Errors
    /// `certificate_missing`, `certificate_mismatch`, `keyring_*`.
    pub fn dry_signature(&self, profile: &Profile) -> Result<String, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        self.step(profile, Step::DrySignature, || {
            setup::dry_signature(&self.core, profile)
        })
    }

    /// Makes one call that changes nothing, with API key and client certificate, and keeps what it showed.
    ///
    /// # Errors
    /// `api_key_missing`, `certificate_missing`, `klarna_*`, `network_*`.
    pub fn first_call(&self, profile: &Profile) -> Result<FirstCall, Problem> {
        self.core.allow(profile, Deed::SetUpProfile)?;
        self.step(profile, Step::FirstCall, || proof::first_call(&self.core, profile))
    }

    /// What of a profile ends soon, the nearest first; shown wherever it matters.
    ///
    /// # Errors
    /// What the database says.
    pub fn expiry_warnings(&self, profile: &Profile) -> Result<Vec<ExpiryWarning>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let database = self.core.database();
        let keys = key_rows::all(&database, profile.id)?;
        let used = match facts::get(&database, profile.id, facts::API_KEY_USED)? {
            None => facts::get(&database, profile.id, facts::API_KEY)?,
            known => known,
        };
        let mut deadlines = expiry::deadlines(&keys, used.map(|(_, at_ms)| at_ms));
        deadlines.extend(rhythm::next_due_of(&database, profile.id)?.and_then(rhythm::deadline));
        Ok(expiry::expiry_warnings(&deadlines, self.now_ms()))
    }

    /// The warnings of every profile that the window was not told yet, now marked as told: each threshold gives one notification.
    /// A profile whose list does not know the own person has nothing to tell them.
    ///
    /// # Errors
    /// What the database says.
    pub fn take_expiry_notices(&self) -> Result<Vec<(Profile, ExpiryWarning)>, Problem> {
        let profiles = store::all(&self.core.database())?;
        let mut notices = Vec::new();
        for profile in profiles {
            match self.take_expiry_notices_of(&profile, Teller::Window) {
                Ok(untold) => notices.extend(untold.into_iter().map(|warning| (profile.clone(), warning))),
                Err(problem) if problem.code == ErrorCode::RoleMissing => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(notices)
    }

    /// The warnings of one profile that were not told yet in this way, now marked as told.
    ///
    /// # Errors
    /// `role_missing`; what the database says.
    pub fn take_expiry_notices_of(&self, profile: &Profile, teller: Teller) -> Result<Vec<ExpiryWarning>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let mut untold = Vec::new();
        for warning in self.expiry_warnings(profile)? {
            if expiry::tell_once(&self.core.database(), profile.id, &warning, teller, self.now_ms())? {
                untold.push(warning);
            }
        }
        Ok(untold)
    }

    /// Runs a step: its last failure is kept until it is done, and whoever shows set-up is told.
    pub(super) fn step<T>(
        &self,
        profile: &Profile,
        step: Step,
        run: impl FnOnce() -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let answer = run();
        let name = steps::failure_name(step);
        let kept = match &answer {
            Ok(_) => facts::clear(&self.core.database(), profile.id, &name),
            Err(problem) => {
                let in_app = problem.in_app.as_deref().map_or("", |words| words);
                let text = format!("{}\n{}\n{in_app}", problem.message, problem.hint);
                facts::set(&self.core.database(), profile.id, &name, &text, self.now_ms())
            }
        };
        if let Err(problem) = kept {
            tracing::warn!(code = problem.code.as_str(), "how a step of set-up ended was not kept");
        }
        self.core.tell(Change::Profile);
        answer
    }
}
