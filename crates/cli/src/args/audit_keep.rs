//! The words of `gatehouse audit checkpoint`, `witness`, `erase`, `archive` and `backup`: how the log is kept, beside how it is read.

use std::path::PathBuf;

use clap::Subcommand;

/// How the log is kept: part of `audit ...`.
#[derive(Subcommand)]
pub enum KeepCommand {
    /// Print the newest checkpoint, signed: a few lines to keep elsewhere
    Checkpoint {
        /// Write it to this new file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Have colleagues witness this log, and witness theirs, by files
    #[command(subcommand)]
    Witness(WitnessCommand),
    /// Erase private details from the log for good: names, addresses, reasons, claims; recorded
    Erase {
        /// Entries whose private details go
        #[arg(value_name = "SEQ", required_unless_present = "person", conflicts_with = "person")]
        seqs: Vec<u64>,
        /// Every entry that names this e-mail address
        #[arg(long, value_name = "EMAIL")]
        person: Option<String>,
        /// Why; stands in the log
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Move entries that are older than twelve months into a file of their own; recorded
    Archive {
        /// The first day that stays, like 2025-06-30
        #[arg(long, value_name = "DATE")]
        before: String,
        /// The new file; the same again ends what was broken off
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Why; stands in the log
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Back the log up into a new file while it goes on, and verify the copy; recorded
    Backup {
        /// The new file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// `audit witness ...`
#[derive(Subcommand)]
pub enum WitnessCommand {
    /// Write the question that a colleague is to answer
    Ask {
        /// The new file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The size that the witness named; 0 for one who knows nothing yet
        #[arg(long, value_name = "SIZE")]
        from: Option<u64>,
        /// Whom it goes to, where more than one person witnesses this log
        #[arg(long, value_name = "PERSON", conflicts_with = "from")]
        witness: Option<String>,
    },
    /// Check a colleague's question and co-sign it
    Sign {
        /// The question
        file: PathBuf,
        /// The new file for the answer
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The fingerprint of the log's key, as its owner told it; needed once for each log
        #[arg(long, value_name = "KEYID")]
        trust: Option<String>,
    },
    /// Take a colleague's answer into the log
    Take {
        /// The answer
        file: PathBuf,
    },
    /// List who witnesses this log, and which logs are witnessed here
    List,
}
