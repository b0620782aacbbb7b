//! The words of `gatehouse tokens ...` about tables, webhooks, proofs and customers who were asked.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::tokens::WhichTokensArgs;

/// `tokens reconcile ...`
#[derive(Args)]
pub struct ReconcileArgs {
    /// CSV with the columns of `tokens import`; a row may name its token by reference alone (`-` is stdin)
    pub file: PathBuf,
    /// Do not ask Klarna
    #[arg(long)]
    pub offline: bool,
    /// How often a second Klarna is asked
    #[arg(long, default_value_t = 2)]
    pub rate: u32,
    /// Ask again about tokens that were asked about within a day
    #[arg(long)]
    pub again: bool,
    /// Write the differences into a new CSV file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `tokens webhook ...`
#[derive(Subcommand)]
pub enum WebhookCommand {
    /// Verify a captured delivery: headers, an empty line, the body (`-` is stdin)
    Verify {
        /// The capture
        file: PathBuf,
        #[command(flatten)]
        keys: WebhookKeyArgs,
    },
    /// Take a delivery with a good signature in
    Take {
        /// The capture
        file: PathBuf,
        #[command(flatten)]
        keys: WebhookKeyArgs,
    },
}

/// The signing keys.
#[derive(Args)]
pub struct WebhookKeyArgs {
    /// File with signing keys, each on a line: id, blank, key
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
}

/// `tokens prove ...`
#[derive(Args)]
pub struct ProveArgs {
    /// Account KRN, its last segment, or a unique reference
    pub merchant: String,
    /// Write the report as JSON into a new file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the report as a page into a new file
    #[arg(long, value_name = "FILE")]
    pub page: Option<PathBuf>,
    /// Write the report as PDF into a new file
    #[arg(long, value_name = "FILE")]
    pub pdf: Option<PathBuf>,
    /// Data directory of a served sandbox whose stand-in customer agrees; this one's own unless given
    #[arg(long, value_name = "DIR")]
    pub sandbox_dir: Option<PathBuf>,
    /// Where the customer comes back to
    #[arg(long, value_name = "URL", default_value = "https://merchant.example/return")]
    pub return_url: String,
}

/// `tokens import ...`
#[derive(Args)]
pub struct ImportTokensArgs {
    /// CSV with the columns customer_token, customer_token_reference, merchant, scopes, customer_id, subscription_id, created_at
    pub file: PathBuf,
    /// Only say what would become of each row
    #[arg(long)]
    pub dry_run: bool,
    /// File that holds the passphrase of a sealed file of tokens
    #[arg(long, value_name = "FILE")]
    pub file_passphrase: Option<PathBuf>,
}

/// `tokens export ...`
#[derive(Args)]
pub struct ExportTokensArgs {
    /// The new file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub which: WhichTokensArgs,
    /// With the tokens themselves, sealed with the passphrase that this file holds; needs a reason
    #[arg(long, value_name = "FILE")]
    pub file_passphrase: Option<PathBuf>,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
}

/// `tokens emd ...`
#[derive(Subcommand)]
pub enum EmdCommand {
    /// Build an attachment out of lines such as `customer_account_info[0].account_registration_date = 2023-01-14` (`-` is stdin)
    Build {
        /// The lines
        file: PathBuf,
    },
    /// List the packages that Klarna's pages name, and what their members hold
    Members,
}

/// `tokens scenarios ...`
#[derive(Args)]
pub struct ScenariosArgs {
    /// Account KRN, its last segment, or a unique reference; the directory's first merchant unless given
    pub merchant: Option<String>,
    /// Write the outcomes as JSON into a new file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Data directory of a served sandbox; this one's own unless given
    #[arg(long, value_name = "DIR")]
    pub sandbox_dir: Option<PathBuf>,
    /// Where the customer comes back to
    #[arg(long, value_name = "URL", default_value = "https://merchant.example/return")]
    pub return_url: String,
}

/// How a call is shown.
#[derive(Clone, Copy, ValueEnum)]
pub enum ShowCall {
    /// One curl command for a POSIX shell
    Curl,
    /// Method, address, headers and body
    Json,
}

/// Whether the call is shown and not made.
#[derive(Args)]
pub struct ShowCallArgs {
    /// Show the call, every secret a variable's name, and send nothing
    #[arg(long, value_enum, value_name = "FORM")]
    pub show: Option<ShowCall>,
}

/// `tokens consent ...`
#[derive(Subcommand)]
pub enum ConsentCommand {
    /// List customers who were asked, newest first
    List,
    /// Ask Klarna how far a customer is; a token that came of it is kept
    Check {
        /// Its number here, or Klarna's id of the payment request
        id: String,
        #[command(flatten)]
        show: ShowCallArgs,
    },
    /// Open the customer's page in the browser
    Open {
        /// Its number here, or Klarna's id of the payment request
        id: String,
    },
    /// Finish the payment of a customer who agreed, within 60 minutes
    Finish {
        /// Its number here, or Klarna's id of the payment request
        id: String,
        #[command(flatten)]
        show: ShowCallArgs,
    },
    /// Cancel a request that the customer did not answer
    Cancel {
        /// Its number here, or Klarna's id of the payment request
        id: String,
        #[command(flatten)]
        show: ShowCallArgs,
    },
}
