//! Which browser a portal is opened in, and what it shares with other portals.
//!
//! A browser that keeps portals apart is given a folder of its own for each, so that being signed in to one merchant's portal, or to
//! the live one, never meets another. Deliberately absent: starting it ([`crate::portal`]).

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::problem::{ErrorCode, Problem};

/// Which browser a portal is opened in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserChoice {
    /// The system's own choice.
    Default,
    /// A program that is given the address as its one argument.
    Program(String),
    /// A program that is given a folder of its own besides.
    Apart {
        /// Its path.
        program: String,
        /// What has a folder of its own.
        each: BrowserApart,
    },
}

/// What the browser keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserApart {
    /// Nothing: portals open among everything else.
    Nothing,
    /// The profile's environment from all others.
    Environment,
    /// Each merchant from all others.
    Merchant,
}

/// How a browser is told where its folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrowserFamily {
    /// `--user-data-dir=FOLDER`.
    Chromium,
    /// `--profile FOLDER`.
    Firefox,
}

impl BrowserApart {
    /// The word on the command line and in the window.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Environment => "environment",
            Self::Merchant => "merchant",
        }
    }
}

impl BrowserFamily {
    /// Tells it by the program's name.
    #[must_use]
    pub fn of(program: &str) -> Option<Self> {
        let stem = Path::new(program).file_stem()?.to_string_lossy().to_lowercase();
        let is = |names: &[&str]| names.iter().any(|name| stem.contains(name));
        if is(&["firefox", "librewolf", "waterfox"]) {
            return Some(Self::Firefox);
        }
        is(&[
            "chrom",
            "brave",
            "msedge",
            "microsoft-edge",
            "microsoft edge",
            "vivaldi",
        ])
        .then_some(Self::Chromium)
    }
}

impl BrowserChoice {
    /// Its program; `None` is the system's own choice.
    #[must_use]
    pub fn program(&self) -> Option<&str> {
        match self {
            Self::Default => None,
            Self::Program(program) | Self::Apart { program, .. } => Some(program),
        }
    }

    /// What it keeps apart.
    #[must_use]
    pub fn apart(&self) -> BrowserApart {
        match self {
            Self::Default | Self::Program(_) => BrowserApart::Nothing,
            Self::Apart { each, .. } => *each,
        }
    }

    /// Changes the program (`default`, a name or a path), what is kept apart, or both.
    ///
    /// # Errors
    /// `browser_failed` for a program that does not exist, and for one that cannot keep anything apart.
    pub fn changed(&self, program: Option<&str>, apart: Option<BrowserApart>) -> Result<Self, Problem> {
        let found = match program {
            Some(text) => find(text)?,
            None => self.program().map(str::to_owned),
        };
        // Who goes back to the default browser means all of it.
        let to_default = found.is_none() && program.is_some();
        let kept = if to_default {
            BrowserApart::Nothing
        } else {
            self.apart()
        };
        match (found, apart.unwrap_or(kept)) {
            (None, BrowserApart::Nothing) => Ok(Self::Default),
            (Some(program), BrowserApart::Nothing) => Ok(Self::Program(program)),
            (Some(program), each) if BrowserFamily::of(&program).is_some() => Ok(Self::Apart { program, each }),
            (found, BrowserApart::Environment | BrowserApart::Merchant) => Err(not_apart(found.as_deref())),
        }
    }
}

/// Finds a browser's program; `None` for the system's own choice.
fn find(text: &str) -> Result<Option<String>, Problem> {
    let text = text.trim();
    if text.is_empty() || text == "default" {
        return Ok(None);
    }
    match which::which(text) {
        Ok(program) => Ok(Some(program.to_string_lossy().into_owned())),
        Err(_) => Err(Problem::new(
            ErrorCode::BrowserFailed,
            format!("There is no program at {text:?}."),
            "Give the name or whole path of the browser's program, or choose the default browser.",
        )),
    }
}

fn not_apart(program: Option<&str>) -> Problem {
    Problem::new(
        ErrorCode::BrowserFailed,
        program.map_or_else(
            || "The system's default browser cannot be told to keep portals apart.".to_owned(),
            |program| format!("How {program:?} keeps portals apart is not known."),
        ),
        "Choose the program of Firefox, Chromium, Chrome, Edge, Brave or Vivaldi, then what to keep apart.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_told_by_the_programs_name() {
        for (program, family) in [
            ("/usr/bin/firefox-esr", Some(BrowserFamily::Firefox)),
            ("/usr/bin/google-chrome-stable", Some(BrowserFamily::Chromium)),
            ("C:\\Edge\\msedge.exe", Some(BrowserFamily::Chromium)),
            ("/usr/bin/epiphany", None),
        ] {
            assert_eq!(BrowserFamily::of(program), family, "{program}");
        }
    }

    #[test]
    fn what_cannot_be_kept_apart_is_refused_and_the_way_back_is_free() {
        let refused = BrowserChoice::Default.changed(None, Some(BrowserApart::Merchant));
        assert!(refused.unwrap_err().hint.contains("Firefox"), "the cure is named");
        let other = BrowserChoice::Program("/usr/bin/epiphany".into());
        assert!(other.changed(None, Some(BrowserApart::Environment)).is_err());
        let apart = BrowserChoice::Apart {
            program: "/usr/bin/chromium".into(),
            each: BrowserApart::Merchant,
        };
        assert_eq!(apart.changed(None, None).unwrap(), apart, "what is not named stays");
        assert_eq!(apart.changed(Some("default"), None).unwrap(), BrowserChoice::Default);
        let together = apart.changed(None, Some(BrowserApart::Nothing)).unwrap();
        assert_eq!(together, BrowserChoice::Program("/usr/bin/chromium".into()));
    }

    #[test]
    fn profiles_that_were_stored_before_are_read() {
        let read = |text: &str| serde_json::from_str::<BrowserChoice>(text).unwrap();
        assert_eq!(read("\"default\""), BrowserChoice::Default);
        assert_eq!(
            read("{\"program\":\"/bin/x\"}"),
            BrowserChoice::Program("/bin/x".into())
        );
    }
}
