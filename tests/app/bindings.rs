//! The TypeScript bindings in `ui/src/ipc/bindings.ts` are what this version of the shell would write.

use std::path::{Path, PathBuf};

use specta_typescript::Typescript;
use tauri::test::MockRuntime;

const WRITE: &str = "GATEHOUSE_WRITE_BINDINGS";

const HEADER: &str = "/**
 * The commands, events and views of the shell, written from its Rust types; do not edit.
 * To write it anew: GATEHOUSE_WRITE_BINDINGS=1 cargo test --test app bindings
 */
// @ts-nocheck
";

fn there() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/ipc/bindings.ts")
}

fn generated() -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bindings.ts");
    let surface = gatehouse_shell::surface::surface::<MockRuntime>();
    surface.export(Typescript::default().header(HEADER), &path).unwrap();
    std::fs::read_to_string(path).unwrap()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the variable is how a person asks this test to write"
)]
fn bindings_are_current() {
    let generated = generated();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(there(), &generated).unwrap();
    }
    let committed = std::fs::read_to_string(there()).unwrap_or_default();
    assert!(
        committed == generated,
        "run `{WRITE}=1 cargo test --test app bindings` and commit ui/src/ipc/bindings.ts"
    );
}
