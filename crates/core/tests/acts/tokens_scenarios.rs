//! The twenty scenarios by the product's own acts: all as they must be, and not so against a Klarna that is too kind.

use std::cell::RefCell;
use std::path::Path;

use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{ScenarioStage, ScenariosWanted, TableControl, TokenQuery};
use gatehouse_core::{ErrorCode, Problem};
use reqwest::Method;
use serde_json::{Value, json};

use super::tokens_course::v1_login;
use super::world::{BAKERY, World, ready};

struct Stage<'a>(&'a World);

impl ScenarioStage for Stage<'_> {
    fn control(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, Problem> {
        Ok(self.0.control(method.parse().unwrap(), name, body))
    }
}

const WANTED: ScenariosWanted<'_> = ScenariosWanted {
    merchant: BAKERY,
    return_url: "https://shop.example/back",
};

#[test]
fn all_twenty_scenarios_are_as_they_must_be_and_the_sandbox_is_left_as_it_was() {
    let (world, profile) = ready();
    let data = world.dir.path().join("data");
    let log = gatehouse_core::logging::begin(&data, Some("trace")).unwrap();
    v1_login(&world, &profile);
    let before = world.control(Method::GET, "settings", None);
    let heard = RefCell::new(0);
    let done = world
        .gatehouse
        .run_token_scenarios(&profile, WANTED, (&Stage(&world), &TableControl::default()), &|_| {
            *heard.borrow_mut() += 1;
        })
        .unwrap();
    let bad: Vec<_> = done.rows.iter().filter(|row| !row.is_as_expected).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(done.passed && done.rows.len() == 20, "all of them");
    assert_eq!(*heard.borrow(), 20, "each is told as it ends");
    let numbers: Vec<u8> = done.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=20).collect::<Vec<u8>>(), "in their order");
    assert_eq!(
        world.control(Method::GET, "settings", None),
        before,
        "the settings are what they were"
    );
    assert_eq!(
        world.control(Method::GET, "clock", None)["offset_s"],
        0,
        "and so is the clock"
    );
    assert_eq!(
        world.entries(1),
        ["token.prove note succeeded"],
        "the log says that it was done"
    );
    drop(log);
    no_token_lies_open(&world, &profile, &data);
}

/// Every token of the run is looked for in everything that the data directory holds, the most talkative diagnostic log and all.
fn no_token_lies_open(world: &World, profile: &Profile, data: &Path) {
    let all = TokenQuery {
        limit: 500,
        ..TokenQuery::default()
    };
    let kept = world.gatehouse.tokens(profile, &all).unwrap().tokens;
    assert!(kept.len() >= 15, "the scenarios made tokens: {}", kept.len());
    let tokens = kept.iter().map(|token| {
        let token = world
            .gatehouse
            .copy_token(profile, &token.id.to_string(), None)
            .unwrap();
        token.expose().rsplit(':').next().unwrap().to_owned()
    });
    let tokens: Vec<String> = tokens.collect();
    let mut files = vec![];
    for folder in [data.to_path_buf(), data.join("logs")] {
        let found = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
        files.extend(found.filter(|path| path.is_file()));
    }
    let traced = files.iter().filter(|path| path.starts_with(data.join("logs")));
    assert!(
        traced.map(|path| path.metadata().unwrap().len()).sum::<u64>() > 10_000,
        "the log was talkative"
    );
    // The standard library's search is quick even where nothing is optimised.
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let klarnas = world.dir.path().join("klarna");
    let klarnas = read(&klarnas.join("sandbox.db")) + &read(&klarnas.join("sandbox.db-wal"));
    assert!(
        klarnas.contains(&tokens[3]),
        "the search finds what is there: Klarna's own side has it"
    );
    for file in files {
        let text = read(&file);
        for token in &tokens {
            assert!(!text.contains(token), "{} holds a token", file.display());
        }
    }
}

#[test]
fn a_klarna_that_is_too_kind_fails_scenarios() {
    let (world, profile) = ready();
    world.settings(&json!({ "charge.revoked": "410", "linking.invalid_token": "none" }));
    let control = TableControl::default();
    let done = world
        .gatehouse
        .run_token_scenarios(&profile, WANTED, (&Stage(&world), &control), &|row| {
            if row.number == 12 {
                control.stop();
            }
        })
        .unwrap();
    let bad: Vec<u8> = done
        .rows
        .iter()
        .filter(|row| !row.is_as_expected)
        .map(|row| row.number)
        .collect();
    assert_eq!(
        bad,
        [9, 12],
        "an error in place of a decline, and no log-in: {:#?}",
        done.rows
    );
    assert!(
        done.stopped && !done.passed && done.rows.len() == 12,
        "it was ended after the twelfth"
    );
}

#[test]
fn scenarios_are_for_a_sandbox_alone() {
    let (world, mut profile) = ready();
    profile.environment = gatehouse_core::profile::ProfileEnvironment::Test;
    let refused = world
        .gatehouse
        .run_token_scenarios(&profile, WANTED, (&Stage(&world), &TableControl::default()), &|_| ())
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::EnvironmentMixed, "{refused}");
}
