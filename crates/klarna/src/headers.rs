//! The request headers that Klarna asks for (portal-access.md 10.1), made once per client where they do not change.
//!
//! Deliberately absent: tracing headers of our own, and anything about the person who works with the client.

use crate::config::{ApiKeyForm, ClientConfig, ConfigFailure};
use crate::context::CallContext;
use crate::secret::ApiKey;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde::Serialize;
use zeroize::Zeroizing;

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("klarna-idempotency-key");
/// The name that the account linking document prints (tokens.md 4.3).
pub(crate) const OLD_IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub(crate) const CORRELATION_ID: HeaderName = HeaderName::from_static("partner-correlation-id");
const INTEGRATION_METADATA: HeaderName = HeaderName::from_static("klarna-integration-metadata");

/// The headers that are the same on every call.
pub(crate) fn standing(config: &ClientConfig) -> Result<HeaderMap, ConfigFailure> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, basic_key(&config.api_key, config.api_key_form));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(INTEGRATION_METADATA, metadata(config)?);
    headers.insert(USER_AGENT, user_agent(&config.app_version)?);
    Ok(headers)
}

pub(crate) fn basic_key(key: &ApiKey, form: ApiKeyForm) -> HeaderValue {
    let credentials = match form {
        ApiKeyForm::Raw => Zeroizing::new(key.expose().to_owned()),
        ApiKeyForm::BasicEmptyUser => basic("", key),
        ApiKeyForm::BasicUuid(user) => basic(&user.to_string(), key),
    };
    let text = Zeroizing::new(format!("Basic {}", credentials.as_str()));
    let mut value = HeaderValue::from_str(&text).expect("an API key is visible ASCII, and so is base64");
    value.set_sensitive(true);
    value
}

fn basic(user: &str, key: &ApiKey) -> Zeroizing<String> {
    let pair = Zeroizing::new(format!("{user}:{}", key.expose()));
    Zeroizing::new(STANDARD.encode(pair.as_bytes()))
}

#[derive(Serialize)]
struct Metadata<'a> {
    integrator: Integrator<'a>,
}

#[derive(Serialize)]
struct Integrator<'a> {
    name: &'a str,
    module_name: &'static str,
    module_version: &'a str,
}

fn metadata(config: &ClientConfig) -> Result<HeaderValue, ConfigFailure> {
    let name = screaming_snake_case(&config.integrator_name);
    if name.is_empty() {
        return Err(ConfigFailure::Metadata);
    }
    let module_version = config.app_version.as_str();
    let metadata = Metadata {
        integrator: Integrator {
            name: &name,
            module_name: "GATEHOUSE",
            module_version,
        },
    };
    let json = serde_json::to_string(&metadata).map_err(|_| ConfigFailure::Metadata)?;
    HeaderValue::from_str(&json).map_err(|_| ConfigFailure::Metadata)
}

pub(crate) fn user_agent(version: &str) -> Result<HeaderValue, ConfigFailure> {
    HeaderValue::from_str(&format!("Gatehouse/{version}")).map_err(|_| ConfigFailure::Metadata)
}

/// Writes a name the way Klarna asks for integrators: letters and digits in upper case, one underscore between words.
fn screaming_snake_case(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(str::to_ascii_uppercase)
        .collect::<Vec<_>>()
        .join("_")
        .chars()
        .take(100)
        .collect()
}

/// The correlation id as the pattern `^[A-Za-z0-9]+$` allows it; `None` when nothing is left.
pub(crate) fn correlation(context: &CallContext) -> Option<HeaderValue> {
    let clean: String = context
        .correlation_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(255)
        .collect();
    (!clean.is_empty())
        .then(|| HeaderValue::from_str(&clean).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> ApiKey {
        ApiKey::parse("klarna_test_api_abc".into()).unwrap()
    }

    #[test]
    fn three_encodings_of_the_api_key() {
        let form = |form| basic_key(&key(), form).to_str().unwrap().to_owned();
        assert_eq!(
            form(ApiKeyForm::Raw),
            "Basic klarna_test_api_abc",
            "the documented form is the key as it is"
        );
        assert_eq!(
            form(ApiKeyForm::BasicEmptyUser),
            "Basic OmtsYXJuYV90ZXN0X2FwaV9hYmM=",
            "base64 of :key"
        );
        let user = uuid::Uuid::nil();
        let pair = STANDARD.encode(format!("{user}:klarna_test_api_abc"));
        assert_eq!(
            form(ApiKeyForm::BasicUuid(user)),
            format!("Basic {pair}"),
            "base64 of uuid:key"
        );
        let value = basic_key(&key(), ApiKeyForm::Raw);
        assert!(
            !format!("{value:?}").contains("klarna"),
            "the header hides itself in debug output"
        );
    }

    #[test]
    fn integrator_names_are_screaming_snake_case() {
        assert_eq!(
            screaming_snake_case("  Nordic Pay & Co. "),
            "NORDIC_PAY_CO",
            "words are joined by one underscore"
        );
        assert_eq!(screaming_snake_case("ACME_2"), "ACME_2", "a proper name stays");
        assert_eq!(screaming_snake_case("---"), "", "nothing usable gives nothing");
    }

    proptest! {
        #[test]
        fn correlation_ids_on_the_wire_match_klarnas_pattern(id in ".{0,300}") {
            let mut context = CallContext::new([7; 16], std::time::Duration::from_secs(1));
            context.correlation_id = id;
            if let Some(value) = correlation(&context) {
                let text = value.to_str().unwrap();
                prop_assert!(!text.is_empty() && text.len() <= 255);
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            }
        }
    }
}
