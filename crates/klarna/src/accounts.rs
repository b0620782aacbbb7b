//! Partner Accounts: read one (portal-access.md 11).
//!
//! Deliberately absent: a list; Klarna has none, so the directory lives with the acquirer.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::krn::AccountKrn;
use crate::transport::Outgoing;
use crate::wire::{present, read};
use reqwest::Method;
use serde::Deserialize;

/// A merchant as Klarna sees it. Texts are from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The id that was asked for.
    pub partner_account_id: AccountKrn,
    /// The acquirer's own reference.
    pub reference: Option<String>,
    /// The merchant's name.
    pub name: Option<String>,
    /// Whether the portal can be entered.
    pub state: AccountState,
    /// Who to talk to.
    pub contact: Option<Contact>,
}

/// `state` of an account (portal-access.md 11, DOC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// Normal.
    Operational,
    /// Just onboarded; cannot be managed yet.
    PartiallyOperational,
    /// Closed by Klarna.
    Disabled,
    /// A word that this version does not know.
    Other(String),
}

impl AccountState {
    /// Reads the word; an unknown one is kept.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "OPERATIONAL" => Self::Operational,
            "PARTIALLY_OPERATIONAL" => Self::PartiallyOperational,
            "DISABLED" => Self::Disabled,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the word as Klarna writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Operational => "OPERATIONAL",
            Self::PartiallyOperational => "PARTIALLY_OPERATIONAL",
            Self::Disabled => "DISABLED",
            Self::Other(word) => word,
        }
    }
}

/// The contact of an account; every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Contact {
    /// First name.
    pub given_name: Option<String>,
    /// Last name.
    pub family_name: Option<String>,
    /// Address, as Klarna holds it.
    pub email: Option<String>,
    /// Telephone number, as Klarna holds it.
    pub phone: Option<String>,
}

#[derive(Deserialize)]
struct AccountWire {
    partner_account_id: Option<String>,
    partner_account_reference: Option<String>,
    partner_account_name: Option<String>,
    partner_account_contact: Option<Contact>,
    state: Option<String>,
}

impl Client {
    /// Reads one account: `GET /v2/accounts/{account}`.
    ///
    /// # Errors
    /// [`CallFailure`]; an answer about another account is [`shape::OTHER_ACCOUNT`].
    pub async fn read_account(
        &self,
        account: &AccountKrn,
        context: &CallContext,
    ) -> Result<Answered<Account>, CallFailure> {
        let url = self.address(&["v2", "accounts", account.as_str()]);
        let out = Outgoing::new(Method::GET, url, "/v2/accounts/{account}");
        self.ask(out, context, |body| understood(account, read(body)?)).await
    }
}

fn understood(asked: &AccountKrn, wire: AccountWire) -> Result<Account, FailureKind> {
    if wire.partner_account_id.as_deref() != Some(asked.as_str()) {
        return Err(FailureKind::AnswerShape(shape::OTHER_ACCOUNT));
    }
    let state = present(wire.state, shape::STATE_MISSING)?;
    Ok(Account {
        partner_account_id: asked.clone(),
        reference: wire.partner_account_reference,
        name: wire.partner_account_name,
        state: AccountState::from_word(&state),
        contact: wire.partner_account_contact,
    })
}
