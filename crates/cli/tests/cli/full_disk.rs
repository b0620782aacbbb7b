//! A full disk with its reserve: nothing new is begun, a revocation goes through and is recorded, and with room all is as before.

use std::fs;

use serde_json::Value;

use crate::bad_places::with_mounts;
use crate::world::{BAKERY, Place, Served, rows, text};

#[test]
fn on_a_full_disk_a_session_is_revoked_through_the_reserve_and_nothing_new_is_begun() {
    let elsewhere = Place::new();
    let served = Served::start(&elsewhere);
    let place = Place::new();
    fs::create_dir_all(place.data("")).unwrap();
    let key = place.file("api-key", served.api_key());
    let csv = place.file(
        "m.csv",
        "partner_account_id,partner_account_reference,name\nkrn:partner:global:account:test:MB6KIE1P,SE-00417,Bageri\n",
    );
    let script = format!(
        "mount -t tmpfs -o size=48m,mode=700 none \"$D\" || exit 99
         set -e
         \"$GATEHOUSE\" profile create s --sandbox --key-store file --api-url {} --account {} --api-key-stdin < {key} >/dev/null 2>&1
         \"$GATEHOUSE\" merchants import {csv} >/dev/null 2>&1
         \"$GATEHOUSE\" open {BAKERY} --no-browser >/dev/null 2>&1
         set +e
         echo \"laid $(stat -c %s \"$D/audit-ballast\")\" >&2
         mkdir \"$D/small\" && mount -t tmpfs -o size=64k none \"$D/small\"
         \"$GATEHOUSE\" --json audit backup --out \"$D/small/b.db\"; echo \"backup $?, left $(ls -A \"$D/small\" | wc -l)\" >&2
         umount \"$D/small\"
         dd if=/dev/zero of=\"$D/filler\" bs=4k 2>/dev/null
         \"$GATEHOUSE\" --json open {BAKERY} --no-browser; echo \"before $?\" >&2
         echo \"kept $(stat -c %s \"$D/audit-ballast\")\" >&2
         \"$GATEHOUSE\" --json sessions revoke --all > /dev/null; echo \"revoked $?\" >&2
         echo \"spent $(stat -c %s \"$D/audit-ballast\")\" >&2
         \"$GATEHOUSE\" --json open {BAKERY} --no-browser; echo \"begun $?\" >&2
         rm \"$D/filler\"
         \"$GATEHOUSE\" --json open {BAKERY} --no-browser >/dev/null; echo \"after $?\" >&2
         echo \"again $(stat -c %s \"$D/audit-ballast\")\" >&2
         \"$GATEHOUSE\" --json audit list --query portal.revoke | tr -d '\\n'; echo
         \"$GATEHOUSE\" --json audit verify",
        served.http(),
        served.account()
    );
    let Some(said) = with_mounts(&place, &script) else {
        return;
    };
    assert_ne!(said.code, 99, "the small disk is there: {said:?}");
    for expected in [
        "laid 8388608",
        "backup 6, left 0",
        "before 6",
        "kept 8388608",
        "revoked 0",
        "spent 0",
        "begun 6",
        "after 0",
        "again 8388608",
    ] {
        assert!(said.stderr.contains(expected), "{expected}: {said:?}");
    }
    assert_eq!(
        said.stderr.matches("\"disk_full\"").count(),
        3,
        "backup and opens say why: {said:?}"
    );
    let mut answers = said
        .stdout
        .trim()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = answers.next().unwrap();
    assert_eq!(
        rows(&told, "entries").len(),
        2,
        "intent and outcome of the revocation are in the log: {told}"
    );
    let report = answers.next().unwrap();
    assert_eq!(text(&report, "verdict"), "intact", "nothing was lost: {report}");
    assert_eq!(served.links().len(), 2, "a link for the first and the last open alone");
}
