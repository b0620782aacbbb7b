//! Customer tokens: how they are written, what state they are in, how they end (tokens.md sections 2.3, 3, 4.4 and 6).
//!
//! A token moves money, so nothing here logs one; lists show [`shown`] instead. Who may use which token where is decided by
//! the operations.

mod end;

pub(crate) use end::{By, revoke, supersede};

use crate::desk::Desk;
use crate::settings::{Key, Settings};
use crate::store::customer_tokens::{self, Token};
use sha2::{Digest, Sha256};

/// The scope that a charge needs while the customer is there.
pub(crate) const PRESENT: &str = "payment:customer_present";
/// The scope that a charge needs without the customer.
pub(crate) const NOT_PRESENT: &str = "payment:customer_not_present";
/// The scope of account linking.
pub(crate) const LOGIN: &str = "customer:login";

/// Which of the three kinds of token one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    /// Of authorizePayment.
    Payment,
    /// Of account linking.
    Linking,
    /// Of payments v1's tokenisation.
    V1,
}

impl Family {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Linking => "linking",
            Self::V1 => "v1",
        }
    }

    pub(crate) fn read(word: &str) -> Option<Self> {
        [Self::Payment, Self::Linking, Self::V1]
            .into_iter()
            .find(|family| family.as_str() == word)
    }
}

/// What state a token is in now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Active,
    /// Stopped by Klarna for a while; v1 only.
    Suspended,
    /// Ended for good; v1 calls it cancelled.
    Revoked,
    /// Replaced by another one.
    Superseded,
}

impl Status {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::Revoked => "REVOKED",
            Self::Superseded => "SUPERSEDED",
        }
    }

    pub(crate) fn read(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Revoked, Self::Superseded]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// What a new token is to be.
pub(crate) struct Wanted<'a> {
    pub(crate) family: Family,
    pub(crate) acquirer: &'a str,
    pub(crate) account: &'a str,
    pub(crate) reference: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) currency: &'a str,
    pub(crate) email: &'a str,
}

/// Makes a token and keeps it.
pub(crate) fn make(desk: &Desk<'_>, wanted: Wanted<'_>) -> rusqlite::Result<Token> {
    let token = Token {
        id: 0,
        token: written(desk, wanted.family),
        family: wanted.family.as_str().to_owned(),
        acquirer: wanted.acquirer.to_owned(),
        account: wanted.account.to_owned(),
        reference: wanted.reference,
        scopes: wanted.scopes,
        currency: wanted.currency.to_owned(),
        email: wanted.email.to_owned(),
        status: Status::Active.as_str().to_owned(),
        decline: None,
        ends_ms: None,
        created_ms: desk.now_ms,
        updated_ms: desk.now_ms,
        ended_by: None,
        superseded_by: None,
    };
    customer_tokens::write(desk.tx, &token)?;
    Ok(token)
}

/// The text of a new token.
fn written(desk: &Desk<'_>, family: Family) -> String {
    let region = desk.settings.text(Key::TokensRegion);
    let long = || {
        let id = desk.random.uuid().simple().to_string();
        format!("krn:partner:{region}:test:identity:customer-token:{id}")
    };
    let short = || format!("krn:customer-token:{region}:{}", desk.random.uuid());
    match family {
        Family::Payment if desk.settings.text(Key::TokensPaymentFormat) == "linking" => long(),
        Family::Payment => short(),
        Family::Linking if desk.settings.text(Key::TokensLinkingFormat) == "krn" => long(),
        Family::Linking | Family::V1 => desk.random.uuid().to_string(),
    }
}

impl Token {
    /// The state at a moment; an accepted cancellation takes effect without anybody's doing.
    pub(crate) fn status(&self, now_ms: i64) -> Status {
        if self.ends_ms.is_some_and(|ends_ms| ends_ms <= now_ms) {
            return Status::Revoked;
        }
        Status::read(&self.status).unwrap_or(Status::Active)
    }

    pub(crate) fn is_of(&self, family: Family) -> bool {
        self.family == family.as_str()
    }

    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|one| one == scope)
    }

    /// The word that payments v1 has for the state.
    pub(crate) fn v1_status(&self, settings: &Settings, now_ms: i64) -> String {
        match self.status(now_ms) {
            Status::Active => "ACTIVE".to_owned(),
            Status::Suspended => "SUSPENDED".to_owned(),
            Status::Revoked | Status::Superseded => settings.text(Key::V1CancelledSpelling).to_owned(),
        }
    }
}

/// The first and last characters of a token, for lists.
pub(crate) fn shown(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    let begin: String = letters.iter().take(4).collect();
    let end: String = letters.iter().skip(letters.len().saturating_sub(4)).collect();
    format!("{begin}…{end}")
}

/// A token's SHA-256 in hex, by which a test can tell whether it means the same one.
pub(crate) fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
