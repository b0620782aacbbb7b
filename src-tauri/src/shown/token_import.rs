//! A table of tokens taken in, in the background: looked over first, begun, held, ended; good rows are kept whatever the bad ones are.
//!
//! Deliberately absent: judging a row, which the core does.

use std::sync::Arc;

use gatehouse_core::person::Deed;
use gatehouse_core::tokens::{PlannedFate, PlannedRow, TableControl, TableProgress, TokenRowTrouble};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::events::Topic;
use crate::jobs::{Imported, Planned, Stands};
use crate::shell::Shell;
use crate::shown::token_rows::Names;
use crate::shown::token_tables;
use crate::views::number::{Seq, count};
use crate::views::token_import::{
    FateCount, FateWord, ImportPlanView, PlannedRowView, PlannedRowsPage, PlannedRowsRequest, TableFar,
    TokenImportView, TokensImported,
};
use crate::views::token_tables::HandWord;

/// Begins to look the table over that waits; nothing is kept.
///
/// # Errors
/// As the core says; `input_invalid` without a table or while one is under way.
pub fn plan(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::KeepTokens)?;
    core.ready_to_record()?;
    let table = token_tables::the_table(shell)?;
    shell.jobs().import.forget();
    let (works, of, file) = (shell.clone(), profile.clone(), table.file.clone());
    let work = move |hand: &TableControl| {
        let tell = |far: TableProgress| {
            if works.jobs().plan.note((table.file.clone(), far)) {
                works.tell(Topic::Jobs);
            }
        };
        let plan = works
            .opened()?
            .plan_token_import(&of, table.bytes.expose(), hand, &tell)?;
        Ok(Planned { table, plan })
    };
    let ends = shell.clone();
    let far = (file, TableProgress::default());
    shell
        .jobs()
        .plan
        .begin(&profile, far, work, move || ends.tell(Topic::Jobs))
}

/// Begins to take the table in that waits.
///
/// # Errors
/// As the core says; `input_invalid` without a table or while one is under way.
pub fn begin(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::KeepTokens)?;
    core.ready_to_record()?;
    let table = token_tables::the_table(shell)?;
    let (works, of, file) = (shell.clone(), profile.clone(), table.file.clone());
    let work = move |hand: &TableControl| {
        let tell = |far: TableProgress| {
            if works.jobs().import.note((table.file.clone(), far)) {
                works.tell(Topic::Jobs);
            }
        };
        let given = (table.file.as_str(), table.bytes.expose());
        let done = works.opened()?.import_tokens(&of, given, hand, &tell)?;
        let file = table.file.clone();
        Ok(Imported { file, done })
    };
    let ends = shell.clone();
    let far = (file, TableProgress::default());
    let over = move || {
        // What was looked over is no longer so.
        ends.jobs().plan.forget();
        ends.tell(Topic::Jobs);
    };
    shell.jobs().import.begin(&profile, far, work, over)
}

/// Where importing stands.
///
/// # Errors
/// `role_missing`.
pub fn look(core: &Gatehouse, shell: &Shell) -> Result<TokenImportView, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let mut view = TokenImportView {
        table: token_tables::waiting(shell),
        planning: None,
        plan: None,
        far: None,
        done: None,
        problem: None,
    };
    match shell.jobs().plan.stands(&profile) {
        Stands::Idle => {}
        Stands::Running(at, hand) => view.planning = Some(far(at, &hand)),
        Stands::Ended(planned) if is_of_the_table(shell, &planned) => view.plan = Some(plan_view(&planned)),
        Stands::Ended(_) => {}
        Stands::Failed(problem) => view.problem = Some(problem.into()),
    }
    match shell.jobs().import.stands(&profile) {
        Stands::Idle => {}
        Stands::Running(at, hand) => view.far = Some(far(at, &hand)),
        Stands::Ended(imported) => view.done = Some(done(&imported)),
        Stands::Failed(problem) => view.problem = Some(problem.into()),
    }
    Ok(view)
}

/// A window of what would become of the table's rows.
///
/// # Errors
/// `role_missing`; `input_invalid` when none was looked over.
pub fn rows(core: &Gatehouse, shell: &Shell, request: &PlannedRowsRequest) -> Result<PlannedRowsPage, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let Stands::Ended(planned) = shell.jobs().plan.stands(&profile) else {
        return Err(Problem::new(
            ErrorCode::InputInvalid,
            "No table was looked over.",
            "Choose a table first.",
        ));
    };
    let mut all: Vec<Listed<'_>> = planned.plan.rows.iter().map(Listed::Good).collect();
    all.extend(planned.plan.troubles.iter().map(Listed::Bad));
    all.retain(|row| request.fate.is_none_or(|fate| fate == row.fate()));
    all.sort_by_key(Listed::line);
    let mut names = Names::new(core, &profile);
    let window = all.iter().skip(request.first as usize);
    let window = window.take(request.count.get() as usize);
    Ok(PlannedRowsPage {
        rows: window.map(|row| row.view(&mut names)).collect(),
        total: count(all.len()),
    })
}

