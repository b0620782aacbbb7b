//! The words that may follow a task's name.

use crate::failure::{Failure, Outcome};

/// What `cargo xtask help` prints.
pub const HELP: &str = "\
cargo xtask start [--release] [--picture-only] [--try-sandbox] [--fresh]
    Installs what is missing, builds, and opens the app. Without a display it starts a virtual one, without
    a Secret Service a private session bus with gnome-keyring, opens on the sandbox and saves target/start.png.
    --release        builds with optimisation: minutes longer to compile, the speed of the packaged app
    --picture-only   ends after the picture (also when stdin is not a terminal)
    --try-sandbox    opens on the sandbox at once when nothing is set up yet
    --fresh          forgets the private session's data of earlier starts first

cargo xtask test [--only PART] [-- FILTER...]
    The same set-up, then every test: UI, Rust, documentation, the journeys in the real window.
    --only takes one of: ui rust journeys
    With a filter only the Rust tests that match it run; it is handed to nextest (or cargo test) as it stands.

cargo xtask lint [--fix] [--only NAME]
    Format, clippy, rustdoc, svelte-check, eslint, prettier, typos, cargo deny, cargo machete; warnings are errors.
    --only takes one of: format clippy rustdoc ui-check ui-lint ui-format typos deny machete

cargo xtask bench [--only TEXT]
    Release builds, then the performance table; also written to target/bench.json. Fails where a ratio falls short.

cargo xtask soak [--only matrix|kill|power|bridge] [--times N]
    The audit log's tests of tampering, kills and power cuts, thousands of times instead of hundreds, and the login
    bridge's memory over an hour (--times: seconds); the tables of what was found are kept in target/soak. Every part
    takes minutes to hours.

cargo xtask package [--release]
    The login bridge as a Debian package, in target/package. Needs dpkg-deb.

cargo xtask pictures
    Makes the pictures of docs/pictures anew from the running app.";

/// The options of all tasks; each task reads those that concern it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Options {
    /// Build with optimisation.
    pub release: bool,
    /// End after the picture.
    pub picture_only: bool,
    /// Set the sandbox up at once.
    pub try_sandbox: bool,
    /// Forget the private session's earlier data.
    pub fresh: bool,
    /// Repair what a tool can repair by itself.
    pub fix: bool,
    /// The only check or row wanted.
    pub only: Option<String>,
    /// How often each part of the soak runs; of the bridge's, for how many seconds.
    pub times: Option<u64>,
    /// Everything behind `--`.
    pub rest: Vec<String>,
}

impl Options {
    /// Reads the words; an unknown one is refused.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--release" => options.release = true,
                "--picture-only" => options.picture_only = true,
                "--try-sandbox" => options.try_sandbox = true,
                "--fresh" => options.fresh = true,
                "--fix" => options.fix = true,
                "--only" => {
                    let name = words.next();
                    let name = name.ok_or_else(|| Failure::new("--only needs a name behind it."))?;
                    options.only = Some(name);
                }
                "--times" => {
                    let number = words.next().and_then(|word| word.parse().ok());
                    let number = number.ok_or_else(|| Failure::new("--times needs a number behind it."))?;
                    options.times = Some(number);
                }
                "--" => {
                    options.rest.extend(words);
                    break;
                }
                other => {
                    return Err(Failure::new(format!(
                        "\"{other}\" is no option here. `cargo xtask help` lists them."
                    )));
                }
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Outcome<Options> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn words_behind_two_dashes_are_left_alone() {
        let options = parse("--fix -- --release open").unwrap();
        assert!(
            options.fix && !options.release,
            "only what stands before the dashes is an option"
        );
        assert_eq!(
            options.rest,
            ["--release", "open"],
            "the filter is handed on as it stands"
        );
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(parse("--fast").is_err(), "a mistyped option must not be ignored");
        assert!(parse("--only").is_err(), "an option without its value is not complete");
    }
}
