//! The claims of a token (portal-access.md 2.1 and rows 1, 2, 4, 9 to 11, 13, 14 of section 14).
//!
//! Every flaw is reported, not just the first: `errors[]` is a list. Unknown claims are ignored,
//! and so are those that belong to the other purpose. The two claims about an end are in [`super::access`].

use super::{Purpose, access};
use crate::api::Context;
use crate::api::answer::{Flaw, Refusal, flaw, invalid_all};
use crate::api::text::{account_krn, is_email};
use crate::settings::{Key, Settings};
use serde_json::{Map, Value};
use uuid::Uuid;

/// The claims, of the right types.
#[derive(Debug)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) jti: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) account_id: String,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) roles: Vec<String>,
    /// Of a deep link.
    pub(crate) amr: Option<Vec<String>>,
    /// Of a deep link that ends a login by the button.
    pub(crate) session_token: Option<String>,
    /// Of user access.
    pub(crate) expires_at: Option<String>,
    /// Of user access.
    pub(crate) inactivity_grace_period: Option<String>,
}

/// Reads the types; a claim that is missing or of another type is a flaw.
pub(super) fn read(payload: &Map<String, Value>, purpose: Purpose<'_>) -> Result<Claims, Refusal> {
    let grant = matches!(purpose, Purpose::UserAccess);
    let mut reader = Reader {
        payload,
        flaws: Vec::new(),
    };
    let claims = Claims {
        iss: reader.needed("iss", text),
        sub: reader.needed("sub", text),
        jti: reader.needed("jti", text),
        iat: reader.needed("iat", Value::as_i64),
        exp: reader.needed("exp", Value::as_i64),
        account_id: reader.needed("account_id", text),
        on_behalf_of: reader.optional("on_behalf_of", text),
        roles: reader.optional("roles", strings).unwrap_or_default(),
        amr: reader.optional_if(!grant, "amr", strings),
        session_token: reader.optional_if(!grant, crate::portal::button::TOKEN, text),
        expires_at: reader.optional_if(grant, "expires_at", text),
        inactivity_grace_period: reader.optional_if(grant, "inactivity_grace_period", text),
    };
    if reader.flaws.is_empty() {
        Ok(claims)
    } else {
        Err(invalid_all(reader.flaws))
    }
}

/// Reads claim by claim and gathers what is wrong.
struct Reader<'a> {
    payload: &'a Map<String, Value>,
    flaws: Vec<Flaw>,
}

impl Reader<'_> {
    fn needed<T: Default>(&mut self, name: &str, read: impl Fn(&Value) -> Option<T>) -> T {
        let value = self.payload.get(name).and_then(read);
        value.unwrap_or_else(|| {
            self.flaws.push(flaw(
                format!("jwt.{name}"),
                "The claim is missing or has the wrong type.",
            ));
            T::default()
        })
    }

    /// Reads a claim of one purpose only.
    fn optional_if<T>(&mut self, looked_at: bool, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        looked_at.then(|| self.optional(name, read)).flatten()
    }

    fn optional<T>(&mut self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let read = read(self.payload.get(name)?);
        if read.is_none() {
            self.flaws
                .push(flaw(format!("jwt.{name}"), "The claim has the wrong type."));
        }
        read
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Reads a list of strings.
pub(crate) fn strings(value: &Value) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|one| one.as_str().map(str::to_owned))
        .collect()
}

/// Checks the values.
pub(super) fn check(claims: Claims, context: &Context<'_>, purpose: Purpose<'_>) -> Result<Claims, Refusal> {
    let settings = context.settings;
    let mut flaws: Vec<Flaw> = times(&claims, settings, context.now_ms.div_euclid(1_000))
        .into_iter()
        .collect();
    flaws.extend(people(&claims, settings));
    flaws.extend(match purpose {
        Purpose::DeepLink { path_account } => entry(&claims, settings, path_account),
        Purpose::UserAccess => access::check(&claims, settings, context.now_ms),
    });
    flaws.extend(accounts(&claims, settings));
    flaws.extend(check_roles(settings, &claims.roles, "jwt.roles"));
    flaws.extend(check_behalf(
        settings,
        claims.on_behalf_of.as_deref(),
        &claims.account_id,
        &claims.iss,
        "jwt.on_behalf_of",
    ));
    if flaws.is_empty() {
        Ok(claims)
    } else {
        Err(invalid_all(flaws))
    }
}

