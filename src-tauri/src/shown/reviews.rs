//! Access reviews as the window shows them: from the core's facts to views.

use gatehouse_core::access::review::opened::read_file;
use gatehouse_core::access::review::{Imported, LineFilter, NewReview, ReviewScope, SignOffRequest, Verdict};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::argument::Text;
use crate::desktop::Wanted;
use crate::shell::Shell;
use crate::shown::review_views::{Names, line_view, progress, view};
use crate::views::reviews::{
    DecisionWish, LinesWord, ReviewLinesRequest, ReviewProgress, ReviewView, ReviewWindow, ReviewWish, ReviewsView,
    ScopeWord, SignOffWish, VerdictWord,
};

/// The reviews of the active profile.
///
/// # Errors
/// As the core says.
pub fn list(core: &Gatehouse) -> Result<ReviewsView, Problem> {
    let profile = core.profile(None)?;
    Ok(ReviewsView {
        reviews: core.reviews(&profile)?.iter().map(view).collect(),
        next_due: core.next_review_due(&profile)?.map(|day| day.to_string()),
    })
}

/// Starts a review.
///
/// # Errors
/// As the core says; `input_invalid` for a day that is none.
pub fn start(core: &Gatehouse, wish: ReviewWish) -> Result<ReviewView, Problem> {
    let profile = core.profile(None)?;
    let scope = match (wish.scope, wish.merchant_id) {
        (ScopeWord::All, _) => ReviewScope::All,
        (ScopeWord::Admins, _) => ReviewScope::Admins,
        (ScopeWord::Merchant, id) => {
            let id = id.map(Text::into_string).unwrap_or_default();
            ReviewScope::Merchant(core.merchant(&profile, &id)?.id)
        }
    };
    let due = wish.due.map(|day| day.as_str().parse()).transpose().map_err(|_| {
        let message = "The day on which the review is due is no date.";
        Problem::new(ErrorCode::InputInvalid, message, "Choose a day to come.")
    })?;
    let wanted = NewReview {
        name: wish.name.into_string(),
        scope,
        due,
    };
    core.start_review(&profile, &wanted).map(|review| view(&review))
}

/// A window of a review's lines.
///
/// # Errors
/// As the core says.
pub fn lines(core: &Gatehouse, request: &ReviewLinesRequest) -> Result<ReviewWindow, Problem> {
    let profile = core.profile(None)?;
    let filter = match request.filter {
        LinesWord::All => LineFilter::All,
        LinesWord::Undecided => LineFilter::Undecided,
        LinesWord::Kept => LineFilter::Kept,
        LinesWord::Revoked => LineFilter::Revoked,
    };
    let page = (request.first, request.count.get());
    let (review, lines) = core.review_lines(&profile, request.id.as_str(), filter, page)?;
    let names = Names::of(core, &profile)?;
    let counts = review.progress;
    Ok(ReviewWindow {
        total: match request.filter {
            LinesWord::All => counts.lines,
            LinesWord::Undecided => counts.undecided(),
            LinesWord::Kept => counts.kept(),
            LinesWord::Revoked => counts.revoked,
        },
        review: view(&review),
        first: request.first,
        rows: lines.iter().map(|line| line_view(line, &names, &profile)).collect(),
    })
}

/// Keeps or revokes one line, or takes the own decision back.
///
/// # Errors
/// As the core says.
pub fn decide(core: &Gatehouse, wish: &DecisionWish) -> Result<ReviewProgress, Problem> {
    let profile = core.profile(None)?;
    let verdict = wish.verdict.map(|word| match word {
        VerdictWord::Keep => Verdict::Keep,
        VerdictWord::Revoke => Verdict::Revoke,
    });
    let note = wish.note.as_ref().map(Text::as_str);
    let decided = core.decide_review(&profile, wish.id.as_str(), wish.line, verdict, note)?;
    Ok(progress(decided))
}

/// Writes the snapshot for another reviewer where the person says; answers the file's name, or `None` when they did not.
///
/// # Errors
/// As the core says; `input_invalid` for a place that cannot be written.
pub fn export_task(core: &Gatehouse, shell: &Shell, id: &str) -> Result<Option<String>, Problem> {
    let profile = core.profile(None)?;
    let review = core.review(&profile, id)?;
    let bytes = || core.export_review_task(&profile, id);
    written(shell, &format!("{}-task.jsonl", plain(&review.name)), bytes)
}

