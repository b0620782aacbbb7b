//! Pieces of a question to its parts, and every fault that they can have.
//!
//! Deliberately absent: guessing. What is no field and no word is a fault that names the field that may be meant.

use super::fault::QueryFault;
use super::lex::{self, Piece};
use super::moment::Moment;
use super::{Field, MAX_CHARS, MAX_TERMS, Question, Term, What};

/// What stands before a colon in texts that people paste, and is no field.
pub(super) const PLAIN: [&str; 5] = ["krn", "urn", "http", "https", "mailto"];
const ENVS: [&str; 3] = ["live", "test", "sandbox"];
const OUTCOMES: [&str; 4] = ["succeeded", "refused", "unknown", "open"];

/// Reads a question.
pub fn question(text: &str) -> Result<Question, QueryFault> {
    let length = text.chars().count();
    if length > MAX_CHARS {
        let message = format!("A question has at most {MAX_CHARS} characters. Shorten it.");
        return Err(QueryFault::new(MAX_CHARS, length - MAX_CHARS, message));
    }
    let pieces = lex::pieces(text)?;
    if let Some(piece) = pieces.get(MAX_TERMS) {
        return Err(piece.fault(format!("A question has at most {MAX_TERMS} parts. Leave some out.")));
    }
    let mut question = Question::default();
    for piece in &pieces {
        let what = what(piece)?;
        once(&question, &what, piece)?;
        question.terms.push(Term {
            excluded: piece.excluded,
            what,
        });
    }
    // What a screen writes back must be readable, too.
    if question.to_string().chars().count() > MAX_CHARS {
        return Err(QueryFault::new(
            0,
            length,
            format!("A question has at most {MAX_CHARS} characters. Shorten it."),
        ));
    }
    Ok(question)
}

fn what(piece: &Piece) -> Result<What, QueryFault> {
    let Some(name) = &piece.field else {
        return word(piece, piece.value.clone());
    };
    let lower = name.to_ascii_lowercase();
    if let Some(field) = Field::ALL.into_iter().find(|field| field.word() == lower) {
        return value(field, piece);
    }
    match lower.as_str() {
        "since" => moment(piece).map(What::Since),
        "until" => moment(piece).map(What::Until),
        plain if PLAIN.contains(&plain) && !piece.quoted => word(piece, format!("{name}:{}", piece.value)),
        _ => Err(piece.fault(unknown_field(name, &lower, piece))),
    }
}

fn word(piece: &Piece, text: String) -> Result<What, QueryFault> {
    if !text.trim().is_empty() {
        return Ok(What::Word(text));
    }
    Err(if piece.quoted {
        piece.fault("There is nothing between the quotes. Write the words to look for.")
    } else {
        piece.fault("A dash stands alone. Write the word or the field to leave out right after it.")
    })
}

fn moment(piece: &Piece) -> Result<Moment, QueryFault> {
    if piece.excluded {
        return Err(piece.fault(
            "A time cannot be left out with a dash. Write `until:` for what came before, `since:` for what came after.",
        ));
    }
    if piece.value.trim().is_empty() {
        return Err(piece.fault(
            "A time is missing here. Write a date (2026-07-01), `today`, `yesterday`, or how long ago: 12h, 7d.",
        ));
    }
    Moment::read(piece.value.trim()).map_err(|message| piece.value_fault(message))
}

fn value(field: Field, piece: &Piece) -> Result<What, QueryFault> {
    let value = piece.value.trim();
    if value.is_empty() {
        let message = format!(
            "`{}:` has no value. Write {} right after the colon.",
            field.word(),
            example(field)
        );
        return Err(piece.fault(message));
    }
    let lower = value.to_ascii_lowercase();
    let value = match field {
        Field::Act => act(&lower).ok_or_else(|| {
            piece.value_fault("That is no kind of act. Write a topic (`act:access`), or a kind (`act:access.grant`).")
        })?,
        Field::Env => one_of(&ENVS, lower, piece)?,
        Field::Outcome => one_of(&OUTCOMES, lower, piece)?,
        Field::Plan if !lower.bytes().all(|b| b.is_ascii_hexdigit()) => {
            return Err(
                piece.value_fault("A plan is named by its SHA-256. Write how the plan's hash begins, in hex digits.")
            );
        }
        Field::Plan => lower,
        Field::Actor | Field::Merchant | Field::Profile | Field::Person | Field::Id => value.to_owned(),
    };
    Ok(What::Field(field, value))
}

