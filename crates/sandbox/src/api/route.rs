//! Which operation a method and path name.
//!
//! Written out as one match so that the whole surface can be read at a glance. Segments are percent-decoded, since a
//! `deep_link_id` holds colons and arrives raw or encoded (portal-access.md section 4).

use super::text::percent_decode;
use crate::settings::{Key, Settings};

/// The operations of this sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    ReadAccount(String),
    ListAccounts,
    ResolveAccount,
    CreateDeepLink(String),
    DeleteDeepLink(String, String),
    IssueCertificate,
    ListCertificates,
    ReadCertificate(String),
    RenameCertificate(String),
    RevokeCertificate(String),
    CreateKey,
    ListKeys,
    ReadKey(String),
    RenameKey(String),
    DisableKey(String),
    ReadEnforcement,
    SetEnforcement,
    ClearEnforcement,
    ReadAllowedIps,
    GrantAccess,
    RevokeAccess,
    /// Without an account it is the caller's own.
    Payment(Option<String>, Payment),
    Introspect(String),
    RevokeToken(String),
    Notification(Notification),
}

/// The operations about payments and their requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Payment {
    Authorize,
    CreateRequest,
    ReadRequest(String),
    CancelRequest(String),
}

/// The operations about webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Notification {
    CreateWebhook,
    ListWebhooks,
    ReadWebhook(String),
    ChangeWebhook(String),
    DeleteWebhook(String),
    Simulate(String),
    CreateKey,
    ListKeys,
    ReadKey(String),
    DeleteKey(String),
}

impl Route {
    /// Reads method and path; nothing when there is no such operation.
    pub(crate) fn read(method: &str, path: &str, settings: &Settings) -> Option<Self> {
        if method == "GET" && path == settings.text(Key::ResolvePath) {
            return Some(Self::ResolveAccount);
        }
        let segments: Option<Vec<String>> = path.strip_prefix("/v2/")?.split('/').map(percent_decode).collect();
        let segments = segments?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        if let Some(route) = identity(method, &segments, settings) {
            return Some(route);
        }
        match segments.as_slice() {
            ["accounts"] if settings.on(Key::AccountsNonstandardList) => {
                (method == "GET").then_some(Self::ListAccounts)
            }
            ["accounts", rest @ ..] => account(method, rest),
            ["account", "integration", rest @ ..] => integration(method, rest),
            ["portal", "user-access"] => user_access(method),
            ["payment", rest @ ..] => payment(method, None, rest),
            ["notification", rest @ ..] => notification(method, rest).map(Self::Notification),
            _ => None,
        }
    }

    /// The merchant that the path names, for the rate limit.
    pub(crate) fn merchant(&self) -> Option<&str> {
        if let Self::ReadAccount(id)
        | Self::CreateDeepLink(id)
        | Self::DeleteDeepLink(id, _)
        | Self::Introspect(id)
        | Self::RevokeToken(id) = self
        {
            Some(id)
        } else if let Self::Payment(id, _) = self {
            id.as_deref()
        } else {
            None
        }
    }
}

fn account(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("GET", [id]) if !id.is_empty() => Some(Route::ReadAccount((*id).to_owned())),
        ("POST", [id, "portal", "deep-links"]) => Some(Route::CreateDeepLink((*id).to_owned())),
        ("DELETE", [id, "portal", "deep-links", link]) if !link.is_empty() => {
            Some(Route::DeleteDeepLink((*id).to_owned(), (*link).to_owned()))
        }
        (_, [id, "payment", rest @ ..]) if !id.is_empty() => payment(method, Some((*id).to_owned()), rest),
        _ => None,
    }
}

/// authorizePayment and Payment Requests (tokens.md 1.1 and 1.6).
fn payment(method: &str, account: Option<String>, rest: &[&str]) -> Option<Route> {
    let what = match (method, rest) {
        ("POST", ["authorize"]) => Payment::Authorize,
        ("POST", ["requests"]) => Payment::CreateRequest,
        ("GET", ["requests", id]) => Payment::ReadRequest((*id).to_owned()),
        ("DELETE", ["requests", id]) => Payment::CancelRequest((*id).to_owned()),
        _ => return None,
    };
    Some(Route::Payment(account, what))
}

/// The two calls whose method and path are not known, so that the settings say them (tokens.md 3.2).
fn identity(method: &str, segments: &[&str], settings: &Settings) -> Option<Route> {
    let named = |key| {
        let (verb, path) = settings.text(key).split_once(' ')?;
        let pattern: Vec<&str> = path.strip_prefix("/v2/")?.split('/').collect();
        let fits = |(asked, given): (&&str, &&str)| *asked == "{account}" || asked == given;
        let same = pattern.len() == segments.len() && pattern.iter().zip(segments).all(fits);
        let place = pattern.iter().position(|one| *one == "{account}")?;
        let account = segments.get(place).filter(|_| same && verb == method)?;
        Some((*account).to_owned())
    };
    let introspect = named(Key::IdentityIntrospect).map(Route::Introspect);
    introspect.or_else(|| named(Key::IdentityRevoke).map(Route::RevokeToken))
}

