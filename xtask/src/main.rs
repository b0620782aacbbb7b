//! `cargo xtask`: the project's own tasks, so that a newcomer's machine, a developer's and CI do the same.
//!
//! Absent on purpose: any dependency outside the standard library (this program is what a fresh clone
//! compiles first), and any knowledge of the product beyond the names of its programs.

mod bench;
mod failure;
mod lint;
mod machine;
mod options;
mod package;
mod paths;
mod pictures;
mod process;
mod report;
mod say;
mod session;
mod setup;
mod soak;
mod start;
mod test;

use std::process::ExitCode;

use options::Options;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let verb = words.next().unwrap_or_default();
    let done = Options::parse(words).and_then(|options| match verb.as_str() {
        "start" => start::start(&options),
        "test" => test::test(&options),
        "lint" => lint::lint(&options),
        "bench" => bench::bench(&options),
        "soak" => soak::soak(&options),
        "package" => package::package(&options),
        "pictures" => pictures::pictures(&options),
        "" | "help" | "--help" | "-h" => {
            say::line(options::HELP);
            Ok(())
        }
        other => Err(failure::Failure::new(format!(
            "there is no task called \"{other}\". `cargo xtask help` lists them."
        ))),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say::problem(&failure);
            ExitCode::FAILURE
        }
    }
}
