//! The read model against a plain scan: random logs, random questions, the same answers.
//!
//! The scan here shares nothing with the read model but the entries: it folds acts, matches fields and words by itself.

use std::collections::HashMap;
use std::sync::OnceLock;

use gatehouse_audit::query::{Field, What};
use gatehouse_audit::{Actor, Draft, Entry, NoveltyOf, Phase, Question, Reader};
use proptest::prelude::*;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use crate::stage::{Stage, act, at, object};

pub const NOW: i64 = 1_782_000_000_000 + 40 * 86_400_000;
const KINDS: [&str; 5] = [
    "portal.open",
    "portal.revoke",
    "access.grant",
    "access.revoke",
    "app.start",
];
const WORDS: [&str; 6] = ["Anna", "Bücher", "two words", "x", "ticket-7", "naïve café"];

/// A small random number generator, so that a log is told by its seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }

    fn of<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let at = self.below(from.len() as u64);
        from[usize::try_from(at).unwrap()]
    }
}

pub fn draft(dice: &mut Dice, number: u64, open: &mut Vec<(u64, String)>) -> Draft {
    let settles = !open.is_empty() && dice.below(2) == 0;
    let (id, kind, phase) = if settles {
        let at = usize::try_from(dice.below(open.len() as u64)).unwrap();
        // Some outcomes come twice: an unknown one is settled later.
        let (id, kind) = if dice.below(5) == 0 {
            open[at].clone()
        } else {
            open.swap_remove(at)
        };
        (id, kind, Phase::Outcome)
    } else {
        let kind = dice.of(&KINDS).to_owned();
        let phase = if kind == "app.start" {
            Phase::Note
        } else if dice.below(20) == 0 {
            Phase::Outcome
        } else {
            Phase::Intent
        };
        if phase == Phase::Intent {
            open.push((number, kind.clone()));
        }
        (number, kind, phase)
    };
    let mut draft = Draft::new(kind, phase, act(u128::from(id)));
    decorate(&mut draft, dice);
    draft
}

fn decorate(draft: &mut Draft, dice: &mut Dice) {
    let actor = |dice: &mut Dice| Actor {
        key_id: format!("key{}", dice.below(4)),
        role: "operator".into(),
        session: "s".into(),
    };
    draft.actor = (dice.below(10) > 0).then(|| actor(dice));
    draft.env = (dice.below(4) > 0).then(|| dice.of(&["live", "test"]).to_owned());
    draft.profile = (dice.below(4) > 0).then(|| dice.of(&["Bank", "Other bank"]).to_owned());
    draft.merchant = (dice.below(3) > 0).then(|| format!("krn:partner:global:account:test:M{:03}", dice.below(12)));
    if draft.phase == Phase::Outcome {
        draft.result = object(
            json!({ "outcome": dice.of(&["succeeded", "refused", "unknown"]), "deep_link_id": format!("dl-{}", dice.below(300)) }),
        );
    }
    if dice.below(6) == 0 {
        draft.plan_sha256 = Some(format!("{:064x}", dice.below(3) << 60));
    }
    if dice.below(3) > 0 {
        draft.private = Some(object(
            json!({ "sub": format!("p{}@bank.example", dice.below(9)), "reason": dice.of(&WORDS) }),
        ));
    }
}

/// A log of three segments, read by the read model in pieces while it grew, and its entries.
fn grown() -> &'static (Stage, Vec<Entry>) {
    static GROWN: OnceLock<(Stage, Vec<Entry>)> = OnceLock::new();
    GROWN.get_or_init(|| {
        let stage = Stage::new();
        let log = stage.log();
        let (mut dice, mut open, mut number) = (Dice(0x5eed), Vec::new(), 1_u64);
        while number < 9_000 {
            let many = if dice.below(3) == 0 { 1_500 } else { 1 + dice.below(400) };
            let drafts: Vec<Draft> = (0..many).map(|n| draft(&mut dice, number + n, &mut open)).collect();
            number += many;
            log.append(&drafts, at(number * 300_000)).unwrap();
            stage.reader().ask(&Question::default(), NOW, None, 5).unwrap();
        }
        let reader = stage.reader();
        let size = reader.size().unwrap();
        let entries = (1..=size).map(|seq| reader.entry(seq).unwrap().unwrap()).collect();
        (stage, entries)
    })
}

/// An intent, note or orphan with its outcomes.
struct Folded<'e> {
    first: &'e Entry,
    outcomes: Vec<&'e Entry>,
}

