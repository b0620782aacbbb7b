//! Signing in at the acquirer's own OpenID Connect provider: discovery, code with PKCE and nonce, and what a good id token is.
//!
//! Only signatures that nobody but the provider can make are taken, whatever the provider itself advertises; our client secret is
//! never a key. Access and refresh tokens are dropped unread. Deliberately absent: userinfo, and sessions of our own.

mod http;
mod key;
mod known;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use gatehouse_core::clock::Clock;
use gatehouse_core::key_store::SecretBytes;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenVerifier, JsonWebKeySet, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    TokenResponse,
};
use serde_json::{Map, Value};
use url::Url;

pub use http::HttpPort;
use key::ProviderKey;
use known::Known;

use crate::config::{ClientAuthentication, Provider};
use crate::state::{Begun, Errand};
use crate::waiting;

/// An id token that was issued longer ago was not issued for this sign-in.
const OLDEST: TimeDelta = TimeDelta::minutes(10);

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Why nobody could be signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInFailure {
    /// The provider cannot be asked now.
    Down(String),
    /// What the provider said is not to be trusted, or not meant for this sign-in; a word that says why.
    Refused(&'static str),
}

/// A person, as the provider vouches for them.
pub struct Vouched {
    /// The provider.
    pub issuer: String,
    /// Its name of the person.
    pub subject: String,
    /// Everything that the id token says.
    pub claims: Map<String, Value>,
}

/// The provider.
pub struct Oidc {
    settings: Provider,
    secret: Option<SecretBytes>,
    redirect: RedirectUrl,
    clock: Arc<dyn Clock>,
    known: Arc<Known>,
}

impl Oidc {
    /// Prepares the way; nothing is asked yet.
    #[must_use]
    pub fn new(
        settings: Provider,
        secret: Option<SecretBytes>,
        callback: Url,
        http: HttpPort,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            known: Arc::new(Known::new(&settings.issuer_text, http, Arc::clone(&clock))),
            settings,
            secret,
            redirect: RedirectUrl::from_url(callback),
            clock,
        }
    }

    /// Whether the provider answers now; also where sign-ins could do with what is known of it.
    ///
    /// # Errors
    /// [`SignInFailure::Down`].
    pub async fn ready(&self) -> Result<(), SignInFailure> {
        let known = Arc::clone(&self.known);
        // A task of its own, so that the answer is kept when whoever asked does not wait for it.
        let asked = tokio::spawn(async move { known.probe().await });
        asked
            .await
            .unwrap_or_else(|cause| Err(SignInFailure::Down(cause.to_string())))
    }

    /// Where the browser goes to sign in, and what must be kept until it comes back.
    ///
    /// # Errors
    /// [`SignInFailure::Down`].
    pub async fn begin(&self, errand: Errand) -> Result<(Url, Begun), SignInFailure> {
        let metadata = self.known.metadata().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = self.client(&metadata);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let asking = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        let asking = match &errand {
            Errand::Saml(saml) if saml.passive => asking.add_prompt(CoreAuthPrompt::None),
            Errand::Saml(saml) if saml.not_before_s.is_some() => {
                asking.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO)
            }
            Errand::Saml(_) | Errand::Portal(_) => asking,
        };
        let (address, state, nonce) = asking.url();
        let begun = Begun {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
            errand,
        };
        Ok((address, begun))
    }

    /// Asks who signed in.
    ///
    /// # Errors
    /// [`SignInFailure`].
    pub async fn finish(&self, code: String, begun: &Begun) -> Result<Vouched, SignInFailure> {
        let metadata = self.known.metadata().await?;
        let answer = self.exchange(&metadata, code, begun).await?;
        let token = answer.id_token().ok_or(SignInFailure::Refused("id_token_missing"))?;
        let nonce = Nonce::new(begun.nonce.clone());
        match self.checked(&metadata, token, &answer, &nonce) {
            Err(SignInFailure::Refused(KEY_UNKNOWN)) => {
                let renewed = self.known.renewed().await?;
                self.checked(&renewed, token, &answer, &nonce)
            }
            other => other,
        }
    }

    async fn exchange(
        &self,
        metadata: &CoreProviderMetadata,
        code: String,
        begun: &Begun,
    ) -> Result<CoreTokenResponse, SignInFailure> {
        let client = self.client(metadata);
        let asking = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| SignInFailure::Refused("token_endpoint_missing"))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()));
        let began_ms = self.clock.mono_ms();
        let answer = asking.request_async(self.known.http()).await;
        waiting::for_others(self.clock.mono_ms().saturating_sub(began_ms));
        answer.map_err(|failure| match failure {
            RequestTokenError::Request(cause) => SignInFailure::Down(cause.to_string()),
            RequestTokenError::ServerResponse(_) => SignInFailure::Refused("code_refused"),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => SignInFailure::Refused("answer_unusable"),
        })
    }

    fn checked(
        &self,
        metadata: &CoreProviderMetadata,
        token: &CoreIdToken,
        answer: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> Result<Vouched, SignInFailure> {
        let verifier = self.verifier(metadata);
        let claims = token
            .claims(&verifier, nonce)
            .map_err(|failure| SignInFailure::Refused(reason(&failure)))?;
        if let Some(expected) = claims.access_token_hash() {
            let unusable = |_| SignInFailure::Refused("at_hash_unusable");
            let key = token
                .signing_key(&verifier)
                .map_err(|_| SignInFailure::Refused(KEY_UNKNOWN))?;
            let algorithm = token
                .signing_alg()
                .map_err(|_| SignInFailure::Refused("algorithm_refused"))?;
            let found = AccessTokenHash::from_token(answer.access_token(), algorithm, key).map_err(unusable)?;
            if found != *expected {
                return Err(SignInFailure::Refused("at_hash_wrong"));
            }
        }
        Ok(Vouched {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            claims: all_claims(token)?,
        })
    }

    /// A verifier without our client secret, so that no symmetric signature can be right.
    fn verifier(&self, metadata: &CoreProviderMetadata) -> IdTokenVerifier<'static, ProviderKey> {
        let skew = TimeDelta::seconds(i64::from(self.settings.skew_s));
        let now = DateTime::<Utc>::from_timestamp_millis(self.clock.unix_ms()).unwrap_or_default();
        let allowed = self.settings.algorithms.iter().filter_map(|name| algorithm(name));
        let keys = metadata.jwks().keys().iter().cloned().map(ProviderKey);
        IdTokenVerifier::new_public_client(
            ClientId::new(self.settings.client_id.clone()),
            metadata.issuer().clone(),
            JsonWebKeySet::new(keys.collect()),
        )
        .set_allowed_algs(allowed)
        .set_time_fn(move || now - skew)
        .set_issue_time_verifier_fn(move |issued| {
            let fits = issued <= now + skew && issued >= now - OLDEST - skew;
            fits.then_some(()).ok_or_else(|| ISSUED.to_owned())
        })
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Client {
        let secret = self.secret.as_ref().and_then(SecretBytes::expose_str);
        CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(self.settings.client_id.clone()),
            secret.map(|secret| ClientSecret::new(secret.to_owned())),
        )
        .set_auth_type(match self.settings.authentication {
            ClientAuthentication::Basic => AuthType::BasicAuth,
            ClientAuthentication::Post => AuthType::RequestBody,
        })
        .set_redirect_uri(self.redirect.clone())
    }
}

