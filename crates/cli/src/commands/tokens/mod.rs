//! `gatehouse tokens ...`: customer tokens, kept and used.

mod course;
mod emd;
mod files;
mod link;
mod prove;
mod scenarios;
mod shown;
mod sketch;
mod told;

use std::path::Path;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{NewToken, TokenQuery};
use gatehouse_core::{Gatehouse, Problem, read_secret};
use serde_json::json;

use crate::args::{AddTokenArgs, ListTokensArgs, SecretArgs, TokensCommand, WhichTokensArgs};
use crate::output::{Failure, Output, short_time, table};
use crate::surroundings::unreadable;

pub use link::run as linking;

pub fn run(
    gatehouse: &Gatehouse,
    (name, dir): (Option<&str>, &Path),
    command: TokensCommand,
    output: &Output,
) -> Result<u8, Failure> {
    if let TokensCommand::Explain { file, status } = &command {
        return told::explain(file, *status, output);
    }
    if let TokensCommand::Emd(command) = &command {
        return emd::run(command, output);
    }
    let profile = gatehouse.profile(name)?;
    match command {
        TokensCommand::List(args) => list(gatehouse, &profile, args, output),
        TokensCommand::Show { token } => show(gatehouse, &profile, &token, output),
        TokensCommand::Find(args) => find(gatehouse, &profile, &args, output),
        TokensCommand::Add(args) => add(gatehouse, &profile, args, output),
        TokensCommand::Reveal { token, reason } => reveal(gatehouse, &profile, (&token, reason.as_deref()), output),
        TokensCommand::History { token } => history(gatehouse, &profile, &token, output),
        TokensCommand::RotateKey => rotate(gatehouse, output),
        TokensCommand::Export(args) => files::export(gatehouse, &profile, args, output),
        TokensCommand::Import(args) => files::import(gatehouse, &profile, &args, output),
        TokensCommand::Reconcile(args) => files::reconcile(gatehouse, &profile, &args, output),
        TokensCommand::Drift { file, take } => files::drift(gatehouse, &profile, (&file, take), output),
        TokensCommand::Create(args) => course::create(gatehouse, &profile, *args, output),
        TokensCommand::Consent(command) => course::consent(gatehouse, &profile, &command, output),
        TokensCommand::Charge(args) => course::charge(gatehouse, &profile, *args, output),
        TokensCommand::Check { token, show } => course::check(gatehouse, &profile, (&token, &show), output),
        TokensCommand::Revoke(args) => course::revoke(gatehouse, &profile, args, output),
        TokensCommand::Examine { file, meant, token } => {
            told::examine(gatehouse, &profile, (&file, meant, token.as_deref()), output)
        }
        TokensCommand::Webhook(command) => told::webhook(gatehouse, &profile, &command, output),
        TokensCommand::Prove(args) => prove::run(gatehouse, &profile, (dir, &args), output),
        TokensCommand::Scenarios(args) => scenarios::run(gatehouse, &profile, (dir, &args), output),
        TokensCommand::Explain { .. } | TokensCommand::Emd(_) => Ok(0),
    }
}

/// A secret from its file, or from stdin.
pub fn secret(args: &SecretArgs) -> Result<SecretBytes, Problem> {
    match args.file.as_deref().filter(|file| *file != Path::new("-")) {
        Some(file) => std::fs::File::open(file)
            .and_then(read_secret)
            .map_err(|cause| unreadable(file, &cause)),
        None => read_secret(std::io::stdin()).map_err(|cause| unreadable(Path::new("stdin"), &cause)),
    }
}

/// What is asked of the vault, without paging.
pub fn query(gatehouse: &Gatehouse, profile: &Profile, which: WhichTokensArgs) -> Result<TokenQuery, Problem> {
    let merchant = which.merchant.map(|needle| gatehouse.merchant(profile, &needle));
    Ok(TokenQuery {
        view: which.view,
        merchant: merchant.transpose()?.map(|merchant| merchant.id),
        text: which.query,
        ..TokenQuery::default()
    })
}

