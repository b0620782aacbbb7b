//! `gatehouse access review ...`: who has access is looked at, decided, signed and told to strangers.

use std::path::Path;

use gatehouse_core::access::review::opened::read_file;
use gatehouse_core::access::review::{Imported, LineFilter, NewReview, Review, ReviewScope, SignOffRequest, Verdict};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};
use serde_json::{Value, json};

use super::plan::{document as plan_document, free, write};
use super::review_shown::{check, document, line_cells, line_document, progress_text};
use crate::args::{DecideArgs, DecisionArg, FileArgs, LinesArg, ReviewCommand, ShowArgs, SignOffArgs, StartArgs};
use crate::output::{Failure, Output, table};

pub fn run(gatehouse: &Gatehouse, profile: &Profile, command: ReviewCommand, output: &Output) -> Result<u8, Failure> {
    match command {
        ReviewCommand::Start(args) => start(gatehouse, profile, args, output)?,
        ReviewCommand::List => list(gatehouse, profile, output)?,
        ReviewCommand::Show(args) => show(gatehouse, profile, &args, output)?,
        ReviewCommand::Decide(args) => decide(gatehouse, profile, &args, output)?,
        ReviewCommand::ExportTask(args) => {
            let file = |review: &str| gatehouse.export_review_task(profile, review);
            hand_over(
                &args,
                output,
                file,
                "Give it to the other reviewer; it can be used for 30 days.",
            )?;
        }
        ReviewCommand::Import { file } => import(gatehouse, profile, &file, output)?,
        ReviewCommand::HandIn(args) => {
            let file = |review: &str| gatehouse.hand_in_review(profile, review);
            hand_over(
                &args,
                output,
                file,
                "Give it to whoever started the review; it can be used for 30 days.",
            )?;
        }
        ReviewCommand::SignOff(args) => sign_off(gatehouse, profile, &args, output)?,
        ReviewCommand::Plan(args) => plan(gatehouse, profile, &args, output)?,
        ReviewCommand::Conclude { review, as_it_stands } => {
            conclude(gatehouse, profile, &review, as_it_stands, output)?;
        }
        ReviewCommand::Export(args) => export(gatehouse, profile, &args, output)?,
        ReviewCommand::Check { package } => check(&package, output)?,
    }
    Ok(0)
}

fn start(gatehouse: &Gatehouse, profile: &Profile, args: StartArgs, output: &Output) -> Result<(), Failure> {
    let scope = match args.merchant {
        Some(merchant) => ReviewScope::Merchant(gatehouse.merchant(profile, &merchant)?.id),
        None if args.admins => ReviewScope::Admins,
        None => ReviewScope::All,
    };
    let due = args.due.map(|day| day.parse()).transpose().map_err(|_| {
        Problem::new(
            ErrorCode::InputInvalid,
            "The day on which the review is due is no date.",
            "Give it as YYYY-MM-DD.",
        )
    })?;
    let wanted = NewReview {
        name: args.name,
        scope,
        due,
    };
    let review = gatehouse.start_review(profile, &wanted)?;
    output.answer(&document(&review), || {
        vec![
            format!(
                "{} lines of profile {} ({}) are to be reviewed; the profile is one environment, and so is the review.",
                review.progress.lines,
                profile.name,
                profile.environment.word()
            ),
            format!("snapshot {}", review.snapshot_sha256),
            "This is what was granted or declared with Gatehouse; Klarna lists no access.".into(),
        ]
    });
    Ok(())
}

