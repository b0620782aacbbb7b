//! The words of `gatehouse access ...`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::review::ReviewCommand;

/// `access ...`
#[derive(Subcommand)]
pub enum AccessCommand {
    /// Give a person access to a merchant, or change the access there is
    Grant(GrantArgs),
    /// Take a person's access to a merchant away
    Revoke(RevokeArgs),
    /// List the grants that were made with this tool, newest first
    List(ListArgs),
    /// Make a plan of a table of grants and revocations: each row checked and named, nothing sent
    Plan(PlanArgs),
    /// Show a plan file: what it would do here, who made it, who must approve
    Show {
        /// The plan's file
        plan: PathBuf,
    },
    /// Sign a colleague's plan, byte by byte as it is
    Approve(ApproveArgs),
    /// Give up what is left of a plan that nobody carries out now
    Cancel {
        /// The plan's file
        plan: PathBuf,
    },
    /// Carry a plan out, or go on with one that was held or killed
    Apply(ApplyArgs),
    /// Look through who has access, decide line by line, sign it off, and tell it to strangers
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Take grants that were made elsewhere into the ledger, marked as declared; nothing is sent
    Declare {
        /// CSV with the columns merchant, email, roles, expires_at, inactivity_grace_period, reason (`-` is stdin)
        file: PathBuf,
    },
    /// Show everything that a person has or had, and how it came
    Person(PersonArgs),
    /// Show who has or had access to a merchant, and how it came
    Merchant(MerchantArgs),
}

/// `access grant ...`
#[derive(Args)]
pub struct GrantArgs {
    /// Account KRN, its last segment, or a unique reference
    pub merchant: String,
    /// The person's address
    pub email: String,
    /// What the person may do; the least is merchant:developer, which is also the default
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// The day on which it ends, UTC
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires: Option<String>,
    /// After how much inactivity it lapses: P1D to P6M
    #[arg(long, value_name = "P30D")]
    pub inactivity: Option<String>,
    /// The person is staff of the acquirer, not of the merchant
    #[arg(long)]
    pub as_staff: bool,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Only say what would happen
    #[arg(long)]
    pub dry_run: bool,
}

/// `access revoke ...`
#[derive(Args)]
pub struct RevokeArgs {
    /// Account KRN, its last segment, or a unique reference
    pub merchant: String,
    /// The person's address, or Klarna's user id
    pub principal: String,
    /// Only the access on this account's behalf
    #[arg(long, value_name = "KRN")]
    pub on_behalf_of: Option<String>,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
}

/// `access plan ...`
#[derive(Args)]
pub struct PlanArgs {
    /// CSV with the columns action, merchant, email, roles, expires_at, inactivity_grace_period, reason (`-` is stdin)
    pub file: PathBuf,
    /// Where the plan is written; an existing file is not overwritten
    #[arg(long, value_name = "PLAN")]
    pub out: PathBuf,
}

/// `access approve ...`
#[derive(Args)]
pub struct ApproveArgs {
    /// The plan's file
    pub plan: PathBuf,
    /// Where the approval is written; an existing file is not overwritten
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `access apply ...`
#[derive(Args)]
pub struct ApplyArgs {
    /// The plan's file
    pub plan: PathBuf,
    /// A colleague's approval; may be given more than once
    #[arg(long = "approval", value_name = "FILE")]
    pub approvals: Vec<PathBuf>,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Carry out a plan that somebody else made, in their place; stands in the log
    #[arg(long)]
    pub take_over: bool,
    /// The name that is asked for on live and test where more than one person is touched
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
    /// Do the rows that failed once more
    #[arg(long)]
    pub retry: bool,
    /// Calls a second, where Klarna permits you another rate than it documents
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub rate: Option<u32>,
}

/// `access list ...`
#[derive(Args)]
pub struct ListArgs {
    /// Of one merchant
    #[arg(long, value_name = "MERCHANT")]
    pub merchant: Option<String>,
    /// Of one person
    #[arg(long, value_name = "EMAIL")]
    pub person: Option<String>,
    /// What is looked for
    #[arg(long, value_enum)]
    pub view: Option<ViewArg>,
    /// With this role
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Parts of an address or of a merchant's name, reference or id
    #[arg(long, value_name = "TEXT")]
    pub query: Option<String>,
    /// What these people have: a file of addresses, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "view")]
    pub leavers: Option<std::path::PathBuf>,
    /// At most this many
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
}

/// `access person ...`
#[derive(Args)]
pub struct PersonArgs {
    /// The person's address
    pub email: String,
    /// At most this many events
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
}

/// `access merchant ...`
#[derive(Args)]
pub struct MerchantArgs {
    /// Account KRN, its last segment, or a unique reference
    pub merchant: String,
    /// At most this many events
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
}

/// A view of the ledger.
#[derive(Clone, Copy, ValueEnum)]
pub enum ViewArg {
    /// Ends within 14 days
    Expiring,
    /// Not seen for longer than its inactivity
    Dormant,
    /// With the role merchant:admin
    Admins,
    /// Not certainly over
    All,
    /// Revoked, or over by its day
    Ended,
}
