//! `gatehouse network ...`

use std::fs;

use gatehouse_core::network::{AddedAuthority, NetworkSettings, ProxySetting, ProxySignIn};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, read_secret};
use serde_json::{Value, json};

use crate::args::{CaCommand, NetworkCommand, ProxyArgs};
use crate::output::{Failure, Output, short_time, table};
use crate::surroundings::unreadable;

pub fn run(gatehouse: &Gatehouse, command: NetworkCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        NetworkCommand::Show => show(gatehouse, &gatehouse.network()?, output),
        NetworkCommand::Proxy(args) => show(gatehouse, &proxy(gatehouse, args)?, output),
        NetworkCommand::Ca(CaCommand::Add { file }) => {
            let text = fs::read(&file).map_err(|cause| unreadable(&file, &cause))?;
            gatehouse.add_authority_file(&text)?;
            show(gatehouse, &gatehouse.network()?, output)
        }
        NetworkCommand::Ca(CaCommand::Remove { sha256 }) => {
            gatehouse.remove_authority(&sha256)?;
            show(gatehouse, &gatehouse.network()?, output)
        }
    }
}

fn proxy(gatehouse: &Gatehouse, args: ProxyArgs) -> Result<NetworkSettings, Problem> {
    let named = !matches!(args.proxy.as_str(), "system" | "direct");
    if !named && (args.user.is_some() || !args.no_proxy.is_empty()) {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "Exceptions and a sign-in belong to a proxy with an address.",
            "Give the proxy's address instead of system or direct.",
        ));
    }
    let sign_in = args.user.map(sign_in).transpose()?;
    let setting = match args.proxy.as_str() {
        "system" => ProxySetting::System,
        "direct" => ProxySetting::Direct,
        address => ProxySetting::manual(address, &args.no_proxy, sign_in.is_some())?,
    };
    gatehouse.set_proxy(setting, sign_in.as_ref())
}

fn sign_in(user: String) -> Result<ProxySignIn, Problem> {
    let password = read_secret(std::io::stdin().lock()).map_err(|cause| unreadable("stdin".as_ref(), &cause))?;
    Ok(ProxySignIn { user, password })
}

fn show(gatehouse: &Gatehouse, settings: &NetworkSettings, output: &Output) -> Result<u8, Failure> {
    let system = gatehouse.system_proxy();
    let authorities = settings.authorities();
    let (address, no_proxy, sign_in) = match &settings.proxy {
        ProxySetting::Manual {
            address,
            no_proxy,
            sign_in,
        } => (address.as_str(), no_proxy.as_str(), *sign_in),
        ProxySetting::System | ProxySetting::Direct => ("", "", false),
    };
    let document = json!({
        "proxy": settings.proxy.word(),
        "address": address,
        "no_proxy": no_proxy,
        "sign_in": sign_in,
        "system": system,
        "authorities": authorities.iter().map(document).collect::<Vec<Value>>(),
    });
    output.answer(&document, || {
        let line = |name: &str, value: &str| vec![name.to_owned(), value.to_owned()];
        let mut rows = vec![
            line("proxy", settings.proxy.word()),
            line("address", address),
            line("without it", no_proxy),
            line("sign-in", if sign_in { "in the key store" } else { "none" }),
            line("system says", &system),
        ];
        rows.retain(|row| row.get(1).is_some_and(|value| !value.is_empty()));
        rows.extend(authorities.iter().map(|facts| {
            let until = short_time(facts.not_after_unix_s.saturating_mul(1000));
            vec![
                "added CA".into(),
                format!(
                    "{} (issuer {}), until {until}, SHA-256 {}",
                    facts.subject, facts.issuer, facts.sha256_hex
                ),
            ]
        }));
        table(&rows)
    });
    Ok(0)
}

fn document(facts: &AddedAuthority) -> Value {
    json!({
        "subject": facts.subject,
        "issuer": facts.issuer,
        "sha256": facts.sha256_hex,
        "not_before": short_time(facts.not_before_unix_s.saturating_mul(1000)),
        "not_after": short_time(facts.not_after_unix_s.saturating_mul(1000)),
    })
}
