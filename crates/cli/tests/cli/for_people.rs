//! What people get: plain text, completions, the manual.

use crate::world::{BAKERY, World};

#[test]
fn people_are_told_the_environment_and_what_happened() {
    let world = World::ready();
    let said = world.place.say(&["open", BAKERY, "--no-browser"]);
    assert!(
        said.stdout
            .starts_with("SANDBOX: Bageri Åsa as account.manager@acquirer.example, until "),
        "{said:?}"
    );
    assert!(
        said.stderr.contains("recorded") && said.stderr.contains("asked Klarna"),
        "the steps are told on the way: {said:?}"
    );
    for (words, wanted) in [
        (&["profile", "list"][..], "SANDBOX"),
        (&["profile", "show"], "SANDBOX"),
        (&["merchants", "list"], "(SANDBOX)"),
        (&["sessions", "list"], "waiting"),
        (&["audit", "list"], "portal.open"),
        (&["audit", "verify"], "intact"),
        (&["key", "show"], "JWT_SIGNING"),
        (&["sessions", "revoke", "--all"], "certainly out by"),
    ] {
        let said = world.place.say(words);
        assert!(
            said.code == 0 && said.stdout.contains(wanted),
            "{words:?} shows {wanted}: {said:?}"
        );
    }
    let error = world.place.say(&["open", "nobody"]);
    assert!(
        error.stderr.starts_with("error[merchant_unknown]: "),
        "an error has its code: {error:?}"
    );
}

#[test]
fn completions_and_the_manual_are_generated() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = crate::world::bare().args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && script.contains("gatehouse") && script.contains("merchants"),
            "{shell} has completions"
        );
    }
    let manual = String::from_utf8(crate::world::bare().arg("man").output().unwrap().stdout).unwrap();
    assert!(manual.contains(".TH gatehouse 1"), "the manual is a manual page");
}
