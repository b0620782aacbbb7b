//! `gatehouse profile ...`

use std::fs;

use gatehouse_core::key_store::KeyStoreKind;
use gatehouse_core::policy::{BrowserChoice, OnBehalfOf, PolicyChange};
use gatehouse_core::profile::Profile;
use gatehouse_core::profile::setup::{NewEndpoint, NewSandbox};
use gatehouse_core::{Gatehouse, Problem, read_secret};
use serde_json::{Value, json};

use super::key;
use crate::args::{CreateArgs, KeyStoreArg, OnBehalfOfArg, ProfileCommand, SetArgs};
use crate::output::{Failure, Output, table, time};
use crate::surroundings::unreadable;

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: ProfileCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        ProfileCommand::List => list(gatehouse, output),
        ProfileCommand::Show => show(gatehouse, &gatehouse.profile(name)?, output),
        ProfileCommand::Create(args) => create(gatehouse, args, output),
        ProfileCommand::Use { name } => show(gatehouse, &gatehouse.use_profile(&name)?, output),
        ProfileCommand::Set(args) => {
            let profile = gatehouse.save_policy(&gatehouse.profile(name)?, &change(args))?;
            show(gatehouse, &profile, output)
        }
        ProfileCommand::Remove { name } => {
            gatehouse.remove_profile(&name)?;
            output.answer(&json!({ "removed": name }), || vec![format!("Removed {name}.")]);
            Ok(0)
        }
    }
}

fn list(gatehouse: &Gatehouse, output: &Output) -> Result<u8, Failure> {
    let profiles = gatehouse.profiles()?;
    let active = gatehouse.active()?.map(|profile| profile.id);
    let rows: Vec<Value> = profiles
        .iter()
        .map(|profile| {
            json!({
                "name": profile.name,
                "environment": profile.environment.word(),
                "account": profile.account.as_str(),
                "active": Some(profile.id) == active,
            })
        })
        .collect();
    output.answer(&json!({ "profiles": rows }), || {
        let mark = |profile: &Profile| if Some(profile.id) == active { "*" } else { " " };
        let lines: Vec<Vec<String>> = profiles
            .iter()
            .map(|profile| {
                vec![
                    mark(profile).to_owned(),
                    profile.environment.word().to_uppercase(),
                    profile.name.clone(),
                    profile.account.as_str().to_owned(),
                ]
            })
            .collect();
        if lines.is_empty() {
            vec!["No profile yet: gatehouse profile create sandbox --sandbox".into()]
        } else {
            table(&lines)
        }
    });
    Ok(0)
}

fn create(gatehouse: &Gatehouse, args: CreateArgs, output: &Output) -> Result<u8, Failure> {
    let key_store = match args.key_store {
        Some(KeyStoreArg::Keyring) => KeyStoreKind::Keyring,
        Some(KeyStoreArg::File) => KeyStoreKind::SealedFile,
        None => gatehouse.key_store_kind()?,
    };
    let wish = NewSandbox {
        name: args.name.clone(),
        endpoint: endpoint(&args)?,
        user: args.user,
        key_store,
    };
    let profile = gatehouse.create_sandbox(&wish, &|step| output.progress(step))?;
    show(gatehouse, &profile, output)
}

fn endpoint(args: &CreateArgs) -> Result<NewEndpoint, Problem> {
    let (Some(url), Some(account)) = (&args.api_url, &args.account) else {
        return Ok(NewEndpoint::Embedded);
    };
    let ca_pem = args
        .ca
        .as_ref()
        .map(|file| fs::read_to_string(file).map_err(|cause| unreadable(file, &cause)))
        .transpose()?;
    let api_key = read_secret(std::io::stdin().lock()).map_err(|cause| unreadable("stdin".as_ref(), &cause))?;
    Ok(NewEndpoint::Url {
        url: url.clone(),
        account: account.clone(),
        api_key,
        ca_pem,
    })
}

fn change(args: SetArgs) -> PolicyChange {
    PolicyChange {
        user: args.user,
        default_roles: (!args.roles.is_empty()).then_some(args.roles),
        on_behalf_of: args.on_behalf_of.map(|value| match value {
            OnBehalfOfArg::Acquirer => OnBehalfOf::Acquirer,
            OnBehalfOfArg::Merchant => OnBehalfOf::Merchant,
        }),
        reason_required: args.reason_required,
        unsigned_allowed: args.unsigned_allowed,
        browser: args.browser,
    }
}

fn show(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let keys = key::documents(gatehouse, profile)?;
    let merchants = gatehouse.merchant_count(profile)?;
    let browser = match &profile.policy.browser {
        BrowserChoice::Default => "default",
        BrowserChoice::Program(program) => program,
    };
    let roles: Vec<&str> = profile.policy.default_roles.iter().map(|role| role.as_str()).collect();
    let stands_for = match profile.policy.on_behalf_of {
        OnBehalfOf::Acquirer => "acquirer",
        OnBehalfOf::Merchant => "merchant",
    };
    let document = json!({
        "name": profile.name,
        "environment": profile.environment.word(),
        "account": profile.account.as_str(),
        "account_name": profile.account_name,
        "user": profile.user.as_str(),
        "api_url": gatehouse.api_address(profile),
        "key_store": gatehouse.key_store_kind()?.as_str(),
        "on_behalf_of": stands_for,
        "default_roles": roles,
        "reason_required": profile.policy.reason_required,
        "unsigned_allowed": profile.policy.unsigned_allowed,
        "browser": browser,
        "merchants": merchants,
        "created_at": time(profile.created_at_ms),
        "keys": keys,
    });
    output.answer(&document, || {
        let line = |name: &str, value: String| vec![name.to_owned(), value];
        let mut rows = vec![
            line(
                "profile",
                format!("{} ({})", profile.name, profile.environment.word().to_uppercase()),
            ),
            line("account", format!("{} {}", profile.account_name, profile.account)),
            line("you", profile.user.as_str().to_owned()),
            line("API", gatehouse.api_address(profile)),
            line("roles", roles.join(" ")),
            line("stands for", stands_for.to_owned()),
            line("browser", browser.to_owned()),
            line("merchants", merchants.to_string()),
        ];
        rows.extend(keys.iter().map(key::line));
        table(&rows)
    });
    Ok(0)
}
