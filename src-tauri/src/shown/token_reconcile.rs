//! A table compared with the vault and with Klarna, in the background: begun, held, ended, looked through by windows, saved.
//!
//! Deliberately absent: finding differences, which the core does.

use gatehouse_core::person::Deed;
use gatehouse_core::tokens::{
    Difference, ReconcileOptions, ReconcileProgress, ReconciledRow, TableControl, reconcile_csv,
};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::events::Topic;
use crate::jobs::{Compared, Stands};
use crate::shell::Shell;
use crate::shown::token_rows::{Names, state};
use crate::shown::{keys, token_tables};
use crate::views::number::{Millis, Seq, count};
use crate::views::token_tables::{
    CompareRequest, ComparedView, ComparisonFar, ComparisonView, DifferenceCount, DifferenceRow, DifferenceWord,
    DifferencesPage, DifferencesRequest, HandWord,
};

/// The kinds, those first that cost money.
const KINDS: [Difference; 9] = [
    Difference::EndedButBilled,
    Difference::ChargedAfterEnd,
    Difference::MissingHere,
    Difference::MissingThere,
    Difference::Doubled,
    Difference::WrongEnvironment,
    Difference::Differs,
    Difference::Unreachable,
    Difference::Unusable,
];

/// Begins to compare the table that waits; answers once it is under way.
///
/// # Errors
/// As the core says; `input_invalid` without a table or while one is under way.
pub fn begin(core: &Gatehouse, shell: &Shell, request: &CompareRequest) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::CheckTokens)?;
    core.ready_to_record()?;
    let table = token_tables::the_table(shell)?;
    let options = ReconcileOptions {
        ask: request.ask,
        per_second: request.per_second.clamp(1, 50),
        ask_again: request.again,
    };
    let (works, ends) = (shell.clone(), shell.clone());
    let (of, file) = (profile.clone(), table.file.clone());
    let work = move |hand: &TableControl| {
        let core = works.opened()?;
        let tell = |far: ReconcileProgress| {
            if works.jobs().reconcile.note((file.clone(), far)) {
                works.tell(Topic::Jobs);
            }
        };
        let given = (table.file.as_str(), table.bytes.expose());
        let found = core.reconcile_tokens(&of, given, options, hand, &tell)?;
        let (file, at_ms) = (table.file.clone(), core.now_ms());
        Ok(Compared { file, at_ms, found })
    };
    let far = (token_tables::the_table(shell)?.file, ReconcileProgress::default());
    let over = move || ended(&ends);
    shell.jobs().reconcile.begin(&profile, far, work, over)
}

/// Where comparing stands.
///
/// # Errors
/// `role_missing`.
pub fn look(core: &Gatehouse, shell: &Shell) -> Result<ComparisonView, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let mut view = ComparisonView {
        table: token_tables::waiting(shell),
        far: None,
        found: None,
        problem: None,
    };
    match shell.jobs().reconcile.stands(&profile) {
        Stands::Idle => {}
        Stands::Running((file, far), hand) => {
            view.far = Some(ComparisonFar {
                file,
                done: Seq(far.done),
                total: Seq(far.total),
                asked: Seq(far.asked),
                held: hand.is_held(),
                stopping: hand.is_stopped(),
            });
        }
        Stands::Ended(compared) => view.found = Some(summary(&compared)),
        Stands::Failed(problem) => view.problem = Some(problem.into()),
    }
    Ok(view)
}

/// Holds it, lets it go on, or ends it; what is not under way hears nothing.
///
/// # Errors
/// `role_missing`.
pub fn hold(core: &Gatehouse, shell: &Shell, word: HandWord) -> Result<(), Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::CheckTokens)?;
    if let Some(hand) = shell.jobs().reconcile.hand(&profile) {
        token_tables::heed(&hand, word);
        shell.tell(Topic::Jobs);
    }
    Ok(())
}

/// A window of the differences that were found last.
///
/// # Errors
/// `role_missing`; `input_invalid` when there is none.
pub fn rows(core: &Gatehouse, shell: &Shell, request: &DifferencesRequest) -> Result<DifferencesPage, Problem> {
    let profile = core.profile(None)?;
    core.may(&profile, Deed::SeeTokens)?;
    let compared = last(core, shell)?;
    let wanted = |row: &&ReconciledRow| request.kind.is_none_or(|kind| kind == word(row.difference));
    let all = || compared.found.differences.iter().filter(wanted);
    let mut names = Names::new(core, &profile);
    let shown = all()
        .skip(request.first as usize)
        .take(request.count.get() as usize)
        .map(|found| row(found, &mut names));
    Ok(DifferencesPage {
        rows: shown.collect(),
        total: count(all().count()),
    })
}

