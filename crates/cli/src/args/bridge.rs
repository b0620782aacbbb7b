//! The words of `bridge ...`: the login bridge's files, a sign-in tried, what it says of itself.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `bridge ...`
#[derive(Args)]
pub struct BridgeArgs {
    /// The bridge's configuration, instead of the one that was remembered
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: BridgeCommand,
}

/// What to do with a bridge.
#[derive(Subcommand)]
pub enum BridgeCommand {
    /// Show which bridge it is, its rules, and what is wrong with them
    Show,
    /// Remember a configuration as this profile's bridge
    Use {
        /// The configuration, such as bridge.toml
        file: PathBuf,
    },
    /// Show or change which claims count and what their words stand for
    Claims(ClaimsArgs),
    /// The table of people
    #[command(subcommand)]
    People(PeopleCommand),
    /// What the bridge says of itself as a SAML identity provider
    Metadata,
    /// What to hand to Klarna's technical contact
    Handover {
        /// Write it as a text into this file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Open the bridge's way in, in the browser, and wait for the sign-in
    Test {
        /// How long to wait; 0 only opens
        #[arg(long, value_name = "SECONDS", default_value_t = 120)]
        wait: u32,
    },
}

/// `bridge claims ...`
#[derive(Args)]
pub struct ClaimsArgs {
    /// Claim with the e-mail address
    #[arg(long, value_name = "CLAIM")]
    pub email_claim: Option<String>,
    /// Whether the provider must say that the address is verified
    #[arg(long, value_name = "true|false")]
    pub require_verified_email: Option<bool>,
    /// Claim with merchants; "" for none
    #[arg(long, value_name = "CLAIM")]
    pub merchants_claim: Option<String>,
    /// Claim with words for roles; "" for none
    #[arg(long, value_name = "CLAIM")]
    pub roles_claim: Option<String>,
    /// Role of everybody of whom nothing else is said; may be given several times
    #[arg(long = "default-role", value_name = "ROLE")]
    pub default_roles: Vec<String>,
    /// What a word of the roles claim stands for; without roles, the word goes
    #[arg(long = "word", value_name = "WORD=ROLE,...")]
    pub words: Vec<String>,
}

/// `bridge people ...`
#[derive(Subcommand)]
pub enum PeopleCommand {
    /// List rows of the table
    List {
        /// Any part of e-mail, merchant or roles
        #[arg(long, default_value = "")]
        query: String,
        /// At most this many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Say everything that is wrong with rules and table, and which merchants are not in the directory
    Check,
    /// Say what somebody could enter, by an e-mail address or by claims
    Try {
        /// The address
        #[arg(required_unless_present = "claims")]
        email: Option<String>,
        /// File with the claims as a JSON object (`-` is stdin)
        #[arg(long, value_name = "FILE", conflicts_with = "email")]
        claims: Option<PathBuf>,
    },
    /// Add a row and save
    Add {
        /// The person
        email: String,
        /// Account KRN, its last segment, or a unique reference
        merchant: String,
        /// Role; none means the default roles; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<String>,
    },
    /// Remove a person's rows and save
    Remove {
        /// The person
        email: String,
        /// Only the row of this merchant, as the table names it
        merchant: Option<String>,
    },
}
