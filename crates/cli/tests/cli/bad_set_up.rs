//! What people give that cannot be right: named by cause and cure, nothing lost, no secret echoed.

use std::fs;

use crate::set_up::Strict;
use crate::world::{Answer, Place, text};

fn create(place: &Place, args: &[&str]) -> Answer {
    let head = [
        "profile",
        "create",
        "acme",
        "--key-store",
        "file",
        "--user",
        "me@acquirer.example",
    ];
    place.run(&[&head[..], args].concat())
}

#[test]
fn live_and_test_never_mix() {
    let place = Place::new();
    let live = "krn:partner:global:account:live:LYABCDEI";
    let test = "krn:partner:global:account:test:LYABCDEI";
    for (args, code) in [
        (vec!["--live", "--account", test], "environment_mixed"),
        (vec!["--test", "--account", live], "environment_mixed"),
        (
            vec![
                "--live",
                "--account",
                live,
                "--api-url",
                "https://api-global.test.klarna.com",
            ],
            "environment_mixed",
        ),
        (
            vec![
                "--test",
                "--account",
                test,
                "--api-url",
                "https://api-global.klarna.com",
            ],
            "environment_mixed",
        ),
        (
            vec!["--live", "--account", live, "--api-url", "https://api.klarna.com"],
            "api_url_refused",
        ),
        (
            vec!["--live", "--account", live, "--api-url", "http://api-global.klarna.com"],
            "api_url_refused",
        ),
        (
            vec!["--test", "--account", test, "--api-url", "https://127.0.0.1:8443"],
            "api_url_refused",
        ),
        (
            vec![
                "--live",
                "--account",
                live,
                "--api-url",
                "https://relay.acquirer.example",
            ],
            "api_url_refused",
        ),
        (vec!["--live", "--account", "LYABCDEI"], "krn_invalid"),
        (
            vec![
                "--live",
                "--account",
                live,
                "--proxy",
                "http://me:secret@proxy.example:3128",
            ],
            "input_invalid",
        ),
    ] {
        let error = create(&place, &args).refused(3, code);
        assert!(
            !error.to_string().contains("secret@"),
            "a password is not echoed: {error}"
        );
    }
    let profiles = place.run(&["profile", "list"]).json();
    assert_eq!(
        profiles["profiles"].as_array().unwrap().len(),
        0,
        "nothing was made: {profiles}"
    );
}

#[test]
fn an_account_too_long_for_a_request_is_named() {
    let account = format!("krn:partner:global:account:test:{}", "A".repeat(65));
    let error = create(&Place::new(), &["--test", "--account", &account]).refused(3, "krn_invalid");
    assert!(
        text(&error, "message").contains("at most 64"),
        "the limit is said: {error}"
    );
}

#[test]
fn another_host_needs_the_persons_word_and_is_shown_with_a_warning() {
    let place = Place::new();
    let live = "krn:partner:global:account:live:LYABCDEI";
    let host = "relay.acquirer.example";
    let args = [
        "--live",
        "--account",
        live,
        "--api-url",
        "https://relay.acquirer.example",
        "--i-trust-host",
    ];
    create(&place, &[&args[..], &["other.example"]].concat()).refused(3, "api_url_refused");
    let begun = create(&place, &[&args[..], &[host]].concat()).json();
    assert_eq!(begun["unusual_address"], true, "it is marked: {begun}");
    let shown = place.say(&["profile", "setup"]);
    assert!(shown.stdout.contains("WARNING"), "and people see it: {shown:?}");
}

#[test]
fn a_key_that_cannot_be_right_is_refused_and_not_echoed() {
    let place = Place::new();
    create(
        &place,
        &["--live", "--account", "krn:partner:global:account:live:LYABCDEI"],
    )
    .json();
    for (given, code) in [
        ("klarna_test_api_c4naryc4nary", "environment_mixed"),
        ("klarna_live_api_c4nary c4nary", "api_key_invalid"),
        ("klarna_live_client_c4naryc4nary", "api_key_invalid"),
        ("\"klarna_live_api_c4nary\"", "api_key_invalid"),
        ("c4naryc4nary", "api_key_invalid"),
        ("", "api_key_invalid"),
    ] {
        let answer = place.run_with(&["profile", "api-key", "set", "--stdin"], given.as_bytes());
        answer.refused(3, code);
        assert!(!answer.stderr.contains("c4nary"), "{given:?} is not echoed: {answer:?}");
    }
    let setup = place.run(&["profile", "setup"]).json();
    let step = setup["steps"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["step"] == "api_key")
        .unwrap();
    assert_eq!(
        step["state"], "failed",
        "set-up says what was wrong and stays where it was: {setup}"
    );
}

