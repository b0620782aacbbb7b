//! The words of `doctor`.

use std::path::PathBuf;

use clap::Args;

/// `doctor ...`
#[derive(Args)]
pub struct DoctorArgs {
    /// Write what was found, redacted, into a new file, after showing it
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Write it without asking
    #[arg(long, requires = "bundle")]
    pub yes: bool,
}