fn list(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<(), Failure> {
    let reviews = gatehouse.reviews(profile)?;
    let due = gatehouse.next_review_due(profile)?;
    let rows: Vec<Value> = reviews.iter().map(document).collect();
    let next = due.map(|day| day.to_string());
    output.answer(&json!({ "reviews": rows, "next_due": next }), || {
        let line = |review: &Review| {
            let id: String = review.id.to_string().chars().take(8).collect();
            vec![
                id,
                review.state.word().to_owned(),
                review.name.clone(),
                progress_text(review),
            ]
        };
        let mut lines = table(&reviews.iter().map(line).collect::<Vec<_>>());
        if lines.is_empty() {
            lines.push(
                "No review was started; `gatehouse access review start NAME` takes a snapshot of who has access."
                    .into(),
            );
        }
        if let Some(next) = &next {
            lines.push(format!("the next one is due on {next}"));
        }
        lines
    });
    Ok(())
}

fn show(gatehouse: &Gatehouse, profile: &Profile, args: &ShowArgs, output: &Output) -> Result<(), Failure> {
    let filter = match args.lines {
        LinesArg::All => LineFilter::All,
        LinesArg::Undecided => LineFilter::Undecided,
        LinesArg::Kept => LineFilter::Kept,
        LinesArg::Revoked => LineFilter::Revoked,
    };
    let (review, lines) = gatehouse.review_lines(profile, &args.review, filter, (args.after, args.limit))?;
    let mut told = document(&review);
    told["shown"] = lines.iter().map(line_document).collect();
    output.answer(&told, || {
        let mut rows = vec![format!(
            "{} ({}): {}",
            review.name,
            review.state.word(),
            progress_text(&review)
        )];
        rows.extend(table(&lines.iter().map(line_cells).collect::<Vec<_>>()));
        rows
    });
    Ok(())
}

fn decide(gatehouse: &Gatehouse, profile: &Profile, args: &DecideArgs, output: &Output) -> Result<(), Failure> {
    let verdict = match args.decision {
        DecisionArg::Keep => Some(Verdict::Keep),
        DecisionArg::Revoke => Some(Verdict::Revoke),
        DecisionArg::Undo => None,
    };
    let progress = gatehouse.decide_review(profile, &args.review, args.line, verdict, args.note.as_deref())?;
    let document = json!({
        "line": args.line,
        "decision": verdict.map(Verdict::word),
        "lines": progress.lines,
        "decided": progress.decided,
        "revoked": progress.revoked,
    });
    output.answer(&document, || {
        vec![format!(
            "{} of {} · {} revoked",
            progress.decided, progress.lines, progress.revoked
        )]
    });
    Ok(())
}

fn hand_over(
    args: &FileArgs,
    output: &Output,
    file: impl FnOnce(&str) -> Result<Vec<u8>, Problem>,
    then: &str,
) -> Result<(), Failure> {
    free(&args.out)?;
    write(&args.out, &file(&args.review)?)?;
    output.answer(&json!({ "file": args.out.display().to_string() }), || {
        vec![format!("{} is written. {then}", args.out.display())]
    });
    Ok(())
}

fn import(gatehouse: &Gatehouse, profile: &Profile, file: &Path, output: &Output) -> Result<(), Failure> {
    let imported = gatehouse.import_review(profile, &read_file(file)?)?;
    let (told, line) = match &imported {
        Imported::Task(review) => {
            let mut told = document(review);
            told["imported"] = "task".into();
            (
                told,
                format!(
                    "{}: {} lines to decide, then hand in.",
                    review.name, review.progress.lines
                ),
            )
        }
        Imported::HandIn {
            review,
            reviewer,
            decided,
            revoked,
        } => {
            let mut told = document(review);
            told["imported"] = "hand_in".into();
            told["reviewer"] = reviewer.as_str().into();
            told["reviewer_decided"] = (*decided).into();
            told["reviewer_revoked"] = (*revoked).into();
            let line = format!(
                "{reviewer} decided {decided} lines and revoked {revoked}; any revoke wins. {}",
                progress_text(review)
            );
            (told, line)
        }
    };
    output.answer(&told, || vec![line]);
    Ok(())
}

fn sign_off(gatehouse: &Gatehouse, profile: &Profile, args: &SignOffArgs, output: &Output) -> Result<(), Failure> {
    if let Some(out) = &args.plan {
        free(out)?;
    }
    let request = SignOffRequest {
        undecided_revoke: args.undecided_revoke,
        reason: args.reason.clone(),
    };
    let signed = gatehouse.sign_off_review(profile, &args.review, &request)?;
    let mut told = document(&signed.review);
    told["decisions_sha256"] = signed.decisions_sha256.as_str().into();
    told["log_seq"] = signed.seq.into();
    let mut lines = vec![format!(
        "{} is signed off: {}",
        signed.review.name,
        progress_text(&signed.review)
    )];
    if !signed.revocations.is_empty() {
        let id = signed.review.id.to_string();
        let plan = gatehouse.plan_review(profile, &id)?;
        if let Some(out) = &args.plan {
            write(out, &plan.file.bytes)?;
        }
        lines.push(format!(
            "{} revocations are planned: {}",
            signed.revocations.len(),
            plan.file.sha256
        ));
        lines.push(
            "Carry them out with `gatehouse access apply`; `gatehouse access review plan` writes the plan's file."
                .into(),
        );
        told["plan"] = plan_document(&plan);
    }
    output.answer(&told, || lines);
    Ok(())
}

fn plan(gatehouse: &Gatehouse, profile: &Profile, args: &FileArgs, output: &Output) -> Result<(), Failure> {
    free(&args.out)?;
    let plan = gatehouse.plan_review(profile, &args.review)?;
    write(&args.out, &plan.file.bytes)?;
    output.answer(&plan_document(&plan), || {
        vec![format!("{} is written; nothing was sent.", args.out.display())]
    });
    Ok(())
}

fn conclude(
    gatehouse: &Gatehouse,
    profile: &Profile,
    review: &str,
    as_it_stands: bool,
    output: &Output,
) -> Result<(), Failure> {
    let done = gatehouse.conclude_review(profile, review, as_it_stands)?;
    let mut told = document(&done.review);
    told["after_sha256"] = done.after_sha256.as_str().into();
    told["ended"] = done.ended.into();
    told["outstanding"] = done.outstanding.into();
    output.answer(&told, || {
        vec![format!(
            "{} is concluded: {} out or on the way out, {} still have access.",
            done.review.name, done.ended, done.outstanding
        )]
    });
    Ok(())
}

fn export(gatehouse: &Gatehouse, profile: &Profile, args: &FileArgs, output: &Output) -> Result<(), Failure> {
    free(&args.out)?;
    let package = gatehouse.export_review(profile, &args.review)?;
    package.write_to(&args.out)?;
    let names: Vec<&str> = package.files.iter().map(|(name, _)| name.as_str()).collect();
    let told = json!({
        "package": args.out.display().to_string(),
        "files": names,
        "evidence_sha256": package.evidence_sha256,
    });
    output.answer(&told, || {
        vec![
            format!("{} is written: {}.", args.out.display(), names.join(", ")),
            format!("evidence.json {}", package.evidence_sha256),
        ]
    });
    Ok(())
}
