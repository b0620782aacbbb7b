//! Running a class: so many mutations, both judges, what must come out, and the line of the table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tempfile::TempDir;

use crate::ground::Ground;
use crate::judges::{Judgement, Python, ours};
use crate::rng::Rng;

/// Mutations of each class when nobody says otherwise.
const IN_CI: u64 = 300;

/// A tampered log, or one whose anchor was tampered with, and what is known outside it.
#[derive(Debug, Clone)]
pub struct Case {
    /// What was done, for the report.
    pub what: String,
    /// The file; none at all for a removed one.
    pub file: Option<Vec<u8>>,
    /// A write-ahead log beside it.
    pub wal: Option<Vec<u8>>,
    /// The anchor's bytes, as kept outside.
    pub anchor: Option<Vec<u8>>,
    /// The checkpoint key, as kept outside.
    pub key: Option<[u8; 32]>,
    /// Checkpoints that a witness kept.
    pub kept: Vec<String>,
    /// What must come out.
    pub wanted: Wanted,
}

/// What both judges must say.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// One of these verdicts.
    pub verdicts: &'static [&'static str],
    /// The first bad entry: `Some(None)` for "no entry", `None` where the class has nothing to localise.
    pub first: Option<Option<u64>>,
    /// The entries before which a clock moved oddly.
    pub clocks: Vec<u64>,
}

impl Wanted {
    pub fn broken(first: u64) -> Self {
        Self::at(&["broken"], Some(first))
    }

    pub fn at(verdicts: &'static [&'static str], first: Option<u64>) -> Self {
        Self {
            verdicts,
            first: Some(first),
            clocks: Vec::new(),
        }
    }

    fn caught(&self, found: &Judgement) -> bool {
        self.verdicts.contains(&found.verdict.as_str()) && self.clocks == found.clocks
    }

    fn localised(&self, found: &Judgement) -> bool {
        self.first.is_none_or(|first| first == found.first)
    }
}

/// A class of the matrix.
pub struct Class {
    pub name: &'static str,
    pub about: &'static str,
    pub mutate: fn(&mut Rng, &Ground) -> Case,
}

/// What came of a class.
#[derive(Debug, Default)]
pub struct Tally {
    pub mutations: u64,
    pub caught: u64,
    pub localised: u64,
    pub agreed: u64,
    pub verdicts: BTreeMap<String, u64>,
    pub faults: Vec<String>,
}

impl Tally {
    /// One line of the table.
    pub fn line(&self, class: &Class) -> String {
        let verdicts: Vec<_> = self
            .verdicts
            .iter()
            .map(|(word, count)| format!("{word} {count}"))
            .collect();
        format!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            class.name,
            class.about,
            self.mutations,
            self.caught,
            self.localised,
            self.agreed,
            verdicts.join(", ")
        )
    }

    /// A question with yes or no: what is true, and what both judges say.
    pub fn count(&mut self, wanted: bool, ours: bool, theirs: bool, what: &str) {
        self.mutations += 1;
        self.caught += u64::from(wanted == ours && wanted == theirs);
        self.localised += u64::from(wanted == ours && wanted == theirs);
        self.agreed += u64::from(ours == theirs);
        *self
            .verdicts
            .entry(if ours { "holds" } else { "refused" }.to_owned())
            .or_default() += 1;
        if !(wanted == ours && wanted == theirs) && self.faults.len() < 5 {
            self.faults
                .push(format!("{what}: wanted {wanted}, library {ours}, verify.py {theirs}"));
        }
    }

    pub fn add(&mut self, case: &Case, place: &str, our: &Judgement, their: &Judgement) {
        let (caught, localised, agreed) = (
            case.wanted.caught(our) && case.wanted.caught(their),
            case.wanted.localised(our) && case.wanted.localised(their),
            our.agrees(their),
        );
        self.mutations += 1;
        self.caught += u64::from(caught);
        self.localised += u64::from(localised);
        self.agreed += u64::from(agreed);
        *self.verdicts.entry(our.verdict.clone()).or_default() += 1;
        if !(caught && localised && agreed) && self.faults.len() < 5 {
            self.faults.push(format!(
                "{place}: {}\n  wanted {:?}\n  library {our:?}\n  verify.py {their:?}",
                case.what, case.wanted
            ));
        }
    }
}