fn folded(entries: &[Entry]) -> Vec<Folded<'_>> {
    let mut acts: Vec<Folded<'_>> = Vec::new();
    let mut begun: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for entry in entries {
        let body = &entry.body;
        let intents = begun.entry(body.act).or_default();
        let best = intents
            .iter()
            .max_by_key(|at| (acts[**at].first.body.kind == body.kind, **at))
            .copied();
        match best.filter(|_| body.phase == Phase::Outcome) {
            Some(at) => acts[at].outcomes.push(entry),
            None => {
                if body.phase == Phase::Intent {
                    intents.push(acts.len());
                }
                acts.push(Folded {
                    first: entry,
                    outcomes: Vec::new(),
                });
            }
        }
    }
    acts
}

/// The same of the grown log, once.
fn all_acts() -> &'static [Folded<'static>] {
    static ACTS: OnceLock<Vec<Folded<'static>>> = OnceLock::new();
    ACTS.get_or_init(|| folded(&grown().1))
}

fn plain(text: &str) -> String {
    let folded: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(plain(text)),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "claims")
            .for_each(|(_, value)| texts(value, found)),
        Value::Bool(_) | Value::Null => {}
    }
}

fn words_of(entry: &Entry) -> &'static [String] {
    static WORDS: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let all = WORDS.get_or_init(|| grown().1.iter().map(gather).collect());
    &all[usize::try_from(entry.seq - 1).unwrap()]
}

fn gather(entry: &Entry) -> Vec<String> {
    let body = &entry.body;
    let mut found = Vec::new();
    let clear = json!([
        body.kind,
        body.merchant,
        body.profile,
        body.env,
        body.plan_sha256,
        body.act.to_string(),
        body.request,
        body.result,
        body.signing,
        entry.private
    ]);
    texts(&clear, &mut found);
    if let Some(actor) = &body.actor {
        texts(&json!([actor.key_id, actor.role]), &mut found);
    }
    found
}

fn passes(act: &Folded<'_>, question: &Question) -> bool {
    let all: Vec<&Entry> = [act.first].into_iter().chain(act.outcomes.iter().copied()).collect();
    let says = |what: &What| match what {
        What::Word(word) => all
            .iter()
            .any(|entry| words_of(entry).iter().any(|text| text.contains(&plain(word)))),
        What::Field(field, value) => field_is(act, &all, *field, value),
        What::Since(_) | What::Until(_) => true,
    };
    let time = question.between(NOW);
    let mut fields: Vec<Field> = Vec::new();
    for term in question.terms() {
        match &term.what {
            What::Field(field, _) if !term.excluded => fields.push(*field),
            what if says(what) == term.excluded => return false,
            What::Word(_) | What::Field(..) | What::Since(_) | What::Until(_) => {}
        }
    }
    fields.iter().all(|field| {
        question
            .terms()
            .iter()
            .any(|term| !term.excluded && matches!(&term.what, What::Field(own, _) if own == field) && says(&term.what))
    }) && time.contains(&act.first.body.unix_ms())
}

fn field_is(act: &Folded<'_>, all: &[&Entry], field: Field, value: &str) -> bool {
    let body = &act.first.body;
    let same = |text: &Option<String>| {
        text.as_ref()
            .is_some_and(|text| text.to_lowercase() == value.to_lowercase())
    };
    match field {
        Field::Act => value
            .strip_suffix('*')
            .map_or(body.kind == value, |topic| body.kind.starts_with(topic)),
        Field::Actor => body.actor.as_ref().is_some_and(|actor| actor.key_id == value),
        Field::Env => same(&body.env),
        Field::Profile => same(&body.profile),
        Field::Merchant => {
            same(&body.merchant)
                || body
                    .merchant
                    .as_ref()
                    .is_some_and(|krn| krn.ends_with(&format!(":{value}")))
        }
        Field::Outcome => match act.outcomes.last() {
            Some(last) => last.body.result_text("outcome") == Some(value),
            None if body.phase == Phase::Intent => value == "open",
            None => body.result_text("outcome") == Some(value),
        },
        Field::Person => all.iter().any(|entry| {
            entry
                .private
                .as_ref()
                .and_then(|side| side.get("sub")?.as_str())
                .is_some_and(|sub| sub.contains(value))
        }),
        Field::Plan => all.iter().any(|entry| {
            entry
                .body
                .plan_sha256
                .as_ref()
                .is_some_and(|hash| hash.starts_with(value))
        }),
        Field::Id => all.iter().any(|entry| {
            entry.body.act.to_string().starts_with(value)
                || entry
                    .body
                    .result_text("deep_link_id")
                    .is_some_and(|id| id.starts_with(value))
        }),
    }
}

