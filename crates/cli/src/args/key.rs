//! The words of `gatehouse key ...`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What a key is for.
#[derive(Clone, Copy, ValueEnum)]
pub enum UsageArg {
    /// Signs portal tokens
    JwtSigning,
    /// Proves this computer in mTLS
    Mtls,
}

/// A hardware token, by what a person calls it.
#[derive(Args)]
pub struct TokenArgs {
    /// Make the key on this hardware token (its serial number or label); JWT_SIGNING only
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,
    /// The PKCS#11 module of its maker, if this system does not register it
    #[arg(long, value_name = "FILE")]
    pub module: Option<PathBuf>,
}

/// `key ...`
#[derive(Subcommand)]
pub enum KeyCommand {
    /// Show keys and certificates, with every check
    Show {
        /// Also the destroyed ones
        #[arg(long)]
        all: bool,
    },
    /// Make a key, or take one in
    Create {
        /// What it is for
        #[arg(long, value_enum)]
        usage: UsageArg,
        /// Take in this private key (PKCS#8, SEC1 or PKCS#12, PEM or DER)
        #[arg(long, value_name = "FILE")]
        import: Option<PathBuf>,
        /// The file whose content opens a sealed private key
        #[arg(long, value_name = "FILE", requires = "import")]
        import_passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        on: TokenArgs,
        /// Take in this key, which stands on the token already
        #[arg(
            long,
            value_name = "KEY_ID",
            requires = "token",
            conflicts_with = "import",
            allow_hyphen_values = true
        )]
        existing: Option<String>,
    },
    /// Look for hardware tokens, and show the keys on them
    Tokens {
        /// Add the PKCS#11 module of a token's maker
        #[arg(long, value_name = "FILE")]
        module: Option<PathBuf>,
    },
    /// Make the newest key's signing request, or show it again
    Csr {
        /// What the key is for
        #[arg(long, value_enum)]
        usage: UsageArg,
        /// Write it to a file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Send the signing request to Klarna and install what comes back
    Request {
        /// What the key is for
        #[arg(long, value_enum)]
        usage: UsageArg,
    },
    /// Install a certificate for the newest key; refused unless every check passes
    Install {
        /// The certificate, PEM or DER (`-` is stdin)
        file: PathBuf,
        /// What the key is for
        #[arg(long, value_enum)]
        usage: UsageArg,
        /// Klarna's id of it, if it is known
        #[arg(long, value_name = "ID")]
        credential_id: Option<String>,
        /// Only check it
        #[arg(long)]
        check: bool,
    },
    /// Sign a token and verify it with the certificate; nothing is sent
    DrySign,
    /// Put a new key in the place of the one in use, as far as it goes now
    Rotate {
        /// What the key is for
        #[arg(long, value_enum)]
        usage: UsageArg,
        /// Do not ask Klarna; show the signing request to be carried there
        #[arg(long)]
        by_hand: bool,
        #[command(flatten)]
        on: TokenArgs,
        /// Make the next key in the key store, also if the one in use is on a token
        #[arg(long, conflicts_with = "token")]
        in_key_store: bool,
    },
    /// Have Klarna refuse the certificate of the key that retires
    Retire {
        /// What the key is for
        #[arg(long, value_enum)]
        usage: UsageArg,
        /// From when on (RFC 3339); now unless given
        #[arg(long, value_name = "TIME")]
        from: Option<String>,
        /// Klarna's id of the certificate, if Gatehouse does not know it
        #[arg(long, value_name = "ID")]
        credential_id: Option<String>,
    },
    /// Remove a private key for good
    Remove {
        /// The key's id, which may begin with a hyphen
        #[arg(allow_hyphen_values = true)]
        key_id: String,
        /// Also if it is in use
        #[arg(long)]
        active: bool,
        /// Give it up where it is, because its hardware token is lost or broken
        #[arg(long)]
        token_lost: bool,
    },
    /// Record that the keys are lost with the keyring, so that set-up makes new ones
    Lost,
}
