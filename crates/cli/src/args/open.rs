//! The words of `open ...`.

/// `open ...`
#[derive(clap::Args)]
pub struct OpenArgs {
    /// Account KRN, its last segment, or a unique reference
    pub merchant: String,
    /// Open as another person; needs a reason
    #[arg(long = "as", value_name = "EMAIL")]
    pub open_as: Option<String>,
    /// Role to ask for, instead of the profile's
    #[arg(long = "role", value_name = "ROLE")]
    pub roles: Vec<String>,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Use Klarna's unsigned fallback, if the profile allows it
    #[arg(long)]
    pub unsigned: bool,
    /// Make the link and open no browser; the link is dropped
    #[arg(long)]
    pub no_browser: bool,
    /// Print the link; recorded as a copy
    #[arg(long)]
    pub print_url: bool,
}