/// After so long the provider's keys and addresses are read again.
pub(crate) const FRESH: Duration = Duration::from_secs(3600);

const KEY_UNKNOWN: &str = "key_unknown";
const ISSUED: &str = "issued_wrongly";

/// A word for each way in which an id token can be wrong.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum may gain members, and none of them is a good token"
)]
fn reason(failure: &ClaimsVerificationError) -> &'static str {
    use SignatureVerificationError as Signature;
    match failure {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience_wrong",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer_wrong",
        ClaimsVerificationError::InvalidNonce(_) => "nonce_wrong",
        ClaimsVerificationError::SignatureVerification(Signature::NoMatchingKey) => KEY_UNKNOWN,
        ClaimsVerificationError::SignatureVerification(Signature::CryptoError(_)) => "signature_wrong",
        ClaimsVerificationError::SignatureVerification(
            Signature::DisallowedAlg(_) | Signature::UnsupportedAlg(_) | Signature::NoSignature,
        ) => "algorithm_refused",
        ClaimsVerificationError::SignatureVerification(_) => "signature_unusable",
        ClaimsVerificationError::Other(text) if text.contains(ISSUED) => ISSUED,
        _ => "claims_refused",
    }
}

fn algorithm(name: &str) -> Option<CoreJwsSigningAlgorithm> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

/// The payload as it was signed, to read claims that a configuration names.
fn all_claims(token: &CoreIdToken) -> Result<Map<String, Value>, SignInFailure> {
    let text = token.to_string();
    let payload = text.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(payload).ok();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or(SignInFailure::Refused("claims_unusable"))
}
