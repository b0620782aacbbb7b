//! T12: inclusion and consistency proofs with any element replaced, moved, added or left out, with other sizes and roots.

use gatehouse_audit::proof;
use gatehouse_audit::tree::{Frontier, Hash, leaf_hash, node_hash};
use serde_json::json;

use crate::forge::base64;
use crate::rng::Rng;
use crate::run::{Bench, Tally, hold_all, number, seed};

/// What a proof is about.
#[derive(Clone, PartialEq)]
struct Claim {
    leaf: Hash,
    index: u64,
    size: u64,
    root: Hash,
    path: Vec<Hash>,
}

fn bodies(size: u64) -> Vec<Vec<u8>> {
    (0..size).map(|n| format!("{{\"n\":{n}}}").into_bytes()).collect()
}

fn root(bodies: &[Vec<u8>]) -> Hash {
    let mut frontier = Frontier::default();
    bodies.iter().for_each(|body| drop(frontier.push(leaf_hash(body))));
    frontier.root()
}

/// The inclusion proof as RFC 9162 2.1.3.1 defines it, word for word.
fn path(index: usize, bodies: &[Vec<u8>]) -> Vec<Hash> {
    if bodies.len() == 1 {
        return Vec::new();
    }
    let half = bodies.len().next_power_of_two() / 2;
    let (inside, beside) = if index < half {
        (path(index, &bodies[..half]), &bodies[half..])
    } else {
        (path(index - half, &bodies[half..]), &bodies[..half])
    };
    [inside, vec![root(beside)]].concat()
}

fn sound(rng: &mut Rng) -> (Claim, Vec<u8>) {
    let bodies = bodies(rng.between(1, 40));
    let index = rng.below(bodies.len());
    let claim = Claim {
        leaf: leaf_hash(&bodies[index]),
        index: u64::try_from(index).unwrap(),
        size: u64::try_from(bodies.len()).unwrap(),
        root: root(&bodies),
        path: path(index, &bodies),
    };
    (claim, bodies[index].clone())
}

fn graft(rng: &mut Rng, claim: &mut Claim) {
    let len = claim.path.len();
    match rng.below(8) {
        0 if len > 0 => claim.path[rng.below(len)][rng.below(32)] ^= 1 << rng.below(8),
        1 if len > 1 => claim.path.swap(0, 1 + rng.below(len - 1)),
        2 if len > 0 => drop(claim.path.remove(rng.below(len))),
        3 => claim.path.insert(rng.below(len + 1), [7; 32]),
        4 => claim.index = claim.index.wrapping_add(rng.between(1, 3)),
        5 => claim.size = rng.between(0, 3 * claim.size),
        6 => claim.root[rng.below(32)] ^= 1,
        _ => {
            claim.path.push(claim.root);
            claim.root = node_hash(&claim.root, &claim.root);
        }
    }
}

/// On which side each hash of a leaf's path joins, from the root down; nothing for a leaf outside the tree.
fn sides(index: u64, size: u64) -> Option<Vec<bool>> {
    let (mut start, mut end, mut sides) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + (end - start).next_power_of_two() / 2;
        sides.push(index < middle);
        (start, end) = if index < middle { (start, middle) } else { (middle, end) };
    }
    (index < size).then_some(sides)
}

/// Whether a grafted claim still holds. A size is told by the checkpoint, not by the path: another one under which the path goes the
/// very same way is no other claim.
fn still_holds(claim: &Claim, sound: &Claim) -> bool {
    let same = Claim {
        size: sound.size,
        ..claim.clone()
    } == *sound;
    same && sides(claim.index, claim.size) == sides(sound.index, sound.size)
}

pub fn grafted(times: u64, seed: u64) -> Tally {
    let (mut bench, mut tally) = (Bench::new(), Tally::default());
    for number in 0..times {
        let mut rng = Rng::new(seed.wrapping_add(number));
        let (truth, body) = sound(&mut rng);
        let mut claim = truth.clone();
        if rng.below(8) > 0 {
            graft(&mut rng, &mut claim);
        }
        let wanted = still_holds(&claim, &truth);
        let ours = proof::root_of(&body, claim.index, claim.size, &claim.path) == Some(claim.root);
        let path: Vec<_> = claim.path.iter().map(|hash| base64(hash)).collect();
        let job = json!({ "job": "inclusion", "leaf": base64(&claim.leaf), "index": claim.index, "size": claim.size, "root": base64(&claim.root), "path": path });
        let theirs = bench.python().ask(&job)["holds"] == true;
        tally.count(
            wanted,
            ours,
            theirs,
            &format!("T12 with GATEHOUSE_SEED={}: {job}", seed.wrapping_add(number)),
        );
    }
    tally
}

#[test]
fn t12_grafted_proofs() {
    hold_all("T12", &grafted(number("GATEHOUSE_TIMES").unwrap_or(300), seed()));
}
