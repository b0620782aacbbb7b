//! Client certificates: issue from a CSR, list, read, rename, revoke (portal-access.md sections 1 and 6.3).
//!
//! The private key never comes here. A certificate is shown whole only when it is issued; later reads show its facts.

use super::Context;
use super::answer::{Answer, ApiError, Refusal, invalid, not_found};
use super::body::{description, members, only};
use crate::ca::CaFailure;
use crate::ca::issue::{Order, issue as sign_certificate};
use crate::ca::request;
use crate::clock::{read_rfc3339, rfc3339};
use crate::settings::Key;
use crate::store::credentials::{self, Certificate};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_cert::Certificate as X509;
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Encode, EncodePem};

const CSR: &str = "config.certificate_signing_request";

pub(super) fn issue(context: &Context<'_>) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["description", "config"])?;
    let description = description(&members)?;
    let config = members.get("config");
    let text = |name: &str| config.and_then(|config| config.get(name)).and_then(Value::as_str);
    let usage = text("usage").filter(|usage| matches!(*usage, "JWT_SIGNING" | "MTLS"));
    let usage = usage.ok_or_else(|| invalid("config.usage", "The usage must be JWT_SIGNING or MTLS."))?;
    let pem = text("certificate_signing_request").ok_or_else(|| invalid(CSR, "The request is missing."))?;
    let asked = request::read(pem).map_err(|flaw| invalid(CSR, flaw))?;
    let row = sign(context, usage, description, asked)?;
    credentials::insert_certificate(context.tx, &row)?;
    let mut value = shown(context, &row);
    value["secret"] = json!({"certificate": row.pem});
    Ok(Answer::json(201, &value))
}

fn sign(
    context: &Context<'_>,
    usage: &str,
    description: String,
    asked: request::Request,
) -> Result<Certificate, Refusal> {
    let random = context.sandbox.random;
    let suffix = context.caller.rsplit(':').next().unwrap_or_default();
    let rule = context.settings.text(Key::CsrCnRule);
    let invented = hex::encode(random.bytes::<8>());
    let name = request::subject(rule, asked.common_name.as_deref(), suffix, &invented);
    let order = Order {
        account: &context.caller,
        common_name: &name.map_err(|flaw| invalid(CSR, flaw))?,
        usage_value: context.usage_value(usage).unwrap_or_default(),
        key: asked.key,
    };
    let made = sign_certificate(&context.sandbox.clients, order, context.now_ms / 1_000, random);
    let row = made.and_then(|certificate| row(context, usage, description, &certificate));
    row.map_err(|error| {
        tracing::error!(%error, "a client certificate could not be made");
        Refusal::Api(ApiError::of(500, "The certificate could not be made."))
    })
}

fn row(context: &Context<'_>, usage: &str, description: String, made: &X509) -> Result<Certificate, CaFailure> {
    let body = made.tbs_certificate();
    let end_ms = body.validity().not_after.to_unix_duration().as_millis();
    let uuid = context.sandbox.random.uuid();
    Ok(Certificate {
        id: format!("krn:partner:global:account:credential:client-certificate:{uuid}"),
        account: context.caller.clone(),
        usage: usage.to_owned(),
        description,
        pem: made.to_pem(LineEnding::LF)?,
        sha256: hex::encode(Sha256::digest(made.to_der()?)),
        serial: hex::encode(body.serial_number().as_bytes()),
        created_ms: context.now_ms,
        expires_ms: i64::try_from(end_ms).unwrap_or(i64::MAX),
        revoked_from_ms: None,
    })
}

fn shown(context: &Context<'_>, row: &Certificate) -> Value {
    let state = match row.revoked_from_ms {
        Some(from) if from <= context.now_ms => "REVOKED",
        Some(_) | None if row.expires_ms <= context.now_ms => "EXPIRED",
        Some(_) | None => "ACTIVE",
    };
    let mut value = json!({
        "credential_id": row.id,
        "description": row.description,
        "config": {"usage": row.usage},
        "state": state,
        "serial_number": row.serial,
        "created_at": rfc3339(row.created_ms),
        "expires_at": rfc3339(row.expires_ms),
    });
    if let Some(from) = row.revoked_from_ms {
        value["revoked_from"] = json!(rfc3339(from));
    }
    value
}

fn find(context: &Context<'_>, id: &str) -> Result<Certificate, Refusal> {
    let row = credentials::certificate(context.tx, &context.caller, id)?;
    row.ok_or_else(|| not_found("There is no such credential."))
}

pub(super) fn list(context: &Context<'_>) -> Result<Answer, Refusal> {
    let rows = credentials::certificates(context.tx, &context.caller)?;
    let rows: Vec<Value> = rows.iter().map(|row| shown(context, row)).collect();
    Ok(Answer::json(200, &json!({"credentials": rows})))
}

pub(super) fn read(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    Ok(Answer::json(200, &shown(context, &find(context, id)?)))
}

pub(super) fn rename(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["description"])?;
    let (row, description) = (find(context, id)?, description(&members)?);
    credentials::rename_certificate(context.tx, &row.id, &description)?;
    Ok(Answer::json(200, &shown(context, &Certificate { description, ..row })))
}

/// Revokes from a moment on; without one, at once. A revocation that has begun cannot be moved.
pub(super) fn revoke(context: &Context<'_>, id: &str) -> Result<Answer, Refusal> {
    let members = members(context)?;
    only(context, &members, &["revoked_from"])?;
    let from_ms = match members.get("revoked_from") {
        None => context.now_ms,
        Some(value) => {
            let read = value.as_str().and_then(read_rfc3339);
            read.ok_or_else(|| invalid("revoked_from", "The value is not a time in ISO 8601 with its zone."))?
        }
    };
    let row = find(context, id)?;
    let begun = row.revoked_from_ms.filter(|from| *from <= context.now_ms);
    let from_ms = begun.unwrap_or(from_ms);
    credentials::revoke_certificate(context.tx, &row.id, from_ms)?;
    Ok(Answer::json(
        200,
        &shown(
            context,
            &Certificate {
                revoked_from_ms: Some(from_ms),
                ..row
            },
        ),
    ))
}
