//! `gatehouse profile export` and `import`: a profile as a signed file.

use std::fs;
use std::path::Path;

use gatehouse_core::{Gatehouse, ImportChoice};
use serde_json::json;

use super::{create, setup};
use crate::args::ImportArgs;
use crate::output::{Failure, Output};
use crate::surroundings::unreadable;

/// Writes the file, never over one that is there.
pub fn export(gatehouse: &Gatehouse, name: &str, out: &Path, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(Some(name))?;
    let (bytes, signer) = gatehouse.export_profile(&profile)?;
    let written = fs::File::create_new(out).and_then(|mut file| std::io::Write::write_all(&mut file, &bytes));
    written.map_err(|cause| crate::surroundings::unwritable(out, &cause))?;
    let document = json!({ "profile": profile.name, "file": out, "signer": signer });
    output.answer(&document, || {
        vec![
            format!("Wrote {} to {}, without secrets.", profile.name, out.display()),
            format!("Signed by {signer}."),
            "Tell that fingerprint to whoever imports it, by telephone or in person.".into(),
        ]
    });
    Ok(0)
}

/// Reads the file and begins the profile.
pub fn import(gatehouse: &Gatehouse, args: ImportArgs, output: &Output) -> Result<u8, Failure> {
    let bytes = fs::read(&args.file).map_err(|cause| unreadable(&args.file, &cause))?;
    let choice = ImportChoice {
        key_store: create::key_store(gatehouse, args.key_store)?,
        name: args.name,
        user: args.user,
        trust: args.trust,
    };
    let profile = gatehouse.import_profile(&bytes, &choice)?;
    setup::show(gatehouse, &profile, output)
}
