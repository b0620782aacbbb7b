//! What leaves the log, and who looked at it, in the real window: exports through the desktop's own dialog, judged by strangers; a view that
//! is kept; yesterday signed off; and a log that turns red by itself.

use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use gatehouse_core::clock::{Clock, FixedClock, SystemClock};
use gatehouse_core::network::Desktop;
use gatehouse_core::{Gatehouse, KeysChoice, SandboxAddress, SandboxHost, Surroundings, data_dir, fill_random};
use serde_json::{Value, json};

use super::audit::tamper;
use super::dialog;
use super::keyboard::tab_to;
use super::stage::{Stage, play, play_in, play_twice};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const LEFT: &str = "\u{e012}";

async fn opened(stage: &Stage) {
    stage.try_the_sandbox().await;
    stage.go("Audit").await;
    stage.find("#act-0[data-act]").await;
}

/// Exports in a form to a place that is typed into the system's own dialog.
async fn export(stage: &Stage, form: &str, place: &Path) {
    tab_to(stage, "#export-log").await;
    stage.keys(ENTER).await;
    stage
        .click(&format!("input[name='export-format'][value='{form}']"))
        .await;
    tab_to(stage, "#export-now").await;
    stage.keys(ENTER).await;
    let typed = place.to_path_buf();
    tokio::task::spawn_blocking(move || dialog::answer("Save", &typed))
        .await
        .unwrap();
    let name = place.file_name().unwrap().to_str().unwrap();
    stage.text_with("#export-done", name).await;
    stage.picture(&format!("exported-{form}")).await;
    stage.keys(ESCAPE).await;
    stage.gone("#export-now").await;
}

#[test]
fn exports_go_where_the_person_said_and_strangers_can_judge_them() {
    play(async |stage| {
        opened(stage).await;
        let (events, bundle) = (stage.dir.path().join("siem.jsonl"), stage.dir.path().join("proof.zip"));
        export(stage, "ocsf", &events).await;
        export(stage, "bundle", &bundle).await;
        every_line_is_an_event(&events);
        a_stranger_verifies(&bundle);
        stage.text_with("#audit-list", "Log exported").await;
    });
}

fn every_line_is_an_event(file: &Path) {
    let text = std::fs::read_to_string(file).unwrap();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!events.is_empty(), "the log has entries");
    for event in events {
        assert_eq!(event["metadata"]["version"], "1.8.0", "{event}");
        let class = event["class_uid"].as_u64().unwrap();
        let activity = event["activity_id"].as_u64().unwrap();
        assert_eq!(
            event["type_uid"].as_u64(),
            Some(class * 100 + activity),
            "as OCSF has it: {event}"
        );
    }
}

/// Unpacks a bundle and runs the verifier that lies in it, by a Python that knows nothing of this project.
fn a_stranger_verifies(bundle: &Path) {
    let folder = bundle.with_extension("unpacked");
    let python = std::env::var("GATEHOUSE_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let run = |arguments: &[&str]| {
        let mut answer = Command::new(&python);
        answer.arg("-I").args(arguments).current_dir(bundle.parent().unwrap());
        let answer = answer.output().expect("Python is installed");
        let said = String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr);
        (answer.status.success(), said)
    };
    let (bundle, folder) = (bundle.to_str().unwrap(), folder.to_str().unwrap());
    let (unpacked, said) = run(&["-m", "zipfile", "-e", bundle, folder]);
    assert!(unpacked, "it is a ZIP file: {said}");
    let verifier = format!("{folder}/verify.py");
    let (holds, said) = run(&[&verifier, folder]);
    assert!(holds, "it verifies: {said}");
    let entries = format!("{folder}/entries.jsonl");
    let mut text = String::new();
    std::fs::File::open(&entries)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    std::fs::write(&entries, text.replacen("sandbox", "sendbox", 1)).unwrap();
    let (holds, said) = run(&[&verifier, folder]);
    assert!(!holds, "and with one word changed it does not: {said}");
}

