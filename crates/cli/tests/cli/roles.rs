//! Every verb whose deed is not a reviewer's is refused to a reviewer, as the table of entry points says.
//!
//! The words that a verb needs are written out here; a new verb that needs some and has none here fails by its usage. Deliberately
//! absent: what each role may do, which the core's tests of its facade show.

use gatehouse_core::person::{Asks, PersonRole, entry_points};

use crate::persons::{colleague, key_of};
use crate::world::{BAKERY, World, rows, text};

/// What verbs want beside their own words; `FILE` is a file that is there, `OWN` the own person's key.
const WORDS: &[(&str, &[&str])] = &[
    ("profile method", &["saml"]),
    ("profile api-key set", &["--stdin"]),
    ("profile export", &["sandbox", "--out", "OUT"]),
    ("profile set", &["--reason-required", "true"]),
    ("profile remove", &["sandbox"]),
    ("key create", &["--usage", "mtls"]),
    ("key csr", &["--usage", "mtls"]),
    ("key request", &["--usage", "mtls"]),
    ("key install", &["FILE", "--usage", "mtls"]),
    ("key rotate", &["--usage", "mtls"]),
    ("key retire", &["--usage", "mtls"]),
    ("key remove", &["none"]),
    ("credential create-api-key", &["--description", "another"]),
    ("credential rename", &["api-key", "none", "mine"]),
    ("credential end", &["certificate", "none", "--yes"]),
    ("credential enforce", &["--yes"]),
    ("credential report", &["--yes"]),
    ("merchants import", &["FILE"]),
    ("merchants refresh", &[BAKERY]),
    ("merchants pin", &[BAKERY]),
    ("merchants tag", &[BAKERY, "large"]),
    ("open", &[BAKERY, "--no-browser"]),
    ("access grant", &[BAKERY, "ann@bakery.example"]),
    ("access revoke", &[BAKERY, "ann@bakery.example"]),
    ("access apply", &["FILE"]),
    ("access approve", &["FILE", "--out", "OUT"]),
    ("tokens create", &[BAKERY, "--presence", "present"]),
    ("tokens import", &["FILE"]),
    ("tokens consent open", &["none"]),
    ("tokens consent finish", &["none"]),
    ("tokens consent cancel", &["none"]),
    ("tokens charge", &["none", "--presence", "present"]),
    ("tokens revoke", &["none"]),
    ("tokens reveal", &["none"]),
    ("tokens drift", &["FILE"]),
    ("tokens webhook take", &["FILE"]),
    ("tokens prove", &[BAKERY]),
    ("tokens scenarios", &[BAKERY]),
    ("linking login", &["--region", "europe", "--user", "u"]),
    ("linking open", &["none"]),
    ("linking order", &["none"]),
    ("linking update", &["none"]),
    ("sessions revoke", &["--all"]),
    ("audit review sign-off", &[]),
    ("audit reanchor", &["--reason", "because"]),
    ("audit erase", &["2", "--reason", "because"]),
    (
        "audit archive",
        &["--before", "2000-01-01", "--out", "OUT", "--reason", "because"],
    ),
    ("person add", &["PERSON", "--role", "operator"]),
    ("person roles", &["OWN", "--role", "operator"]),
    ("person remove", &["OWN"]),
    ("lock reset", &["--i-need-new-keys"]),
    ("bridge use", &["FILE"]),
    ("bridge people add", &["ann@bakery.example", BAKERY]),
    ("bridge people remove", &["ann@bakery.example"]),
    ("network proxy", &["direct"]),
    ("network ca add", &["FILE"]),
    ("network ca remove", &["0123456789"]),
];

/// The verbs whose first deed, the one that they do without a word more, a reviewer may not do.
fn not_a_reviewers() -> impl Iterator<Item = &'static str> {
    let verbs = entry_points().filter(|(name, _)| !name.contains('_'));
    verbs.filter_map(|(name, asks)| match asks {
        Asks::Deeds(deeds) => {
            let deed = deeds.first()?;
            (!deed.roles().contains(&PersonRole::Reviewer)).then_some(*name)
        }
        Asks::Nobody(_) => None,
    })
}

#[test]
fn every_verb_that_is_not_a_reviewers_is_refused_to_a_reviewer() {
    let world = World::ready();
    let (theirs, _served) = colleague();
    let person = key_of(&theirs, "Bea");
    world.run(&["person", "add", &person, "--role", "administrator"]).json();
    let own = world.run(&["person", "list"]).json();
    let own = text(own.get("own").unwrap(), "key_id").to_owned();
    world.run(&["person", "roles", &own, "--role", "reviewer"]).json();
    let file = world.place.file("file", "id,name\n");
    let out = world.place.beside("out").to_str().unwrap().to_owned();
    let filled = |word: &&'static str| match *word {
        "FILE" => file.clone(),
        "OUT" => out.clone(),
        "OWN" => own.clone(),
        "PERSON" => person.clone(),
        word => word.to_owned(),
    };
    let (mut tried, links) = (0, world.served.links());
    for verb in not_a_reviewers() {
        let more = WORDS
            .iter()
            .find(|(name, _)| *name == verb)
            .map_or(&[][..], |(_, more)| more);
        let words: Vec<String> = verb
            .split(' ')
            .map(str::to_owned)
            .chain(more.iter().map(filled))
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let answer = world.place.run_with(&words, b"klarna_test_api_none\n");
        let error = answer.refused(3, "role_missing");
        assert!(
            text(&error, "hint").contains("Bea")
                || (verb == "lock reset" && error.to_string().contains("dministrator")),
            "{verb}: who may give it is named, or for what concerns every profile the role: {error}"
        );
        tried += 1;
    }
    assert!(tried > 30, "most of what the program does is somebody's alone: {tried}");
    assert_eq!(world.served.links(), links, "Klarna was asked for nothing");
    assert!(!world.place.beside("out").exists(), "nothing was handed out");
    let denied = world
        .run(&["audit", "list", "--query", "role.denied", "--limit", "200"])
        .json();
    assert!(!rows(&denied, "entries").is_empty(), "the refusals stand in the log");
}
