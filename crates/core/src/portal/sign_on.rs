//! A person whom the login bridge signs on by SAML: no call to Klarna, no link; the statement that the bridge signs is the act.
//!
//! The note stands in the log before the statement leaves. Deliberately absent: the statement itself, which is a bearer secret.

use gatehouse_audit::Phase;
use gatehouse_klarna::Email;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::login::{Vouched, login_person};
use crate::acts;
use crate::facade::Core;
use crate::merchants::Merchant;
use crate::policy;
use crate::problem::Problem;
use crate::profile::Profile;

/// What the bridge is about to state of a person.
#[derive(Debug)]
pub struct SignOn {
    /// The merchant's account KRN.
    pub merchant: String,
    /// The person's e-mail, as the provider vouches for it.
    pub person: String,
    /// What the person may do there; at least one.
    pub roles: Vec<String>,
    /// Who vouches for the person.
    pub vouched: Vouched,
    /// The entity id of the service that the statement is for.
    pub service: String,
    /// The id of the service's request; none when the person began here.
    pub request: Option<String>,
    /// SHA-256 of the certificate whose key signs, hex.
    pub cert_sha256: String,
}

/// A sign-on that stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The act.
    pub act_id: Uuid,
    /// The merchant's account, as the statement must name it.
    pub account: String,
}

/// Checks a sign-on as every open is checked, and records it.
///
/// # Errors
/// `merchant_*`, `email_invalid`, `input_invalid` for roles; `log_*` when the entry cannot be written.
pub(crate) fn record(core: &Core, profile: &Profile, merchant: &Merchant, asked: SignOn) -> Result<Recorded, Problem> {
    let krn = merchant.account_in(profile.environment)?;
    merchant.must_be_operational()?;
    let person: Email = login_person(&asked.person)?;
    let roles = policy::parse_roles(&asked.roles)?;
    core.unlock_log()?;
    let act_id = Uuid::now_v7();
    let account = krn.as_str().to_owned();
    let mut note = acts::draft(
        "portal.sign_on",
        Phase::Note,
        act_id,
        Some(&profile.into()),
        Some(account.clone()),
    );
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    note.request.insert("roles".into(), roles.into());
    note.request.insert("on_behalf_of".into(), account.as_str().into());
    note.request.insert("service".into(), asked.service.into());
    if let Some(request) = asked.request {
        let digest = hex::encode(Sha256::digest(request));
        note.request.insert("request_sha256".into(), digest.into());
    }
    note.result.insert("outcome".into(), "succeeded".into());
    note.signing.insert("cert_sha256".into(), asked.cert_sha256.into());
    note.private = Some(asked.vouched.beside(person.as_str()));
    core.journal().append(note)?;
    Ok(Recorded { act_id, account })
}