fn notification(method: &str, rest: &[&str]) -> Option<Notification> {
    match (method, rest) {
        ("POST", ["webhooks"]) => Some(Notification::CreateWebhook),
        ("GET", ["webhooks"]) => Some(Notification::ListWebhooks),
        ("GET", ["webhooks", id]) => Some(Notification::ReadWebhook((*id).to_owned())),
        ("PATCH", ["webhooks", id]) => Some(Notification::ChangeWebhook((*id).to_owned())),
        ("DELETE", ["webhooks", id]) => Some(Notification::DeleteWebhook((*id).to_owned())),
        ("POST", ["webhooks", id, "simulate"]) => Some(Notification::Simulate((*id).to_owned())),
        ("POST", ["signing-keys"]) => Some(Notification::CreateKey),
        ("GET", ["signing-keys"]) => Some(Notification::ListKeys),
        ("GET", ["signing-keys", id]) => Some(Notification::ReadKey((*id).to_owned())),
        ("DELETE", ["signing-keys", id]) => Some(Notification::DeleteKey((*id).to_owned())),
        _ => None,
    }
}

fn integration(method: &str, rest: &[&str]) -> Option<Route> {
    match rest {
        ["credentials", "client-certificate", rest @ ..] => certificate(method, rest),
        ["credentials", "api-key", rest @ ..] => api_key(method, rest),
        ["client-certificates", "enforcement"] => enforcement(method),
        ["ip-restrictions", "allowed-ips"] => (method == "GET").then_some(Route::ReadAllowedIps),
        _ => None,
    }
}

fn certificate(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("POST", []) => Some(Route::IssueCertificate),
        ("GET", []) => Some(Route::ListCertificates),
        ("GET", [id]) => Some(Route::ReadCertificate((*id).to_owned())),
        ("PATCH", [id]) => Some(Route::RenameCertificate((*id).to_owned())),
        ("POST", [id, "revoke"]) => Some(Route::RevokeCertificate((*id).to_owned())),
        _ => None,
    }
}

fn api_key(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("POST", []) => Some(Route::CreateKey),
        ("GET", []) => Some(Route::ListKeys),
        ("GET", [id]) => Some(Route::ReadKey((*id).to_owned())),
        ("PATCH", [id]) => Some(Route::RenameKey((*id).to_owned())),
        ("DELETE", [id]) => Some(Route::DisableKey((*id).to_owned())),
        _ => None,
    }
}

fn user_access(method: &str) -> Option<Route> {
    match method {
        "POST" => Some(Route::GrantAccess),
        "DELETE" => Some(Route::RevokeAccess),
        _ => None,
    }
}

fn enforcement(method: &str) -> Option<Route> {
    match method {
        "GET" => Some(Route::ReadEnforcement),
        "PUT" => Some(Route::SetEnforcement),
        "DELETE" => Some(Route::ClearEnforcement),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_and_encoded_link_ids_name_the_same_link() {
        let settings = Settings::default();
        let raw = Route::read("DELETE", "/v2/accounts/krn:a/portal/deep-links/krn:b:c", &settings);
        let encoded = Route::read(
            "DELETE",
            "/v2/accounts/krn%3Aa/portal/deep-links/krn%3ab%3Ac",
            &settings,
        );
        assert_eq!(
            raw,
            Some(Route::DeleteDeepLink("krn:a".into(), "krn:b:c".into())),
            "raw colons are legal"
        );
        assert_eq!(raw, encoded, "encoded colons mean the same");
    }

    #[test]
    fn user_access_is_written_and_deleted_and_never_read() {
        let read = |method| Route::read(method, "/v2/portal/user-access", &Settings::default());
        assert_eq!(read("POST"), Some(Route::GrantAccess), "granted");
        assert_eq!(read("DELETE"), Some(Route::RevokeAccess), "revoked");
        assert_eq!(read("GET"), None, "Klarna lists nothing back");
    }

    #[test]
    fn what_klarna_does_not_have_is_off() {
        let settings = Settings::default();
        assert_eq!(
            Route::read("GET", "/v2/accounts", &settings),
            None,
            "there is no list of accounts"
        );
        assert_eq!(
            Route::read("PUT", "/v2/accounts/krn:a", &settings),
            None,
            "no such method"
        );
        assert_eq!(
            Route::read("GET", "/v1/accounts/krn:a", &settings),
            None,
            "no such version"
        );
    }
}
