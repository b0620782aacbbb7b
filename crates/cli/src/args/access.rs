//! The words of `gatehouse access ...`.

use clap::{Args, Subcommand, ValueEnum};

/// `access ...`
#[derive(Subcommand)]
pub enum AccessCommand {
    /// Give a person access to a merchant, or change the access there is
    Grant(GrantArgs),
    /// Take a person's access to a merchant away
    Revoke(RevokeArgs),
    /// List the grants that were made with this tool, newest first
    List(ListArgs),
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
    /// At most this many
    #[arg(long, default_value_t = 100)]
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
}