/// Writes the own decisions where the person says.
///
/// # Errors
/// As [`export_task`].
pub fn hand_in(core: &Gatehouse, shell: &Shell, id: &str) -> Result<Option<String>, Problem> {
    let profile = core.profile(None)?;
    let review = core.review(&profile, id)?;
    let bytes = || core.hand_in_review(&profile, id);
    written(shell, &format!("{}-decisions.jsonl", plain(&review.name)), bytes)
}

/// Writes the evidence package as a ZIP file where the person says.
///
/// # Errors
/// As [`export_task`].
pub fn export(core: &Gatehouse, shell: &Shell, id: &str) -> Result<Option<String>, Problem> {
    let profile = core.profile(None)?;
    let review = core.review(&profile, id)?;
    let bytes = || core.export_review(&profile, id)?.to_zip();
    written(shell, &format!("{}-evidence.zip", plain(&review.name)), bytes)
}

/// Lets the person choose a task or a colleague's decisions, and takes it in; `None` when none was chosen.
///
/// # Errors
/// As the core says.
pub fn import(core: &Gatehouse, shell: &Shell) -> Result<Option<ReviewView>, Problem> {
    let profile = core.profile(None)?;
    let Some(path) = shell.desktop().choose_file(Wanted::Review) else {
        return Ok(None);
    };
    let imported = core.import_review(&profile, &read_file(&path)?)?;
    Ok(Some(match imported {
        Imported::Task(review) | Imported::HandIn { review, .. } => view(&review),
    }))
}

/// Signs a review off and makes the plan of its revocations.
///
/// # Errors
/// `input_invalid` for a typed name that is not the review's; as the core says. The sign-off stands even if no plan could be made; then the review names none.
pub fn sign_off(core: &Gatehouse, wish: SignOffWish) -> Result<ReviewView, Problem> {
    let profile = core.profile(None)?;
    named(&core.review(&profile, wish.id.as_str())?.name, wish.typed.as_str())?;
    let request = SignOffRequest {
        undecided_revoke: wish.undecided_revoke,
        reason: wish
            .reason
            .map(Text::into_string)
            .filter(|reason| !reason.trim().is_empty()),
    };
    let signed = core.sign_off_review(&profile, wish.id.as_str(), &request)?;
    if !signed.revocations.is_empty()
        && let Err(problem) = core.plan_review(&profile, wish.id.as_str())
    {
        tracing::warn!(code = problem.code.as_str(), "a signed review has no plan yet");
    }
    core.review(&profile, wish.id.as_str()).map(|review| view(&review))
}

/// Asks that the person typed the name of what cannot be undone.
fn named(name: &str, typed: &str) -> Result<(), Problem> {
    if typed.trim() == name {
        return Ok(());
    }
    let message = "What was typed is not the review's name, so nothing was signed.";
    Err(Problem::new(
        ErrorCode::InputInvalid,
        message,
        "Type the name as it is shown.",
    ))
}

/// Makes the plan of a signed review's revocations anew.
///
/// # Errors
/// As the core says.
pub fn plan(core: &Gatehouse, id: &str) -> Result<ReviewView, Problem> {
    let profile = core.profile(None)?;
    core.plan_review(&profile, id)?;
    core.review(&profile, id).map(|review| view(&review))
}

/// Takes the after-list.
///
/// # Errors
/// As the core says.
pub fn conclude(core: &Gatehouse, id: &str, as_it_stands: bool) -> Result<ReviewView, Problem> {
    let profile = core.profile(None)?;
    let done = core.conclude_review(&profile, id, as_it_stands)?;
    Ok(view(&done.review))
}

/// Asks for the place first: nothing is handed in or recorded that nobody wants to have.
fn written(
    shell: &Shell,
    wish: &str,
    bytes: impl FnOnce() -> Result<Vec<u8>, Problem>,
) -> Result<Option<String>, Problem> {
    let Some(path) = shell.desktop().save_file(wish) else {
        return Ok(None);
    };
    super::keys::write(&path, &bytes()?).map(Some)
}

/// A review's name as part of a file's.
fn plain(name: &str) -> String {
    let letters = name
        .chars()
        .map(|letter| if letter.is_alphanumeric() { letter } else { '-' });
    letters.take(60).collect()
}
