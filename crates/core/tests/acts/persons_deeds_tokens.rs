//! Entries of the facade about files and scenarios of tokens; they are tried with those of [`super::persons_deeds`].

use gatehouse_core::Problem;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::person::Deed;
use gatehouse_core::tokens::{
    ReconcileOptions, ScenarioStage, ScenariosWanted, TableControl, TokenCall, TokenQuery, UpdateLinking,
};

use super::persons_deeds::Try;

/// Nobody is asked before a role is.
struct Nobody;

impl ScenarioStage for Nobody {
    fn control(&self, _: &str, _: &str, _: Option<&serde_json::Value>) -> Result<serde_json::Value, Problem> {
        panic!("a refused person reaches no sandbox")
    }
}

pub const ENTRIES: &[(Deed, Try)] = &[
    (Deed::FindToken, |g, p| {
        g.export_tokens(p, &TokenQuery::default()).map(drop)
    }),
    (Deed::CopyToken, |g, p| {
        let none = SecretBytes::from_slice(b"");
        g.export_sealed_tokens(p, &TokenQuery::default(), (&none, "")).map(drop)
    }),
    (Deed::KeepTokens, |g, p| {
        g.open_token_file(p, SecretBytes::from_slice(b""), None).map(drop)
    }),
    (Deed::CreateToken, |g, p| {
        let wanted = ScenariosWanted {
            merchant: "none",
            return_url: "https://shop.example/back",
        };
        let control = TableControl::default();
        g.run_token_scenarios(p, wanted, (&Nobody, &control), &|_| ()).map(drop)
    }),
    (Deed::KeepTokens, |g, p| {
        g.plan_token_import(p, b"", &TableControl::default(), &|_| ()).map(drop)
    }),
    (Deed::SeeTokens, |g, p| {
        let token = "none".to_owned();
        g.sketch_token_call(p, &TokenCall::Check { token }).map(drop)
    }),
    (Deed::LinkAccount, |g, p| {
        g.update_linking(p, &UpdateLinking::default()).map(drop)
    }),
    (Deed::CheckTokens, |g, p| {
        let options = ReconcileOptions::default();
        g.reconcile_tokens(p, ("f", b""), options, &TableControl::default(), &|_| ())
            .map(drop)
    }),
];
