//! The words of `network ...`: a password comes by stdin, never as a word.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `network ...`
#[derive(Subcommand)]
pub enum NetworkCommand {
    /// Show the proxy, the added certificates, and what the system says
    Show,
    /// Choose the proxy: `system`, `direct`, or an address like http://proxy.example:3128
    Proxy(ProxyArgs),
    /// Certificate authorities trusted beside the system's
    #[command(subcommand)]
    Ca(CaCommand),
}

/// `network proxy ...`
#[derive(Args)]
pub struct ProxyArgs {
    /// `system`, `direct`, or the proxy's address
    #[arg(value_name = "system|direct|URL")]
    pub proxy: String,
    /// Hosts reached without it: names, .suffixes, addresses, ranges; commas between
    #[arg(long, value_name = "LIST", default_value = "")]
    pub no_proxy: String,
    /// User name, if the proxy asks for one
    #[arg(long, value_name = "NAME", requires = "password_stdin")]
    pub user: Option<String>,
    /// Read its password from stdin
    #[arg(long, requires = "user")]
    pub password_stdin: bool,
}

/// `network ca ...`
#[derive(Subcommand)]
pub enum CaCommand {
    /// Add the certificates of a PEM file
    Add {
        /// The file
        file: PathBuf,
    },
    /// Remove one
    Remove {
        /// Its SHA-256, or the first eight digits or more
        sha256: String,
    },
}
