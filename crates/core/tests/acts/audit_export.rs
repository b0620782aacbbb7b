//! The log handed out: what stands in a file, and what the log says of it.

use std::fs;
use std::path::{Path, PathBuf};

use gatehouse_audit::{Entry, Query, proof, tree};
use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted};
use gatehouse_core::portal::OpenRequest;
use gatehouse_core::{ErrorCode, Gatehouse};
use sha2::{Digest, Sha256};

use super::world::{BAKERY, World, ready, wish};

pub const REASON: &str = "=HYPERLINK(\"x\"), \"quoted\"";

pub fn wanted(format: ExportFormat) -> ExportWanted {
    ExportWanted {
        format,
        query: String::new(),
        redact: false,
        archives: Vec::new(),
    }
}

/// A world with a portal opened for a reason, and a folder to export into.
pub fn with_acts() -> (World, PathBuf) {
    let (world, profile) = ready();
    let request = OpenRequest {
        reason: Some(REASON.into()),
        open_as: Some("ann@bakery.example".into()),
        ..wish(BAKERY)
    };
    world.open(&profile, &request).unwrap();
    let out = world.dir.path().join("out");
    fs::create_dir(&out).unwrap();
    (world, out)
}

fn entries(gatehouse: &Gatehouse) -> Vec<Entry> {
    let reader = gatehouse.audit_reader().unwrap();
    let all = 1..=reader.size().unwrap();
    all.map(|seq| reader.entry(seq).unwrap().unwrap()).collect()
}

pub fn notes(gatehouse: &Gatehouse) -> Vec<Entry> {
    let of_exports = entries(gatehouse)
        .into_iter()
        .filter(|entry| entry.body.kind == "audit.export");
    of_exports.collect()
}

pub fn files(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().flatten();
    names
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn json_lines_are_the_exact_bytes_of_every_entry_and_nothing_else() {
    let (world, out) = with_acts();
    let file = out.join("log.jsonl");
    let before = entries(&world.gatehouse).len();
    let control = ExportControl::default();
    let exported = world
        .gatehouse
        .audit_export(&wanted(ExportFormat::JsonLines), &file, &control)
        .unwrap();
    let bytes = fs::read(&file).unwrap();
    let all = entries(&world.gatehouse);
    let told: Vec<u8> = all
        .iter()
        .take(before + 1)
        .flat_map(|entry| [entry.bytes.as_slice(), b"\n"].concat())
        .collect();
    assert!(
        bytes == told,
        "each line is an entry's bytes; the last is the export's own first note"
    );
    assert_eq!(exported.entries, before as u64 + 1, "they are counted");
    assert_eq!(exported.bytes, bytes.len() as u64, "and so are the bytes");
    assert_eq!(exported.sha256, hex(&Sha256::digest(&bytes)), "the hash is the file's");
    assert_eq!(files(&out), ["log.jsonl"], "nothing else is left beside it");
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_log_says_what_left_before_it_left_and_how_it_ended() {
    let (world, out) = with_acts();
    let file = out.join("log.csv");
    let control = ExportControl::default();
    let exported = world
        .gatehouse
        .audit_export(&wanted(ExportFormat::Csv), &file, &control)
        .unwrap();
    let [first, second] = <[Entry; 2]>::try_from(notes(&world.gatehouse)).unwrap();
    assert_eq!(first.body.act, second.body.act, "both are one act");
    assert_eq!(first.body.request["format"], "csv", "the form is told");
    assert_eq!(first.body.request["redacted"], false, "and that persons are named");
    assert!(first.body.result.is_empty(), "nobody knows yet how it ends");
    assert_eq!(first.private.unwrap()["file"], "log.csv", "the file is told privately");
    assert_eq!(second.body.result_text("outcome"), Some("succeeded"), "it ended well");
    assert_eq!(second.body.result["size"], exported.entries, "with so many entries");
    assert_eq!(
        second.body.request["file_sha256"],
        exported.sha256.as_str(),
        "and this file"
    );
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(&hex(&first.leaf)), "the first note stands in the file");
    assert!(!text.contains(&hex(&second.leaf)), "the second cannot");
}

#[test]
fn a_table_is_read_back_as_it_is_and_runs_nothing() {
    let (world, out) = with_acts();
    let file = out.join("log.csv");
    let control = ExportControl::default();
    let exported = world
        .gatehouse
        .audit_export(&wanted(ExportFormat::Csv), &file, &control)
        .unwrap();
    let bytes = fs::read(&file).unwrap();
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut table = csv::Reader::from_reader(text);
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |name: &str| header.iter().position(|known| known == name).unwrap();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len() as u64, exported.entries, "a row an entry, all of one shape");
    let opened = rows.iter().find(|row| !row[at("reason")].is_empty()).unwrap();
    assert_eq!(
        &opened[at("reason")],
        format!("'{REASON}"),
        "an apostrophe stands before what would run"
    );
    assert_eq!(&opened[at("person")], "ann@bakery.example", "who it was for is told");
    let reader = world.gatehouse.audit_reader().unwrap();
    for row in &rows {
        let entry = reader.entry(row[at("seq")].parse().unwrap()).unwrap().unwrap();
        assert_eq!(
            row[at("leaf_sha256")],
            hex(&tree::leaf_hash(&entry.bytes)),
            "the hash is the entry's"
        );
        assert_eq!(
            &row[at("export_size")],
            rows.len().to_string(),
            "each row says of how many"
        );
    }
}

