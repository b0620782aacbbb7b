//! Inclusion proofs against an independent implementation of RFC 6962, and grafted ones refused.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use gatehouse_audit::tree::{Hash, leaf_hash, node_hash};
use gatehouse_audit::{note, proof};
use sha2::Sha256;

use crate::stage::eight;

fn bytes(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

/// A stored subtree, computed from its leaves.
fn node(level: u32, idx: u64) -> Hash {
    if level == 0 {
        return leaf_hash(&bytes(idx));
    }
    node_hash(&node(level - 1, idx * 2), &node(level - 1, idx * 2 + 1))
}

#[test]
fn a_path_is_the_one_of_an_independent_tree_at_every_size_and_place() {
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 1..70_u64 {
        oracle.push(bytes(size - 1));
        let root: Hash = oracle.root().as_bytes().as_slice().try_into().unwrap();
        for index in 0..size {
            let path = proof::path(index, size, &|level, idx| Ok(Some(node(level, idx)))).unwrap();
            let theirs = oracle.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(
                path.concat(),
                theirs.as_bytes(),
                "leaf {index} of {size} has the same path"
            );
            let found = proof::root_of(&bytes(index), index, size, &path);
            assert_eq!(found, Some(root), "leaf {index} of {size} leads to the root");
        }
    }
}

#[test]
fn a_grafted_path_leads_elsewhere() {
    let size = 21;
    for index in 0..size {
        let path = proof::path(index, size, &|level, idx| Ok(Some(node(level, idx)))).unwrap();
        let root = proof::root_of(&bytes(index), index, size, &path);
        for at in 0..path.len() {
            let mut other = path.clone();
            other[at][7] ^= 1;
            let found = proof::root_of(&bytes(index), index, size, &other);
            assert_ne!(found, root, "a changed hash is noticed");
            let mut less = path.clone();
            less.remove(at);
            let found = proof::root_of(&bytes(index), index, size, &less);
            assert_ne!(found, root, "a missing hash is noticed");
        }
        let more = [path.clone(), vec![[0; 32]]].concat();
        assert_eq!(
            proof::root_of(&bytes(index), index, size, &more),
            None,
            "a path that is too long fits no tree"
        );
        let moved = proof::root_of(&bytes(index), (index + 1) % size, size, &path);
        assert_ne!(moved, root, "another place is noticed");
        assert_eq!(proof::root_of(&bytes(index), size, size, &path), None, "beyond the end");
    }
}

#[test]
fn a_stranger_checks_entries_of_a_real_log_with_checkpoint_and_key_alone() {
    let stage = eight();
    let proven = stage.reader().proof(&[1, 5, 8]).unwrap();
    let key = *proven.keys.last().unwrap();
    let checkpoint = note::open(&proven.note, &proven.log_id, &key).unwrap();
    assert_eq!(checkpoint.size, proven.size, "the note speaks of the proof's size");
    for entry in &proven.entries {
        let root = proof::root_of(&entry.bytes, entry.seq - 1, proven.size, &entry.path);
        assert_eq!(root, Some(checkpoint.root), "entry {} stands in the log", entry.seq);
    }
    stage.reader().proof(&[9]).unwrap_err();
    stage.reader().proof(&[0]).unwrap_err();
}
