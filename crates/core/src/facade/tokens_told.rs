//! What Klarna tells and what people paste: deliveries of webhooks, and the fitness of bodies.

use gatehouse_klarna::WebhookKey;

use super::Gatehouse;
use super::core::Change;
use crate::key_store::SecretBytes;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::delivery::{self, ExaminedDelivery, TakenDelivery};
use crate::tokens::{self, BodyFlaw, GoLive, ShownCall, TokenCall, examine_before_live};

impl Gatehouse {
    /// Examines a captured delivery: signature, age, repetition, content. Nothing is recorded.
    ///
    /// # Errors
    /// `webhook_invalid` for what is no delivery.
    pub fn examine_delivery(
        &self,
        profile: &Profile,
        capture: &[u8],
        keys: &[(String, SecretBytes)],
    ) -> Result<ExaminedDelivery, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        delivery::examine(&self.core, profile, (capture, &read(keys)?))
    }

    /// Takes a delivery with a good signature in: a revocation, or a customer's step that went on. A second one changes nothing.
    ///
    /// # Errors
    /// `webhook_invalid`, `environment_mixed`; `vault_*`, `log_*`.
    pub fn take_delivery(
        &self,
        profile: &Profile,
        capture: &[u8],
        keys: &[(String, SecretBytes)],
    ) -> Result<TakenDelivery, Problem> {
        self.core.allow(profile, Deed::KeepTokens)?;
        let taken = delivery::take(&self.core, profile, (capture, &read(keys)?));
        self.core.tell(Change::Tokens);
        taken
    }

    /// Looks a body of `authorizePayment` over before a merchant goes live; with a token, whether its scopes fit.
    ///
    /// # Errors
    /// `token_unknown`.
    pub fn examine_body(
        &self,
        profile: &Profile,
        body: &str,
        meant: GoLive,
        token: Option<&str>,
    ) -> Result<Vec<BodyFlaw>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        let token = token.map(|needle| self.token(profile, needle)).transpose()?;
        Ok(examine_before_live(body, meant, token.as_ref()))
    }

    /// Draws a call as curl and as JSON, every secret masked; nothing is sent and nothing is recorded.
    ///
    /// # Errors
    /// `token_unknown`, `consent_unknown`, `merchant_*`, `input_invalid` for what could not be sent; `api_key_missing`,
    /// `payments_login_missing`, `keyring_*`.
    pub fn sketch_token_call(&self, profile: &Profile, call: &TokenCall) -> Result<ShownCall, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        tokens::sketch(&self.core, profile, call)
    }
}

fn read(keys: &[(String, SecretBytes)]) -> Result<Vec<WebhookKey>, Problem> {
    keys.iter().map(|(id, secret)| delivery::key(id, secret)).collect()
}
