//! Bundles of a log whose first entries were archived, alone and with the archives named, judged by both programs that strangers get.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted, Exported};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::Value;

use super::audit_export::with_acts;
use super::keeping::{day, later};
use super::world::World;

/// A log with two archives: of the first year, and of the second. The answer has the core of the third.
fn archived() -> (World, Gatehouse, [PathBuf; 2]) {
    let (world, out) = with_acts();
    let files = [out.join("one.db"), out.join("two.db")];
    let (next_year, _) = later(&world, 400);
    next_year.audit_archive(&day(20), &files[0], "a year is over").unwrap();
    let (third, _) = later(&world, 800);
    third.audit_archive(&day(420), &files[1], "another one").unwrap();
    (world, third, files)
}

fn export(
    core: &Gatehouse,
    (query, redact): (&str, bool),
    archives: &[PathBuf],
    out: &Path,
) -> Result<Exported, Problem> {
    let wanted = ExportWanted {
        format: ExportFormat::Bundle,
        query: query.into(),
        redact,
        archives: archives.to_vec(),
    };
    core.audit_export(&wanted, out, &ExportControl::default())
}

/// What both verifiers say, which must be the same.
#[track_caller]
fn judged(bundle: &Path) -> (i32, Value) {
    let script = bundle.with_extension("py");
    fs::write(&script, gatehouse_audit::VERIFIER).unwrap();
    let theirs = Command::new(python())
        .arg("-B")
        .arg(&script)
        .arg(bundle)
        .output()
        .unwrap();
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().and_then(Path::parent).unwrap().join("gatehouse-verify");
    assert!(
        program.is_file(),
        "gatehouse-verify is built: cargo build -p gatehouse-audit"
    );
    let ours = Command::new(program).arg(bundle).arg("--json").output().unwrap();
    let said = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    let (told, own) = (said(&theirs.stdout), said(&ours.stdout));
    assert_eq!(
        (theirs.status.code(), &told["verdict"], &told["first_bad_seq"]),
        (ours.status.code(), &own["verdict"], &own["first_bad_seq"]),
        "verify.py: {told} {}; gatehouse-verify: {own}",
        String::from_utf8_lossy(&theirs.stderr)
    );
    (ours.status.code().unwrap(), own)
}

#[expect(clippy::disallowed_methods, reason = "the judges' Python, set by the harness")]
fn python() -> std::ffi::OsString {
    std::env::var_os("GATEHOUSE_TEST_PYTHON").unwrap_or_else(|| "python3".into())
}

const SHAPES: [(&str, bool); 4] = [("", false), ("", true), ("act:audit.*", false), ("act:portal.*", true)];

#[test]
fn a_bundle_of_what_was_not_archived_holds_by_itself() {
    let (world, core, files) = archived();
    let first = core.audit_reader().unwrap().first().unwrap();
    assert!(first > 3, "something was archived");
    for (at, shape) in SHAPES.into_iter().enumerate() {
        let out = world.dir.path().join(format!("{at}.zip"));
        let exported = export(&core, shape, &[], &out).unwrap();
        let (code, said) = judged(&out);
        assert_eq!(
            (code, said["entries"].as_u64()),
            (0, Some(exported.entries)),
            "{shape:?}: {said}"
        );
    }
    // The archive between is named and the one before it is not.
    let out = world.dir.path().join("part.zip");
    let exported = export(&core, ("", false), &files[1..], &out).unwrap();
    let (code, said) = judged(&out);
    assert_eq!((code, said["entries"].as_u64()), (0, Some(exported.entries)), "{said}");
    assert!(
        exported.entries > said["size"].as_u64().unwrap() - first,
        "it begins earlier: {said}"
    );
}

#[test]
fn archives_that_are_named_stand_in_the_bundle_from_the_first_entry_on() {
    let (world, core, files) = archived();
    for (at, shape) in SHAPES.into_iter().enumerate() {
        let out = world.dir.path().join(format!("{at}.zip"));
        // In whatever order they are named.
        let named = [files[1].clone(), files[0].clone()];
        let exported = export(&core, shape, &named, &out).unwrap();
        let (code, said) = judged(&out);
        assert_eq!(
            (code, said["entries"].as_u64()),
            (0, Some(exported.entries)),
            "{shape:?}: {said}"
        );
        if shape.0.is_empty() {
            assert_eq!(
                exported.entries,
                said["size"].as_u64().unwrap(),
                "all that there ever was"
            );
        }
        let zip = fs::read(&out).unwrap();
        let named = memchr(&zip, b"ann@bakery.example");
        assert_eq!(
            named,
            shape == ("", false),
            "{shape:?}: an old entry's person is named, or not"
        );
    }
    let left = fs::read_dir(world.dir.path().join("data")).unwrap().flatten();
    let left: Vec<_> = left
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("joined-"))
        .collect();
    assert!(left.is_empty(), "the joined copy is gone: {left:?}");
}

fn memchr(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever tampers does not ask the log's own opener"
)]
fn archives_that_do_not_fit_are_refused_and_leave_nothing() {
    let (world, core, files) = archived();
    let out = world.dir.path().join("b.zip");
    let noise = world.dir.path().join("noise.db");
    fs::write(&noise, b"noise").unwrap();
    for wrong in [
        vec![files[0].clone()],
        vec![files[1].clone(), files[1].clone()],
        vec![noise],
        vec![out.clone()],
    ] {
        let refused = export(&core, ("", false), &wrong, &out).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InputInvalid, "{wrong:?}: {refused:?}");
    }
    let other = rusqlite::Connection::open(&files[0]).unwrap();
    other
        .execute_batch("DROP TRIGGER event_no_update; UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'sandbox', 'sendbox') AS BLOB) WHERE seq = 2")
        .unwrap();
    drop(other);
    let refused = export(&core, ("", false), &files, &out).unwrap_err();
    assert_eq!(refused.code, ErrorCode::VerificationFailed, "{refused:?}");
    assert!(!out.exists(), "nothing was written");
}

#[test]
fn a_bundle_that_tells_of_archived_entries_falsely_does_not_hold() {
    let (world, core, _) = archived();
    let out = world.dir.path().join("b.zip");
    export(&core, ("", false), &[], &out).unwrap();
    let zip = fs::read(&out).unwrap();
    let text = b"\"archived\":";
    let at = zip.windows(text.len()).rposition(|window| window == text).unwrap() + text.len();
    let mut other = zip.clone();
    other[at] = if other[at] == b'9' { b'8' } else { other[at] + 1 };
    fs::write(&out, other).unwrap();
    assert_eq!(judged(&out).0, 7, "another number of archived entries");
}
