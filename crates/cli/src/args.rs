//! The words of the command line (design section 7). Secrets are never among them: they come by stdin or file.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

mod access;
mod audit_export;
mod audit_keep;
mod bridge;
mod credential;
mod doctor;
mod key;
mod linking;
mod lock;
mod network;
mod open;
mod person;
mod profile;
mod review;
mod sandbox;
mod tokens;
mod tokens_told;

pub use access::{
    AccessCommand, ApplyArgs, ApproveArgs, GrantArgs, ListArgs, MerchantArgs, PersonArgs, PlanArgs, RevokeArgs, ViewArg,
};
pub use audit_export::{ExportArgs, ProofArgs};
pub use audit_keep::{KeepCommand, WitnessCommand};
pub use bridge::{BridgeArgs, BridgeCommand, ClaimsArgs, PeopleCommand};
pub use credential::{CredentialCommand, KindArg};
pub use doctor::DoctorArgs;
pub use key::{KeyCommand, TokenArgs, UsageArg};
pub use linking::{LinkingCommand, SessionArgs, UpdateSessionArgs};
pub use lock::{LimitArgs, LockCommand, NewPassphrase};
pub use network::{CaCommand, NetworkCommand, ProxyArgs};
pub use open::OpenArgs;
pub use person::PersonCommand;
pub use profile::{
    ApiKeyCommand, BrowserApartArg, CreateArgs, ImportArgs, MethodArg, OnBehalfOfArg, ProfileCommand, SetArgs,
};
pub use review::{DecideArgs, DecisionArg, FileArgs, LinesArg, ReviewCommand, ShowArgs, SignOffArgs, StartArgs};
pub use sandbox::{ClockAction, FaultAction, SandboxCommand, SettingsAction};
pub use tokens::{
    AddTokenArgs, ChargeTokenArgs, CreateTokenArgs, ListTokensArgs, MeantArg, PresenceArg, RevokeTokenArgs, SecretArgs,
    TermsArgs, TokensCommand, WhichTokensArgs,
};
pub use tokens_told::{
    ConsentCommand, EmdCommand, ExportTokensArgs, ImportTokensArgs, ProveArgs, ReconcileArgs, ScenariosArgs, ShowCall,
    ShowCallArgs, WebhookCommand, WebhookKeyArgs,
};

