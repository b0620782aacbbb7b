//! Every entry of the core's facade that is given a profile passes the gate of persons and lock.

use crate::files;
use crate::nothing_found;

/// Asks nobody: shows what the profile's own row says, or who acts here.
const FREE: [&str; 3] = ["api_address", "standing", "may"];

#[test]
fn every_entry_with_a_profile_passes_the_gate() {
    let mut found = Vec::new();
    for file in files::all()
        .iter()
        .filter(|file| file.path.starts_with("crates/core/src/facade/"))
    {
        for method in file.text.split("\n    pub fn ").skip(1) {
            let name = method.split(['(', '<']).next().unwrap_or_default();
            let (signature, body) = method.split_once(" {\n").unwrap_or((method, ""));
            let body = body.split("\n    }\n").next().unwrap_or_default();
            let of_facade = signature.contains("&self") && signature.contains("profile: &Profile");
            let gated = ["allow(", "self.change_person(", ".keys(profile)"]
                .iter()
                .any(|gate| body.contains(gate));
            if of_facade && !gated && !FREE.contains(&name) && !is_cores(&file.text, name) {
                found.push(format!("{}: {name}", file.path));
            }
        }
    }
    nothing_found(
        "Begin the method with self.core.allow(profile, Deed::...)?; the deeds stand in crates/core/src/person/deed.rs.",
        &found,
    );
}

/// Whether a method belongs to the inner `Core`, which the facade's methods call behind the gate.
fn is_cores(text: &str, name: &str) -> bool {
    let Some(begin) = text.find("\nimpl Core {") else {
        return false;
    };
    let rest = &text.as_bytes()[begin..];
    let rest = String::from_utf8_lossy(rest);
    let block = rest.split("\n}\n").next().unwrap_or_default();
    block.contains(&format!("    pub fn {name}("))
}
