//! A profile as a file that a team shares: everything but secrets and the person, signed (docs/profile-format.md).
//!
//! The bytes are canonical JSON (RFC 8785, as the audit log's), and a file that is not exactly canonical is refused, so no
//! byte can be changed unnoticed, not even a blank. Deliberately absent: keys, certificates, the API key, e-mail, merchants.

use gatehouse_audit::canonical;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Endpoint, Method, Profile, ProfileEnvironment, ProxySetting, draft};
use crate::acts::PersonKey;
use crate::policy::Policy;
use crate::portal::hosts;
use crate::problem::{ErrorCode, Problem};
use crate::signature;

/// The longest file.
pub const MAX_FILE: usize = canonical::MAX_PRIVATE;
const FORMAT: &str = "gatehouse-profile";
const VERSION: i64 = 1;
/// Stands before the signed bytes, so that the signature fits nothing else that the key signs.
const CONTEXT: &str = "gatehouse-profile/v1\n";

type Members = Map<String, Value>;

/// A file whose signature holds; whether its signer is trusted is another question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFile {
    /// The profile as the exporter had it, with a new id and the name in the file.
    pub profile: SharedProfile,
    /// SHA-256 of the signer's public key, hex: what people compare.
    pub signer: String,
    /// When it was exported, RFC 3339.
    pub made_at: String,
}

/// What of a profile is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedProfile {
    /// Its name.
    pub name: String,
    /// Live, test or sandbox.
    pub environment: ProfileEnvironment,
    /// The acquirer's account KRN.
    pub account: String,
    /// The acquirer's name as shown.
    pub account_name: String,
    /// Where its API answers.
    pub endpoint: Endpoint,
    /// Hosts that a portal link may lead to.
    pub allowed_hosts: Vec<String>,
    /// How people get into the portal.
    pub method: Option<Method>,
    /// The way out.
    pub proxy: ProxySetting,
    /// Its rules; the browser is each machine's own.
    pub policy: Policy,
}

/// Writes a profile and signs it with a person's key.
///
/// # Errors
/// `internal` should a profile not fit the canonical form.
pub fn export(profile: &Profile, made_at: &str, person: &PersonKey) -> Result<Vec<u8>, Problem> {
    let mut file = Members::new();
    file.insert("format".into(), FORMAT.into());
    file.insert("v".into(), VERSION.into());
    file.insert("made_at".into(), made_at.into());
    file.insert("profile".into(), Value::Object(members(profile)));
    signature::sign(CONTEXT, &mut file, person, MAX_FILE).map_err(|cause| unwritten(&cause))?;
    let mut bytes = write(&file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a file and checks its signature.
///
/// # Errors
/// `profile_file_damaged` for any byte that is not as it was signed.
pub fn read(bytes: &[u8]) -> Result<ProfileFile, Problem> {
    let bytes = bytes
        .strip_suffix(b"\n")
        .ok_or_else(|| damaged("It does not end as it was written."))?;
    let file = canonical::parse(bytes, MAX_FILE).map_err(|fault| damaged(&format!("In it, {fault}.")))?;
    if text(&file, "format") != Some(FORMAT) {
        return Err(damaged("It is no profile of Gatehouse."));
    }
    if file.get("v").and_then(Value::as_i64) != Some(VERSION) {
        return Err(damaged("It was written by a newer Gatehouse."));
    }
    let public = signature::verify(CONTEXT, &file, MAX_FILE).map_err(|broken| damaged(broken.text()))?;
    let inside = file.get("profile").and_then(Value::as_object);
    let profile = inside
        .and_then(shared)
        .ok_or_else(|| damaged("It lacks a part of the profile."))?;
    Ok(ProfileFile {
        profile,
        signer: signature::fingerprint(&public),
        made_at: text(&file, "made_at").unwrap_or_default().to_owned(),
    })
}

impl SharedProfile {
    /// Makes a draft of it: checked as a new profile is, for the account and the person of this machine.
    ///
    /// # Errors
    /// `krn_invalid`, `environment_mixed`, `email_invalid`, `input_invalid`.
    pub fn into_draft(self, name: Option<&str>, user: &str, now_ms: i64) -> Result<Profile, Problem> {
        let account = draft::account(&self.account, self.environment)?;
        draft::fits_environment(&self.endpoint, self.environment)?;
        Ok(Profile {
            id: Uuid::new_v4(),
            name: draft::name(name.unwrap_or(&self.name))?,
            environment: self.environment,
            account,
            account_name: self.account_name,
            user: draft::user(user)?,
            endpoint: self.endpoint,
            allowed_hosts: hosts::parse_rules(&self.allowed_hosts)?,
            policy: self.policy,
            method: self.method,
            proxy: self.proxy,
            created_at_ms: now_ms,
        })
    }
}

fn members(profile: &Profile) -> Members {
    let mut policy = profile.policy.clone();
    policy.browser = crate::policy::BrowserChoice::Default;
    let mut inside = Members::new();
    inside.insert("name".into(), profile.name.as_str().into());
    inside.insert("environment".into(), profile.environment.word().into());
    inside.insert("account".into(), profile.account.as_str().into());
    inside.insert("account_name".into(), profile.account_name.as_str().into());
    match &profile.endpoint {
        Endpoint::Embedded => {}
        Endpoint::Url { url, ca_pem } => {
            inside.insert("api_url".into(), url.as_str().into());
            if let Some(ca_pem) = ca_pem {
                inside.insert("ca_pem".into(), ca_pem.as_str().into());
            }
        }
    }
    inside.insert("allowed_hosts".into(), profile.allowed_hosts.clone().into());
    if let Some(method) = profile.method {
        inside.insert("method".into(), method.word().into());
    }
    inside.insert("proxy".into(), profile.proxy.text().into());
    inside.insert("policy".into(), policy.to_json().into());
    inside
}

fn shared(inside: &Members) -> Option<SharedProfile> {
    let owned = |name: &str| text(inside, name).map(str::to_owned);
    let hosts = inside.get("allowed_hosts")?.as_array()?;
    Some(SharedProfile {
        name: owned("name")?,
        environment: ProfileEnvironment::from_word(text(inside, "environment")?)?,
        account: owned("account")?,
        account_name: owned("account_name")?,
        endpoint: match owned("api_url") {
            Some(url) => Endpoint::Url {
                url,
                ca_pem: owned("ca_pem"),
            },
            None => Endpoint::Embedded,
        },
        allowed_hosts: hosts
            .iter()
            .map(|host| host.as_str().map(str::to_owned))
            .collect::<Option<_>>()?,
        method: text(inside, "method").and_then(Method::from_word),
        proxy: ProxySetting::parse(text(inside, "proxy")?).ok()?,
        policy: Policy::from_json(text(inside, "policy")?).ok()?,
    })
}

fn write(file: &Members) -> Result<Vec<u8>, Problem> {
    canonical::write(file, MAX_FILE).map_err(|cause| unwritten(&cause))
}

fn unwritten(cause: &canonical::CanonicalFault) -> Problem {
    Problem::internal("write a profile", cause)
}

fn text<'a>(members: &'a Members, name: &str) -> Option<&'a str> {
    members.get(name).and_then(Value::as_str)
}

fn damaged(why: &str) -> Problem {
    Problem::new(
        ErrorCode::ProfileFileDamaged,
        format!("The profile file cannot be used. {why}"),
        "Ask whoever exported it for the file once more, and carry it unchanged.",
    )
}
