//! What every command gets from the shell: an answer, whatever becomes of the work.

use super::*;
use crate::desktop::Wanted;

struct Nothing;

impl Desktop for Nothing {
    fn progress(&self, _: ActProgress) {}
    fn changed(&self, _: Changed) {}
    fn set_appearance(&self, _: ThemeView) {}
    fn set_title(&self, _: Option<&str>) {}
    fn choose_file(&self, _: Wanted) -> Option<PathBuf> {
        None
    }
    fn save_file(&self, _: &str) -> Option<PathBuf> {
        None
    }
    fn show_page(&self, _: gatehouse_core::documentation::KlarnaPage) -> Result<(), Problem> {
        Ok(())
    }
    fn copy(&self, _: &str) -> Result<(), Problem> {
        Ok(())
    }
    fn notify(&self, _: &str, _: &str) {}
    fn reveal(&self, _: &Path) -> Result<(), Problem> {
        Ok(())
    }
}

#[test]
fn a_command_that_panics_answers_a_coded_error() {
    let dir = tempfile::tempdir().unwrap();
    let core = Core::failed(Problem::new(ErrorCode::DatabaseNewer, "Newer.", "Update."));
    let shell = Shell::new(core, Arc::new(Nothing), dir.path(), hold::HOLD);
    let work = |_: &Gatehouse, _: &Shell| Ok(());
    let refused = tauri::async_runtime::block_on(shell.run(work)).unwrap_err();
    assert_eq!(
        refused.code.0,
        ErrorCode::DatabaseNewer,
        "the core's problem is passed on"
    );
    let panics = tauri::async_runtime::spawn_blocking(|| -> () { panic!("a defect") });
    let cause = tauri::async_runtime::block_on(panics);
    let defect = defect(&cause.unwrap_err());
    assert_eq!(
        defect.code,
        ErrorCode::Internal,
        "a panic is a defect of ours, told as one"
    );
}
