//! A secret that is looked for in every form: in files, in answers, in the list of processes.

use std::fs;
use std::path::PathBuf;
use std::process::Child;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::secrets::holds;
use crate::world::Answer;

/// A planted secret, as it was given.
pub struct Canary {
    pub name: &'static str,
    bytes: Vec<u8>,
}

impl Canary {
    pub fn new(name: &'static str, secret: impl AsRef<[u8]>) -> Self {
        let bytes = secret.as_ref().to_vec();
        Self { name, bytes }
    }

    /// Whether something holds it: raw, in hex of both cases, or in base64 at any of the three offsets.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let hex = hex::encode(&self.bytes);
        let shifted = (0..3).flat_map(|skip| {
            // What a neighbour on either side does not change.
            let whole = (self.bytes.len() - skip) / 3 * 3;
            let middle = self.bytes.get(skip..skip + whole).unwrap();
            [STANDARD_NO_PAD.encode(middle), URL_SAFE_NO_PAD.encode(middle)]
        });
        let raw = match std::str::from_utf8(&self.bytes) {
            Ok(text) => holds(bytes, text),
            Err(_) => bytes.windows(self.bytes.len()).any(|window| window == self.bytes),
        };
        raw || [hex.to_uppercase(), hex]
            .into_iter()
            .chain(shifted)
            .any(|text| holds(bytes, &text))
    }
}

/// What lies in these files now; one that goes away meanwhile held nothing that stays.
pub fn contents(files: &[PathBuf]) -> Vec<(PathBuf, Vec<u8>)> {
    let read = files.iter().map(|file| Some((file.clone(), fs::read(file).ok()?)));
    read.flatten().collect()
}

/// None of these files holds one.
pub fn are_clean(looked_at: &[(PathBuf, Vec<u8>)], canaries: &[Canary]) {
    for (file, bytes) in looked_at {
        for canary in canaries {
            assert!(!canary.is_in(bytes), "{} holds {}", file.display(), canary.name);
        }
    }
}

/// None of these answers holds one.
pub fn are_silent(said: &[Answer], canaries: &[Canary]) {
    for answer in said {
        for canary in canaries {
            let clean = !canary.is_in(answer.stdout.as_bytes()) && !canary.is_in(answer.stderr.as_bytes());
            assert!(clean, "{} is printed", canary.name);
        }
    }
}

/// Neither the arguments nor the environment of a running process hold one.
pub fn is_silent_in_the_process_list(child: &Child, canaries: &[Canary]) {
    let of = |name: &str| format!("/proc/{}/{name}", child.id());
    let words = fs::read(of("cmdline")).unwrap();
    assert!(
        holds(&words, "gatehouse"),
        "it is our program: {}",
        String::from_utf8_lossy(&words)
    );
    // Where the system lets nobody read it, as it should for this program, nothing is shown either.
    let environment = fs::read(of("environ")).unwrap_or_default();
    for canary in canaries {
        assert!(!canary.is_in(&words), "its arguments show {}", canary.name);
        assert!(!canary.is_in(&environment), "its environment shows {}", canary.name);
    }
}
