//! Exports that are called off, meet something in their place, lose their disk, or are two: nothing half is ever left.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_core::ErrorCode;
use gatehouse_core::audit_export::{ExportControl, ExportFormat};
use sha2::{Digest, Sha256};

use super::audit_export::{files, hex, notes, wanted, with_acts};

/// Calls an export off as soon as it has begun.
fn stopping() -> Arc<ExportControl> {
    Arc::new_cyclic(|own: &std::sync::Weak<ExportControl>| {
        let own = own.clone();
        ExportControl {
            stop: AtomicBool::new(false),
            progress: Box::new(move |_, _, _| own.upgrade().unwrap().stop.store(true, Ordering::Relaxed)),
        }
    })
}

#[test]
fn a_cancelled_export_leaves_the_place_as_it_was() {
    let (world, out) = with_acts();
    let file = out.join("log.csv");
    let csv = wanted(ExportFormat::Csv);
    let refused = world.gatehouse.audit_export(&csv, &file, &stopping()).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Cancelled, "it was called off");
    assert!(files(&out).is_empty(), "nothing is there: {:?}", files(&out));
    fs::write(&file, "of yesterday").unwrap();
    world.gatehouse.audit_export(&csv, &file, &stopping()).unwrap_err();
    assert_eq!(fs::read(&file).unwrap(), b"of yesterday", "what was there is there");
    let last = notes(&world.gatehouse).pop().unwrap();
    assert_eq!(
        last.body.result_text("code"),
        Some("cancelled"),
        "the log says how it ended"
    );
}

#[test]
fn a_file_that_is_there_gives_way_only_where_somebody_agreed() {
    let (world, out) = with_acts();
    let file = out.join("log.csv");
    fs::write(&file, "of yesterday").unwrap();
    let (csv, control) = (wanted(ExportFormat::Csv), ExportControl::default());
    let refused = world.gatehouse.audit_export_new(&csv, &file, &control).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputInvalid, "{refused}");
    assert_eq!(fs::read(&file).unwrap(), b"of yesterday", "it is untouched");
    assert!(notes(&world.gatehouse).is_empty(), "nothing was begun");
    world.gatehouse.audit_export(&csv, &file, &control).unwrap();
    assert_ne!(fs::read(&file).unwrap(), b"of yesterday", "it gave way");
}

#[test]
fn a_disk_that_vanishes_leaves_nothing_and_is_told() {
    let (world, out) = with_acts();
    let gone = out.clone();
    let control = ExportControl {
        progress: Box::new(move |_, _, _| drop(fs::remove_dir_all(&gone))),
        ..ExportControl::default()
    };
    let file = out.join("log.jsonl");
    let refused = world
        .gatehouse
        .audit_export(&wanted(ExportFormat::JsonLines), &file, &control)
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputInvalid, "{refused}");
    assert!(!out.exists(), "nothing was made anew");
    let last = notes(&world.gatehouse).pop().unwrap();
    assert_eq!(
        last.body.result_text("outcome"),
        Some("refused"),
        "the log says that it did not end well"
    );
    let nowhere = Path::new("/nowhere/at/all.csv");
    let refused = world
        .gatehouse
        .audit_export(&wanted(ExportFormat::Csv), nowhere, &ExportControl::default())
        .unwrap_err();
    assert_eq!(
        refused.code,
        ErrorCode::InputInvalid,
        "a place that is none is refused at once"
    );
    assert_eq!(notes(&world.gatehouse).len(), 3, "and nothing of it noted");
}

#[test]
fn two_exports_at_once_are_both_whole() {
    let (world, out) = with_acts();
    let file = out.join("log.csv");
    let both: Vec<_> = std::thread::scope(|scope| {
        let one = || {
            world
                .gatehouse
                .audit_export(&wanted(ExportFormat::Csv), &file, &ExportControl::default())
        };
        let threads = [scope.spawn(one), scope.spawn(one)];
        threads.map(|thread| thread.join().unwrap().unwrap()).into()
    });
    let there = hex(&Sha256::digest(fs::read(&file).unwrap()));
    assert!(
        both.iter().any(|exported| exported.sha256 == there),
        "the file is one of both, whole"
    );
    assert_eq!(files(&out), ["log.csv"], "nothing else is left");
    let ended = notes(&world.gatehouse).into_iter();
    let ended = ended.filter(|note| note.body.result_text("outcome") == Some("succeeded"));
    assert_eq!(ended.count(), 2, "both stand in the log");
}
