//! What Klarna holds of an account: its certificates and API keys, whether mTLS is enforced, from which addresses it may be used.
//!
//! Reading changes nothing; what changes something is an act (portal-access.md 6.2 to 6.4, 7). Deliberately absent: the secrets, which
//! no list of Klarna's holds, and setting address rules, which are agreed with Klarna.

mod credential;
mod enforcement;
pub(crate) mod new_key;

use gatehouse_klarna::{Answered, CallContext, CallFailure, Client, CredentialLine, EnforcementMode, Permit};

use super::key_rows::{self, KeyRow, KeyState};
use super::{Profile, facts, key_life};
use crate::acts::{self, Done, Plan};
use crate::facade::call::{answered, context, failed};
use crate::facade::{Core, connection};
use crate::network;
use crate::problem::Problem;

pub(crate) use credential::{end, rename};
pub use enforcement::Demand;
pub(crate) use enforcement::demand;
pub use new_key::NewApiKey;
pub(crate) use new_key::create as create_api_key;

/// What kind of credential it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A client certificate, for signing or for mTLS.
    Certificate,
    /// An API key.
    ApiKey,
}

/// One credential as Klarna lists it; each member may be missing there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KlarnaCredential {
    /// Certificate or API key.
    pub kind: CredentialKind,
    /// What Klarna tells.
    pub id: Option<String>,
    /// What was written when it was made or renamed.
    pub description: Option<String>,
    /// Its state, in Klarna's word.
    pub state: Option<String>,
    /// What a certificate is for, in Klarna's word.
    pub usage: Option<String>,
    /// When it was made, Unix seconds.
    pub created_s: Option<i64>,
    /// When a certificate ends, Unix seconds.
    pub expires_s: Option<i64>,
    /// From when on it is refused, Unix seconds.
    pub ended_s: Option<i64>,
    /// The key of this profile that it belongs to.
    pub key_id: Option<String>,
    /// Whether it is in use here; an API key that was given by hand is not recognised.
    pub in_use: bool,
}

/// Whether Klarna demands the client certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnforcementStanding {
    /// `REPORTING`, `ENFORCED`, or Klarna's own word.
    pub mode: String,
    /// From when on, Unix seconds.
    pub from_s: Option<i64>,
}

/// From which addresses the account may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressStanding {
    /// Klarna's word, if it told one.
    pub mode: Option<String>,
    /// The ranges, as Klarna writes them.
    pub allowed: Vec<String>,
}

/// What Klarna holds. The last two may fail by themselves: not every account has them.
#[derive(Debug)]
pub struct AtKlarna {
    /// Certificates, then API keys.
    pub credentials: Vec<KlarnaCredential>,
    /// Whether mTLS is enforced.
    pub enforcement: Result<EnforcementStanding, Problem>,
    /// Address rules.
    pub addresses: Result<AddressStanding, Problem>,
}

/// Reads all of it.
pub(crate) fn read(core: &Core, profile: &Profile) -> Result<AtKlarna, Problem> {
    let rows = key_rows::all(&core.database(), profile.id)?;
    let client = client(core, profile, &rows)?;
    let told = |answer| heard(core, profile, answer);
    let mut credentials = Vec::new();
    for line in told(core.block_on(client.list_client_certificates(&context(None))))? {
        credentials.push(credential(CredentialKind::Certificate, line, &rows));
    }
    let api_key = api_key_id(core, profile)?;
    for line in told(core.block_on(client.list_api_keys(&context(None))))? {
        let found = credential(CredentialKind::ApiKey, line, &rows);
        credentials.push(KlarnaCredential {
            in_use: found.id.is_some() && found.id == api_key,
            ..found
        });
    }
    let enforcement = heard(
        core,
        profile,
        core.block_on(client.read_mtls_enforcement(&context(None))),
    );
    let addresses = heard(
        core,
        profile,
        core.block_on(client.read_ip_restrictions(&context(None))),
    );
    Ok(AtKlarna {
        credentials,
        enforcement: enforcement.map(|found| EnforcementStanding {
            mode: mode_word(found.mode),
            from_s: found.enforced_from_unix_s,
        }),
        addresses: addresses.map(|found| AddressStanding {
            mode: found.mode,
            allowed: found.allowed,
        }),
    })
}

/// Klarna's id of the API key in use, where Klarna made it for this profile.
fn api_key_id(core: &Core, profile: &Profile) -> Result<Option<String>, Problem> {
    Ok(facts::get(&core.database(), profile.id, facts::API_KEY_ID)?.map(|(id, _)| id))
}

fn mode_word(mode: EnforcementMode) -> String {
    match mode {
        EnforcementMode::Reporting => "REPORTING".into(),
        EnforcementMode::Enforced => "ENFORCED".into(),
        EnforcementMode::Other(word) => word,
    }
}

fn client(core: &Core, profile: &Profile, rows: &[KeyRow]) -> Result<Client, Problem> {
    let held = key_life::load(core, profile)?;
    connection::client(core, profile, &held, rows)
}

fn heard<T>(core: &Core, profile: &Profile, answer: Result<Answered<T>, CallFailure>) -> Result<T, Problem> {
    match answer {
        Ok(answer) => {
            answered(core, profile, &answer.meta);
            Ok(answer.value)
        }
        Err(failure) => Err(network::told(core, profile, &failure)),
    }
}

fn credential(kind: CredentialKind, line: CredentialLine, rows: &[KeyRow]) -> KlarnaCredential {
    let id = line.credential_id.map(|id| id.as_str().to_owned());
    let ours = rows.iter().find(|row| id.is_some() && row.credential_id == id);
    KlarnaCredential {
        kind,
        key_id: ours.map(|row| row.key_id.clone()),
        in_use: ours.is_some_and(|row| row.state == KeyState::Active),
        id,
        description: line.description,
        state: line.state,
        usage: line.usage,
        created_s: line.created_unix_s,
        expires_s: line.expires_unix_s,
        ended_s: line.revoked_from_unix_s.or(line.disabled_unix_s),
    }
}

/// Records and makes one call that answers nothing but whether it was done.
fn perform<F: Future<Output = Result<Answered<()>, CallFailure>>>(
    core: &Core,
    profile: &Profile,
    plan: Plan,
    call: impl FnOnce(Permit, CallContext) -> F,
) -> Result<(), Problem> {
    core.unlock_log()?;
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| match core.block_on(call(permit, context(None))) {
            Ok(answer) => Ok(Done {
                value: (),
                result: answered(core, profile, &answer.meta),
            }),
            Err(failure) => Err(failed(core, profile, &failure)),
        },
    );
    performed.map(|_| ())
}