/// Saves the differences of a kind, or all, as a table where the person says; answers the file's name.
///
/// # Errors
/// `role_missing`; `input_invalid` when there is none, or for a place that cannot be written.
pub fn save(core: &Gatehouse, shell: &Shell, kind: Option<DifferenceWord>) -> Result<Option<String>, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    let compared = last(core, shell)?;
    let of_kind = compared.found.differences.iter();
    let of_kind = of_kind.filter(|row| kind.is_none_or(|kind| kind == word(row.difference)));
    let rows: Vec<ReconciledRow> = of_kind.cloned().collect();
    keys::save(
        shell,
        "gatehouse-token-differences.csv",
        reconcile_csv(&rows).as_bytes(),
    )
}

/// Puts what was found away, and the table with it.
///
/// # Errors
/// `role_missing`.
pub fn forget(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    token_tables::forget(core, shell)?;
    shell.jobs().reconcile.forget();
    Ok(())
}

fn last(core: &Gatehouse, shell: &Shell) -> Result<std::sync::Arc<Compared>, Problem> {
    match shell.jobs().reconcile.stands(&core.profile(None)?) {
        Stands::Ended(compared) => Ok(compared),
        Stands::Idle | Stands::Running(..) | Stands::Failed(_) => Err(Problem::new(
            ErrorCode::InputInvalid,
            "No comparison has ended since Gatehouse was opened.",
            "Compare a table first.",
        )),
    }
}

/// The system says how it ended, for whoever looks elsewhere.
fn ended(shell: &Shell) {
    shell.tell(Topic::Jobs);
    let Ok(profile) = shell.opened().and_then(|core| core.profile(None)) else {
        return;
    };
    let text = match shell.jobs().reconcile.stands(&profile) {
        Stands::Ended(compared) => format!("{} differences found.", compared.found.differences.len()),
        Stands::Failed(problem) => problem.message,
        Stands::Idle | Stands::Running(..) => return,
    };
    let title = format!("{}: tokens were compared", profile.environment.word().to_uppercase());
    shell.desktop().notify(&title, &text);
}

fn summary(compared: &Compared) -> ComparedView {
    let found = &compared.found;
    let of = |kind: Difference| found.differences.iter().filter(|row| row.difference == kind).count();
    let kinds = KINDS.iter().map(|kind| DifferenceCount {
        kind: word(*kind),
        count: count(of(*kind)),
    });
    ComparedView {
        file: compared.file.clone(),
        at: Millis(compared.at_ms),
        rows: Seq(found.rows),
        alike: Seq(found.alike),
        asked: Seq(found.asked),
        stopped: found.stopped,
        kinds: kinds.filter(|kind| kind.count > 0).collect(),
    }
}

fn row(found: &ReconciledRow, names: &mut Names<'_>) -> DifferenceRow {
    DifferenceRow {
        line: found.line,
        token_id: found.token.map(|id| id.to_string()),
        fingerprint: found.fingerprint.clone(),
        reference: found.reference.clone(),
        merchant_name: found.merchant.as_deref().and_then(|merchant| names.name(merchant)),
        state: found.state.map(state),
        kind: word(found.difference),
        what: found.what.clone(),
    }
}

fn word(difference: Difference) -> DifferenceWord {
    match difference {
        Difference::MissingHere => DifferenceWord::MissingHere,
        Difference::MissingThere => DifferenceWord::MissingThere,
        Difference::Doubled => DifferenceWord::Doubled,
        Difference::WrongEnvironment => DifferenceWord::WrongEnvironment,
        Difference::Differs => DifferenceWord::Differs,
        Difference::EndedButBilled => DifferenceWord::EndedButBilled,
        Difference::ChargedAfterEnd => DifferenceWord::ChargedAfterEnd,
        Difference::Unreachable => DifferenceWord::Unreachable,
        Difference::Unusable => DifferenceWord::Unusable,
    }
}