fn times(claims: &Claims, settings: &Settings, now_s: i64) -> Option<Flaw> {
    let skew = settings.count(Key::JwtSkewS);
    let lifetime = claims.exp.saturating_sub(claims.iat);
    if claims.iat > now_s.saturating_add(skew) {
        Some(flaw("jwt.iat", "The token was issued in the future."))
    } else if claims.exp <= now_s.saturating_sub(skew) {
        Some(flaw("jwt.exp", "The token has expired."))
    } else if lifetime <= 0 {
        Some(flaw("jwt.exp", "The token ends before it begins."))
    } else if lifetime > settings.count(Key::JwtMaxLifetimeS) {
        Some(flaw("jwt.exp", "The token lives too long."))
    } else {
        None
    }
}

fn people(claims: &Claims, settings: &Settings) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !is_email(&claims.sub) {
        flaws.push(flaw("jwt.sub", "The subject is not an e-mail address."));
    }
    let uuid = Uuid::try_parse(&claims.jti).is_ok_and(|uuid| uuid.get_version_num() == 4);
    if claims.jti.is_empty() || claims.jti.chars().count() > 255 {
        flaws.push(flaw("jwt.jti", "The token id must have 1 to 255 characters."));
    } else if settings.on(Key::JwtJtiUuidOnly) && !uuid {
        flaws.push(flaw("jwt.jti", "The token id must be a UUID of version 4."));
    }
    flaws
}

/// What only a deep link's token must hold: how the person signed in, and the account of the path (rows 11 and 14).
fn entry(claims: &Claims, settings: &Settings, path_account: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    match &claims.amr {
        None if settings.on(Key::AmrRequired) => {
            flaws.push(flaw("jwt.amr", "The claim is missing."));
        }
        Some(amr) if !amr_accepted(amr, settings.words(Key::AmrValues)) => {
            flaws.push(flaw("jwt.amr", "No accepted authentication method is named."));
        }
        Some(_) | None => {}
    }
    if settings.on(Key::AccountMatchPath) && claims.account_id != path_account {
        flaws.push(flaw("jwt.account_id", "The account is not the one in the path."));
    }
    flaws
}

fn amr_accepted(amr: &[String], accepted: &[String]) -> bool {
    accepted.is_empty() || amr.iter().any(|one| accepted.contains(one))
}

fn accounts(claims: &Claims, settings: &Settings) -> Vec<Flaw> {
    let behalf = claims.on_behalf_of.as_deref().unwrap_or(&claims.account_id);
    let named = [
        ("iss", claims.iss.as_str()),
        ("account_id", &claims.account_id),
        ("on_behalf_of", behalf),
    ];
    named
        .into_iter()
        .filter_map(|(name, krn)| account(claims, settings, name, krn))
        .collect()
}

/// An account must be a KRN of the issuer's environment (row 13).
fn account(claims: &Claims, settings: &Settings, name: &str, krn: &str) -> Option<Flaw> {
    let environment = |krn| account_krn(krn).map(|(environment, _)| environment);
    let Some(own) = environment(krn) else {
        return Some(flaw(format!("jwt.{name}"), "The value is not an account KRN."));
    };
    let mixed = environment(&claims.iss).is_some_and(|issuers| issuers != own);
    (mixed && !settings.on(Key::EnvAllowMixed))
        .then(|| flaw(format!("jwt.{name}"), "Live and test accounts are mixed."))
}

/// Checks the roles of a token or of an unsigned link (row 9).
pub(crate) fn check_roles(settings: &Settings, roles: &[String], parameter: &str) -> Option<Flaw> {
    if roles.is_empty() {
        return Some(flaw(parameter, "At least one role is needed."));
    }
    let unknown = roles.iter().any(|role| !settings.has_word(Key::RolesAllowed, role));
    unknown.then(|| flaw(parameter, "A role is not allowed."))
}

/// Checks `on_behalf_of` of a token or of an unsigned link (row 10).
pub(crate) fn check_behalf(
    settings: &Settings,
    behalf: Option<&str>,
    account: &str,
    issuer: &str,
    parameter: &str,
) -> Option<Flaw> {
    let allowed = |word| settings.has_word(Key::OboAllowed, word);
    let holds = match behalf {
        None => allowed("omitted"),
        Some(krn) => (krn == account && allowed("account_id")) || (krn == issuer && allowed("iss")),
    };
    (!holds && !allowed("any")).then(|| flaw(parameter, "The value must be the merchant's account or the issuer's."))
}