#[test]
fn a_wrong_api_key_leaves_the_one_that_was_there() {
    let world = Strict::start().with_keys();
    let wrong = b"klarna_test_api_c4naryc4naryc4nary";
    let refused = world.place.run_with(&["profile", "api-key", "set", "--stdin"], wrong);
    refused.refused(5, "klarna_unauthorized");
    assert!(!refused.stderr.contains("c4nary"), "it is not echoed: {refused:?}");
    world.run(&["profile", "first-call"]).json();
}

#[test]
fn a_certificate_for_another_key_is_refused_by_its_check() {
    let world = Strict::start().with_keys();
    let other = Strict::start().with_keys();
    let sql = "SELECT pem FROM profile_key WHERE usage = 'JWT_SIGNING' AND state = 'active'";
    let foreign = world.place.file("foreign.pem", other.place.sqlite("gatehouse.db", sql));
    world
        .run(&["key", "rotate", "--usage", "jwt-signing", "--by-hand"])
        .json();
    let before = world.keys();
    let error = world
        .run(&["key", "install", &foreign, "--usage", "jwt-signing"])
        .refused(3, "certificate_mismatch");
    assert!(
        text(&error, "message").contains("another key"),
        "the check is named: {error}"
    );
    let checks = world.run(&["key", "install", &foreign, "--usage", "jwt-signing", "--check"]);
    assert_eq!(
        (checks.code, checks.document()["fits"].as_bool()),
        (3, Some(false)),
        "every check can be seen"
    );
    for (name, content) in [
        ("empty.pem", ""),
        ("garbage.pem", "hello"),
        ("key.pem", "-----BEGIN PRIVATE KEY-----\nc4nary\n"),
    ] {
        let file = world.place.file(name, content);
        let answer = world.run(&["key", "install", &file, "--usage", "jwt-signing"]);
        answer.refused(3, "certificate_unreadable");
        assert!(
            !answer.stderr.contains("c4nary"),
            "nothing of the file is echoed: {answer:?}"
        );
    }
    assert_eq!(world.keys(), before, "nothing is lost");
    world.run(&["key", "dry-sign"]).json();
}

#[test]
fn enforcement_without_a_certificate_is_named() {
    let first = Strict::start().with_keys();
    let second = Place::new();
    let ca = second.file("ca.pem", text(&first.served.address, "ca_pem"));
    let at = ["acme", "--step-by-step", "--api-url", first.served.https(), "--ca", &ca];
    let args = [&at[..], &["--api-key-stdin"]].concat();
    second.create(&first.served, &args, first.served.api_key()).json();
    second.run(&["key", "create", "--usage", "mtls"]).json();
    let error = second
        .run(&["key", "request", "--usage", "mtls"])
        .refused(5, "mtls_required");
    assert!(
        text(&error, "hint").contains("key csr"),
        "the way round is said: {error}"
    );
}

#[test]
fn a_shared_profile_is_refused_when_one_byte_is_altered() {
    let there = Strict::start().with_keys();
    let file = there.place.beside("acme.profile");
    let path = file.to_str().unwrap().to_owned();
    let exported = there.run(&["profile", "export", "acme", "--out", &path]).json();
    let bytes = fs::read(&file).unwrap();
    for secret in [there.served.api_key(), "PRIVATE KEY", "me@acquirer.example"] {
        assert!(
            !String::from_utf8_lossy(&bytes).contains(secret),
            "no secret and no person is in it"
        );
    }
    let here = Place::new();
    let import = |place: &Place, path: &str, more: &[&str]| {
        let head = [
            "profile",
            "import",
            path,
            "--key-store",
            "file",
            "--user",
            "you@acquirer.example",
        ];
        place.run(&[&head[..], more].concat())
    };
    let signer = text(&exported, "signer").to_owned();
    for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 90, bytes.len() - 1] {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let altered = here.file("altered.profile", altered);
        import(&here, &altered, &["--trust", &signer]).refused(3, "profile_file_damaged");
    }
    let error = import(&here, &path, &[]).refused(3, "signer_untrusted");
    assert!(
        text(&error, "message").contains(&signer),
        "the fingerprint is shown: {error}"
    );
    import(&here, &path, &["--trust", &"0".repeat(64)]).refused(3, "signer_untrusted");
    let begun = import(&here, &path, &["--trust", &signer]).json();
    assert_eq!(
        (text(&begun, "account"), begun["ready"].as_bool()),
        (there.served.account(), Some(false)),
        "a draft"
    );
    assert_eq!(text(&begun, "next"), "method", "set-up says what is missing");
    import(&here, &path, &["--name", "again"]).json();
    there
        .run(&["profile", "export", "acme", "--out", &path])
        .refused(3, "input_invalid");
}
