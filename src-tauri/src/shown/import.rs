//! An import: the person chooses a file in a native dialog, the core reads it, the window sees the report.
//!
//! The path stays in Rust; the window learns the file's name. Deliberately absent: any file that was not chosen in the dialog.

use std::path::Path;

use gatehouse_core::merchants::BadRow;
use gatehouse_core::merchants::import::{self, Imported};
use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, Problem};

use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::views::merchants::{BadLine, ImportView};

/// How many bad lines the window is given; all are counted.
const SHOWN: usize = 200;

/// Imports the file that the person chooses; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn chosen_file(core: &Gatehouse, shell: &Shell) -> Result<Option<ImportView>, Problem> {
    chosen_for(core, shell, &core.profile(None)?)
}

/// Imports the file that the person chooses for a profile; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn chosen_for(core: &Gatehouse, shell: &Shell, profile: &Profile) -> Result<Option<ImportView>, Problem> {
    // Before the person chooses: what would be refused afterwards is refused now.
    core.may(profile, Deed::EditMerchants)?;
    core.ready_to_record()?;
    let Some(path) = shell.desktop().choose_file(Wanted::Merchants) else {
        return Ok(None);
    };
    let name = file_name(&path);
    let imported = core.import_merchants(profile, &name, &import::read_file(&path)?)?;
    Ok(Some(view(name, imported)))
}

/// Imports ids that the person pasted.
///
/// # Errors
/// As the core says.
pub fn pasted(core: &Gatehouse, profile: &Profile, ids: &str) -> Result<ImportView, Problem> {
    let name = "what was pasted";
    let imported = core.import_merchants(profile, name, ids.as_bytes())?;
    Ok(view(name.to_owned(), imported))
}

/// A file's name, without its folder.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn view(file: String, imported: Imported) -> ImportView {
    ImportView {
        file,
        added: imported.added,
        updated: imported.updated,
        unchanged: imported.unchanged,
        bad: imported.bad.into_iter().take(SHOWN).map(bad).collect(),
        bad_total: imported.bad_total,
    }
}

fn bad(row: BadRow) -> BadLine {
    BadLine {
        line: row.line,
        column: row.column.to_owned(),
        value: row.value,
        message: row.message,
    }
}
