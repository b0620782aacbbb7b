//! Calls shown and not made, extra merchant data built, tables planned, and the twenty scenarios by one command.

use serde_json::Value;

use crate::world::{BAKERY, World, rows, text};

const TOKEN: &str = "krn:customer-token:eu1:0f0e0d0c-1111-4222-8333-a1b2c3d4e5f6";

fn entries(world: &World) -> usize {
    rows(&world.run(&["audit", "list", "--limit", "500"]).json(), "entries").len()
}

#[test]
fn a_call_is_shown_as_curl_and_json_and_not_made() {
    let world = World::ready();
    world
        .place
        .run_with(
            &["tokens", "add", "--merchant", BAKERY, "--reference", "crm-1"],
            TOKEN.as_bytes(),
        )
        .json();
    let before = entries(&world);
    let charge = [
        "tokens",
        "charge",
        "crm-1",
        "--presence",
        "not-present",
        "--amount",
        "999",
        "--payment",
        "inv-1",
        "--subscription",
        "sub-1",
        "--show",
        "curl",
    ];
    for words in [
        &charge[..],
        &["tokens", "check", "crm-1", "--show", "json"],
        &["tokens", "revoke", "crm-1", "--show", "curl"],
    ] {
        let shown = world.run(words);
        let document = shown.json();
        assert!(
            text(&document, "curl").contains("\"$KLARNA_API_KEY\"") && text(&document, "curl").starts_with("curl -X"),
            "a command with variables: {document}"
        );
        assert!(
            document["request"]["url"].is_string(),
            "and the call as JSON: {document}"
        );
        assert!(!shown.stdout.contains(TOKEN), "no token: {}", shown.stdout);
    }
    assert_eq!(entries(&world), before, "nothing was done, so nothing is recorded");
    let known = world.run(&["tokens", "show", "crm-1"]).json();
    assert_eq!(text(&known, "state"), "UNKNOWN", "and nothing was sent");
}

#[test]
fn merchant_data_is_built_line_by_line_and_has_no_finding() {
    let world = World::ready();
    let lines = "# the account\ncustomer_account_info.unique_account_identifier = c-1\n\
                 customer_account_info[0].account_registration_date = 2023-01-14\n\
                 payment_history_simple[0].paid_before = true\n";
    let built = world
        .place
        .run_with(&["tokens", "emd", "build", "-"], lines.as_bytes())
        .json();
    let body: Value = serde_json::from_str(text(&built, "body")).unwrap();
    assert_eq!(body["payment_history_simple"][0]["paid_before"], true, "{built}");
    let file = world.place.file("emd.json", built.to_string());
    let found = world
        .run(&["linking", "lint-emd", &file, "--place", "authorize"])
        .json();
    assert_eq!(rows(&found, "findings").len(), 0, "{found}");
    let wrong = b"customer_account_info.account_registration_date = yesterday\n";
    let refused = world
        .place
        .run_with(&["tokens", "emd", "build", "-"], wrong)
        .refused(3, "input_invalid");
    assert!(
        text(&refused, "message").contains("account_registration_date"),
        "{refused}"
    );
    world
        .place
        .run_with(&["tokens", "emd", "build", "-"], b"no member")
        .refused(3, "input_invalid");
    let members = world.run(&["tokens", "emd", "members"]).json();
    assert_eq!(rows(&members, "packages").len(), 5, "what there is: {members}");
}

#[test]
fn the_plan_of_a_table_keeps_nothing() {
    let world = World::ready();
    let table = format!("customer_token,customer_token_reference,merchant\n{TOKEN},crm-1,{BAKERY}\ntwo words,crm-2,\n");
    let file = world.place.file("tokens.csv", &table);
    let planned = world.run(&["tokens", "import", &file, "--dry-run"]);
    assert_eq!(planned.code, 9, "one row cannot be used: {planned:?}");
    let plan = planned.document();
    assert_eq!((&plan["added"], &plan["bad"]), (&1.into(), &1.into()), "{plan}");
    assert_eq!(plan["troubles"][0]["line"], 3, "the line is named: {plan}");
    assert!(!planned.stdout.contains(TOKEN), "no token in a plan");
    assert_eq!(
        rows(&world.run(&["tokens", "list"]).json(), "tokens").len(),
        0,
        "nothing was kept"
    );
}

#[test]
fn all_twenty_scenarios_run_by_one_command() {
    let world = World::ready();
    let out = world.place.beside("scenarios.json");
    let words = ["tokens", "scenarios", BAKERY, "--out", out.to_str().unwrap()];
    let done = world.run(&words);
    let document = done.document();
    let bad: Vec<Value> = rows(&document, "rows")
        .into_iter()
        .filter(|row| row["is_as_expected"] != true)
        .collect();
    assert!(bad.is_empty() && done.code == 0, "{bad:#?} {}", done.stderr);
    assert_eq!(rows(&document, "rows").len(), 20, "all of them");
    let saved: Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    assert_eq!(saved, document, "the file has what the screen has");
}
