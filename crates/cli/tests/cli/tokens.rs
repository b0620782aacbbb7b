//! Customer tokens on the command line: given by stdin, shown as hints, and never in what is printed unless a copy was asked for.

use serde_json::json;

use crate::world::{BAKERY, World, rows, text};

const TOKEN: &str = "krn:customer-token:eu1:0f0e0d0c-1111-4222-8333-a1b2c3d4e5f6";

#[test]
fn a_token_is_kept_listed_found_and_revealed() {
    let world = World::ready();
    let words = [
        "tokens",
        "add",
        "--merchant",
        BAKERY,
        "--reference",
        "crm-1",
        "--scope",
        "payment:customer_present",
    ];
    let added = world.place.run_with(&words, TOKEN.as_bytes());
    let token = added.json();
    assert!(!added.stdout.contains(TOKEN), "a hint is shown, not the token");
    assert_eq!(text(&token, "state"), "UNKNOWN", "nobody asked Klarna");
    let listed = world.run(&["tokens", "list", "--query", "crm-"]).json();
    assert_eq!(rows(&listed, "tokens").len(), 1, "it is listed by its reference");
    let found = world.place.run_with(&["tokens", "find"], TOKEN.as_bytes()).json();
    assert_eq!(found["token"]["id"], token["id"], "and found by itself");
    let revealed = world.run(&["tokens", "reveal", "crm-1", "--reason", "support"]).json();
    assert_eq!(text(&revealed, "customer_token"), TOKEN, "a copy is the token");
    let log = world.run(&["audit", "list", "--query", "act:token.copy"]).json();
    assert_eq!(rows(&log, "entries").len(), 1, "and is recorded");
    world
        .place
        .run_with(&["tokens", "find"], b"two words")
        .refused(3, "token_invalid");
    world.run(&["tokens", "show", "none"]).refused(3, "token_unknown");
    world.run(&["tokens", "list", "--view", "none"]).refused(2, "usage");
}

#[test]
fn a_table_is_taken_in_and_its_bad_rows_make_the_exit_code_partly() {
    let world = World::ready();
    let table = format!("customer_token,customer_token_reference,merchant\n{TOKEN},crm-1,{BAKERY}\ntwo words,crm-2,\n");
    let file = world.place.file("tokens.csv", &table);
    let done = world.run(&["tokens", "import", &file]);
    assert_eq!(done.code, 9, "one row of two: {done:?}");
    assert_eq!(done.document()["added"], 1, "the good one is kept");
    let again = world.run(&["tokens", "reconcile", &file, "--offline"]).json();
    assert_eq!(again["alike"], 1, "both sides have it: {again}");
    let drift = world
        .place
        .file("orders.csv", "customer_token,customer_id,order_id,ordered_at\n");
    assert_eq!(
        rows(&world.run(&["tokens", "drift", &drift]).json(), "rows").len(),
        0,
        "nothing to compare"
    );
}

#[test]
fn pasted_answers_bodies_and_deliveries_are_explained_without_klarna() {
    let world = World::ready();
    let pasted = r#"{"payment_transaction_response":{"result":"DECLINED","result_reason":"PERMANENT"}}"#;
    let told = world
        .place
        .run_with(&["tokens", "explain", "-"], pasted.as_bytes())
        .json();
    assert_eq!(text(&told, "matter"), "token", "{told}");
    let body = world.place.file(
        "body.json",
        json!({ "currency": "EUR", "step_up_config": {} }).to_string(),
    );
    let found = world.run(&["tokens", "examine", &body, "--meant", "charge-not-present"]);
    assert_eq!(found.code, 7, "a breach: {found:?}");
    let emd = world.place.file(
        "emd.json",
        r#"{"content_type":"application/vnd.klarna.internal.emd-v2+json","body":{}}"#,
    );
    let found = world.run(&["linking", "lint-emd", &emd]);
    assert_eq!(found.code, 7, "an object in place of a text: {found:?}");
    let capture = world.place.file("capture", "Klarna-Signature: 00\n\n{}");
    let keys = world.place.file("keys", "k-1 secret\n");
    let found = world.run(&["tokens", "webhook", "verify", &capture, "--keys", &keys]);
    assert_eq!(found.code, 7, "not Klarna's: {found:?}");
    world
        .run(&["tokens", "webhook", "take", &capture, "--keys", &keys])
        .refused(3, "webhook_invalid");
}

#[test]
fn a_token_is_created_and_its_customer_waited_for() {
    let world = World::ready();
    let words = [
        "tokens",
        "create",
        BAKERY,
        "--presence",
        "not-present",
        "--subscription",
        "sub-1",
        "--reference",
        "crm-7",
        "--return-url",
        "https://shop.example/back",
        "--no-browser",
    ];
    let consent = world.run(&words).json();
    assert_eq!(text(&consent, "state"), "submitted", "the customer is asked: {consent}");
    let looked = world.run(&["tokens", "consent", "check", text(&consent, "id")]).json();
    assert_eq!(text(&looked, "state"), "submitted", "and has not been there");
    world
        .run(&["tokens", "consent", "finish", text(&consent, "id")])
        .refused(3, "consent_not_given");
    let canceled = world.run(&["tokens", "consent", "cancel", text(&consent, "id")]).json();
    assert_eq!(text(&canceled, "state"), "canceled", "cancelled");
    world
        .run(&["linking", "session", "--amount", "100", "--country", "DE"])
        .refused(3, "linking_terms");
    world.run(&["linking", "terms", "--accept"]).json();
    let session = [
        "linking",
        "session",
        "--amount",
        "100",
        "--country",
        "DE",
        "--payment",
        "o-1",
    ];
    let drawn = world.run(&[&session[..], &["--show", "curl"]].concat()).json();
    assert!(text(&drawn, "curl").contains("buy_and_link"), "it is shown: {drawn}");
    let started = world.run(&session).json();
    let id = text(&started, "id");
    assert!(
        !text(&started, "session_id").is_empty(),
        "with the sandbox's own log-in: {started}"
    );
    world.run(&["linking", "update", id]).refused(3, "input_invalid");
    let amount = ["--amount", "200", "--country", "DE", "--payment", "o-1"];
    world.run(&[&["linking", "update", id][..], &amount].concat()).json();
    let order = world.run(&["linking", "order", id, "--show", "json"]).json();
    assert!(
        order["request"].to_string().contains("200"),
        "with the new terms: {order}"
    );
}
