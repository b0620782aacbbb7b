//! T14: JSON that says the same in another way, or that two readers could read differently, under true hashes and signatures.

use super::forged;
use crate::ground::Ground;
use crate::rng::Rng;
use crate::run::{Case, Wanted};

/// Replacements in an entry's text, each of which must be refused; `MONO` and `TIME` stand for what the entry says there.
const TRICKS: [(&str, &str); 38] = [
    ("\"mono\":", "\"mono\":1,\"mono\":"),
    ("\"v\":1", "\"v\":1e0"),
    ("\"v\":1", "\"v\":1.0"),
    ("\"v\":1", "\"v\":true"),
    ("\"v\":1", "\"v\":2"),
    ("\"v\":1", "\"v\":\"1\""),
    ("\"mono\":MONO", "\"mono\":-0"),
    ("\"mono\":MONO", "\"mono\":-1"),
    ("\"mono\":MONO", "\"mono\":9007199254740992"),
    ("\"mono\":MONO", "\"mono\":123456789012345678901234567890"),
    ("\"mono\":MONO", "\"mono\":00"),
    ("\"mono\":MONO", "\"mono\":NaN"),
    ("\"log\":\"", "\"log\":\"\\u0030"),
    ("app.start", "app\\u002estart"),
    ("app.start", "app.start\\ud800"),
    ("app.start", "App.start"),
    ("app.start", "appstart"),
    ("app.start", "app..start"),
    ("app.start", "log.genesis"),
    ("app.start", "app.start\\n"),
    ("\"phase\":\"note\"", "\"phase\":\"Note\""),
    ("\"phase\":\"note\"", "\"phase\":null"),
    ("\"seq\":", "\"profile\":1,\"seq\":"),
    ("\"seq\":", "\"request\":{},\"seq\":"),
    ("\"seq\":", "\"request\":[],\"seq\":"),
    ("\"seq\":", "\"request\":{\"a\":1.5},\"seq\":"),
    ("\"seq\":", "\"request\":{\"b\":1,\"a\":1},\"seq\":"),
    ("\"seq\":", "\"request\":{\"\u{e9}\":1},\"seq\":"),
    ("\"seq\":", "\"request\":{\"\":1},\"seq\":"),
    ("\"v\":1", "\"unknown\":1,\"v\":1"),
    ("\"kind\":", "\"env\":\"production\",\"kind\":"),
    ("TIME", "2026-02-30T00:00:00.000Z"),
    ("TIME", "2026-06-21T00:00:60.000Z"),
    ("TIME", "1969-12-31T23:59:59.999Z"),
    ("TIME", "9999-12-31T00:00:00.000Z"),
    ("\"session\":\"s1\"", "\"session\":\"s1\",\"t\":\"x\""),
    ("\"role\":\"operator\",", ""),
    (",\"", ", \""),
];

/// Texts that are sound, however odd they look: both readers must take them.
const ODD: [&str; 6] = [
    "Bu\u{308}cher",
    "B\u{fc}cher",
    "\u{202e}txt.exe",
    "\u{7f}\u{80}",
    "\\u0007 \\\\ \\\" \\b\\f\\n\\r\\t\\u001f",
    "\u{1f980}\u{ffff}",
];

pub fn mutate(rng: &mut Rng, ground: &Ground) -> Case {
    let seq = *rng.pick(&[15_u64, 16]);
    let text = String::from_utf8(ground.db.events[usize::try_from(seq).unwrap() - 1].2.clone()).unwrap();
    let (bytes, what, wanted) = match rng.below(10) {
        0 => {
            let odd = text.replace("\"seq\":", &format!("\"profile\":\"{}\",\"seq\":", rng.pick(&ODD)));
            (
                odd.into_bytes(),
                "an odd text".to_owned(),
                Wanted::at(&["intact"], None),
            )
        }
        1 => noise(rng, &text, seq),
        _ => {
            let ((from, to), body) = (rng.pick(&TRICKS), ground.db.body(seq));
            let from = from
                .replace("MONO", &body["mono"].to_string())
                .replace("TIME", body["time"].as_str().unwrap());
            assert!(text.contains(&from), "the trick {from} has its place");
            (
                text.replacen(&from, to, 1).into_bytes(),
                format!("{from} as {to}"),
                Wanted::broken(seq),
            )
        }
    };
    let mut db = ground.db.clone();
    db.set(seq, bytes);
    db.recompute(seq);
    db.resign(seq, |_| ground.seed);
    let case = forged(ground, format!("entry {seq}: {what}"), &db, wanted);
    Case {
        anchor: Some(db.anchor(ground.seed)),
        ..case
    }
}

/// Depth, length, and bytes that are no text.
fn noise(rng: &mut Rng, text: &str, seq: u64) -> (Vec<u8>, String, Wanted) {
    let with = |value: &str| {
        text.replace("\"seq\":", &format!("\"request\":{{\"a\":{value}}},\"seq\":"))
            .into_bytes()
    };
    let depth = *rng.pick(&[13_usize, 14, 15, 200, 4_000]);
    let length = *rng.pick(&[15_000_usize, 15_900, 16_400, 60_000]);
    let broken = Wanted::broken(seq);
    match rng.below(4) {
        0 => {
            let bytes = with(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
            let sound = depth <= 14 && bytes.len() <= 16_384;
            (
                bytes,
                format!("nested {depth} deep"),
                if sound { Wanted::at(&["intact"], None) } else { broken },
            )
        }
        1 => {
            let bytes = with(&format!("\"{}\"", "x".repeat(length)));
            let sound = bytes.len() <= 16_384;
            (
                bytes,
                format!("{length} letters"),
                if sound { Wanted::at(&["intact"], None) } else { broken },
            )
        }
        2 => (
            [text.as_bytes(), b"\n"].concat(),
            "a newline behind it".to_owned(),
            broken,
        ),
        _ => {
            let mut bytes = with("\"xyz\"");
            let at = bytes.windows(3).position(|three| three == b"xyz").unwrap();
            bytes[at] = 0x80 | u8::try_from(rng.below(0x80)).unwrap();
            (bytes, "a byte that is no UTF-8".to_owned(), broken)
        }
    }
}
