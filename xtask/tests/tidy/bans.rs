//! The bans of clippy.toml that invariants rest on, and that clippy itself would not miss.

use crate::files;
use crate::nothing_found;

/// What the invariants of docs/ARCHITECTURE.md need banned: 1 (permits), 9 (time, environment), 10 (keyring).
const NEEDED: [&str; 7] = [
    "gatehouse_klarna::permit::Permit::mint",
    "std::time::SystemTime::now",
    "std::env::var",
    "std::env::var_os",
    "rusqlite::Connection::open",
    "dbus_secret_service_keyring_store::Store::new",
    "keyring_core::set_default_store",
];

#[test]
fn the_shortcuts_of_the_invariants_are_banned() {
    let banned = files::one("clippy.toml").expect("the file is there").text;
    let found: Vec<_> = NEEDED
        .iter()
        .filter(|path| !banned.contains(&format!("path = \"{path}\"")))
        .map(|path| (*path).to_owned())
        .collect();
    nothing_found("Put the ban back into clippy.toml, with its reason.", &found);
}

#[test]
fn a_ban_is_lifted_only_with_a_reason() {
    let lifted = "disallowed_methods";
    let sources = files::all().into_iter().filter(|file| file.is(&["rs"]));
    let found: Vec<_> = sources
        .filter(|file| !file.path.starts_with("xtask/tests/tidy/"))
        .flat_map(|file| {
            let lines: Vec<_> = file.text.lines().map(str::to_owned).collect();
            let at = lines
                .iter()
                .enumerate()
                .filter(|(_, line)| line.contains(lifted))
                .map(|(at, _)| at);
            let near = |at: usize| {
                lines
                    .iter()
                    .skip(at.saturating_sub(1))
                    .take(4)
                    .any(|line| line.contains("reason ="))
            };
            at.filter(|at| !near(*at))
                .map(|at| format!("{}:{}", file.path, at + 1))
                .collect::<Vec<_>>()
        })
        .collect();
    nothing_found(
        "Say why: #[expect(clippy::disallowed_methods, reason = \"...\")].",
        &found,
    );
}
