//! Starting a review: the living grants of a profile, hashed as they stand at one moment, with the log's checkpoint beside them.
//!
//! Read and written in one transaction of a connection of its own, so that lists and typing go on meanwhile, and a killed process
//! leaves either the whole review or nothing of it.

use std::collections::BTreeMap;

use gatehouse_audit::Reader;
use jiff::civil::Date;
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use serde_json::Value;
use uuid::Uuid;

use super::document::{self, Hasher, MAX_LINES, Members};
use super::line::{self, Beside};
use super::notes::{self, Note};
use super::{Progress, Review, ReviewOrigin, ReviewScope, ReviewState, seal, store};
use crate::access::ledger;
use crate::acts::PersonKey;
use crate::database;
use crate::facade::Core;
use crate::problem::{ErrorCode, Problem};
use crate::profile::Profile;

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The format's name of a snapshot.
pub(super) const FORMAT: &str = "gatehouse-review-snapshot";

/// A review to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// What people call it.
    pub name: String,
    /// What is looked at.
    pub scope: ReviewScope,
    /// The day by which it is to be signed off, UTC.
    pub due: Option<Date>,
}

/// Starts a review; recorded.
///
/// # Errors
/// `input_invalid` for a name that is taken or none, a day that is over, and a scope without a single grant; `keyring_*`, `log_*`.
pub(crate) fn start(core: &Core, profile: &Profile, wanted: &NewReview) -> Result<Review, Problem> {
    core.unlock_log()?;
    let person = PersonKey::load(core.key_store()?.as_ref(), core.dir())?;
    let now_ms = core.clock().unix_ms();
    check(core, profile, wanted, now_ms)?;
    let names = names(core, profile)?;
    let head = head(core, profile, wanted, &person, now_ms)?;
    let mut connection = database::open(core.dir())?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut review = take(&transaction, profile, wanted, (head, &names), now_ms)?;
    review.starter = hex::encode(person.public());
    let mut note = Note::new(profile, "review.start", review.id)
        .with("snapshot_sha256", review.snapshot_sha256.as_str())
        .with("scope", review.scope.word())
        .with("lines", review.progress.lines)
        .private("note", Some(&review.name));
    if let ReviewScope::Merchant(id) = &review.scope {
        note = note.with("account", id.as_str());
    }
    note.before(core, |seq| {
        review.start_seq = seq;
        review.checkpoint = notes::checkpoint(core)?;
        store::began(&transaction, review.id, seq, &review.checkpoint)?;
        Ok(transaction.commit()?)
    })?;
    Ok(review)
}

fn check(core: &Core, profile: &Profile, wanted: &NewReview, now_ms: i64) -> Result<(), Problem> {
    let invalid = |message: String, hint: &'static str| Err(Problem::new(ErrorCode::InputInvalid, message, hint));
    let name = wanted.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return invalid(
            "A review's name has 1 to 100 characters.".into(),
            "Give a name that says what is reviewed, such as \"Autumn 2026\".",
        );
    }
    if store::find(&core.database(), profile.id, name).is_ok() {
        return invalid(format!("There is a review {name:?} already."), "Give another name.");
    }
    let today = crate::access::day_of(now_ms);
    if wanted.due.zip(today).is_some_and(|(due, today)| due < today) {
        return invalid(
            "The day on which the review is due is over.".into(),
            "Name a day to come.",
        );
    }
    Ok(())
}

/// What the listed persons are called, by key id.
pub(super) fn names(core: &Core, profile: &Profile) -> Result<BTreeMap<String, String>, Problem> {
    let mut names = BTreeMap::new();
    for person in core.person_list(profile)?.map(|list| list.persons).unwrap_or_default() {
        names.insert(person.key_id(), person.name);
    }
    let own = crate::acts::known_person(&core.database())?;
    if let Some(own) = own {
        names.entry(own).or_insert_with(|| profile.user.as_str().to_owned());
    }
    Ok(names)
}

/// The snapshot's head, all but the number of lines.
fn head(
    core: &Core,
    profile: &Profile,
    wanted: &NewReview,
    person: &PersonKey,
    now_ms: i64,
) -> Result<Members, Problem> {
    let reader = Reader::open(core.dir())?;
    let at = reader.head()?;
    let mut log = Members::new();
    log.insert("id".into(), reader.log_id()?.unwrap_or_default().into());
    log.insert("size".into(), at.size.into());
    log.insert("root".into(), hex::encode(at.root).into());
    let mut head = Members::new();
    let mut put = |name: &str, value: Value| {
        head.insert(name.to_owned(), value);
    };
    put("format", FORMAT.into());
    put("v", seal::VERSION.into());
    put("review", Uuid::new_v4().to_string().into());
    put("name", wanted.name.trim().into());
    put("profile", profile.name.as_str().into());
    put("account", profile.account.as_str().into());
    put("environment", profile.environment.word().into());
    put("scope", wanted.scope.word().into());
    put("taken_at", document::time(now_ms).into());
    put("starter", hex::encode(person.public()).into());
    put("log", Value::Object(log));
    if let ReviewScope::Merchant(id) = &wanted.scope {
        put("merchant_id", id.as_str().into());
    }
    if let Some(due) = wanted.due {
        put("due", due.to_string().into());
    }
    Ok(head)
}

