//! Every command of the window whose deed is not a reviewer's is refused to a reviewer, as the table of entry points says.
//!
//! Arguments are made by name, so a new command is tried as soon as it is in the table; one whose arguments cannot be made here has to
//! be named with where it is covered. Deliberately absent: what each role may do, which the core's tests of its facade show.

use gatehouse_core::person::{Asks, Deed, PersonRole, entry_points};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::surface;

const COLLEAGUE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// Refused before the role is asked for, because nothing can wait for it here; the reason says where the role is tried.
const ELSEWHERE: &[(&str, &str)] = &[(
    "secret_key_passphrase",
    "a file waits only after key_import, which is refused above; the import itself is an entry of the facade's own test",
)];

/// Makes a value for an argument by the names of both.
fn value(desk: &Desk, command: &str, argument: &str) -> Value {
    let id = || desk.ask("app_state", json!({})).unwrap()["active"]["suggestedMerchant"]["id"].clone();
    match argument {
        "name" if command == "person_add" => json!("Cleo"),
        "name" => json!("sandbox"),
        "usage" => json!("mtls"),
        "kind" => json!("api_key"),
        "demand" => json!("report"),
        "method" => json!("saml"),
        "proxy" => json!("direct"),
        "key" if command == "person_add" => json!(COLLEAGUE),
        "roles" => json!(["operator"]),
        "pinned" | "ask" => json!(true),
        "evenActive" | "tokenLost" | "fromSandbox" => json!(false),
        "serial" if command == "key_rotate" => Value::Null,
        "credential" | "from" => Value::Null,
        "change" => json!({ "reasonRequired": true }),
        "ids" => json!("krn:partner:global:account:test:MB6KIE1P"),
        "wish" if command == "access_grant" => json!({ "merchantId": id(), "email": "ann@bakery.example", "roles": [],
            "expires": null, "inactivity": null, "asStaff": false, "reason": null }),
        "token" => json!("krn:customer-token:eu1:7a1b2c3d-1111-4222-8333-abcdefabcdef"),
        "told" => {
            json!({ "merchantId": null, "reference": null, "scopes": [], "customer": null, "subscription": null })
        }
        "wish" if command == "token_revoke" => json!({ "id": "1", "confirmation": "", "reason": "asked" }),
        "wish" if command == "token_create" => {
            json!({ "merchantId": id(), "presence": "customer_not_present", "logIn": false,
            "reference": null, "customer": null, "terms": terms() })
        }
        "wish" if command == "token_charge" => {
            json!({ "id": "1", "presence": "customer_not_present", "terms": terms(), "reason": null })
        }
        "wish" if command == "linking_start" => json!({ "merchantId": null, "tokenId": null, "customer": null,
            "order": { "country": "SE", "currency": "SEK", "lines": [{ "name": "Bread", "quantity": 1, "unitPrice": 100 }] } }),
        "region" => json!("europe"),
        "reason" | "status" | "place" | "order" | "merchantData" => Value::Null,
        "meant" => json!("create"),
        "request" if command == "tokens_reconcile" => json!({ "ask": false, "perSecond": 2, "again": false }),
        "request" if command == "tokens_reconcile_rows" => json!({ "kind": null, "first": 0, "count": 10 }),
        "word" => json!("stop"),
        "wish" if matches!(command, "tokens_prove" | "tokens_scenarios") => {
            json!({ "merchantId": id(), "returnUrl": "https://shop.example/back" })
        }
        "request" if command.starts_with("portal_") => {
            json!({ "merchantId": id(), "openAs": null, "reason": null, "roles": null, "unsigned": false })
        }
        "request" if command == "plan_apply" => {
            json!({ "plan": "0", "retry": false, "takeOver": false, "typed": null, "reason": null })
        }
        "rules" => json!({ "emailClaim": "email", "verified": true, "merchantsClaim": "", "rolesClaim": "",
            "defaultRoles": [], "words": [] }),
        "wish" if command == "bridge_row" => {
            json!({ "number": null, "act": "set", "email": "ann@bakery.example", "merchant": "one", "roles": [] })
        }
        "wish" => json!({ "merchantId": id(), "principal": "ann@bakery.example", "onBehalfOf": null, "reason": null }),
        "request" if command == "network_proxy" => json!({ "mode": "direct", "address": null, "noProxy": null }),
        "id" if command.starts_with("merchant_") => id(),
        _ => json!("12345678"),
    }
}

/// Terms of a token or a charge.
fn terms() -> Value {
    json!({ "currency": "EUR", "amount": 100, "paymentReference": "inv-1", "ondemand": null, "subscription": null, "returnUrl": null })
}

/// The spelling of the window for an argument's name in Rust.
fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(1);
        name + &head.to_uppercase() + tail
    })
}

fn arguments(desk: &Desk, command: &str) -> Value {
    let names = surface::commands()[command].clone();
    let names = names.iter().map(|name| camel(name));
    names.map(|name| (name.clone(), value(desk, command, &name))).collect()
}

/// The commands whose first deed, the one that they do without a word more, a reviewer may not do.
fn not_a_reviewers() -> Vec<&'static str> {
    let commands = surface::commands();
    let of_the_window = entry_points().filter(|(name, _)| commands.contains_key(*name));
    let refused = of_the_window.filter(|(_, asks)| match asks {
        Asks::Deeds(deeds) => deeds
            .first()
            .is_some_and(|deed| !deed.roles().contains(&PersonRole::Reviewer)),
        Asks::Nobody(_) => false,
    });
    let names = refused.map(|(name, _)| *name);
    names
        .filter(|name| !ELSEWHERE.iter().any(|(elsewhere, _)| elsewhere == name))
        .collect()
}

#[test]
fn every_command_that_is_not_a_reviewers_is_refused_to_a_reviewer() {
    let desk = Desk::with_sandbox();
    let file = desk.dir.path().join("chosen");
    std::fs::write(&file, "id,name\n").unwrap();
    *desk.chosen.lock().unwrap() = Some(file);
    let commands = not_a_reviewers();
    let tries: Vec<(&str, Value)> = commands.iter().map(|name| (*name, arguments(&desk, name))).collect();
    assert!(
        tries.len() > 30,
        "most of what the window does is somebody's alone: {commands:?}"
    );
    assert!(
        !Deed::OpenPortal.roles().contains(&PersonRole::Reviewer),
        "a reviewer opens nothing"
    );
    let own = desk.ask("persons_list", json!({})).unwrap()["persons"][0]["fingerprint"].clone();
    let bea = json!({ "key": COLLEAGUE, "name": "Bea", "roles": ["administrator"] });
    desk.ask("person_add", bea).unwrap();
    let reviewer = json!({ "fingerprint": own, "roles": ["reviewer"] });
    desk.ask("person_roles", reviewer).unwrap();
    let passed: Vec<_> = tries
        .into_iter()
        .map(|(command, arguments)| (command, desk.ask(command, arguments)))
        .filter(|(_, answer)| {
            answer
                .as_ref()
                .err()
                .is_none_or(|error| error["code"] != "role_missing")
        })
        .collect();
    assert!(passed.is_empty(), "each is refused for the role alone: {passed:#?}");
    assert!(desk.copied.lock().unwrap().is_empty(), "no link was made");
    let verified = desk.ask("audit_verify", json!({})).unwrap();
    assert_eq!(
        verified["verdict"],
        json!("intact"),
        "the refusals stand in a log that holds"
    );
}
