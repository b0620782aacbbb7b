//! The command line: what to do, and where the configuration is. Never a secret.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The login bridge: "Continue with ..." on Klarna's login page.
#[derive(Parser)]
#[command(name = "gatehouse-bridge", version, about)]
pub struct Args {
    /// The data directory, before the one that the configuration names.
    #[arg(long, global = true, env = "GATEHOUSE_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// What is logged: error, warn, info (default), debug.
    #[arg(long, global = true, env = "GATEHOUSE_LOG")]
    pub log: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Subcommand)]
pub enum Verb {
    /// Serve until told to stop (SIGTERM or Ctrl-C).
    Serve {
        /// The configuration.
        #[arg(long)]
        config: PathBuf,
    },
    /// Run everything on this machine: a simulated Klarna, a provider, and a bridge between them.
    Demo {
        /// The bridge's port on 127.0.0.1; any by default.
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
    /// Say everything that is wrong with a configuration, and serve nothing.
    Check {
        /// The configuration.
        #[arg(long)]
        config: PathBuf,
    },
    /// Anchor the log anew where its anchor lies, after the anchor was lost or the disk was put back; the reason stands in the log.
    Reanchor {
        /// The configuration.
        #[arg(long)]
        config: PathBuf,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Put the provider's client secret, read from standard input, into the key store.
    Secret {
        /// The configuration.
        #[arg(long)]
        config: PathBuf,
    },
    /// Make the key of the SAML identity provider, and its certificate; a key in use stays beside it.
    SamlKey(NewKey),
}

/// What key to make.
#[derive(clap::Args)]
pub struct NewKey {
    /// The configuration.
    #[arg(long)]
    pub config: PathBuf,
    /// Where the certificate goes; where the configuration looks for it by default.
    #[arg(long)]
    pub certificate: Option<PathBuf>,
    /// The file that the key goes to, where the configuration does not keep it in the key store.
    #[arg(long)]
    pub key: Option<PathBuf>,
    /// How many years the certificate is good.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub years: u8,
}
