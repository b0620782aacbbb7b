//! What Klarna holds of an account: its certificates and API keys, whether mTLS is enforced, from which addresses it may be used.
//!
//! Reading changes nothing; renaming and ending one are acts (portal-access.md 6.2 to 6.4, 7). Deliberately absent: the secrets, which
//! no list of Klarna's holds, and setting enforcement or address rules, which lock people out and are agreed with Klarna.

use gatehouse_klarna::{Answered, Call, CallFailure, Client, CredentialId, CredentialLine, EnforcementMode};

use super::key_rows::{self, KeyRow, KeyState};
use super::{Profile, key_life, proof};
use crate::acts::{self, Done, Members, Plan};
use crate::facade::call::{answered, failed};
use crate::facade::{Core, connection};
use crate::network;
use crate::problem::{ErrorCode, Problem};

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
    let context = proof::context;
    let told = |answer| heard(core, profile, answer);
    let mut credentials = Vec::new();
    for line in told(core.block_on(client.list_client_certificates(&context())))? {
        credentials.push(credential(CredentialKind::Certificate, line, &rows));
    }
    for line in told(core.block_on(client.list_api_keys(&context())))? {
        credentials.push(credential(CredentialKind::ApiKey, line, &rows));
    }
    let enforcement = heard(core, profile, core.block_on(client.read_mtls_enforcement(&context())));
    let addresses = heard(core, profile, core.block_on(client.read_ip_restrictions(&context())));
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
        id,
        description: line.description,
        state: line.state,
        usage: line.usage,
        created_s: line.created_unix_s,
        expires_s: line.expires_unix_s,
        ended_s: line.revoked_from_unix_s.or(line.disabled_unix_s),
    }
}

/// Gives a credential another description.
pub(crate) fn rename(
    core: &Core,
    profile: &Profile,
    kind: CredentialKind,
    id: &str,
    description: &str,
) -> Result<(), Problem> {
    let (rows, id) = (key_rows::all(&core.database(), profile.id)?, known(id)?);
    let client = client(core, profile, &rows)?;
    let call = match kind {
        CredentialKind::Certificate => Call::RenameCertificate,
        CredentialKind::ApiKey => Call::RenameApiKey,
    };
    let mut plan = plan(profile, "credential.rename", call, "PATCH", kind, &id);
    plan.private.insert("note".into(), description.into());
    core.unlock_log()?;
    let done = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let context = proof::context();
            let answer = match kind {
                CredentialKind::Certificate => {
                    core.block_on(client.rename_client_certificate(permit, &id, description, &context))
                }
                CredentialKind::ApiKey => core.block_on(client.rename_api_key(permit, &id, description, &context)),
            };
            concluded(core, profile, answer)
        },
    );
    done.map(|_| ())
}

/// Has Klarna refuse a credential from now on, for good.
pub(crate) fn end(core: &Core, profile: &Profile, kind: CredentialKind, id: &str) -> Result<(), Problem> {
    let (rows, id) = (key_rows::all(&core.database(), profile.id)?, known(id)?);
    if rows
        .iter()
        .any(|row| row.state == KeyState::Active && row.credential_id.as_deref() == Some(id.as_str()))
    {
        return Err(in_use());
    }
    let client = client(core, profile, &rows)?;
    let from_s = core.clock().unix_ms().div_euclid(1000);
    let (name, call, method) = match kind {
        CredentialKind::Certificate => ("credential.revoke", Call::RevokeCertificate, "POST"),
        CredentialKind::ApiKey => ("credential.disable", Call::DisableApiKey, "DELETE"),
    };
    let mut plan = plan(profile, name, call, method, kind, &id);
    if kind == CredentialKind::Certificate
        && let Ok(from) = jiff::Timestamp::from_second(from_s)
    {
        plan.request.insert("revoked_from".into(), from.to_string().into());
    }
    core.unlock_log()?;
    acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let context = proof::context();
            let answer = match kind {
                CredentialKind::Certificate => {
                    core.block_on(client.revoke_client_certificate(permit, &id, from_s, &context))
                }
                CredentialKind::ApiKey => core.block_on(client.disable_api_key(permit, &id, &context)),
            };
            concluded(core, profile, answer)
        },
    )?;
    let ours = rows
        .iter()
        .find(|row| row.credential_id.as_deref() == Some(id.as_str()));
    ours.map_or(Ok(()), |row| {
        key_rows::set_revoked(&core.database(), profile.id, &row.key_id, from_s.saturating_mul(1000))
    })
}

fn concluded(
    core: &Core,
    profile: &Profile,
    answer: Result<Answered<()>, CallFailure>,
) -> Result<Done<()>, acts::Failed> {
    match answer {
        Ok(answer) => Ok(Done {
            value: (),
            result: answered(core, profile, &answer.meta),
        }),
        Err(failure) => Err(failed(core, profile, &failure)),
    }
}

fn known(id: &str) -> Result<CredentialId, Problem> {
    CredentialId::parse(id).map_err(|_| {
        Problem::new(
            ErrorCode::InputInvalid,
            "This is no id of a credential at Klarna.",
            "Take it from the list of credentials.",
        )
    })
}

fn in_use() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "This certificate belongs to the key in use, so nothing was sent.",
        "Rotate the key first; then have Klarna refuse the old one.",
    )
}

fn plan(
    profile: &Profile,
    name: &'static str,
    call: Call,
    method: &str,
    kind: CredentialKind,
    id: &CredentialId,
) -> Plan {
    let what = match kind {
        CredentialKind::Certificate => "client-certificate",
        CredentialKind::ApiKey => "api-key",
    };
    let tail = if name == "credential.revoke" { "/revoke" } else { "" };
    let path = format!("/v2/account/integration/credentials/{what}/{{credential_id}}{tail}");
    let mut request = Members::new();
    request.insert("method".into(), method.into());
    request.insert("path_template".into(), path.into());
    request.insert("credential_id".into(), id.as_str().into());
    Plan {
        kind: name,
        call,
        subject: id.as_str().to_owned(),
        profile: profile.into(),
        merchant: None,
        request,
        signing: Members::new(),
        private: Members::new(),
    }
}