#[test]
fn a_question_is_kept_under_a_name_and_asked_again_with_one_press() {
    play(async |stage| {
        opened(stage).await;
        stage.click("#audit-query").await;
        stage.keys("act:key.create").await;
        stage.text_with("#act-0", "Key made").await;
        tab_to(stage, "#saved-views").await;
        stage.keys(ENTER).await;
        stage.click("#view-name").await;
        stage.keys("Keys made").await;
        stage.keys(ENTER).await;
        stage.text_with("#pinned-views", "Keys made").await;
        stage.keys(ESCAPE).await;
        stage.gone("#view-name").await;
        stage.click("[aria-label='Clear the question']").await;
        stage.find("[data-view][aria-pressed=false]").await;
        stage.click("[data-view]").await;
        stage.find("[data-view][aria-pressed=true]").await;
        stage.text_with("#act-0", "Key made").await;
        stage.picture("view").await;
    });
}

#[test]
fn a_day_is_looked_through_by_the_keyboard_and_not_signed_off_before_it_is_over() {
    play(async |stage| {
        opened(stage).await;
        stage.click("#audit-tab-days").await;
        stage.find("#month button[tabindex='0']").await;
        stage.text_with("#day-sum", "No entries on this day").await;
        tab_to(stage, "#month button[tabindex='0']").await;
        stage.keys("\u{e014}").await;
        stage.keys(ENTER).await;
        stage.text_with("#day-sum", "entries").await;
        stage.text_with("#day", "can be signed off tomorrow").await;
        stage.picture("today").await;
        tab_to(stage, "#audit-tab-days").await;
        stage.keys(LEFT).await;
        stage.find("#act-0[data-act]").await;
    });
}

#[test]
fn yesterday_is_signed_off_and_the_calendar_says_so() {
    play_in(&begun_yesterday, async |stage| {
        opened(stage).await;
        stage.click("#audit-tab-days").await;
        stage.text_with("#day-sum", "1 entry").await;
        stage.find("#month button[data-stands=due][tabindex='0']").await;
        stage.picture("due").await;
        tab_to(stage, "#day-note").await;
        stage.keys("Only the beginning.").await;
        tab_to(stage, "#day-sign").await;
        stage.keys(ENTER).await;
        stage.text_with("#day-signed", "Signed off by").await;
        stage.find("#month [data-stands=signed]").await;
        stage.picture("signed").await;
        stage.click("#audit-tab-log").await;
        stage.text_with("#audit-list", "Day of the log signed off").await;
    });
}

/// A log whose first entry is a day old, with its keys in the session's keyring, as if Gatehouse had been tried yesterday.
fn begun_yesterday(data: &Path) {
    let yesterday = SystemClock::new().unix_ms() - 86_400_000;
    let before = Gatehouse::open(Surroundings {
        data_dir: data.to_path_buf(),
        clock: Arc::new(FixedClock::at(yesterday)),
        fill: fill_random,
        keys: KeysChoice::ByDataDir {
            passphrase: None,
            keyring: None,
        },
        sandbox: Arc::new(NoSandbox),
        screen: false,
        desktop: Desktop::new(|_| None),
        app: "gatehouse-desktop of yesterday".into(),
        os: "linux".into(),
        device_id: data_dir::device_id(data),
        replica: None,
    });
    before.unwrap().ready_to_record().unwrap();
}

/// No simulated Klarna: nothing asks for one.
struct NoSandbox;

impl SandboxHost for NoSandbox {
    fn running(&self, _: &Path) -> Option<SandboxAddress> {
        None
    }

    fn ensure(&self, _: &Path) -> Result<SandboxAddress, String> {
        Err("nobody asks for it".into())
    }

    fn merchants_csv(&self, _: &SandboxAddress) -> Result<Vec<u8>, String> {
        Err("nobody asks for them".into())
    }
}

#[test]
fn the_verdict_stands_there_by_itself_and_a_changed_log_is_red_by_itself() {
    play_twice(
        async |stage| {
            opened(stage).await;
            stage.click("#verify-log").await;
            stage.text_with("#verdict", "Verified to #").await;
        },
        async |stage| {
            stage.go("Audit").await;
            stage.text_with("#verdict", "Verified to #").await;
            stage.text_with("#verdict", "not witnessed").await;
            stage.picture("by-itself").await;
        },
    );
    play_twice(
        async |stage| {
            opened(stage).await;
            tamper(stage);
        },
        async |stage| {
            stage.text_with("#log-alarm", "#3").await;
            stage.picture("red-by-itself").await;
            stage.go("Audit").await;
            stage.text_with("#verdict", "Broken at #3").await;
            let shown = "return document.querySelector('#verdict').dataset.verdict";
            assert_eq!(
                stage.page.execute(shown, vec![]).await.unwrap(),
                json!("broken"),
                "in words, too"
            );
        },
    );
}