/// Open, grant and review access to the Klarna Partner Portal.
#[derive(Parser)]
#[command(name = "gatehouse", version, propagate_version = true, max_term_width = 100)]
pub struct Args {
    /// Profile to use instead of the active one
    #[arg(long, short = 'P', global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Directory that holds this person's data
    #[arg(long, global = true, env = "GATEHOUSE_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// File with the passphrase of the sealed key store
    #[arg(long, global = true, env = "GATEHOUSE_PASSPHRASE_FILE", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// File with the passphrase of the app lock
    #[arg(long, global = true, env = "GATEHOUSE_LOCK_PASSPHRASE_FILE", value_name = "FILE")]
    pub lock_passphrase_file: Option<PathBuf>,
    /// File with the PIN of the hardware token
    #[arg(long, global = true, env = "GATEHOUSE_PIN_FILE", value_name = "FILE")]
    pub pin_file: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The topics.
#[derive(Subcommand)]
pub enum Command {
    /// Profiles: one acquirer account in one environment
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Keys and certificates of a profile
    #[command(subcommand)]
    Key(KeyCommand),
    /// What Klarna holds of the account: certificates, API keys, mTLS enforcement
    #[command(subcommand)]
    Credential(CredentialCommand),
    /// The directory of merchants
    #[command(subcommand)]
    Merchants(MerchantsCommand),
    /// Make a link to a merchant's portal and open it
    Open(OpenArgs),
    /// Portal sessions
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// People's access to merchants
    #[command(subcommand)]
    Access(AccessCommand),
    /// Customer tokens: kept sealed, made, charged, checked, revoked
    #[command(subcommand)]
    Tokens(TokensCommand),
    /// Account linking by Klarna Payments (v1)
    #[command(subcommand)]
    Linking(LinkingCommand),
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Persons whom a profile trusts, and their roles
    #[command(subcommand)]
    Person(PersonCommand),
    /// The app lock: a passphrase under which the keys lie sealed
    #[command(subcommand)]
    Lock(LockCommand),
    /// The simulated Klarna
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// The login bridge: who may enter, a sign-in tried, what Klarna is told
    Bridge(BridgeArgs),
    /// How Klarna is reached: proxy and added certificates
    #[command(subcommand)]
    Network(NetworkCommand),
    /// Check every part and name cause and cure
    Doctor(DoctorArgs),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

/// Where secrets are kept.
#[derive(Clone, Copy, ValueEnum)]
pub enum KeyStoreArg {
    /// The operating system's keyring
    Keyring,
    /// A file sealed with a passphrase
    File,
}

/// `merchants ...`
#[derive(Subcommand)]
pub enum MerchantsCommand {
    /// List merchants: pinned, recent, then by name
    List {
        /// Any part of name, reference, id or tag
        #[arg(long, default_value = "")]
        query: String,
        /// At most this many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Show one merchant
    Show {
        /// Account KRN, its last segment, or a unique reference
        merchant: String,
    },
    /// Take merchants from a CSV or JSON file (`-` is stdin)
    Import {
        /// The file
        file: PathBuf,
    },
    /// Ask Klarna about one merchant
    Refresh {
        /// Account KRN, its last segment, or a unique reference
        merchant: String,
    },
    /// Pin a merchant to the top
    Pin {
        /// Account KRN, its last segment, or a unique reference
        merchant: String,
        /// Let it go
        #[arg(long)]
        off: bool,
    },
    /// Replace a merchant's tags
    Tag {
        /// Account KRN, its last segment, or a unique reference
        merchant: String,
        /// The tags; none removes them all
        tags: Vec<String>,
    },
}

/// `sessions ...`
#[derive(Subcommand)]
pub enum SessionsCommand {
    /// List sessions, newest first
    List,
    /// End one session, or all that may be open
    Revoke {
        /// The session's id, or Klarna's id of its link
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<String>,
        /// End all
        #[arg(long)]
        all: bool,
    },
}

/// `audit review ...`; days are UTC
#[derive(Subcommand)]
pub enum AuditReviewCommand {
    /// Show what is new or odd in a day
    Show {
        /// The day; yesterday if none is given
        #[arg(long, value_name = "YYYY-MM-DD")]
        day: Option<String>,
    },
    /// List days with their entries, and whether they were signed off
    Days {
        /// The first day; a year ago if none is given
        #[arg(long, value_name = "YYYY-MM-DD")]
        since: Option<String>,
        /// The last day; today if none is given
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<String>,
    },
    /// Sign a day off: verify the log, co-sign its head, and record that
    SignOff {
        /// The day; yesterday if none is given
        #[arg(long, value_name = "YYYY-MM-DD")]
        day: Option<String>,
        /// What was found, in words
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
}

/// `audit ...`
#[derive(Subcommand)]
pub enum AuditCommand {
    /// The daily review of the log
    #[command(subcommand)]
    Review(AuditReviewCommand),
    /// List entries, newest first
    List {
        /// A question: actor: act: merchant: env: outcome: since: until: profile: person: plan: id: and words
        #[arg(long, default_value = "")]
        query: String,
        /// At most this many
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Only entries before this one
        #[arg(long, value_name = "SEQ")]
        before: Option<u64>,
    },
    /// Show one entry: exact bytes, hash, private part
    Show {
        /// Its sequence number
        seq: u64,
    },
    /// Check every entry against tree, checkpoints and anchor
    Verify {
        /// A file with a checkpoint that a witness kept: the log must go on from it; may be given several times
        #[arg(long, value_name = "FILE")]
        witnessed: Vec<PathBuf>,
    },
    /// Write the log, or what a question finds, into a file; recorded
    Export(ExportArgs),
    /// Prove that one entry stands in the log (C2SP tlog-proof); recorded
    Proof(ProofArgs),
    /// Settle acts whose process ended before their outcome was known
    Reconcile,
    /// Anchor the log anew after a move or a lost keyring; recorded
    Reanchor {
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Witnesses, archives, erasure, backups
    #[command(flatten)]
    Keep(KeepCommand),
}
