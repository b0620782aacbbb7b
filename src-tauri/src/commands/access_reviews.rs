//! Access reviews of the active profile.

use tauri::State;

use crate::argument::{Arg, Id};
use crate::error::Answer;
use crate::shell::Shell;
use crate::shown::reviews;
use crate::views::reviews::{
    DecisionWish, ReviewLinesRequest, ReviewProgress, ReviewView, ReviewWindow, ReviewWish, ReviewsView, SignOffWish,
};

/// Lists the reviews, and when the next one is due.
#[tauri::command]
#[specta::specta]
pub async fn reviews_list(shell: State<'_, Shell>) -> Answer<ReviewsView> {
    shell.run(|core, _| reviews::list(core)).await
}

/// Takes a snapshot of who has access, to be decided line by line.
#[tauri::command]
#[specta::specta]
pub async fn review_start(shell: State<'_, Shell>, wish: Arg<ReviewWish>) -> Answer<ReviewView> {
    shell.run(move |core, _| reviews::start(core, wish.0)).await
}

/// Reads a window of a review's lines.
#[tauri::command]
#[specta::specta]
pub async fn review_lines(shell: State<'_, Shell>, request: Arg<ReviewLinesRequest>) -> Answer<ReviewWindow> {
    shell.run(move |core, _| reviews::lines(core, &request.0)).await
}

/// Keeps or revokes one line, or takes the own decision back; durable when it answers.
#[tauri::command]
#[specta::specta]
pub async fn review_decide(shell: State<'_, Shell>, wish: Arg<DecisionWish>) -> Answer<ReviewProgress> {
    shell.run(move |core, _| reviews::decide(core, &wish.0)).await
}

/// Writes the snapshot for another reviewer where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn review_export_task(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| reviews::export_task(core, shell, id.0.as_str()))
        .await
}

/// Lets the person choose a colleague's task or decisions and takes it in; null when none was chosen.
#[tauri::command]
#[specta::specta]
pub async fn review_import(shell: State<'_, Shell>) -> Answer<Option<ReviewView>> {
    shell.run(reviews::import).await
}

/// Writes the own decisions for whoever started the review where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn review_hand_in(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| reviews::hand_in(core, shell, id.0.as_str()))
        .await
}

/// Signs a review off and makes the plan of its revocations.
#[tauri::command]
#[specta::specta]
pub async fn review_sign_off(shell: State<'_, Shell>, wish: Arg<SignOffWish>) -> Answer<ReviewView> {
    shell.run(move |core, _| reviews::sign_off(core, wish.0)).await
}

/// Makes the plan of a signed review's revocations anew.
#[tauri::command]
#[specta::specta]
pub async fn review_plan(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<ReviewView> {
    shell.run(move |core, _| reviews::plan(core, id.0.as_str())).await
}

/// Takes the after-list of a signed review.
#[tauri::command]
#[specta::specta]
pub async fn review_conclude(shell: State<'_, Shell>, id: Arg<Id>, as_it_stands: Arg<bool>) -> Answer<ReviewView> {
    shell
        .run(move |core, _| reviews::conclude(core, id.0.as_str(), as_it_stands.0))
        .await
}

/// Writes the evidence package where the person says; null when they did not.
#[tauri::command]
#[specta::specta]
pub async fn review_export(shell: State<'_, Shell>, id: Arg<Id>) -> Answer<Option<String>> {
    shell
        .run(move |core, shell| reviews::export(core, shell, id.0.as_str()))
        .await
}
