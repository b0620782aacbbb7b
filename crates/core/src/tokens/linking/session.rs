//! Sessions with `buy_and_link`: started with or without a stored token, and kept.
//!
//! The `client_token` starts a purchase, so it lies sealed in the vault and goes to the browser through the loopback hand-over. Deliberately
//! absent: billing addresses; the browser brings them.

use gatehouse_klarna::{ClassicCall, CustomerToken, Intent, PaymentSessionId, PaymentsClient, SessionDraft};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::classic::order_terms;
use super::login::client;
use super::terms_notice;
use crate::acts::{self, Done, Plan};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;
use crate::tokens::course::klarna::{merchant, new_key, put};
use crate::tokens::vault::{self, Place};
use crate::tokens::{Terms, named, opened, tell};

const PATH: &str = "/payments/v1/sessions";
const COLUMNS: &str =
    "id, merchant, session_id, request, token, started_ms, order_id, ordered_ms, linking, key_id, client";

/// A session to be started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StartLinking {
    /// The merchant whose log-in of payments v1 the profile has: account KRN, last segment, or reference.
    pub merchant: Option<String>,
    /// The stored token of a returning customer: its number, reference or fingerprint.
    pub token: Option<String>,
    /// The acquirer's id of the customer, for a token that comes of it.
    pub customer: Option<String>,
    /// The order; with a country.
    pub terms: Terms,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkingSession {
    /// Its number here.
    pub id: String,
    /// Klarna's id.
    pub session_id: String,
    /// The merchant's account KRN.
    pub merchant: Option<String>,
    /// The token that went with it.
    pub token: Option<i64>,
    /// When it was started; open for 48 hours.
    pub started_ms: i64,
    /// The order that came of it.
    pub order_id: Option<String>,
    /// When.
    pub ordered_ms: Option<i64>,
    /// `linked`, `same`, `replaced`, `opted_out`.
    pub linking: Option<String>,
}

/// A session with what was asked for.
pub(crate) struct SessionRow {
    pub shown: LinkingSession,
    pub request: StartLinking,
    pub client: Option<Sealed>,
}

/// A key's id, and what was sealed with it.
pub(crate) type Sealed = (String, Vec<u8>);

fn row(row: &Row<'_>) -> rusqlite::Result<(LinkingSession, String, Option<Sealed>)> {
    let (key, client): (Option<String>, Option<Vec<u8>>) = (row.get(9)?, row.get(10)?);
    let shown = LinkingSession {
        id: row.get(0)?,
        merchant: row.get(1)?,
        session_id: row.get(2)?,
        token: row.get(4)?,
        started_ms: row.get(5)?,
        order_id: row.get(6)?,
        ordered_ms: row.get(7)?,
        linking: row.get(8)?,
    };
    Ok((shown, row.get(3)?, key.zip(client)))
}

/// The newest sessions.
pub(crate) fn list(database: &Connection, profile: Uuid, limit: u32) -> Result<Vec<LinkingSession>, Problem> {
    let mut statement = database.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM linking_session WHERE profile = ?1 ORDER BY started_ms DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map((profile.to_string(), limit), row)?;
    Ok(rows.map(|row| row.map(|(shown, ..)| shown)).collect::<Result<_, _>>()?)
}

pub(crate) fn by_id(core: &Core, profile: &Profile, id: &str) -> Result<SessionRow, Problem> {
    let found = core
        .database()
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM linking_session WHERE profile = ?1 AND (id = ?2 OR session_id = ?2)"
        ))?
        .query_row((profile.id.to_string(), id.trim()), row)
        .optional()?;
    let (shown, request, client) = found.ok_or_else(|| {
        Problem::new(
            ErrorCode::ConsentUnknown,
            "No linking session of this profile has that number.",
            "Look at the list of sessions.",
        )
    })?;
    Ok(SessionRow {
        request: serde_json::from_str(&request).map_err(|cause| Problem::internal("read a session", &cause))?,
        shown,
        client,
    })
}

/// Where a session's `client_token` is sealed for.
pub(crate) fn place<'a>(profile: &'a Profile, row: &'a str) -> Place<'a> {
    Place {
        column: "linking_session.client",
        row,
        profile,
    }
}

/// What is asked of Klarna for a session.
pub(crate) fn draft(request: &StartLinking, customer_token: Option<CustomerToken>) -> Result<SessionDraft, Problem> {
    Ok(SessionDraft {
        intent: Intent::BuyAndLink,
        terms: order_terms(&request.terms, request.terms.payment_reference.as_deref())?,
        customer_token,
        acquiring_channel: None,
        step_up_id: None,
    })
}

