//! Proofs that a set-up works: a dry signature that never leaves the machine, and a first call that changes nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatehouse_klarna::{AnswerMeta, DeepLinkClaims, FailureKind, IpStatus, MtlsStatus, SignedJwt};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::pkcs8::DecodePublicKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key_rows::{self, KeyRow, KeyState};
use super::secrets::ProfileSecrets;
use super::{Endpoint, Profile, api_key, facts, key_life};
use crate::facade::call::context;
use crate::facade::{Core, connection};
use crate::network;
use crate::portal::open::signed;
use crate::problem::{ErrorCode, Problem, ways};
use crate::signing_key::{CertificateUsage, SigningIdentity};

/// What the first call showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstCall {
    /// HTTP status.
    pub http: u16,
    /// `Klarna-Mtls-Verification-Status`, in Klarna's word; absent when Klarna did not say.
    pub mtls: Option<String>,
    /// `Klarna-Ip-Validation-Status`, likewise.
    pub ip: Option<String>,
    /// The mTLS key it was made with.
    pub key_id: String,
    /// Whether it went over TLS; a sandbox may be served without.
    pub tls: bool,
}

impl FirstCall {
    /// Whether Klarna objects to the client certificate although it still lets the call through.
    #[must_use]
    pub fn is_doubted(&self) -> bool {
        self.tls && self.mtls.as_deref().is_some_and(|word| word != "VALID")
    }
}

/// Signs a token with the key of a row and verifies it with the certificate's public key; nothing is sent.
pub(crate) fn dry_signature(core: &Core, profile: &Profile, row: &KeyRow) -> Result<(), Problem> {
    let identity = connection::identity(core, &mut key_life::load(core, profile)?, row)?;
    core.demand_pin(identity.key())?;
    let now_s = core.clock().unix_ms().div_euclid(1000);
    let claims = DeepLinkClaims {
        amr: vec!["pwd".into()],
        iss: profile.account.clone(),
        jti: Uuid::new_v4().to_string(),
        sub: profile.user.clone(),
        iat: now_s,
        exp: now_s + 120,
        account_id: profile.account.clone(),
        on_behalf_of: None,
        roles: profile.policy.default_roles.clone(),
    };
    let token = signed(&identity, &claims.to_json())?;
    // It is wiped with this call, so no act stands behind it.
    core.journal().signatures().take_back(&identity.key().key_id());
    holds(&token, &identity).then_some(()).ok_or_else(|| {
        Problem::new(
            ErrorCode::CertificateMismatch,
            "The signature that the key makes does not fit its certificate.",
            "Install the certificate that answers this profile's own signing request.",
        )
    })
}

fn holds(token: &SignedJwt, identity: &SigningIdentity) -> bool {
    let Some((input, signature)) = token.expose().rsplit_once('.') else {
        return false;
    };
    let signature = URL_SAFE_NO_PAD.decode(signature).ok();
    let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
    let public = VerifyingKey::from_public_key_der(&identity.certificate().spki_der()).ok();
    match (public, signature) {
        (Some(public), Some(signature)) => public.verify(input.as_bytes(), &signature).is_ok(),
        (None, _) | (_, None) => false,
    }
}

/// One call that changes nothing, with what the profile has so far.
///
/// # Errors
/// `mtls_required` when Klarna's gateway turns a call without client certificate away; `klarna_*`, `network_*`.
pub(crate) fn harmless(core: &Core, profile: &Profile, held: &ProfileSecrets) -> Result<AnswerMeta, Problem> {
    let rows = key_rows::all(&core.database(), profile.id)?;
    harmless_as(core, profile, held, key_rows::in_use(&rows, CertificateUsage::Mtls))
}

/// The same with a given mTLS key.
pub(crate) fn harmless_as(
    core: &Core,
    profile: &Profile,
    held: &ProfileSecrets,
    mtls: Option<&KeyRow>,
) -> Result<AnswerMeta, Problem> {
    let client = connection::client_as(core, profile, held, mtls)?;
    match core.block_on(client.list_client_certificates(&context(None))) {
        Ok(answer) => {
            core.note_server_time(profile, answer.meta.server_unix_s);
            Ok(answer.meta)
        }
        Err(failure) if mtls.is_none() && turned_away(&failure.kind) => Err(mtls_required()),
        Err(failure) => Err(network::told(core, profile, &failure)),
    }
}

