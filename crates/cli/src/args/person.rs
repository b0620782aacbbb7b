//! The words of `gatehouse person ...`.

use std::path::PathBuf;

use clap::Subcommand;

/// `person ...`
#[derive(Subcommand)]
pub enum PersonCommand {
    /// List the persons that the profile trusts, and their roles
    List,
    /// Show one person
    Show {
        /// Name, or the beginning of the fingerprint
        person: String,
    },
    /// Trust a person; recorded
    Add {
        /// The file that `person export` wrote, or the public key's 64 digits
        key: String,
        /// What they are called
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        /// operator, approver, reviewer or administrator
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<String>,
    },
    /// Give a person other roles; recorded
    Roles {
        /// Name, or the beginning of the fingerprint
        person: String,
        /// operator, approver, reviewer or administrator; replaces the ones before
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<String>,
    },
    /// Trust a person no more; recorded
    Remove {
        /// Name, or the beginning of the fingerprint
        person: String,
    },
    /// Write your own public key, for a colleague to add
    Export {
        /// What you are called
        #[arg(long, value_name = "NAME", default_value = "")]
        name: String,
        /// The file; without it, the key is printed
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}
