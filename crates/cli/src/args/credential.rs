//! The words of `gatehouse credential ...`: what Klarna holds of the account. A key is never among them.

use clap::{Subcommand, ValueEnum};

/// What kind of credential it is.
#[derive(Clone, Copy, ValueEnum)]
pub enum KindArg {
    /// A client certificate, for signing or for mTLS
    Certificate,
    /// An API key
    ApiKey,
}

/// `credential ...`
#[derive(Subcommand)]
pub enum CredentialCommand {
    /// Ask Klarna which certificates and API keys there are, whether mTLS is enforced, and from which addresses calls may come
    List,
    /// Have Klarna make an API key and take it into use; the one before stays valid until it is ended
    CreateApiKey {
        /// Whose key it is, as Klarna lists it
        #[arg(long, value_name = "TEXT")]
        description: String,
    },
    /// Give a credential another description
    Rename {
        /// What it is
        #[arg(value_enum)]
        kind: KindArg,
        /// Klarna's id of it
        id: String,
        /// The description
        description: String,
    },
    /// Have Klarna refuse a credential from now on, for good
    End {
        /// What it is
        #[arg(value_enum)]
        kind: KindArg,
        /// Klarna's id of it
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Have Klarna turn away every call of the account without a client certificate
    Enforce {
        /// From when on (RFC 3339, or a day, which begins at midnight UTC), at most three months ahead; now unless given
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Have Klarna let calls without client certificate through again, and only report them
    Report {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}
