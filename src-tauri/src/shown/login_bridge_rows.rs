//! Rows of the table of people in the window's draft: a page of them, and what is done with one.

use gatehouse_core::login_bridge::{NamedMerchant, PeopleRow, RowState, RowsWanted, WhichPeople};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use crate::shell::Shell;
use crate::shown::login_bridge::{change, in_app, with_draft};
use crate::views::login_bridge::{
    BridgeRow, BridgeRowAct, BridgeRowState, BridgeRowWish, BridgeRows, BridgeRowsRequest, BridgeView, BridgeWhich,
};
use crate::views::number::count;

/// Adds, changes, removes or restores a row.
///
/// # Errors
/// `bridge_rules_invalid`, `input_invalid`.
pub fn set_row(core: &Gatehouse, shell: &Shell, wish: BridgeRowWish) -> Result<BridgeView, Problem> {
    let number = wish.number.map(|number| number as usize);
    let cells = [
        wish.email.into_string(),
        wish.merchant.into_string(),
        wish.roles.into_strings().join(" "),
    ];
    let there = number.ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "No row was named.",
            "Choose a row of the table.",
        )
    });
    change(core, shell, |draft| match wish.act {
        BridgeRowAct::Set => draft.set_row(number, cells).map(drop),
        BridgeRowAct::Remove => draft.remove_row(there?),
        BridgeRowAct::Restore => draft.restore_row(there?),
    })
}

/// Reads a page of rows, with what the directory says of their merchants.
///
/// # Errors
/// What the database says.
pub fn rows(core: &Gatehouse, shell: &Shell, request: &BridgeRowsRequest) -> Result<BridgeRows, Problem> {
    let wanted = RowsWanted {
        query: request.query.as_str().to_owned(),
        which: match request.which {
            BridgeWhich::All => WhichPeople::All,
            BridgeWhich::Flawed => WhichPeople::Flawed,
            BridgeWhich::Changed => WhichPeople::Changed,
        },
        first: request.first as usize,
        count: request.count.get() as usize,
    };
    let page = with_draft(core, shell, |draft| Ok(draft.rows(&wanted)))?;
    let names: Vec<&str> = page.rows.iter().map(|row| row.merchant.as_str()).collect();
    let merchants = core.login_merchants(&core.profile(None)?, &names)?;
    Ok(BridgeRows {
        rows: page
            .rows
            .iter()
            .zip(merchants)
            .map(|(row, merchant)| row_view(row, merchant))
            .collect(),
        total: count(page.found),
    })
}

fn row_view(row: &PeopleRow, merchant: NamedMerchant) -> BridgeRow {
    let (name, warning) = match merchant {
        Some(Ok(found)) => (found.name, String::new()),
        Some(Err(why)) if row.flaw.is_none() => (String::new(), in_app(why)),
        Some(Err(_)) | None => (String::new(), String::new()),
    };
    BridgeRow {
        number: count(row.number),
        line: row.line.map(count),
        email: row.email.clone(),
        merchant: row.merchant.clone(),
        merchant_name: name,
        roles: row.roles.clone(),
        flaw: row.flaw.clone().unwrap_or_default(),
        warning,
        state: match row.state {
            RowState::Kept => BridgeRowState::Kept,
            RowState::Changed => BridgeRowState::Changed,
            RowState::Added => BridgeRowState::Added,
            RowState::Removed => BridgeRowState::Removed,
        },
    }
}
