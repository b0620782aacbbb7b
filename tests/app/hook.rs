//! The isolation hook, run by Node as the sandboxed frame would run it.

use std::path::Path;
use std::process::Command;

#[test]
fn the_isolation_hook_refuses_what_is_not_listed() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/app/hook.mjs");
    let run = Command::new("node")
        .arg("--test")
        .arg(script)
        .output()
        .expect("Node is needed to build the UI, so it is there");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
