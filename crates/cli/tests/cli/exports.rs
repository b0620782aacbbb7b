//! `audit export` and `audit proof` from outside: files, a full disk, a gap, an interrupt.

use std::fs;

use crate::bad_places::with_mounts;
use crate::world::{World, number, rows, text};

fn beside(world: &World, name: &str) -> String {
    world.place.beside(name).to_str().unwrap().to_owned()
}

fn export(world: &World, words: &[&str]) -> crate::world::Answer {
    world.run(&[&["audit", "export"], words].concat())
}

#[test]
fn an_export_is_written_once_and_told_with_its_hash() {
    let world = World::ready();
    world.open().json();
    let out = beside(&world, "log.jsonl");
    let answer = export(&world, &["--format", "jsonl", "--out", &out]).json();
    let lines = i64::try_from(fs::read_to_string(&out).unwrap().lines().count()).unwrap();
    assert_eq!(number(&answer, "entries"), lines, "as many lines as entries: {answer}");
    assert_eq!(text(&answer, "sha256").len(), 64, "{answer}");
    assert_eq!(answer["redacted"], true, "exact bytes hold no side row: {answer}");
    let again = export(&world, &["--format", "jsonl", "--out", &out]);
    again.refused(3, "input_invalid");
    let listed = rows(&world.run(&["audit", "list", "--limit", "2"]).json(), "entries");
    assert!(
        listed.iter().all(|row| text(row, "kind") == "audit.export"),
        "begin and end stand in the log, and nothing of the refused one: {listed:?}"
    );
    let said = world.place.say(&[
        "audit",
        "export",
        "--format",
        "csv",
        "--out",
        &beside(&world, "log.csv"),
    ]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stderr.contains(" entries"), "progress is told to people: {said:?}");
}

#[test]
#[cfg(unix)]
fn only_its_owner_reads_what_was_exported() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::ready();
    let out = beside(&world, "log.csv");
    export(&world, &["--format", "csv", "--out", &out]).json();
    let mode = fs::metadata(&out).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it names persons");
}

#[test]
fn a_log_with_a_gap_is_not_exported_as_if_it_were_whole() {
    let world = World::ready();
    world.open().json();
    let gone = "DROP TRIGGER event_no_delete; DELETE FROM event WHERE seq = 3";
    world.place.sqlite("audit.db", gone);
    let out = beside(&world, "log.jsonl");
    export(&world, &["--format", "jsonl", "--out", &out]).refused(6, "log_alarm");
    assert!(!world.place.beside("log.jsonl").exists(), "nothing is there");
}

#[test]
fn the_proof_of_an_entry_is_printed_or_written() {
    let world = World::ready();
    world.open().json();
    let said = world.place.say(&["audit", "proof", "2"]);
    assert!(said.stdout.starts_with("c2sp.org/tlog-proof@v1\nextra "), "{said:?}");
    let out = beside(&world, "two.tlog-proof");
    world.run(&["audit", "proof", "2", "--out", &out]).json();
    assert!(
        fs::read_to_string(&out).unwrap().contains("\nindex 1\n"),
        "leaf index is number less one"
    );
    world.run(&["audit", "proof", "4711"]).refused(3, "audit_entry_missing");
}

#[test]
fn an_export_to_a_full_disk_leaves_nothing_and_is_told() {
    let world = World::ready();
    world.open().json();
    let script = "mount -t tmpfs -o size=8k none /mnt || exit 99
         \"$GATEHOUSE\" --json audit export --format csv --out /mnt/log.csv; echo \"ended $?\" >&2
         ls -A /mnt >&2; echo listed >&2";
    let Some(said) = with_mounts(&world.place, script) else {
        return;
    };
    assert_ne!(said.code, 99, "the small disk is there: {said:?}");
    assert!(
        said.stderr.contains("\"disk_full\"") && said.stderr.contains("ended 6"),
        "its cause is told: {said:?}"
    );
    assert!(
        said.stderr.ends_with("ended 6\nlisted\n"),
        "nothing of it is left: {said:?}"
    );
    let last = rows(&world.run(&["audit", "list", "--limit", "1"]).json(), "entries");
    assert_eq!(
        text(&last[0], "code"),
        "disk_full",
        "the log says how it ended: {last:?}"
    );
}

#[test]
#[cfg(unix)]
fn an_interrupt_leaves_nothing_half() {
    use std::process::{Command, Stdio};
    let world = World::ready();
    let out = world.place.beside("out");
    fs::create_dir(&out).unwrap();
    let file = out.join("log.csv");
    // An interrupt before or while it writes, whichever it meets: the file is whole or not there.
    for wait_ms in [0, 40, 80, 120] {
        let mut command = world
            .place
            .command(&["audit", "export", "--format", "csv", "--out", file.to_str().unwrap()]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(interrupt.is_ok(), "it is interrupted");
        child.wait().unwrap();
        if let Ok(bytes) = fs::read(&file) {
            assert!(bytes.ends_with(b"\r\n"), "what is there is whole");
            fs::remove_file(&file).unwrap();
        }
        let left: Vec<_> = fs::read_dir(&out).unwrap().flatten().collect();
        assert!(left.is_empty() || wait_ms == 0, "nothing half is left: {left:?}");
    }
}
