//! The words of `gatehouse access review ...`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `access review ...`
#[derive(Subcommand)]
pub enum ReviewCommand {
    /// Take a snapshot of who has access in this profile, to be decided line by line
    Start(StartArgs),
    /// List reviews, newest first, and when the next one is due
    List,
    /// Show a review and its lines
    Show(ShowArgs),
    /// Keep or revoke one line, or take the own decision back
    Decide(DecideArgs),
    /// Write the snapshot as a signed file for another reviewer
    ExportTask(FileArgs),
    /// Take in a colleague's task, or what a colleague decided
    Import {
        /// The file
        file: PathBuf,
    },
    /// Write the own decisions as a signed file for whoever started the review
    HandIn(FileArgs),
    /// Sign a review off: nothing of it changes from then on, and its revocations become a plan
    SignOff(SignOffArgs),
    /// Make the plan of a signed review's revocations anew, such as when the first one has expired
    Plan(FileArgs),
    /// Take the after-list, once the plan has run
    Conclude {
        /// The review's name, or the beginning of its id
        review: String,
        /// Although somebody who was to be revoked still has access
        #[arg(long)]
        as_it_stands: bool,
    },
    /// Write the evidence package: PDF, JSON, the log's proofs, and what checks them
    Export(FileArgs),
    /// Check an evidence package; needs no data and no profile
    Check {
        /// The package's directory or ZIP file
        package: PathBuf,
    },
}

/// `access review start ...`
#[derive(Args)]
pub struct StartArgs {
    /// What people call it
    pub name: String,
    /// The access to one merchant
    #[arg(long, value_name = "MERCHANT", conflicts_with = "admins")]
    pub merchant: Option<String>,
    /// The access with the role merchant:admin
    #[arg(long)]
    pub admins: bool,
    /// The day by which it is to be signed off, UTC
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub due: Option<String>,
}

/// `access review show ...`
#[derive(Args)]
pub struct ShowArgs {
    /// The review's name, or the beginning of its id
    pub review: String,
    /// Which lines
    #[arg(long, value_enum, default_value_t = LinesArg::All)]
    pub lines: LinesArg,
    /// After this line
    #[arg(long, default_value_t = 0)]
    pub after: u32,
    /// At most this many
    #[arg(long, default_value_t = 100)]
    pub limit: u32,
}

/// `access review decide ...`
#[derive(Args)]
pub struct DecideArgs {
    /// The review's name, or the beginning of its id
    pub review: String,
    /// The line's number
    pub line: u32,
    /// What to do with the access
    #[arg(value_enum)]
    pub decision: DecisionArg,
    /// Why; stands in the package
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// A review and the file that is written.
#[derive(Args)]
pub struct FileArgs {
    /// The review's name, or the beginning of its id
    pub review: String,
    /// The new file; for a package, a new directory or a name that ends in .zip
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `access review sign-off ...`
#[derive(Args)]
pub struct SignOffArgs {
    /// The review's name, or the beginning of its id
    pub review: String,
    /// Revoke what nobody decided
    #[arg(long)]
    pub undecided_revoke: bool,
    /// What was looked at; stands in the package and in the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The new file for the plan of revocations
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
}

/// What is decided.
#[derive(Clone, Copy, ValueEnum)]
pub enum DecisionArg {
    /// The access stays
    Keep,
    /// The access goes
    Revoke,
    /// Nothing is decided
    Undo,
}

/// Which lines are shown.
#[derive(Clone, Copy, ValueEnum)]
pub enum LinesArg {
    /// All
    All,
    /// Without a decision
    Undecided,
    /// To be kept
    Kept,
    /// To be revoked
    Revoked,
}
