//! T7 and T8: a period taken out of the log and called a pause, and clocks that moved.

use serde_json::Value;

use super::forged;
use crate::clean::canonical;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Case, Wanted};
use crate::stage::at;

/// The time of an entry, so many milliseconds after the tests' beginning.
fn time(ms: i64) -> String {
    let unix = at(0).unix_ms + ms;
    jiff::Timestamp::from_millisecond(unix)
        .unwrap()
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}

/// Without the key: entries taken out, the rest rewritten, a stop and a start put in their place.
pub fn pause(rng: &mut Rng, ground: &Ground) -> Case {
    if rng.coin() {
        return quiet_pause(rng, ground);
    }
    let mut db = ground.db.clone();
    let from = rng.between(ground.second + 1, 14);
    let to = rng.between(from, 15);
    let (mut stop, mut start) = (db.body(9), db.body(9));
    stop["kind"] = Value::from("app.stop");
    start["mono"] = Value::from(0);
    db.close_up(from, to);
    let place = usize::try_from(from).unwrap() - 1;
    db.events.insert(place, (0, vec![0; 32], canonical(&stop)));
    db.events.insert(place + 1, (0, vec![0; 32], canonical(&start)));
    db.renumber(from);
    db.sides.retain(|row| row.0 < i64::try_from(from).unwrap());
    db.events
        .iter_mut()
        .skip(place)
        .for_each(|row| without_side(&mut row.2));
    db.recompute(from);
    db.checkpoints.retain(|row| row.0 < i64::try_from(from).unwrap());
    let first = Some(ground.vouched(from - 1) + 1);
    let short = db.size() < ground.today.size;
    let wanted = Wanted::at(if short { &["truncated"] } else { &["broken"] }, first);
    forged(
        ground,
        format!("entries {from} to {to} called a pause"),
        &db,
        Wanted {
            clocks: pauses(&db, short),
            ..wanted
        },
    )
}

/// The clocks that both judges name: the walk goes to the end here.
fn pauses(db: &crate::forge::Db, _short: bool) -> Vec<u64> {
    odd(&(1..=db.size()).map(|seq| db.body(seq)).collect::<Vec<_>>())
}

fn without_side(bytes: &mut Vec<u8>) {
    let mut body: Value = serde_json::from_slice(bytes).unwrap();
    if body.as_object_mut().unwrap().remove("priv").is_some() {
        *bytes = canonical(&body);
    }
}

/// With key and anchor (A2), inside one run of the program: the times are closed up, the monotonic clock still tells.
fn quiet_pause(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let from = rng.between(12, 15);
    let hidden = i64::try_from(rng.between(3_000, 3_600_000)).unwrap();
    for seq in from..=16 {
        let mut body = db.body(seq);
        body["mono"] = Value::from(body["mono"].as_i64().unwrap() + hidden);
        db.set(seq, canonical(&body));
    }
    db.recompute(from);
    db.resign(from, |_| ground.seed);
    let wanted = Wanted {
        clocks: vec![from],
        ..Wanted::at(&["intact"], None)
    };
    let case = forged(
        ground,
        format!("{hidden} ms before entry {from} hidden in the times"),
        &db,
        wanted,
    );
    Case {
        anchor: Some(db.anchor(ground.seed)),
        ..case
    }
}

/// The entries before which the clock is odd, by the words of docs/audit-format.md 8.
fn odd(bodies: &[Value]) -> Vec<u64> {
    let ms = |body: &Value| {
        body["time"]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .unwrap()
            .as_millisecond()
    };
    let pairs = bodies.windows(2).filter(|pair| {
        let passed = ms(&pair[1]) - ms(&pair[0]);
        let ticked = pair[1]["mono"].as_i64().unwrap() - pair[0]["mono"].as_i64().unwrap();
        let session = |body: &Value| body.pointer("/actor/session").cloned();
        let together = session(&pair[0]).is_some() && session(&pair[0]) == session(&pair[1]);
        passed < -2_000 || together && (passed - ticked).abs() > 2_000
    });
    pairs.map(|pair| pair[1]["seq"].as_u64().unwrap()).collect()
}

/// The clock jumps before some entries; the log is written truly. Flagged, never refused.
pub fn jump(rng: &mut Rng, ground: &Ground) -> Case {
    let mut db = ground.db.clone();
    let (mut shift, jumps) = (0_i64, rng.between(1, 3));
    let places: Vec<u64> = (0..jumps).map(|_| rng.between(2, 16)).collect();
    let first = *places.iter().min().unwrap();
    for seq in first..=16 {
        if places.contains(&seq) {
            let by = i64::try_from(*rng.pick(&[500, 1_999, 2_001, 3_600_000, 31_536_000_000_u64])).unwrap();
            shift += if rng.coin() { by } else { -by };
        }
        let mut body = db.body(seq);
        let was: jiff::Timestamp = body["time"].as_str().unwrap().parse().unwrap();
        body["time"] = Value::from(time(was.as_millisecond() - at(0).unix_ms + shift));
        db.set(seq, canonical(&body));
    }
    db.recompute(first);
    db.resign(first, |size| {
        if size < ground.second {
            ground.seed - 1
        } else {
            ground.seed
        }
    });
    let bodies: Vec<_> = (1..=16).map(|seq| db.body(seq)).collect();
    let wanted = Wanted {
        clocks: odd(&bodies),
        ..Wanted::at(&["intact"], None)
    };
    let case = forged(ground, format!("the clock moved before {places:?}"), &db, wanted);
    Case {
        anchor: Some(db.anchor(ground.seed)),
        ..case
    }
}
