//! Sign-ins under way: one sealed row each, opened by the browser's cookie alone (docs/decisions/0016-login-bridge.md).
//!
//! A step takes its row away, so whoever gets it is the only one. Beside them lies which session tokens are used, by their hashes.
//! Deliberately absent: looking a row up by anything but the cookie, and listing rows.

mod postgres;
mod seal;
mod sqlite;

use gatehouse_core::login_bridge::LoginChoice;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::saml::WantedContexts;

pub use postgres::PostgresStore;
pub use seal::Ticket;
pub(crate) use seal::same;
pub use sqlite::SqliteStore;

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The person is at the provider.
    Begun,
    /// The person is known and has a choice to make.
    SignedIn,
    /// A service's request came with this id; nothing is kept of it.
    Asked,
}

impl Phase {
    fn number(self) -> i64 {
        match self {
            Self::Begun => 1,
            Self::SignedIn => 2,
            Self::Asked => 3,
        }
    }
}

/// One row as it lies in the store.
#[derive(Debug, Clone)]
pub struct Row {
    /// Finds it: made from the cookie.
    pub key: [u8; 32],
    /// How far it has come.
    pub phase: Phase,
    /// When it is over, milliseconds since 1970 UTC.
    pub expires_ms: i64,
    /// What only the cookie opens.
    pub sealed: Vec<u8>,
}

/// What is kept while the person is at the provider.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Begun {
    /// Goes to the provider and must come back.
    pub state: String,
    /// Must stand in the id token.
    pub nonce: String,
    /// Proves to the provider that it is us who come for the token.
    pub verifier: String,
    /// What the person is on the way to.
    pub errand: Errand,
}

/// What a person is on the way to.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub enum Errand {
    /// A link into the portal, together with Klarna's session token if one came.
    Portal(Option<String>),
    /// A statement for the service.
    Saml(SamlErrand),
}

/// What a statement for the service must say and where it goes.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct SamlErrand {
    /// The id of the service's request; none when the person began here.
    pub request: Option<String>,
    /// Where the statement goes.
    pub acs: String,
    /// What goes back with it.
    pub relay_state: Option<String>,
    /// The person must have signed in no earlier, seconds since 1970 UTC.
    pub not_before_s: Option<i64>,
    /// Whether nobody may be asked anything.
    pub passive: bool,
    /// How the person must have signed in.
    pub contexts: Option<WantedContexts>,
}

/// How a person signed in, and what they are called.
#[derive(Clone, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Manner {
    /// The provider's words for it.
    pub amr: Vec<String>,
    /// When, seconds since 1970 UTC.
    pub at_s: i64,
    /// First and last name, by the names of their attributes.
    pub names: Vec<(String, String)>,
}

/// What is kept while the person chooses.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct SignedIn {
    /// The person's address.
    pub email: String,
    /// The provider's issuer.
    pub issuer: String,
    /// The provider's name of the person.
    pub subject: String,
    /// What the person may enter.
    pub choices: Vec<Choice>,
    /// How many more are named than can be offered.
    #[serde(default)]
    pub beyond: usize,
    /// How they signed in.
    pub manner: Manner,
    /// What the person is on the way to.
    pub errand: Errand,
}

/// A merchant that a person may enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
pub struct Choice {
    /// The account KRN.
    pub merchant: String,
    /// Its name.
    pub name: String,
    /// Its reference.
    pub reference: String,
    /// In which roles.
    pub roles: Vec<String>,
}

impl From<LoginChoice> for Choice {
    fn from(choice: LoginChoice) -> Self {
        Self {
            merchant: choice.merchant,
            name: choice.name,
            reference: choice.reference,
            roles: choice.roles,
        }
    }
}

/// The store cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreFailure {
    /// There are as many sign-ins under way as are allowed.
    #[error("There are too many sign-ins under way.")]
    Full,
    /// The database failed.
    #[error("The store of sign-ins cannot be used: {0}")]
    Database(String),
}

/// Where rows lie. Calls block; every one of them is one transaction.
pub trait Store: Send + Sync {
    /// Keeps a row, if there is room for it. Answers whether it is the first with this key; a second one changes nothing.
    ///
    /// # Errors
    /// [`StoreFailure`].
    fn put(&self, row: &Row, now_ms: i64) -> Result<bool, StoreFailure>;

    /// Reads a row that is not over.
    ///
    /// # Errors
    /// [`StoreFailure::Database`].
    fn look(&self, key: &[u8; 32], phase: Phase, now_ms: i64) -> Result<Option<Vec<u8>>, StoreFailure>;

    /// Takes a row away; only one caller gets it. One that is over is taken and not given.
    ///
    /// # Errors
    /// [`StoreFailure::Database`].
    fn take(&self, key: &[u8; 32], phase: Phase, now_ms: i64) -> Result<Option<Vec<u8>>, StoreFailure>;

    /// Forgets whatever a cookie had.
    ///
    /// # Errors
    /// [`StoreFailure::Database`].
    fn forget(&self, key: &[u8; 32]) -> Result<(), StoreFailure>;

    /// Notes until when a session token, which only its hash stands for, is used; answers whether it was not yet. Such notes are no
    /// sign-ins: they count towards no limit.
    ///
    /// # Errors
    /// [`StoreFailure::Database`].
    fn spend(&self, token: [u8; 32], until_ms: i64) -> Result<bool, StoreFailure>;

    /// Lets a session token be used again.
    ///
    /// # Errors
    /// [`StoreFailure::Database`].
    fn give_back(&self, token: [u8; 32]) -> Result<(), StoreFailure>;

    /// Forgets all rows and notes that are over; answers how many sign-ins are left.
    ///
    /// # Errors
    /// [`StoreFailure::Database`].
    fn sweep(&self, now_ms: i64) -> Result<u64, StoreFailure>;
}
