//! The words of `gatehouse audit export` and `gatehouse audit proof`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gatehouse_core::audit_export::ExportFormat;

/// `audit export ...`
#[derive(Args)]
pub struct ExportArgs {
    /// In which form
    #[arg(long, value_enum)]
    pub format: FormatArg,
    /// The file; one that is there is never overwritten
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Only what this finds, as in `audit list`
    #[arg(long, default_value = "")]
    pub query: String,
    /// Leave out what names persons: addresses, names, reasons, notes
    #[arg(long)]
    pub redact: bool,
    /// An archive whose entries come before those of the log; again for each, without a gap
    #[arg(long = "archive", value_name = "FILE")]
    pub archives: Vec<PathBuf>,
    /// Do not ask whether persons may be named
    #[arg(long)]
    pub yes: bool,
}

/// `audit proof ...`
#[derive(Args)]
pub struct ProofArgs {
    /// The entry's sequence number
    pub seq: u64,
    /// The file; without one the proof is printed
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// The form of an export.
#[derive(Clone, Copy, ValueEnum)]
pub enum FormatArg {
    /// A table, safe to open in a spreadsheet
    Csv,
    /// The exact bytes of each entry, one a line
    Jsonl,
    /// OCSF 1.8.0 events, one a line, for a SIEM
    Ocsf,
    /// An evidence bundle (ZIP): entries, proofs, keys, a verifier, a page for people
    Bundle,
}

impl From<FormatArg> for ExportFormat {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Csv => Self::Csv,
            FormatArg::Jsonl => Self::JsonLines,
            FormatArg::Ocsf => Self::Ocsf,
            FormatArg::Bundle => Self::Bundle,
        }
    }
}
