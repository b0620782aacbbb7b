//! Customer tokens: kept sealed, looked up, made, charged, checked, revoked, and told about.
//!
//! Klarna lists no tokens and keeps no history for the acquirer, so this ledger is the only one (tokens.md 3.2). It says "known to this
//! tool" and never more. Deliberately absent: a token in any type that leaves the core; what is shown is a hint and a fingerprint.

mod advice;
pub(crate) mod course;
pub(crate) mod delivery;
mod delivery_shown;
pub(crate) mod export;
mod find;
mod hook;
pub(crate) mod linking;
mod merchant_data;
pub(crate) mod prove;
mod query;
mod receiver;
mod record;
pub(crate) mod scenarios;
mod sketch;
pub(crate) mod store;
mod story;
pub(crate) mod table;
mod token;
pub(crate) mod vault;
pub(crate) mod words;

pub use advice::{
    BodyFlaw, ExplainedCharge, GoLive, examine_before_live, explain_charge, lint_merchant_data, scope_advice,
};
pub use course::{
    Charge, ChargeOutcome, ChargeToken, CheckedToken, Consent, ConsentState, CreateToken, Line, Ondemand, Presence,
    RevokeToken, RevokedToken, Subscribed, Terms,
};
pub use delivery::{ExaminedDelivery, TakenDelivery};
pub use export::TokenExport;
pub use find::FoundToken;
pub(crate) use find::{find, given, opened, refuse_other_environment};
pub use linking::{
    Drift, DriftRow, LinkedOrder, LinkingSession, PaymentsAccess, PaymentsLoginShown, PlaceLinkedOrder, StartLinking,
    TERMS, UpdateLinking,
};
pub use merchant_data::{
    BuiltMerchantData, MerchantDataMember, MerchantDataPackage, MerchantDataPart, build_merchant_data,
    merchant_data_packages,
};
pub use prove::{PROOF_STEPS, Proof, ProofStep, ProofWanted, proof_page, proof_pdf};
pub use query::{TokenCounts, TokenPage, TokenQuery, TokenView};
pub(crate) use record::{checked, named, note, take, tell};
pub use scenarios::{
    SCENARIOS, ScenarioOutcome, ScenarioStage, Scenarios, ScenariosWanted, of_a_sandbox, scenarios_csv,
};
pub(crate) use sketch::sketch;
pub use sketch::{ShownCall, TokenCall};
pub use story::StoryLine;
pub(crate) use story::of as story_of;
pub use table::{
    Difference, PlannedFate, PlannedRow, ReconcileOptions, ReconcileProgress, Reconciled, ReconciledRow, TableControl,
    TableProgress, TokenImport, TokenImportPlan, TokenRowTrouble, reconcile_csv,
};
pub use token::{NewToken, Token, TokenKind, TokenSource, TokenState};
pub(crate) use words::refuse_lone_copies;