/// All pages of a question, by their keys.
pub fn all_pages(reader: &Reader, question: &Question, limit: usize) -> Vec<u64> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = reader.ask(question, NOW, before, limit).unwrap();
        assert!(page.rows.len() <= limit, "no page is longer than asked");
        found.extend(page.rows.iter().map(|row| row.seq));
        assert!(
            page.next.is_none() || page.next < before.or(Some(u64::MAX)),
            "pages go on"
        );
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

fn term() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec!["act:portal", "act:access.grant", "act:app", "act:nothing"]),
        prop::sample::select(vec!["actor:key0", "actor:key1", "actor:nobody", "env:live", "env:test"]),
        prop::sample::select(vec![
            "profile:bank",
            "profile:\"Other bank\"",
            "outcome:refused",
            "outcome:unknown",
            "outcome:open",
            "outcome:succeeded"
        ]),
        prop::sample::select(vec![
            "merchant:M003",
            "merchant:M007",
            "merchant:krn:partner:global:account:test:M005",
            "merchant:M999"
        ]),
        prop::sample::select(vec!["since:10d", "until:20d", "since:2026-07-05", "until:yesterday"]),
        prop::sample::select(vec![
            "anna",
            "bucher",
            "\"two words\"",
            "x",
            "na",
            "cafe",
            "ticket-7",
            "dl-1",
            "nowhere",
            "M003",
            "\"s t\""
        ]),
        prop::sample::select(vec![
            "person:p3@",
            "person:p1",
            "plan:1",
            "plan:0",
            "id:dl-2",
            "id:01900000",
            "id:01900000-0000-7000-8000-0000000003"
        ]),
    ]
    .prop_map(str::to_owned)
}

fn question() -> impl Strategy<Value = Question> {
    prop::collection::vec((prop::bool::weighted(0.2), term()), 0..5).prop_filter_map("times stand once", |terms| {
        let text: Vec<String> = terms
            .iter()
            .map(|(not, term)| if *not { format!("-{term}") } else { term.clone() })
            .collect();
        Question::read(&text.join(" ")).ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_read_model_answers_as_a_plain_scan_does(question in question(), limit in 40_usize..1000) {
        let (stage, _) = grown();
        let wanted: Vec<u64> = all_acts().iter().filter(|act| passes(act, &question)).map(|act| act.first.seq).rev().collect();
        let reader = stage.reader();
        prop_assert_eq!(all_pages(&reader, &question, limit), wanted.clone(), "{}", question);
        let bars = reader.histogram(&question, NOW, 30).unwrap();
        let counted: u64 = bars.bars.iter().map(|bar| bar.succeeded + bar.refused + bar.unknown + bar.notes).sum();
        prop_assert!(bars.more || counted == wanted.len() as u64, "every act is in a bar: {} of {} for {}", counted, wanted.len(), question);
    }
}

#[test]
fn facets_count_what_a_plain_scan_counts() {
    let (stage, _) = grown();
    let question = Question::read("act:portal env:live").unwrap();
    let facets = stage.reader().facets(&question, NOW).unwrap();
    let acts = all_acts();
    let env = facets.iter().find(|facet| facet.field == Field::Env).unwrap();
    for (value, count) in &env.values {
        let same = Question::read(&format!("act:portal env:{value}")).unwrap();
        assert_eq!(
            *count,
            acts.iter().filter(|act| passes(act, &same)).count() as u64,
            "env {value}, without its own condition"
        );
    }
    let merchant = facets.iter().find(|facet| facet.field == Field::Merchant).unwrap();
    assert_eq!(merchant.values.len(), 12, "every merchant is offered");
    assert!(!merchant.more, "and no other");
}

#[test]
fn merchants_new_to_a_person_are_those_that_a_plain_scan_finds() {
    let (stage, entries) = grown();
    let pair = |entry: &Entry| {
        let actor = entry.body.actor.as_ref()?.key_id.clone();
        Some((actor, entry.body.merchant.clone()?))
    };
    for (from, to) in [(1, 200), (150, 5_000), (4_096, 4_400), (8_500, 9_000)] {
        let mut seen: HashMap<(String, String), u64> = HashMap::new();
        for entry in entries.iter().take_while(|entry| entry.seq <= to) {
            if let Some(pair) = pair(entry) {
                seen.entry(pair).or_insert(entry.seq);
            }
        }
        let mut wanted: Vec<_> = seen.into_iter().filter(|(_, seq)| *seq >= from).collect();
        wanted.sort_unstable_by_key(|(_, seq)| *seq);
        let told = stage.reader().novelties(from, to).unwrap();
        let found: Vec<_> = told
            .into_iter()
            .filter(|new| new.what == NoveltyOf::Merchant)
            .map(|new| ((new.who, new.whom), new.seq))
            .collect();
        assert_eq!(found, wanted, "#{from} to #{to}");
    }
}
