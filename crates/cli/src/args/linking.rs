//! The words of `gatehouse linking ...`. A token and a password are never among them: they come by stdin or file.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::tokens::{SecretArgs, TermsArgs};
use super::tokens_told::ShowCallArgs;

/// `linking ...`
#[derive(Subcommand)]
pub enum LinkingCommand {
    /// Show the terms of stored tokens, or accept them
    Terms {
        /// Accept them for this profile
        #[arg(long)]
        accept: bool,
    },
    /// Store user and password of payments v1; the password comes on stdin or in a file
    Login {
        /// europe, north_america or oceania
        #[arg(long)]
        region: String,
        /// The user name
        #[arg(long)]
        user: String,
        #[command(flatten)]
        secret: SecretArgs,
    },
    /// Start a session with buy_and_link
    Session(Box<SessionArgs>),
    /// Change what an open session is about, or send extra merchant data with it
    Update(Box<UpdateSessionArgs>),
    /// List sessions, newest first
    List,
    /// Begin the purchase of a session in the browser
    Open {
        /// The session
        session: String,
    },
    /// Place the order of a session; the authorization token comes on stdin or in a file
    Order {
        /// The session
        session: String,
        #[command(flatten)]
        secret: SecretArgs,
        #[command(flatten)]
        show: ShowCallArgs,
    },
    /// Look extra merchant data over (`-` is stdin); nothing is sent
    LintEmd {
        /// A request, an attachment, or the data alone
        file: PathBuf,
        /// The call in which it is sent: authorize, update, create or order
        #[arg(long)]
        place: Option<String>,
    },
}

/// `linking session ...`
#[derive(Args)]
pub struct SessionArgs {
    /// The merchant whose log-in the profile has
    #[arg(long)]
    pub merchant: Option<String>,
    /// The stored token of a returning customer
    #[arg(long)]
    pub token: Option<String>,
    /// Your id of the customer
    #[arg(long)]
    pub customer: Option<String>,
    #[command(flatten)]
    pub terms: TermsArgs,
    #[command(flatten)]
    pub show: ShowCallArgs,
}

/// `linking update ...`
#[derive(Args)]
pub struct UpdateSessionArgs {
    /// The session
    pub session: String,
    /// Extra merchant data, as `tokens emd build` writes it (`-` is stdin)
    #[arg(long, value_name = "FILE")]
    pub emd: Option<PathBuf>,
    /// What is bought now; with an amount, all of it is said anew
    #[command(flatten)]
    pub terms: TermsArgs,
    #[command(flatten)]
    pub show: ShowCallArgs,
}