/// A call without client certificate that a gateway turned away without a word (portal-access.md 6.2, 14.2).
pub(crate) fn turned_away(kind: &FailureKind) -> bool {
    matches!(kind, FailureKind::ForbiddenNoBody | FailureKind::MtlsRejected)
}

/// The problem of a call that needs the mTLS certificate which is not there yet.
pub(crate) fn mtls_required() -> Problem {
    Problem::new(
        ErrorCode::MtlsRequired,
        "Klarna turned the call away without a word: mTLS is probably enforced for this account, and this profile has no mTLS certificate yet.",
        ways(
            "Save the mTLS signing request with `gatehouse key csr`, have it issued by somebody who has access already, and install what comes back. An address rule of Klarna's looks the same.",
            "Make the connection key and save its signing request, have it issued by somebody who has access already, and install what comes back. An address rule of Klarna's looks the same.",
        ),
    )
}

/// Makes the first harmless call with everything in place, and keeps what it showed.
pub(crate) fn first_call(core: &Core, profile: &Profile) -> Result<FirstCall, Problem> {
    let mtls = key_life::in_state(core, profile, CertificateUsage::Mtls, |state| state == KeyState::Active)?
        .ok_or_else(|| key_life::certificate_missing(CertificateUsage::Mtls))?;
    let held = key_life::load(core, profile)?;
    let meta = harmless_as(core, profile, &held, Some(&mtls))?;
    let shown = FirstCall {
        http: meta.status,
        mtls: meta.mtls_status.as_ref().map(mtls_word),
        ip: meta.ip_status.as_ref().map(ip_word),
        key_id: mtls.key_id,
        tls: !matches!(&profile.endpoint, Endpoint::Url { url, .. } if url.starts_with("http:")),
    };
    let text = serde_json::to_string(&shown).map_err(|cause| Problem::internal("keep what a call showed", &cause))?;
    let (database, now_ms) = (core.database(), core.clock().unix_ms());
    facts::set(&database, profile.id, facts::FIRST_CALL, &text, now_ms)?;
    facts::set(&database, profile.id, facts::API_KEY_USED, "", now_ms)?;
    if facts::get(&database, profile.id, facts::API_KEY)?.is_some_and(|(value, _)| value != api_key::PROVED) {
        facts::set(&database, profile.id, facts::API_KEY, api_key::PROVED, now_ms)?;
    }
    Ok(shown)
}

/// Whether Klarna found the client certificate in use valid when set-up's first call was made.
pub(crate) fn mtls_was_valid(core: &Core, profile: &Profile) -> bool {
    let database = core.database();
    let kept = facts::get(&database, profile.id, facts::FIRST_CALL).ok().flatten();
    let shown = kept.and_then(|(text, _)| serde_json::from_str::<FirstCall>(&text).ok());
    let rows = key_rows::all(&database, profile.id).unwrap_or_default();
    let in_use = key_rows::in_use(&rows, CertificateUsage::Mtls);
    shown
        .zip(in_use)
        .is_some_and(|(shown, row)| shown.key_id == row.key_id && shown.mtls.as_deref() == Some("VALID"))
}

fn mtls_word(status: &MtlsStatus) -> String {
    match status {
        MtlsStatus::NotPresent => "NOT_PRESENT".into(),
        MtlsStatus::Valid => "VALID".into(),
        MtlsStatus::Invalid => "INVALID".into(),
        MtlsStatus::Other(word) => word.clone(),
    }
}

fn ip_word(status: &IpStatus) -> String {
    match status {
        IpStatus::Allowed => "ALLOWED".into(),
        IpStatus::Denied => "DENIED".into(),
        IpStatus::Invalid => "INVALID".into(),
        IpStatus::Other(word) => word.clone(),
    }
}
