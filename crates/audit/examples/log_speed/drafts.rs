//! The entries of a year in a team of twenty: portals opened, access granted and revoked, for 50,000 merchants, with side rows.
//!
//! The same number gives the same entry. Deliberately absent: real names.

use gatehouse_audit::{Actor, Device, Draft, Phase};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A mixed number, the same for the same one.
fn mix(number: u64) -> u64 {
    let mut x = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Even numbers begin an act that the next one ends; every fortieth pair are two notes.
pub fn draft(number: u64) -> Draft {
    let pair = number / 2;
    let dice = mix(pair);
    let act = Uuid::from_u128(u128::from(pair) << 80 | 0x7000_8000_0000_0000_0000 | u128::from(dice >> 2));
    let is_note = dice.is_multiple_of(40);
    let kind = match dice % 100 {
        _ if is_note && number.is_multiple_of(2) => "app.start",
        _ if is_note => "audit.verify",
        0..60 => "portal.open",
        60..70 => "portal.revoke",
        70..90 => "access.grant",
        90..99 => "access.revoke",
        _ => "credential.issue",
    };
    let phase = if is_note {
        Phase::Note
    } else if number.is_multiple_of(2) {
        Phase::Intent
    } else {
        Phase::Outcome
    };
    let mut draft = Draft::new(kind, phase, act);
    draft.actor = Some(Actor {
        key_id: format!("{:016x}", dice / 7 % 20),
        role: "operator".into(),
        session: format!("{:032x}", dice / 3),
    });
    draft.device = Some(Device {
        id: format!("{:032x}", dice / 7 % 20),
        os: "linux".into(),
        app: "0.1.0".into(),
    });
    if !is_note {
        fill(&mut draft, dice, pair);
    }
    draft
}

fn fill(draft: &mut Draft, dice: u64, pair: u64) {
    let env = if (dice / 11).is_multiple_of(5) { "test" } else { "live" };
    draft.env = Some(env.into());
    draft.profile = Some(
        ["Main bank", "Second bank", "Old bank"]
            .get((dice / 13 % 7).min(2) as usize)
            .copied()
            .unwrap()
            .into(),
    );
    draft.merchant = Some(format!(
        "krn:partner:global:account:{env}:M{:05}",
        (dice / 17 % 50_000) * (dice / 19 % 50_000) / 50_000
    ));
    let id = |salt: u64| Uuid::from_u64_pair(mix(dice + salt), mix(dice + salt + 1)).to_string();
    let hash = |salt: u64| {
        format!(
            "{:016x}{:016x}{:016x}{:016x}",
            mix(dice + salt),
            mix(dice ^ salt),
            mix(pair + salt),
            mix(dice + 9)
        )
    };
    if draft.phase == Phase::Outcome {
        let word = match dice / 23 % 50 {
            0 => "unknown",
            1..4 => "refused",
            _ => "succeeded",
        };
        draft.result = object(
            json!({ "outcome": word, "http": 201, "attempts": 1, "correlation_id": id(1), "deep_link_id": id(3) }),
        );
        return;
    }
    draft.request = object(json!({
        "method": "POST", "path_template": "/partner/accounts/{account}/deep-links", "idem_key": id(5), "jti": id(7), "claims_sha256": hash(2),
        "roles": ["merchant:admin"], "on_behalf_of": draft.merchant, "form": "signed", "handover": "browser", "issuer": "krn:partner:global:account:live:ACQ1",
    }));
    draft.signing = object(
        json!({ "key_id": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "cert_sha256": format!("{:064x}", 7) }),
    );
    let reason = match dice / 29 % 10 {
        0 => format!("quarterly review, ticket-{}", pair % 100_000),
        1 => "Rückfrage der Buchhaltung".to_owned(),
        2 => "asked by Anna".to_owned(),
        _ => "support call".to_owned(),
    };
    draft.private = Some(object(
        json!({ "sub": format!("person{}@bank.example", dice / 31 % 3000), "reason": reason, "claims": "{}" }),
    ));
}
