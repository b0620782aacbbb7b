//! The one value that every handler shares, and how it is read from `sandbox.db` or made.
//!
//! What must survive a restart is in the store; faults and rate windows are of the moment and are not.

use crate::api::{Rates, new_key};
use crate::ca::server::{self, ServerIdentity};
use crate::ca::{Authority, CaFailure, issue};
use crate::clock::{Clock, ClockSetting, TimeSource};
use crate::fault::Faults;
use crate::merchants::{ACQUIRER, generate, generate_foreign};
use crate::random::Random;
use crate::settings::Settings;
use crate::store::{Store, accounts, api_keys, meta, records, set_meta};
use rusqlite::Transaction;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Notify;
use x509_cert::der::EncodePem;
use x509_cert::der::pem::LineEnding;

/// A running sandbox without its sockets.
pub(crate) struct Sandbox {
    pub(crate) store: Store,
    settings: RwLock<Arc<Settings>>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    /// Signs client certificates.
    pub(crate) clients: Authority,
    pub(crate) faults: Faults,
    pub(crate) rates: Rates,
    pub(crate) api_key: String,
    pub(crate) control_token: String,
    /// The authority of the https listener, in PEM.
    pub(crate) ca_pem: String,
    pub(crate) http_origin: String,
    pub(crate) https_origin: String,
    /// Tells this process from the one before it on the same port.
    pub(crate) instance: String,
    active_ms: AtomicI64,
    news: Notify,
}

/// What is needed to open one.
pub(crate) struct Plan {
    pub(crate) store: Store,
    pub(crate) settings: Option<Settings>,
    pub(crate) merchants: u32,
    pub(crate) time: TimeSource,
    pub(crate) random: Random,
    pub(crate) http_origin: String,
    pub(crate) https_origin: String,
}

struct Loaded {
    settings: Settings,
    clients: Authority,
    server: Authority,
    identity: ServerIdentity,
    api_key: String,
    control_token: String,
    clock: ClockSetting,
}

/// The first start makes everything in one transaction, later ones read it.
pub(crate) fn open(plan: Plan) -> Result<(Sandbox, ServerIdentity), CaFailure> {
    let now_ms = (plan.time)();
    let loaded = plan.store.transaction(|tx| load(tx, &plan, now_ms))?;
    let sandbox = Sandbox {
        settings: RwLock::new(Arc::new(loaded.settings)),
        clock: Clock::new(plan.time, loaded.clock),
        random: plan.random,
        clients: loaded.clients,
        faults: Faults::default(),
        rates: Rates::default(),
        api_key: loaded.api_key,
        control_token: loaded.control_token,
        ca_pem: loaded.server.certificate.to_pem(LineEnding::LF)?,
        http_origin: plan.http_origin,
        https_origin: plan.https_origin,
        instance: plan.random.uuid().to_string(),
        active_ms: AtomicI64::new(now_ms),
        news: Notify::new(),
        store: plan.store,
    };
    Ok((sandbox, loaded.identity))
}

fn load(tx: &Transaction<'_>, plan: &Plan, now_ms: i64) -> Result<Loaded, CaFailure> {
    let (random, now_s) = (plan.random, now_ms / 1_000);
    let clients = Authority::load_or_make(tx, "clients-ca", issue::ISSUER, now_s, random)?;
    let server = Authority::load_or_make(tx, "server-ca", server::ISSUER, now_s, random)?;
    let identity = server::load_or_make(tx, &server, now_s, random)?;
    fill_merchants(tx, plan.merchants)?;
    let clock = load_clock(tx)?;
    Ok(Loaded {
        settings: load_settings(tx, plan.settings.as_ref())?,
        identity,
        clients,
        server,
        api_key: first_api_key(tx, random, clock.moment_ms(now_ms))?,
        control_token: text_or(tx, "control-token", || random.token())?,
        clock,
    })
}

fn text_or(tx: &Transaction<'_>, name: &str, make: impl FnOnce() -> String) -> rusqlite::Result<String> {
    if let Some(text) = meta(tx, name)?.and_then(|bytes| String::from_utf8(bytes).ok()) {
        return Ok(text);
    }
    let text = make();
    set_meta(tx, name, text.as_bytes())?;
    Ok(text)
}