/// Where the cases are laid out: one directory, in memory where the system has one.
pub struct Bench {
    dir: TempDir,
    python: Python,
}

impl Bench {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir_in("/dev/shm")
                .or_else(|_| tempfile::tempdir())
                .unwrap(),
            python: Python::start(),
        }
    }

    /// Lays the case out and asks both judges.
    pub fn judge(&mut self, case: &Case) -> (Judgement, Judgement) {
        let path = self.dir.path().join(gatehouse_audit::FILE_NAME);
        for (suffix, bytes) in [("", &case.file), ("-wal", &case.wal), ("-shm", &None)] {
            let path = path.with_file_name(format!("{}{suffix}", gatehouse_audit::FILE_NAME));
            // A file of its own each time: SQLite knows an open one again by its inode.
            drop(std::fs::remove_file(&path));
            if let Some(bytes) = bytes {
                std::fs::write(&path, bytes).unwrap();
            }
        }
        let our = ours(self.dir.path(), case);
        // Each judge finds the files as they were put there, without the other's shared memory.
        drop(std::fs::remove_file(
            path.with_file_name(format!("{}-shm", gatehouse_audit::FILE_NAME)),
        ));
        (our, self.python.judge(self.dir.path(), case))
    }

    pub fn python(&mut self) -> &mut Python {
        &mut self.python
    }
}

/// Runs a class so many times from a seed.
pub fn class(class: &Class, times: u64, seed: u64) -> Tally {
    let (mut bench, ground, mut tally) = (Bench::new(), Ground::new(), Tally::default());
    for number in 0..times {
        let mut rng = Rng::new(seed.wrapping_add(number));
        let case = (class.mutate)(&mut rng, &ground);
        let (our, their) = bench.judge(&case);
        let place = format!("{} with GATEHOUSE_SEED={}", class.name, seed.wrapping_add(number));
        tally.add(&case, &place, &our, &their);
    }
    tally
}

/// Runs a class as a test: everything caught, localised and agreed.
#[track_caller]
pub fn hold(wanted: &Class) {
    hold_all(
        wanted.name,
        &class(wanted, number("GATEHOUSE_TIMES").unwrap_or(IN_CI), seed()),
    );
}

/// Everything was caught, localised and agreed.
#[track_caller]
pub fn hold_all(name: &str, tally: &Tally) {
    let mut faults = String::new();
    tally
        .faults
        .iter()
        .for_each(|fault| writeln!(faults, "{fault}").unwrap());
    let counts = [tally.caught, tally.localised, tally.agreed];
    assert_eq!(
        counts, [tally.mutations; 3],
        "{name}: caught, localised, agreed\n{faults}"
    );
}

/// Keeps the table where whoever started the tests wants it.
#[expect(
    clippy::disallowed_methods,
    reason = "a test binary is told by its environment where the table goes"
)]
pub fn keep_table(lines: &[String]) {
    if let Some(path) = std::env::var_os("GATEHOUSE_TABLE") {
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
    }
}

/// The seed: fresh in each run, unless a failure is to be seen again.
pub fn seed() -> u64 {
    let mut fresh = [0; 4];
    getrandom::fill(&mut fresh).unwrap();
    number("GATEHOUSE_SEED").unwrap_or_else(|| u64::from(u32::from_le_bytes(fresh)))
}

/// A number that whoever starts the tests gives.
#[expect(
    clippy::disallowed_methods,
    reason = "a test binary is told how often and from which seed by its environment"
)]
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}
