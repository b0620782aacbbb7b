//! Plans: a table of many rows checked and named, and one carried out at the rate that Klarna permits an Acquiring Partner on live.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_core::access::run::{RowOutcome, RunControl};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, RunChoice};

use crate::open::gatehouse;
use crate::timing_store::TimingStore;
use crate::{ms, say};

/// Calls a second (portal-access.md 10.4).
const RATE: u32 = 50;
const UNLIMITED: u32 = 100_000;
const CHECKS: usize = 5;

/// Checks tables of `checked` rows, and carries a plan of `run` rows out.
pub fn measure(dir: &Path, checked: usize, run: usize) {
    let address = gatehouse_sandbox::find_running(dir).expect("the directory's sandbox runs");
    let gatehouse = gatehouse(dir, &Arc::new(TimingStore::new()), &address);
    let profile = gatehouse.profile(None).unwrap();
    let merchants = merchants(&gatehouse, &profile);
    let table = table(&merchants, checked, "checked");
    let checks: Vec<f64> = (0..CHECKS)
        .map(|_| {
            let begin = Instant::now();
            let (plan, _) = gatehouse.plan_access(&profile, "speed", table.as_bytes()).unwrap();
            assert_eq!(plan.counts.calls as usize, checked, "every row would be done");
            ms(begin)
        })
        .collect();
    say("check", &checks);
    let done = carry_out(&gatehouse, &profile, &table_of_run(&merchants, run), run, RATE);
    assert_eq!(done, run, "every row was done");
}

/// Fills the log with so many acts, as fast as the sandbox without limits answers; some of its merchants refuse theirs.
pub fn fill_log(dir: &Path, acts: usize) {
    let address = gatehouse_sandbox::find_running(dir).expect("the directory's sandbox runs");
    let gatehouse = gatehouse(dir, &Arc::new(TimingStore::new()), &address);
    let profile = gatehouse.profile(None).unwrap();
    let table = table_of_run(&merchants(&gatehouse, &profile), acts);
    carry_out(&gatehouse, &profile, &table, acts, UNLIMITED);
}

fn carry_out(gatehouse: &Gatehouse, profile: &Profile, table: &str, rows: usize, rate: u32) -> usize {
    let (plan, _) = gatehouse.plan_access(profile, "speed", table.as_bytes()).unwrap();
    let choice = RunChoice {
        rate: Some(rate),
        ..RunChoice::default()
    };
    let (begun, first) = (Cell::new(None), Cell::new(0.0));
    let progress = |progress: &gatehouse_core::access::run::RunProgress| {
        if begun.get().is_none() {
            begun.set(Some(Instant::now()));
        }
        if first.get() == 0.0 && progress.done * 10 >= progress.total {
            first.set(resident_mib());
        }
    };
    let done = gatehouse
        .apply_plan(profile, &plan.file.bytes, &choice, &RunControl::default(), &progress)
        .unwrap();
    let took_s = begun.get().unwrap().elapsed().as_secs_f64();
    say("run", &[took_s]);
    say("permitted", &[rows as f64 / f64::from(rate)]);
    say("grown", &[resident_mib() - first.get()]);
    done.ended(RowOutcome::Succeeded)
}

fn merchants(gatehouse: &Gatehouse, profile: &Profile) -> Vec<String> {
    let page = gatehouse.search(profile, "", 0, 5_000).unwrap();
    page.rows.into_iter().map(|hit| hit.id).collect()
}

fn table(merchants: &[String], rows: usize, who: &str) -> String {
    let mut csv = "action;merchant;email;roles;expires_at;inactivity_grace_period;reason\n".to_owned();
    for (at, merchant) in merchants.iter().cycle().take(rows).enumerate() {
        csv += &format!("grant;{merchant};{who}.{at}@bulk.example;merchant:developer;2099-12-31;P180D;speed\n");
    }
    csv
}

/// Addresses of their own at each measurement: what is so already is not sent.
fn table_of_run(merchants: &[String], rows: usize) -> String {
    table(merchants, rows, &format!("run{}", std::process::id()))
}

/// Memory of this process, from the system's own account.
fn resident_mib() -> f64 {
    let said = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = said
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .unwrap_or(0.0);
    pages * 4096.0 / f64::from(1 << 20)
}
