//! Changing one merchant: pinned, tagged, opened, refreshed from Klarna's answer.
//!
//! Deliberately absent: changing what a file brings, which is an import of one row ([`super::upsert`]).

use rusqlite::{Connection, params};

use super::{get, in_transaction};
use crate::merchants::clean::{shown, tidy};
use crate::merchants::failure::MerchantFailure;
use crate::merchants::merchant::{Merchant, MerchantState};
use crate::merchants::search_text;
use crate::merchants::tags::{join_tags, parse_tags};
use crate::problem::Problem;

/// Pins a merchant, or takes the pin away.
///
/// # Errors
/// `merchant_unknown`, or what the database says.
pub fn set_pinned(conn: &Connection, profile: &str, id: &str, pinned: bool) -> Result<(), Problem> {
    let sql = "UPDATE merchant SET pinned = ?3 WHERE profile = ?1 AND merchant_id = ?2";
    known(id, conn.prepare_cached(sql)?.execute(params![profile, id, pinned])?)
}

/// Remembers that a merchant's portal was opened; an earlier time never replaces a later one.
///
/// # Errors
/// `merchant_unknown`, or what the database says.
pub fn note_opened(conn: &Connection, profile: &str, id: &str, at_ms: i64) -> Result<(), Problem> {
    let sql = "UPDATE merchant SET opened_at_ms = max(?3, coalesce(opened_at_ms, ?3)) WHERE profile = ?1 AND merchant_id = ?2";
    known(id, conn.prepare_cached(sql)?.execute(params![profile, id, at_ms])?)
}

/// Replaces a merchant's tags; none takes them all away. Answers the row as it now stands.
///
/// # Errors
/// `input_invalid` for a tag that cannot be kept, `merchant_unknown`, or what the database says.
pub fn set_tags(conn: &Connection, profile: &str, id: &str, tags: &[String]) -> Result<Merchant, Problem> {
    let tags = parse_tags(&join_tags(tags))?;
    change(conn, profile, id, |merchant| merchant.tags = tags)
}

/// Takes over what Klarna said about an account; an empty name or reference leaves ours. Answers the row as it now
/// stands.
///
/// # Errors
/// `merchant_unknown`, or what the database says.
pub fn update_from_account(
    conn: &Connection,
    profile: &str,
    id: &str,
    name: &str,
    reference: &str,
    state: MerchantState,
    at_ms: i64,
) -> Result<Merchant, Problem> {
    change(conn, profile, id, |merchant| {
        replace(&mut merchant.name, tidy(name));
        replace(&mut merchant.reference, tidy(reference));
        merchant.state = state;
        merchant.refreshed_at_ms = Some(at_ms);
    })
}

fn replace(known: &mut String, told: String) {
    if !told.is_empty() {
        *known = told;
    }
}

fn change(conn: &Connection, profile: &str, id: &str, edit: impl FnOnce(&mut Merchant)) -> Result<Merchant, Problem> {
    in_transaction(conn, || {
        let mut merchant = get(conn, profile, id)?.ok_or_else(|| unknown(id))?;
        edit(&mut merchant);
        write(conn, profile, &merchant)?;
        Ok(merchant)
    })
}

fn write(conn: &Connection, profile: &str, merchant: &Merchant) -> Result<(), Problem> {
    let Merchant {
        id,
        name,
        reference,
        country,
        tags,
        state,
        refreshed_at_ms,
        ..
    } = merchant;
    let tags = join_tags(tags);
    let folded = search_text::compose(id, name, reference, &tags, country);
    conn.prepare_cached(
        "UPDATE merchant SET name = ?3, reference = ?4, tags = ?5, state = ?6, refreshed_at_ms = ?7, folded = ?8
         WHERE profile = ?1 AND merchant_id = ?2",
    )?
    .execute(params![
        profile,
        id,
        name,
        reference,
        tags,
        state.as_str(),
        refreshed_at_ms,
        folded
    ])?;
    Ok(())
}

fn known(id: &str, changed: usize) -> Result<(), Problem> {
    if changed == 0 { Err(unknown(id)) } else { Ok(()) }
}

fn unknown(id: &str) -> Problem {
    MerchantFailure::Unknown { needle: shown(id) }.into()
}