#[test]
fn a_redacted_table_names_nobody() {
    let (world, out) = with_acts();
    let file = out.join("log.csv");
    let redacted = ExportWanted {
        redact: true,
        ..wanted(ExportFormat::Csv)
    };
    world
        .gatehouse
        .audit_export(&redacted, &file, &ExportControl::default())
        .unwrap();
    let text = fs::read_to_string(&file).unwrap();
    for person in ["ann@", "HYPERLINK", "acquirer.example"] {
        assert!(!text.contains(person), "{person} is left out");
    }
    assert_eq!(
        notes(&world.gatehouse)[0].body.request["redacted"],
        true,
        "the log says so"
    );
}

#[test]
fn a_question_exports_whole_acts_by_the_rules_of_the_list() {
    let (world, out) = with_acts();
    let file = out.join("log.jsonl");
    let asked = ExportWanted {
        query: "act:portal.copy person:ann@bakery".into(),
        ..wanted(ExportFormat::JsonLines)
    };
    let exported = world
        .gatehouse
        .audit_export(&asked, &file, &ExportControl::default())
        .unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let phases: Vec<bool> = text
        .lines()
        .map(|line| line.contains("\"kind\":\"portal.copy\""))
        .collect();
    assert_eq!(
        phases,
        [true, true],
        "the intent, which names the person, and its outcome, which does not: {text}"
    );
    assert_eq!(exported.entries, 2, "they are counted");
    let first = notes(&world.gatehouse).remove(0);
    assert_eq!(
        first.private.unwrap()["note"],
        asked.query.as_str(),
        "the question is told privately"
    );
    let nonsense = ExportWanted {
        query: "since:never".into(),
        ..asked
    };
    let refused = world
        .gatehouse
        .audit_export(&nonsense, &file, &ExportControl::default())
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputInvalid, "{refused}");
    assert_eq!(notes(&world.gatehouse).len(), 2, "nothing was begun for it");
}

#[test]
fn the_proof_of_an_entry_leads_from_its_bytes_to_the_checkpoint() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let (world, _) = with_acts();
    let text = world.gatehouse.audit_proof(2).unwrap();
    let (head, checkpoint) = text.split_once("\n\n").unwrap();
    let lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1", "the form is named first");
    let entry = STANDARD.decode(lines[1].strip_prefix("extra ").unwrap()).unwrap();
    assert_eq!(lines[2], "index 1", "leaf index is number less one");
    let path: Vec<tree::Hash> = lines[3..]
        .iter()
        .map(|line| STANDARD.decode(line).unwrap().try_into().unwrap())
        .collect();
    let note: Vec<&str> = checkpoint.lines().collect();
    let root = proof::root_of(&entry, 1, note[1].parse().unwrap(), &path).unwrap();
    assert_eq!(
        note[2],
        STANDARD.encode(root),
        "the path leads to the checkpoint's root"
    );
    let page = world.gatehouse.audit_reader().unwrap().list(&Query {
        limit: 1,
        ..Query::default()
    });
    assert_eq!(
        page.unwrap().entries[0].body.kind,
        "audit.proof",
        "that it was made is in the log"
    );
    let refused = world.gatehouse.audit_proof(4711).unwrap_err();
    assert_eq!(refused.code, ErrorCode::AuditEntryMissing, "there is no such entry");
}