/// Klarna's id of a session.
pub(crate) fn klarnas_id(row: &SessionRow) -> Result<PaymentSessionId, Problem> {
    PaymentSessionId::parse(&row.shown.session_id).map_err(|cause| Problem::internal("read a session's id", &cause))
}

/// Starts a session.
///
/// # Errors
/// `linking_terms`, `payments_login_missing`, `input_invalid`, `token_*` before anything is sent; `klarna_*`, `network_*`, `log_*`.
pub(crate) fn start(core: &Core, profile: &Profile, request: &StartLinking) -> Result<LinkingSession, Problem> {
    terms_notice::refuse_unaccepted(core, profile)?;
    let account = request
        .merchant
        .as_deref()
        .map(|needle| merchant(core, profile, needle))
        .transpose()?;
    let stored = request
        .token
        .as_deref()
        .map(|needle| opened(core, profile, needle))
        .transpose()?;
    let draft = draft(request, stored.as_ref().map(|(_, token)| token.copied()))?;
    let client = client(core, profile)?;
    core.unlock_log()?;
    let keys = core.vault()?;
    let mut plan = plan(
        profile,
        &client,
        ClassicCall::CreateSession(&draft),
        ("linking.session", PATH),
    );
    plan.merchant = account.as_ref().map(|account| account.as_str().to_owned());
    if let Some((row, token)) = &stored {
        plan.request.extend(named(core, row, token)?);
    }
    let key = new_key();
    let amount = draft.terms.lines.amount();
    let plan = plan
        .with("idem_key", key.to_string())
        .with("intent", "buy_and_link")
        .with("amount", amount);
    let plan = plan.with("currency", request.terms.currency.trim());
    let performed = acts::perform(
        core.journal(),
        plan,
        |_| (),
        |permit| {
            let answer = core.block_on(client.create_session(permit, &draft, &context(Some(key))));
            let answer = answer.map_err(|failure| failed(core, profile, &failure))?;
            let mut result = answered(core, profile, &answer.meta);
            put(&mut result, "session_id", Some(answer.value.id.as_str()));
            Ok(Done {
                value: answer.value,
                result,
            })
        },
    )?;
    let shown = LinkingSession {
        id: Uuid::new_v4().to_string(),
        session_id: performed.value.id.to_string(),
        merchant: account.map(|account| account.as_str().to_owned()),
        token: stored.as_ref().map(|(row, _)| row.id),
        started_ms: core.clock().unix_ms(),
        order_id: None,
        ordered_ms: None,
        linking: None,
    };
    let sealed = vault::seal(
        keys.current(),
        &place(profile, &shown.id),
        performed.value.client_token.expose(),
        core.fill(),
    );
    insert(core, profile, (&shown, request), (&keys.current().id, sealed))?;
    if let Some((row, _)) = &stored {
        tell(
            core,
            row.id,
            ("linking.session", "succeeded", ""),
            Some(performed.outcome_seq),
        )?;
    }
    Ok(shown)
}

pub(super) fn plan(
    profile: &Profile,
    client: &PaymentsClient,
    call: ClassicCall<'_>,
    (kind, path): (&'static str, &str),
) -> Plan {
    let (permit, subject) = client
        .permit_for(call)
        .expect("a call that changes something takes a permit");
    Plan::new(profile, kind, permit, &subject)
        .at("POST", path)
        .with("issuer", profile.account.as_str())
}

fn insert(
    core: &Core,
    profile: &Profile,
    (shown, request): (&LinkingSession, &StartLinking),
    (key_id, client): (&str, Vec<u8>),
) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "INSERT INTO linking_session (id, profile, merchant, session_id, request, token, started_ms, key_id, client)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        rusqlite::params![
            shown.id,
            profile.id.to_string(),
            shown.merchant,
            shown.session_id,
            as_json(request),
            shown.token,
            shown.started_ms,
            key_id,
            client,
        ],
    )?;
    Ok(())
}

/// Keeps what a session is about now.
pub(super) fn retold(core: &Core, id: &str, request: &StartLinking) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "UPDATE linking_session SET request = ?2 WHERE id = ?1",
        (id, as_json(request)),
    )?;
    Ok(())
}

fn as_json(request: &StartLinking) -> String {
    serde_json::to_string(request).expect("a request is plain data")
}

pub(super) fn concluded(core: &Core, id: &str, (order, linking): (&str, &str)) -> Result<(), Problem> {
    core.database_for_change()?.execute(
        "UPDATE linking_session SET order_id = ?2, ordered_ms = ?3, linking = ?4, key_id = NULL, client = NULL WHERE id = ?1",
        (id, order, core.clock().unix_ms(), linking),
    )?;
    Ok(())
}
