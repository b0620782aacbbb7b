//! The words of `gatehouse sandbox ...`.

use clap::Subcommand;

/// `sandbox ...`
#[derive(Subcommand)]
pub enum SandboxCommand {
    /// Serve the sandbox of this data directory until it is stopped
    Serve {
        /// Port of pages and plain API
        #[arg(long)]
        http_port: Option<u16>,
        /// Port of the API with TLS
        #[arg(long)]
        https_port: Option<u16>,
        /// At least how many merchants there are
        #[arg(long, default_value_t = 1000)]
        merchants: u32,
        /// Begin with this set of settings
        #[arg(long, value_parser = ["default", "strict", "lenient"])]
        preset: Option<String>,
        /// End by itself after so many seconds without a call
        #[arg(long, value_name = "SECONDS")]
        idle_exit: Option<u64>,
    },
    /// Where the running sandbox answers, with which account, and whether it has raised an alarm
    Show,
    /// Forget everything but settings and authority
    Reset,
    /// The sandbox's clock
    #[command(subcommand)]
    Clock(ClockAction),
    /// Faults that the sandbox makes
    #[command(subcommand)]
    Fault(FaultAction),
    /// What the sandbox does where Klarna publishes nothing
    #[command(subcommand)]
    Settings(SettingsAction),
    /// Mails that the sandbox would have sent, the newest first
    Mailbox {
        /// Only to this address, as it was written
        #[arg(long, value_name = "EMAIL")]
        recipient: Option<String>,
    },
    /// What a careful client never does and somebody did, the newest first
    Alarms,
    /// User access as the simulated Klarna holds it, which Klarna itself never lists
    Access {
        /// Only at this merchant
        #[arg(long, value_name = "KRN")]
        account: Option<String>,
        /// Only of this person
        #[arg(long, value_name = "EMAIL")]
        principal: Option<String>,
        /// At most so many
        #[arg(long)]
        limit: Option<u32>,
    },
    /// How many calls about user access came over the wire, and how many took effect
    Calls {
        /// Only at this merchant
        #[arg(long, value_name = "KRN")]
        account: Option<String>,
        /// Only of this person
        #[arg(long, value_name = "PRINCIPAL")]
        principal: Option<String>,
    },
}

/// `sandbox clock ...`
#[derive(Subcommand)]
pub enum ClockAction {
    /// Tell it
    Show,
    /// Move it by so many seconds from the machine's
    Offset {
        /// Seconds, may be negative
        #[arg(allow_negative_numbers = true)]
        seconds: i64,
    },
}

/// `sandbox fault ...`
#[derive(Subcommand)]
pub enum FaultAction {
    /// Make calls go wrong
    Add {
        /// The fault as a JSON object, like {"kind":"status","status":503,"path":"deep-links","times":1}
        fault: String,
    },
    /// List faults that are set
    List,
    /// Remove them all
    Clear,
}

/// `sandbox settings ...`
#[derive(Subcommand)]
pub enum SettingsAction {
    /// List every key with value, default and meaning
    List,
    /// Set one key
    Set {
        /// Dotted name
        key: String,
        /// New value
        value: String,
    },
    /// Take a whole set
    Preset {
        /// Which
        #[arg(value_parser = ["default", "strict", "lenient"])]
        name: String,
    },
}
