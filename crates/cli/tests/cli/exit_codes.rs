//! Each exit code of design section 7, by a real case; an error is one document on stderr.

use serde_json::json;

use crate::world::{BAKERY, Place, World, bare, text};

#[test]
fn exit_0_is_said_when_the_work_is_done() {
    assert_eq!(
        Place::new().run(&["profile", "list"]).json(),
        json!({ "profiles": [] }),
        "a new directory has no profile"
    );
}

#[test]
fn exit_2_is_said_when_the_words_are_not_understood() {
    let place = Place::new();
    for words in [
        &["open"][..],
        &["nonsense"],
        &["audit", "show", "x"],
        &["profile", "create", "a"],
        &["sandbox", "clock", "offset", "x"],
    ] {
        place.run(words).refused(2, "usage");
    }
    let said = place.say(&["open"]);
    assert_eq!(
        (said.code, said.stdout.as_str()),
        (2, ""),
        "people are told as well: {said:?}"
    );
    assert!(
        said.stderr.contains("<MERCHANT>"),
        "what is missing is named: {}",
        said.stderr
    );
}

#[test]
fn help_and_version_are_answers() {
    for word in ["--help", "--version", "help"] {
        let output = bare().arg(word).output().unwrap();
        assert!(
            output.status.success() && !output.stdout.is_empty(),
            "{word} answers on stdout"
        );
    }
}

#[test]
fn exit_3_is_said_for_what_is_refused_here() {
    let world = World::ready();
    world.run(&["open", "nobody"]).refused(3, "merchant_unknown");
    world
        .run(&["-P", "other", "open", BAKERY])
        .refused(3, "profile_missing");
    world
        .run(&["open", BAKERY, "--as", "person@merchant.example"])
        .refused(3, "reason_required");
    world
        .run(&["open", BAKERY, "--as", "nobody", "--reason", "x"])
        .refused(3, "email_invalid");
    world
        .run(&["open", BAKERY, "--role", "not a role"])
        .refused(3, "role_invalid");
    world
        .run(&["open", BAKERY, "--unsigned"])
        .refused(3, "unsigned_not_allowed");
    world
        .run(&["sessions", "revoke", "nothing"])
        .refused(3, "session_unknown");
    world.run(&["audit", "show", "999"]).refused(3, "audit_entry_missing");
    world
        .run(&["audit", "reanchor", "--reason", " "])
        .refused(3, "reason_required");
    world
        .run(&["profile", "create", "sandbox", "--sandbox"])
        .refused(3, "profile_exists");
    world
        .run(&["sandbox", "fault", "add", "no json"])
        .refused(3, "input_invalid");
    world.place.file("passphrase", "another passphrase");
    world.open().refused(3, "passphrase_wrong");
    assert_eq!(
        world.served.links().len(),
        0,
        "nothing of all that reached the other side"
    );
}

#[test]
fn exit_4_is_said_when_the_network_or_the_sandbox_is_not_there() {
    let place = Place::new();
    place.run(&["sandbox", "show"]).refused(4, "sandbox_failed");
    let args = [
        "profile",
        "create",
        "x",
        "--sandbox",
        "--key-store",
        "file",
        "--api-url",
        "http://127.0.0.1:9",
    ];
    let account = [
        "--account",
        "krn:partner:global:account:test:LYABCDEI",
        "--api-key-stdin",
    ];
    place
        .run_with(
            &[&args[..], &account].concat(),
            b"klarna_test_api_abcdefghijklmnopqrstuvwxyz",
        )
        .refused(4, "network_connect");
    assert_eq!(
        place.run(&["profile", "list"]).json(),
        json!({ "profiles": [] }),
        "no half profile is left behind"
    );
}

#[test]
fn exit_5_is_said_when_klarna_refuses() {
    let world = World::ready();
    for (status, code) in [
        (400, "klarna_invalid"),
        (401, "klarna_unauthorized"),
        (403, "klarna_forbidden"),
        (404, "klarna_not_found"),
        (409, "klarna_conflict"),
    ] {
        world
            .served
            .fault(&json!({ "kind": "status", "status": status, "path": "deep-links" }));
        let error = world.open().refused(5, code);
        assert!(
            !text(&error, "reference").is_empty(),
            "there is something to quote: {error}"
        );
    }
    world
        .served
        .fault(&json!({ "kind": "bodiless_403", "path": "deep-links" }));
    world.open().refused(5, "klarna_blocked");
    assert_eq!(world.served.links().len(), 0, "no link was made");
}

#[test]
fn exit_8_is_said_when_nobody_knows_what_became_of_it() {
    let world = World::ready();
    world
        .served
        .fault(&json!({ "kind": "cut", "when": "after", "path": "deep-links", "times": 0 }));
    world.open().refused(8, "network_cut_off");
    world.served.clear_faults();
    world
        .served
        .fault(&json!({ "kind": "status", "status": 503, "times": 0 }));
    let open = world.run(&["audit", "reconcile"]);
    assert_eq!(
        (open.code, open.document()),
        (8, json!({ "resolved": 0, "unresolved": 1 })),
        "what stays open is said"
    );
    world.served.clear_faults();
    assert_eq!(
        world.run(&["audit", "reconcile"]).json(),
        json!({ "resolved": 1, "unresolved": 0 }),
        "then it is settled"
    );
    assert_eq!(
        text(&world.served.links()[0], "state"),
        "link_revoked",
        "the link of the lost answer is dead"
    );
}

#[test]
fn exit_9_is_said_when_a_part_is_done() {
    let world = World::ready();
    let file = world.place.file(
        "two.csv",
        "partner_account_id,name\nkrn:partner:global:account:test:AAAA1111,Good\nnonsense,Bad\n",
    );
    let answer = world.run(&["merchants", "import", &file]);
    assert_eq!(answer.code, 9, "one of two rows is good: {answer:?}");
    assert_eq!(
        (
            answer.document()["added"].clone(),
            answer.document()["bad_total"].clone()
        ),
        (json!(1), json!(1)),
        "both are counted"
    );
}