/// A topic as `access.*`, a kind as it is.
fn act(lower: &str) -> Option<String> {
    let stem = lower
        .strip_suffix(".*")
        .or_else(|| lower.strip_suffix('.'))
        .unwrap_or(lower);
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if !stem.split('.').all(word) {
        return None;
    }
    let is_topic = stem != lower || (!stem.contains('.') && stem != "unreadable");
    Some(if is_topic { format!("{stem}.*") } else { stem.to_owned() })
}

fn one_of(known: &[&str], value: String, piece: &Piece) -> Result<String, QueryFault> {
    if known.contains(&value.as_str()) {
        return Ok(value);
    }
    let likely = known
        .iter()
        .find(|word| is_near(&value, word))
        .map_or_else(String::new, |word| format!(" Perhaps `{word}`?"));
    Err(piece.value_fault(format!("That is none of its values. Write {}.{likely}", listed(known))))
}

fn example(field: Field) -> &'static str {
    match field {
        Field::Actor => "the id of the person who acted",
        Field::Act => "a topic such as `access`, or a kind such as `access.grant`,",
        Field::Merchant => "the merchant's account KRN or its last part",
        Field::Env => "`live`, `test` or `sandbox`",
        Field::Outcome => "`succeeded`, `refused`, `unknown` or `open`",
        Field::Profile => "the profile's name",
        Field::Person => "an e-mail address or a part of it",
        Field::Plan => "how the plan's hash begins",
        Field::Id => "an id or how it begins",
    }
}

fn unknown_field(name: &str, lower: &str, piece: &Piece) -> String {
    let names = Field::ALL.map(Field::word).into_iter().chain(["since", "until"]);
    let likely = names.clone().find(|word| is_near(lower, word));
    match likely {
        Some(word) => format!(
            "`{name}:` is no field. Perhaps `{word}:{}`? To look for it as text, put it in quotes.",
            piece.value
        ),
        None => format!(
            "`{name}:` is no field. The fields are {}. To look for it as text, put it in quotes.",
            names.collect::<Vec<_>>().join(", ")
        ),
    }
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// `since:` and `until:` stand once.
fn once(question: &Question, what: &What, piece: &Piece) -> Result<(), QueryFault> {
    let twice = |same: fn(&What) -> bool| same(what) && question.terms.iter().any(|term| same(&term.what));
    let name = if twice(|what| matches!(what, What::Since(_))) {
        "since"
    } else if twice(|what| matches!(what, What::Until(_))) {
        "until"
    } else {
        return Ok(());
    };
    Err(piece.fault(format!(
        "`{name}:` stands here for the second time. Leave one of them out."
    )))
}

/// Whether two words differ by at most two letters typed wrong, left out, doubled or swapped, and begin alike or are one apart.
fn is_near(typed: &str, word: &str) -> bool {
    let distance = distance(typed, word);
    distance <= 1 || (distance == 2 && typed.len() > 3 && typed.bytes().next() == word.bytes().next())
}

/// Edits between two short words (Damerau and Levenshtein, restricted).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(24).collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let above = |up: usize, left: usize| {
                rows.get((i + 1).wrapping_sub(up))
                    .and_then(|row| row.get((j + 1).wrapping_sub(left)))
                    .copied()
                    .unwrap_or(usize::MAX - 1)
            };
            let mut best = (above(1, 1) + usize::from(x != y))
                .min(above(1, 0) + 1)
                .min(row.last().copied().unwrap_or(0) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                best = best.min(above(2, 2) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}
