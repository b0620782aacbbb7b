//! The words of `gatehouse tokens ...`. A token is never among them: it comes by stdin or file.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use gatehouse_core::tokens::TokenView;

use super::tokens_told::{
    ConsentCommand, EmdCommand, ExportTokensArgs, ImportTokensArgs, ProveArgs, ReconcileArgs, ScenariosArgs,
    ShowCallArgs, WebhookCommand,
};

/// Whether the customer is there.
#[derive(Clone, Copy, ValueEnum)]
pub enum PresenceArg {
    /// The customer is there and may be asked
    Present,
    /// Nobody can be asked
    NotPresent,
}

/// What a body is meant to be.
#[derive(Clone, Copy, ValueEnum)]
pub enum MeantArg {
    /// Making a token
    Create,
    /// Charging one with the customer there
    ChargePresent,
    /// Charging one without the customer
    ChargeNotPresent,
    /// Finishing after the customer's consent
    Finalise,
}

/// `tokens ...`
#[derive(Subcommand)]
pub enum TokensCommand {
    /// List tokens, newest first
    List(ListTokensArgs),
    /// Show one token: its number, reference or fingerprint
    Show {
        /// The token
        token: String,
    },
    /// Find a token that is given whole, on stdin or in a file: in the vault and in the log
    Find(SecretArgs),
    /// Keep a token that is given on stdin or in a file
    Add(AddTokenArgs),
    /// Take tokens from a CSV file (`-` is stdin); an interrupt ends it, and the same command goes on
    Import(ImportTokensArgs),
    /// Write tokens into a new file: a CSV without the tokens themselves, or a sealed file with them
    Export(ExportTokensArgs),
    /// Ask Klarna for a token; the customer has to agree
    Create(Box<CreateTokenArgs>),
    /// Customers who were asked
    #[command(subcommand)]
    Consent(ConsentCommand),
    /// Charge a token in the shape that its scope asks for
    Charge(Box<ChargeTokenArgs>),
    /// Ask Klarna how a token stands
    Check {
        /// The token
        token: String,
        #[command(flatten)]
        show: ShowCallArgs,
    },
    /// Revoke a token, for good, and read it again to be sure
    Revoke(RevokeTokenArgs),
    /// What this tool knows to have happened to a token
    History {
        /// The token
        token: String,
    },
    /// Print a token; recorded as a copy
    Reveal {
        /// The token
        token: String,
        /// Why; stands in the audit log
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Compare a CSV with the vault and with Klarna; an interrupt holds it, and the same command goes on
    Reconcile(ReconcileArgs),
    /// Compare the vault with the answers of orders: whose record is stale, and which answers came late
    Drift {
        /// CSV with the columns customer_token, customer_token_reference, customer_id, order_id, ordered_at, answered_at (`-` is stdin)
        file: PathBuf,
        /// Let newer tokens take their place
        #[arg(long)]
        take: bool,
    },
    /// Explain a failed charge from an answer or a webhook of Klarna's (`-` is stdin); nothing is sent
    Explain {
        /// The pasted text
        file: PathBuf,
        /// The HTTP status, when it is not in the text
        #[arg(long)]
        status: Option<u16>,
    },
    /// Look a body of authorizePayment over before a merchant goes live (`-` is stdin); nothing is sent
    Examine {
        /// The body
        file: PathBuf,
        /// What it is meant to be
        #[arg(long, value_enum)]
        meant: MeantArg,
        /// The token that is charged
        #[arg(long)]
        token: Option<String>,
    },
    /// Extra merchant data
    #[command(subcommand)]
    Emd(EmdCommand),
    /// Deliveries of Klarna's webhooks
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Prove an integration against the sandbox or the test environment: create, consent, charge, wrong scope, revoke, charge fails
    Prove(ProveArgs),
    /// Run the twenty scenarios of tokens against the profile's sandbox and show the table of outcomes
    Scenarios(ScenariosArgs),
    /// Seal every token with a new key
    RotateKey,
}

/// Which tokens of the vault.
#[derive(Args)]
pub struct WhichTokensArgs {
    /// Where they stand
    #[arg(long, default_value = TokenView::All.word(), value_parser = views())]
    pub view: TokenView,
    /// The beginning of a reference, a customer id, a subscription id, or a fingerprint
    #[arg(long, default_value = "")]
    pub query: String,
    /// Account KRN, its last segment, or a unique reference
    #[arg(long)]
    pub merchant: Option<String>,
}

/// `tokens list ...`
#[derive(Args)]
pub struct ListTokensArgs {
    #[command(flatten)]
    pub which: WhichTokensArgs,
    /// Only tokens kept before this number
    #[arg(long, value_name = "ID")]
    pub before: Option<i64>,
    /// At most this many
    #[arg(long, default_value_t = 50)]
    pub limit: u32,
}

/// Where a secret comes from.
#[derive(Args)]
pub struct SecretArgs {
    /// A file that holds it; stdin unless given
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `tokens add ...`
#[derive(Args)]
pub struct AddTokenArgs {
    #[command(flatten)]
    pub secret: SecretArgs,
    /// Account KRN, its last segment, or a unique reference
    #[arg(long)]
    pub merchant: Option<String>,
    /// Your own id of the token
    #[arg(long)]
    pub reference: Option<String>,
    /// What it may be used for, such as payment:customer_present
    #[arg(long = "scope", value_name = "SCOPE")]
    pub scopes: Vec<String>,
    /// Your id of the customer
    #[arg(long)]
    pub customer: Option<String>,
    /// Your id of the subscription
    #[arg(long)]
    pub subscription: Option<String>,
}

/// What a purchase is about.
#[derive(Args)]
pub struct TermsArgs {
    /// Three capital letters
    #[arg(long, default_value = "EUR")]
    pub currency: String,
    /// How much, in the smallest unit of the currency
    #[arg(long)]
    pub amount: Option<i64>,
    /// Your own id of the payment
    #[arg(long, value_name = "ID")]
    pub payment: Option<String>,
    /// Your id of the subscription; may be given several times
    #[arg(long = "subscription", value_name = "ID")]
    pub subscriptions: Vec<String>,
    /// What a purchase costs on average, in the smallest unit; with the customer there
    #[arg(long, value_name = "AMOUNT")]
    pub average: Option<i64>,
    /// How many purchases are expected in an interval
    #[arg(long, default_value_t = 1)]
    pub count: u32,
    /// DAY, WEEK, MONTH or YEAR
    #[arg(long, default_value = "MONTH")]
    pub interval: String,
    /// Where the customer comes back to
    #[arg(long, value_name = "URL")]
    pub return_url: Option<String>,
    /// Two capital letters; payments v1 asks for it
    #[arg(long)]
    pub country: Option<String>,
    /// Such as de-DE
    #[arg(long)]
    pub locale: Option<String>,
}

/// `tokens create ...`
#[derive(Args)]
pub struct CreateTokenArgs {
    /// Account KRN, its last segment, or a unique reference
    pub merchant: String,
    /// What charges it shall allow
    #[arg(long, value_enum)]
    pub presence: PresenceArg,
    /// Let it recognise the customer, too
    #[arg(long)]
    pub log_in: bool,
    /// Your own id of the token
    #[arg(long)]
    pub reference: Option<String>,
    /// Your id of the customer
    #[arg(long)]
    pub customer: Option<String>,
    #[command(flatten)]
    pub terms: TermsArgs,
    /// Do not open the customer's page
    #[arg(long)]
    pub no_browser: bool,
    #[command(flatten)]
    pub show: ShowCallArgs,
}

/// `tokens charge ...`
#[derive(Args)]
pub struct ChargeTokenArgs {
    /// The token: its number, reference or fingerprint
    pub token: String,
    /// Whether the customer is there
    #[arg(long, value_enum)]
    pub presence: PresenceArg,
    #[command(flatten)]
    pub terms: TermsArgs,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    pub show: ShowCallArgs,
}

/// `tokens revoke ...`
#[derive(Args)]
pub struct RevokeTokenArgs {
    /// The token: its number, reference or fingerprint
    pub token: String,
    /// Why; stands in the audit log
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// The token's fingerprint, as a confirmation; needed outside of the sandbox
    #[arg(long, value_name = "FINGERPRINT", default_value = "")]
    pub confirm: String,
    /// Only say what would stop
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub show: ShowCallArgs,
}

/// The views by their words, so that the help lists them all.
fn views() -> impl TypedValueParser<Value = TokenView> {
    let named = |word: String| TokenView::ALL.into_iter().find(|view| view.word() == word);
    PossibleValuesParser::new(TokenView::ALL.map(TokenView::word)).map(move |word| named(word).unwrap_or_default())
}
