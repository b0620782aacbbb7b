//! The words of `gatehouse profile ...`. Secrets are never among them.

use std::path::PathBuf;

use clap::{ArgGroup, Subcommand, ValueEnum};

use super::KeyStoreArg;

/// `profile ...`
#[derive(Subcommand)]
pub enum ProfileCommand {
    /// List profiles
    List,
    /// Show one profile with its keys
    Show,
    /// Make a profile
    Create(Box<CreateArgs>),
    /// Show what of the set-up is done and what comes next
    Setup {
        /// Its name, or else the active one
        name: Option<String>,
    },
    /// Choose how people get into the portal; without one, show when each fits
    Method {
        /// The method
        #[arg(value_enum)]
        method: Option<MethodArg>,
    },
    /// The API key
    #[command(subcommand)]
    ApiKey(ApiKeyCommand),
    /// Make one call that changes nothing, with everything in place
    FirstCall,
    /// Write a profile without secrets, signed, for a team
    Export {
        /// Its name
        name: String,
        /// The file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take in a profile that somebody exported; its keys are made anew
    Import(ImportArgs),
    /// Make a profile the active one
    Use {
        /// Its name
        name: String,
    },
    /// Change a profile's rules
    Set(SetArgs),
    /// Remove a profile and its secrets; the log keeps what was done
    Remove {
        /// Its name
        name: String,
    },
}

/// `profile create ...`
#[derive(clap::Args)]
#[command(group(ArgGroup::new("environment").required(true).args(["sandbox", "live", "test"])))]
pub struct CreateArgs {
    /// Its name
    pub name: String,
    /// On the simulated Klarna
    #[arg(long)]
    pub sandbox: bool,
    /// On Klarna's live system
    #[arg(long, requires = "account", requires = "user")]
    pub live: bool,
    /// On Klarna's test system
    #[arg(long, requires = "account", requires = "user")]
    pub test: bool,
    /// Set the sandbox profile up step by step, as a live one is
    #[arg(long, requires = "sandbox")]
    pub step_by_step: bool,
    /// Another address than the documented one; with --sandbox: a served sandbox on this machine
    #[arg(long, value_name = "URL", requires = "account")]
    pub api_url: Option<String>,
    /// The host of --api-url once more: it is not Klarna's, and it is meant
    #[arg(long, value_name = "HOST", requires = "api_url")]
    pub i_trust_host: Option<String>,
    /// The acquirer's account
    #[arg(long, value_name = "KRN")]
    pub account: Option<String>,
    /// Read the API key from stdin
    #[arg(long, conflicts_with = "api_key_file")]
    pub api_key_stdin: bool,
    /// Read the API key from a file
    #[arg(long, value_name = "FILE")]
    pub api_key_file: Option<PathBuf>,
    /// An added certificate authority (PEM file)
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// `system`, `direct`, or an address
    #[arg(long, value_name = "PROXY")]
    pub proxy: Option<String>,
    /// Your own e-mail, the person of your links
    #[arg(long, value_name = "EMAIL")]
    pub user: Option<String>,
    /// How people get into the portal
    #[arg(long, value_enum)]
    pub method: Option<MethodArg>,
    /// Where secrets are kept; chosen once a data directory
    #[arg(long, value_enum)]
    pub key_store: Option<KeyStoreArg>,
}

/// The four methods that Klarna's documents name.
#[derive(Clone, Copy, ValueEnum)]
pub enum MethodArg {
    /// A signed link made the moment somebody enters
    DeepLink,
    /// The button on Klarna's login page
    Button,
    /// Accounts for people
    UserAccess,
    /// The acquirer as identity provider
    Saml,
}

/// `profile api-key ...`
#[derive(Subcommand)]
pub enum ApiKeyCommand {
    /// Put the API key into the key store: checked first, and tried by one harmless call
    #[command(group(ArgGroup::new("source").required(true).args(["stdin", "file"])))]
    Set {
        /// Read it from stdin
        #[arg(long)]
        stdin: bool,
        /// Read it from a file
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// `profile import ...`
#[derive(clap::Args)]
pub struct ImportArgs {
    /// The file
    pub file: PathBuf,
    /// Your own e-mail, the person of your links
    #[arg(long, value_name = "EMAIL")]
    pub user: String,
    /// The signer's fingerprint, after you compared it with whoever sent the file
    #[arg(long, value_name = "FINGERPRINT")]
    pub trust: Option<String>,
    /// Another name than the file's
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Where secrets are kept; chosen once a data directory
    #[arg(long, value_enum)]
    pub key_store: Option<KeyStoreArg>,
}

/// `profile set ...`
#[derive(clap::Args)]
pub struct SetArgs {
    /// Your own e-mail, the person of your links
    #[arg(long, value_name = "EMAIL")]
    pub user: Option<String>,
    /// Roles asked for by default
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// Whom your own opens stand for
    #[arg(long, value_enum)]
    pub on_behalf_of: Option<OnBehalfOfArg>,
    /// Ask for a reason each time
    #[arg(long, value_name = "BOOL")]
    pub reason_required: Option<bool>,
    /// Allow Klarna's unsigned fallback, which it does not recommend
    #[arg(long, value_name = "BOOL")]
    pub unsigned_allowed: Option<bool>,
    /// `default`, or the path of a browser's program
    #[arg(long, value_name = "PROGRAM")]
    pub browser: Option<String>,
    /// What the browser keeps apart, each in a browser profile of its own
    #[arg(long, value_enum, value_name = "WHAT")]
    pub browser_apart: Option<BrowserApartArg>,
    /// The way out to Klarna: `system`, `direct`, or an address
    #[arg(long, value_name = "PROXY")]
    pub proxy: Option<String>,
    /// A host that portal links may lead to, or `*.suffix`; replaces the ones before
    #[arg(long = "allowed-host", value_name = "RULE")]
    pub allowed_hosts: Vec<String>,
    /// Who approves what: `bulk-grants=1`, `token-copies=2:approver,administrator`, `bulk-revokes=0`
    #[arg(long = "approval", value_name = "RULE")]
    pub approvals: Vec<String>,
}

/// What a browser keeps apart.
#[derive(Clone, Copy, ValueEnum)]
pub enum BrowserApartArg {
    /// Nothing: portals open among everything else
    Nothing,
    /// This environment from all others
    Environment,
    /// Each merchant from all others
    Merchant,
}

/// Whom own opens stand for.
#[derive(Clone, Copy, ValueEnum)]
pub enum OnBehalfOfArg {
    /// The acquirer itself
    Acquirer,
    /// The merchant
    Merchant,
}
