//! Generates the shell's context inputs: the permission manifest and the platform's resources.
//!
//! Every command needs a permission of its own because of the manifest given here; without one Tauri would answer any registered
//! command. The UI must have been built before: an empty `ui/dist` would compile to a blank window.

use std::path::Path;

use tauri_build::{AppManifest, Attributes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for input in ["src-tauri/permissions", "ui/dist", "ui/isolation"] {
        println!("cargo:rerun-if-changed={input}");
    }
    let embeds_ui = cfg!(feature = "custom-protocol");
    if embeds_ui && !Path::new("ui/dist/index.html").exists() {
        return Err(
            "ui/dist/index.html is missing: run `npm --prefix ui ci` and `npm --prefix ui run build` first".into(),
        );
    }
    let manifest = AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml");
    tauri_build::try_build(Attributes::new().app_manifest(manifest))?;
    Ok(())
}