/// Writes the snapshot's lines and the review's row.
fn take(
    transaction: &Transaction<'_>,
    profile: &Profile,
    wanted: &NewReview,
    (mut head, names): (Members, &BTreeMap<String, String>),
    now_ms: i64,
) -> Result<Review, Problem> {
    let lines = count(transaction, profile.id, &wanted.scope)?;
    head.insert("lines".into(), lines.into());
    let head_bytes = document::write(&head)?;
    let mut review = of_head(&head, ReviewOrigin::Own)?;
    store::insert(transaction, profile.id, &review, &head_bytes)?;
    let mut hasher = Hasher::default();
    hasher.line(&head_bytes);
    let mut line = 0;
    each(transaction, profile.id, &wanted.scope, |grant, mut beside| {
        line += 1;
        beside.granted_by_name = names.get(&grant.granted_by).cloned();
        let bytes = document::write(&line::members(line, &grant, &beside, now_ms))?;
        hasher.line(&bytes);
        store::insert_line(transaction, review.id, line, &bytes)
    })?;
    review.snapshot_sha256 = hasher.finish();
    transaction.execute(
        "UPDATE review SET snapshot_sha256 = ?2 WHERE id = ?1",
        params![review.id.to_string(), review.snapshot_sha256],
    )?;
    Ok(review)
}

/// The review that a snapshot's head tells of; without hash, nothing decided.
pub(super) fn of_head(head: &Members, origin: ReviewOrigin) -> Result<Review, Problem> {
    let lacks = || document::damaged("Its head lacks a part.");
    let text = |name: &str| document::text(head, name).ok_or_else(lacks);
    let due = document::text(head, "due").map(str::parse).transpose();
    Ok(Review {
        id: text("review")?.parse().map_err(|_| lacks())?,
        name: text("name")?.to_owned(),
        origin,
        state: ReviewState::Open,
        scope: store::scope_of(head).ok_or_else(lacks)?,
        snapshot_sha256: String::new(),
        progress: Progress {
            lines: document::number(head, "lines").ok_or_else(lacks)?,
            decided: 0,
            revoked: 0,
        },
        started_ms: document::unix_ms(text("taken_at")?).ok_or_else(lacks)?,
        due: due.map_err(|_| lacks())?,
        starter: text("starter")?.to_owned(),
        start_seq: 0,
        checkpoint: String::new(),
        signed_off_ms: None,
        plan_sha256: None,
        concluded_ms: None,
    })
}

const LIVING: &str = "profile = ?1 AND revoke_accepted_ms IS NULL AND (?2 IS NULL OR merchant_id = ?2) \
     AND (?3 = 0 OR instr(' ' || roles || ' ', ' merchant:admin ') > 0)";

fn filter(scope: &ReviewScope) -> (Option<&str>, bool) {
    match scope {
        ReviewScope::All => (None, false),
        ReviewScope::Merchant(id) => (Some(id), false),
        ReviewScope::Admins => (None, true),
    }
}

fn count(connection: &Connection, profile: Uuid, scope: &ReviewScope) -> Result<u32, Problem> {
    let (merchant, admins) = filter(scope);
    let sql = format!("SELECT count(*) FROM access_grant WHERE {LIVING}");
    let lines: u32 = connection.query_row(&sql, params![profile.to_string(), merchant, admins], |row| row.get(0))?;
    let invalid = |message: String, hint: &'static str| Err(Problem::new(ErrorCode::InputInvalid, message, hint));
    match lines {
        0 => invalid(
            "There is no access to review: the ledger knows of none in this scope.".into(),
            "Grant access with Gatehouse, or declare what was granted elsewhere; then start the review.",
        ),
        lines if lines > MAX_LINES => invalid(
            format!("{lines} grants are more than one review holds ({MAX_LINES})."),
            "Review one merchant at a time, or the administrators alone.",
        ),
        lines => Ok(lines),
    }
}

fn each(
    connection: &Connection,
    profile: Uuid,
    scope: &ReviewScope,
    mut visit: impl FnMut(crate::access::Grant, Beside) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let (merchant, admins) = filter(scope);
    let of_merchant = |column: &str| {
        format!(
            "coalesce((SELECT {column} FROM merchant AS m WHERE m.profile = access_grant.profile \
             AND m.merchant_id = access_grant.merchant_id), '')"
        )
    };
    let sql = format!(
        "SELECT {}, {}, {}, (SELECT max(fetched_at_ms) FROM portal_session AS s WHERE s.profile = access_grant.profile \
         AND s.merchant_id = access_grant.merchant_id AND s.principal = access_grant.principal) \
         FROM access_grant WHERE {LIVING} ORDER BY 19, merchant_id, person, on_behalf_of",
        ledger::COLUMNS,
        of_merchant("name"),
        of_merchant("reference"),
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params![profile.to_string(), merchant, admins])?;
    while let Some(row) = rows.next()? {
        let grant = ledger::read(row)?.ok_or_else(ledger::damaged)?;
        visit(grant, beside(row)?)?;
    }
    Ok(())
}

fn beside(row: &Row<'_>) -> rusqlite::Result<Beside> {
    Ok(Beside {
        merchant_name: row.get(18)?,
        reference: row.get(19)?,
        seen_ms: row.get(20)?,
        granted_by_name: None,
    })
}