/// Holds it, lets it go on, or ends it; what is not under way hears nothing.
///
/// # Errors
/// `role_missing`.
pub fn hold(core: &Gatehouse, shell: &Shell, word: HandWord) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::KeepTokens)?;
    let jobs = shell.jobs();
    for hand in [jobs.import.hand(&profile), jobs.plan.hand(&profile)]
        .into_iter()
        .flatten()
    {
        token_tables::heed(&hand, word);
    }
    shell.tell(Topic::Jobs);
    Ok(())
}

/// Puts the table and what became of it away.
///
/// # Errors
/// `role_missing`.
pub fn forget(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    token_tables::forget(core, shell)?;
    shell.jobs().plan.forget();
    shell.jobs().import.forget();
    Ok(())
}

/// Whether a plan is of the table that waits, and not of one before it.
fn is_of_the_table(shell: &Shell, planned: &Planned) -> bool {
    token_tables::the_table(shell).is_ok_and(|table| Arc::ptr_eq(&table.bytes, &planned.table.bytes))
}

fn far((file, at): (String, TableProgress), hand: &TableControl) -> TableFar {
    TableFar {
        file,
        done: Seq(at.done),
        total: Seq(at.total),
        bad: Seq(at.bad),
        held: hand.is_held(),
        stopping: hand.is_stopped(),
    }
}

fn plan_view(planned: &Planned) -> ImportPlanView {
    let plan = &planned.plan;
    let counts = [
        (FateWord::Added, plan.added),
        (FateWord::Updated, plan.updated),
        (FateWord::Bad, plan.bad),
        (FateWord::Known, plan.unchanged),
        (FateWord::Repeated, plan.repeated),
    ];
    let shown = |fate: FateWord| match fate {
        FateWord::Bad => plan.troubles.len(),
        FateWord::Added | FateWord::Updated | FateWord::Known | FateWord::Repeated => {
            plan.rows.iter().filter(|row| word(row.fate) == fate).count()
        }
    };
    let fates = counts
        .iter()
        .filter(|(_, many)| *many > 0)
        .map(|(fate, many)| FateCount {
            fate: *fate,
            count: Seq(*many),
            shown: count(shown(*fate)),
        });
    ImportPlanView {
        fates: fates.collect(),
        differing: Seq(plan.differing),
        ignored: plan.ignored.clone(),
        stopped: plan.stopped,
    }
}

/// A row of the plan, usable or not; what it shows is looked up for those in sight alone.
enum Listed<'a> {
    Good(&'a PlannedRow),
    Bad(&'a TokenRowTrouble),
}

impl Listed<'_> {
    fn line(&self) -> u32 {
        match self {
            Self::Good(row) => row.line,
            Self::Bad(row) => row.line,
        }
    }

    fn fate(&self) -> FateWord {
        match self {
            Self::Good(row) => word(row.fate),
            Self::Bad(_) => FateWord::Bad,
        }
    }

    fn view(&self, names: &mut Names<'_>) -> PlannedRowView {
        match self {
            Self::Good(row) => good(row, names),
            Self::Bad(row) => bad(row),
        }
    }
}

fn good(row: &PlannedRow, names: &mut Names<'_>) -> PlannedRowView {
    PlannedRowView {
        line: row.line,
        fate: word(row.fate),
        hint: row.hint.clone(),
        reference: row.reference.clone(),
        merchant_name: row.merchant.as_deref().and_then(|merchant| names.name(merchant)),
        what: row.differs.clone(),
    }
}

fn bad(row: &TokenRowTrouble) -> PlannedRowView {
    PlannedRowView {
        line: row.line,
        fate: FateWord::Bad,
        hint: None,
        reference: None,
        merchant_name: None,
        what: Some(row.message.clone()),
    }
}

fn word(fate: PlannedFate) -> FateWord {
    match fate {
        PlannedFate::Added => FateWord::Added,
        PlannedFate::Updated => FateWord::Updated,
        PlannedFate::Known => FateWord::Known,
        PlannedFate::Repeated => FateWord::Repeated,
    }
}

fn done(imported: &Imported) -> TokensImported {
    let done = &imported.done;
    TokensImported {
        file: imported.file.clone(),
        added: Seq(done.added),
        updated: Seq(done.updated),
        unchanged: Seq(done.unchanged),
        repeated: Seq(done.repeated),
        bad: Seq(done.bad),
        stopped: done.stopped,
    }
}