/// The key that `sandbox.json` hands out; a disabled one is replaced at the next start.
///
/// Handing it out counts as its use, so that a sandbox that nobody started for two months still knows its key.
fn first_api_key(tx: &Transaction<'_>, random: Random, now_ms: i64) -> rusqlite::Result<String> {
    let known = meta(tx, "api-key")?.and_then(|bytes| String::from_utf8(bytes).ok());
    if let Some(secret) = known
        && let Some(key) = api_keys::key_by_secret(tx, &secret)?.filter(|key| key.disabled_ms.is_none())
    {
        api_keys::mark_used(tx, &key, now_ms)?;
        return Ok(secret);
    }
    let key = new_key(random, ACQUIRER, "First key".to_owned(), now_ms);
    api_keys::insert(tx, &key)?;
    set_meta(tx, "api-key", key.secret.as_bytes())?;
    Ok(key.secret)
}

/// Given settings replace the stored ones; stored keys that this version does not know are left alone.
fn load_settings(tx: &Transaction<'_>, given: Option<&Settings>) -> rusqlite::Result<Settings> {
    if let Some(settings) = given {
        save_settings(tx, settings)?;
        return Ok(settings.clone());
    }
    let mut settings = Settings::default();
    for (key, value) in records::settings(tx)? {
        if let Err(refused) = settings.set(&key, &value) {
            tracing::warn!(%refused, "a stored setting is left at its default");
        }
    }
    Ok(settings)
}

pub(crate) fn save_settings(tx: &Transaction<'_>, settings: &Settings) -> rusqlite::Result<()> {
    settings
        .list()
        .iter()
        .try_for_each(|line| records::save_setting(tx, line.key, &line.value))
}

fn load_clock(tx: &Transaction<'_>) -> rusqlite::Result<ClockSetting> {
    Ok(ClockSetting {
        offset_ms: number(tx, "clock.offset_ms")?.unwrap_or_default(),
        frozen_at_ms: number(tx, "clock.frozen_at_ms")?,
    })
}

fn number(tx: &Transaction<'_>, name: &str) -> rusqlite::Result<Option<i64>> {
    Ok(meta(tx, name)?.and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok()))
}

/// Adds merchants until there are at least `wanted`, and one in a hundred of somebody else; none is ever taken away.
pub(crate) fn fill_merchants(tx: &Transaction<'_>, wanted: u32) -> rusqlite::Result<()> {
    let (ours, theirs) = (accounts::count(tx, true)?, accounts::count(tx, false)?);
    let foreign = if wanted == 0 { 0 } else { (wanted / 100).max(5) };
    generate(wanted)
        .skip(ours as usize)
        .try_for_each(|merchant| accounts::insert(tx, &merchant))?;
    generate_foreign(foreign)
        .skip(theirs as usize)
        .try_for_each(|merchant| accounts::insert(tx, &merchant))
}

impl Sandbox {
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the settings for every call from now on and keeps them.
    pub(crate) fn set_settings(&self, settings: Settings) -> rusqlite::Result<()> {
        self.store.transaction(|tx| save_settings(tx, &settings))?;
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        Ok(())
    }

    /// Moves the clock and keeps its setting.
    pub(crate) fn set_clock(&self, setting: ClockSetting) -> rusqlite::Result<()> {
        self.store.transaction(|tx| {
            set_meta(tx, "clock.offset_ms", setting.offset_ms.to_string().as_bytes())?;
            let frozen = setting.frozen_at_ms.map_or_else(String::new, |at| at.to_string());
            set_meta(tx, "clock.frozen_at_ms", frozen.as_bytes())
        })?;
        self.clock.set(setting);
        Ok(())
    }

    /// Wakes the courier: something may have to be told.
    pub(crate) fn stir(&self) {
        self.news.notify_one();
    }

    /// Waits until somebody stirs.
    pub(crate) async fn stirred(&self) {
        self.news.notified().await;
    }

    /// Notes that somebody uses the sandbox.
    pub(crate) fn touch(&self) {
        self.active_ms.store(self.clock.machine_ms(), Ordering::Relaxed);
    }

    /// How long nobody has used it.
    pub(crate) fn idle_ms(&self) -> i64 {
        self.clock.machine_ms() - self.active_ms.load(Ordering::Relaxed)
    }
}