fn list(gatehouse: &Gatehouse, profile: &Profile, args: ListTokensArgs, output: &Output) -> Result<u8, Failure> {
    let query = TokenQuery {
        before: args.before,
        limit: args.limit,
        ..query(gatehouse, profile, args.which)?
    };
    let page = gatehouse.tokens(profile, &query)?;
    let tokens: Vec<_> = page.tokens.iter().map(shown::token).collect();
    output.answer(&json!({ "tokens": tokens, "next": page.next }), || {
        let rows: Vec<Vec<String>> = page.tokens.iter().map(shown::row).collect();
        table(&rows)
    });
    Ok(0)
}

fn show(gatehouse: &Gatehouse, profile: &Profile, needle: &str, output: &Output) -> Result<u8, Failure> {
    let token = gatehouse.token(profile, needle)?;
    output.answer(&shown::token(&token), || shown::lines(&token));
    Ok(0)
}

fn find(gatehouse: &Gatehouse, profile: &Profile, args: &SecretArgs, output: &Output) -> Result<u8, Failure> {
    let found = gatehouse.find_customer_token(profile, &secret(args)?)?;
    let document = json!({
        "hint": found.hint, "fingerprint": found.fingerprint, "family": found.kind.word(), "environment": found.environment,
        "mistaken_for": found.mistaken_for, "other_environment": found.is_of_other_environment,
        "token": found.kept.as_ref().map(shown::token), "entries": found.entries,
    });
    output.answer(&document, || {
        let mut lines = vec![format!(
            "{} (fingerprint {}), family {}",
            found.hint,
            found.fingerprint,
            found.kind.word()
        )];
        lines.extend(
            found
                .mistaken_for
                .as_ref()
                .map(|other| format!("It looks like {other}, not like a customer token.")),
        );
        match &found.kept {
            Some(token) => lines.extend(shown::lines(token)),
            None => lines.push("The vault does not have it.".into()),
        }
        lines.push(format!("{} entries of the audit log name it.", found.entries.len()));
        lines
    });
    Ok(0)
}

fn add(gatehouse: &Gatehouse, profile: &Profile, args: AddTokenArgs, output: &Output) -> Result<u8, Failure> {
    let told = NewToken {
        merchant: args.merchant,
        reference: args.reference,
        scopes: args.scopes,
        customer: args.customer,
        subscription: args.subscription,
        created_ms: None,
    };
    let token = gatehouse.add_token(profile, &secret(&args.secret)?, &told)?;
    output.answer(&shown::token(&token), || shown::lines(&token));
    Ok(0)
}

/// The one way to a token itself: an act, recorded before it is printed.
fn reveal(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (needle, reason): (&str, Option<&str>),
    output: &Output,
) -> Result<u8, Failure> {
    let token = gatehouse.copy_token(profile, needle, reason)?;
    output.answer(&json!({ "customer_token": token.expose() }), || {
        vec![token.expose().to_owned()]
    });
    Ok(0)
}

fn history(gatehouse: &Gatehouse, profile: &Profile, needle: &str, output: &Output) -> Result<u8, Failure> {
    let token = gatehouse.token(profile, needle)?;
    let story = gatehouse.token_story(profile, needle)?;
    let lines: Vec<_> = story
        .iter()
        .map(|line| {
            json!({ "at": crate::output::time(line.at_ms), "what": line.what, "outcome": line.outcome, "told": line.told, "seq": line.seq, "who": line.who })
        })
        .collect();
    output.answer(
        &json!({ "token": shown::token(&token), "known_to_this_tool": lines }),
        || {
            let rows: Vec<Vec<String>> = story
                .iter()
                .map(|line| {
                    vec![
                        short_time(line.at_ms),
                        line.what.clone(),
                        line.outcome.clone(),
                        line.told.clone(),
                        line.who.clone().unwrap_or_default(),
                        line.seq.map(|seq| format!("#{seq}")).unwrap_or_default(),
                    ]
                })
                .collect();
            table(&rows)
        },
    );
    Ok(0)
}

fn rotate(gatehouse: &Gatehouse, output: &Output) -> Result<u8, Failure> {
    let rows = gatehouse.rotate_vault(&|done| output.passing(&format!("{done} tokens sealed anew")))?;
    output.answer(&json!({ "sealed": rows }), || {
        vec![format!("{rows} tokens were sealed with a new key.")]
    });
    Ok(0)
}
