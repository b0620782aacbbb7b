//! `gatehouse profile ...`

mod create;
mod exchange;
mod setup;

pub use setup::warnings;

use gatehouse_core::Gatehouse;
use gatehouse_core::policy::{BrowserApart, OnBehalfOf, PolicyChange};
use gatehouse_core::profile::steps::Step;
use gatehouse_core::profile::{Method, Profile, ProfileEnvironment};
use serde_json::{Value, json};

use super::key;
use crate::args::{BrowserApartArg, OnBehalfOfArg, ProfileCommand, SetArgs};
use crate::output::{Failure, Output, table, time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: ProfileCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        ProfileCommand::List => list(gatehouse, output),
        ProfileCommand::Show => show(gatehouse, &gatehouse.profile(name)?, output),
        ProfileCommand::Create(args) => create::run(gatehouse, *args, output),
        ProfileCommand::Setup { name: own } => {
            setup::show(gatehouse, &gatehouse.profile(own.as_deref().or(name))?, output)
        }
        ProfileCommand::Method { method: None } => setup::methods(gatehouse, name, output),
        ProfileCommand::Method { method: Some(method) } => {
            let profile = gatehouse.choose_method(&gatehouse.profile(name)?, method.into())?;
            setup::show(gatehouse, &profile, output)
        }
        ProfileCommand::ApiKey(command) => setup::api_key(gatehouse, name, &command, output),
        ProfileCommand::FirstCall => setup::first_call(gatehouse, name, output),
        ProfileCommand::Export { name, out } => exchange::export(gatehouse, &name, &out, output),
        ProfileCommand::Import(args) => exchange::import(gatehouse, args, output),
        ProfileCommand::Use { name } => show(gatehouse, &gatehouse.use_profile(&name)?, output),
        ProfileCommand::Set(args) => {
            let mut profile = gatehouse.profile(name)?;
            if let Some(proxy) = &args.proxy {
                profile = gatehouse.choose_proxy(&profile, proxy)?;
            }
            if !args.allowed_hosts.is_empty() {
                profile = gatehouse.choose_hosts(&profile, &args.allowed_hosts)?;
            }
            let profile = gatehouse.save_policy(&profile, &change(args))?;
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
        browser_apart: args.browser_apart.map(|value| match value {
            BrowserApartArg::Nothing => BrowserApart::Nothing,
            BrowserApartArg::Environment => BrowserApart::Environment,
            BrowserApartArg::Merchant => BrowserApart::Merchant,
        }),
        approvals: args.approvals,
    }
}

pub(super) fn show(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let keys = key::documents(gatehouse, profile)?;
    let merchants = gatehouse.merchant_count(profile)?;
    let browser = profile.policy.browser.program().unwrap_or("default");
    let roles: Vec<&str> = profile.policy.default_roles.iter().map(|role| role.as_str()).collect();
    let stands_for = match profile.policy.on_behalf_of {
        OnBehalfOf::Acquirer => "acquirer",
        OnBehalfOf::Merchant => "merchant",
    };
    let set_up = gatehouse.setup(profile)?;
    let warnings = gatehouse.expiry_warnings(profile)?;
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
        "browser_apart": profile.policy.browser.apart().word(),
        "merchants": merchants,
        "created_at": time(profile.created_at_ms),
        "keys": keys,
        "approvals": approvals(profile),
        "ready": set_up.ready,
        "next_step": set_up.next.map(Step::word),
        "method": profile.method.map(Method::word),
        "proxy": profile.proxy.text(),
        "allowed_hosts": profile.allowed_hosts,
        "warnings": setup::warnings(&warnings),
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
            line(
                "reason",
                policy_word(
                    profile.policy.reason_required,
                    "asked at every open",
                    "asked only for opening as somebody else",
                ),
            ),
            line(
                "unsigned",
                policy_word(
                    profile.policy.unsigned_allowed,
                    "links without signature are allowed",
                    "no link without signature",
                ),
            ),
            line("browser", browser.to_owned()),
            line("hosts", hosts(profile)),
            line("merchants", merchants.to_string()),
        ];
        rows.extend(keys.iter().map(key::line));
        rows.extend(approval_lines(profile));
        if let Some(step) = set_up.next {
            let hint = "gatehouse profile setup shows what to do";
            rows.push(line("next step", format!("{} ({hint})", step.word())));
        }
        rows.extend(
            warnings
                .iter()
                .map(|warning| line("ends soon", warning.message.clone())),
        );
        if set_up.unusual_address {
            rows.push(line("WARNING", setup::UNUSUAL.to_owned()));
        }
        table(&rows)
    });
    Ok(0)
}

fn policy_word(on: bool, yes: &str, no: &str) -> String {
    if on { yes } else { no }.to_owned()
}

/// To which hosts a portal link may lead.
fn hosts(profile: &Profile) -> String {
    match (profile.environment, profile.allowed_hosts.is_empty()) {
        (ProfileEnvironment::Sandbox, true) => "this computer".to_owned(),
        (_, true) => "none: no link is opened".to_owned(),
        (ProfileEnvironment::Sandbox, false) => format!("this computer, {}", profile.allowed_hosts.join(", ")),
        (_, false) => profile.allowed_hosts.join(", "),
    }
}

fn approvals(profile: &Profile) -> Value {
    let subjects = profile.policy.approvals.subjects();
    let rules = subjects.iter().map(|(subject, rule)| {
        let document = json!({ "approvers": rule.approvers, "roles": rule.roles.words(), "over": rule.over });
        (subject.replace('-', "_"), document)
    });
    Value::Object(rules.collect())
}

fn approval_lines(profile: &Profile) -> Vec<Vec<String>> {
    let subjects = profile.policy.approvals.subjects();
    let asked: Vec<_> = subjects.iter().filter(|(_, rule)| rule.approvers > 0).collect();
    if asked.is_empty() {
        return vec![vec!["approved by".to_owned(), "nobody else".to_owned()]];
    }
    asked
        .into_iter()
        .map(|(subject, rule)| {
            let who = format!(
                "{subject}: {} with role {}",
                rule.approvers,
                rule.roles.words().join(" or ")
            );
            vec!["approved by".to_owned(), who]
        })
        .collect()
}
