//! Renaming a credential at Klarna, and having Klarna refuse it for good.

use gatehouse_klarna::{Call, CredentialId};

use super::{CredentialKind, api_key_id, client, perform};
use crate::acts::Plan;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::key_rows::{self, KeyState};
use crate::profile::{Profile, credentials};

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
    perform(core, profile, plan, async |permit, context| match kind {
        CredentialKind::Certificate => {
            client
                .rename_client_certificate(permit, &id, description, &context)
                .await
        }
        CredentialKind::ApiKey => client.rename_api_key(permit, &id, description, &context).await,
    })
}

/// Has Klarna refuse a credential from now on, for good.
pub(crate) fn end(core: &Core, profile: &Profile, kind: CredentialKind, id: &str) -> Result<(), Problem> {
    let (rows, id) = (key_rows::all(&core.database(), profile.id)?, known(id)?);
    let ours = rows
        .iter()
        .find(|row| row.credential_id.as_deref() == Some(id.as_str()));
    if ours.is_some_and(|row| row.state == KeyState::Active) {
        return Err(in_use());
    }
    if kind == CredentialKind::ApiKey && api_key_id(core, profile)?.as_deref() == Some(id.as_str()) {
        return Err(api_key_in_use());
    }
    let client = client(core, profile, &rows)?;
    let from_s = core.clock().unix_ms().div_euclid(1000);
    let (name, call, method) = match kind {
        CredentialKind::Certificate => ("credential.revoke", Call::RevokeCertificate, "POST"),
        CredentialKind::ApiKey => ("credential.disable", Call::DisableApiKey, "DELETE"),
    };
    let mut plan = plan(profile, name, call, method, kind, &id);
    if kind == CredentialKind::Certificate {
        plan = credentials::refused_from(plan, from_s);
    }
    perform(core, profile, plan, async |permit, context| match kind {
        CredentialKind::Certificate => client.revoke_client_certificate(permit, &id, from_s, &context).await,
        CredentialKind::ApiKey => client.disable_api_key(permit, &id, &context).await,
    })?;
    ours.map_or(Ok(()), |row| {
        key_rows::set_revoked(&core.database(), profile.id, &row.key_id, from_s.saturating_mul(1000))
    })
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

fn api_key_in_use() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "This API key is the one in use here, so nothing was sent.",
        "Put another in its place first; then have Klarna disable this one.",
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
    Plan::new(profile, name, call, id.as_str())
        .at(method, &path)
        .with("credential_id", id.as_str())
}
