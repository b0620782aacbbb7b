//! Proofs of consistency: the trees and the kinds of forgeries of the public vectors for RFC 9162, and an independent tree as oracle.
//!
//! The eight leaves and the roots are those that RFC 6962's reference implementation published; every kind of forgery of the
//! `transparency-dev/merkle` vectors (a bit, a hash too many or too few, other sizes, swapped roots, size 0) is made from them.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use gatehouse_audit::proof::{self, consistency, is_consistent};
use gatehouse_audit::tree::{Hash, leaf_hash, node_hash};
use sha2::Sha256;

/// The published leaves, in hex.
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
/// The published roots over the first 1, 2, 3 ... of them.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> Hash {
    hex::decode(hex).unwrap().try_into().unwrap()
}

fn root(size: u64) -> Hash {
    hash(ROOTS[usize::try_from(size).unwrap() - 1])
}

fn node(level: u32, idx: u64) -> Hash {
    if level == 0 {
        return leaf_hash(&hex::decode(LEAVES[usize::try_from(idx).unwrap()]).unwrap());
    }
    node_hash(&node(level - 1, idx * 2), &node(level - 1, idx * 2 + 1))
}

fn proven(old: u64, size: u64) -> Vec<Hash> {
    consistency(old, size, &|level, idx| Ok(Some(node(level, idx)))).unwrap()
}

#[test]
fn the_published_proofs_are_made_and_hold() {
    // Old size, size, and the proof that was published for them.
    let published: [(u64, u64, &[&str]); 4] = [
        (1, 1, &[]),
        (
            1,
            8,
            &[
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            6,
            8,
            &[
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (
            2,
            5,
            &[
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ];
    for (old, size, path) in published {
        let path: Vec<Hash> = path.iter().map(|hex| hash(hex)).collect();
        assert_eq!(proven(old, size), path, "{old} to {size} is the published proof");
        assert!(
            is_consistent(old, &root(old), size, &root(size), &path),
            "{old} to {size} holds"
        );
    }
}

#[test]
fn every_pair_of_sizes_is_proven_as_by_an_independent_tree() {
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut roots = vec![[0; 32]];
    let bytes = |number: u64| format!("entry {number}").into_bytes();
    let mut leaves: Vec<Hash> = Vec::new();
    for size in 1..40_u64 {
        oracle.push(bytes(size));
        leaves.push(leaf_hash(&bytes(size)));
        roots.push(oracle.root().as_bytes().as_slice().try_into().unwrap());
        for old in 1..=size {
            let path = consistency(old, size, &|level, idx| Ok(Some(subtree(&leaves, level, idx)))).unwrap();
            let added = usize::try_from(size - old).unwrap();
            let theirs = (added > 0).then(|| oracle.prove_consistency(added).as_bytes().to_vec());
            assert_eq!(path.concat(), theirs.unwrap_or_default(), "{old} to {size}");
            let (before, after) = (
                roots[usize::try_from(old).unwrap()],
                roots[usize::try_from(size).unwrap()],
            );
            assert!(
                is_consistent(old, &before, size, &after, &path),
                "{old} to {size} holds"
            );
        }
    }
}

fn subtree(leaves: &[Hash], level: u32, idx: u64) -> Hash {
    if level == 0 {
        return leaves[usize::try_from(idx).unwrap()];
    }
    node_hash(
        &subtree(leaves, level - 1, idx * 2),
        &subtree(leaves, level - 1, idx * 2 + 1),
    )
}

#[test]
fn every_kind_of_forged_proof_is_refused() {
    for (old, size) in [(1, 8), (6, 8), (2, 5), (6, 7), (3, 7), (4, 8)] {
        let path = proven(old, size);
        let (before, after) = (root(old), root(size));
        let holds = |path: &[Hash]| is_consistent(old, &before, size, &after, path);
        assert!(holds(&path), "the true one holds");
        for at in 0..path.len() {
            for bit in 0..8 {
                let mut other = path.clone();
                other[at][bit * 4] ^= 1 << bit;
                assert!(!holds(&other), "{old} to {size}: a changed bit in hash {at}");
            }
            let mut fewer = path.clone();
            fewer.remove(at);
            assert!(!holds(&fewer), "{old} to {size}: hash {at} left out");
        }
        for extra in [[0; 32], before, after, path[0]] {
            let behind: Vec<Hash> = path.iter().copied().chain([extra]).collect();
            let in_front: Vec<Hash> = [extra].into_iter().chain(path.iter().copied()).collect();
            assert!(!holds(&behind) && !holds(&in_front), "{old} to {size}: a hash too many");
        }
        assert!(!is_consistent(old, &after, size, &before, &path), "swapped roots");
        for other in [old - 1, old + 1, old ^ 2, old * 2] {
            let passes = other != old && is_consistent(other, &before, size, &after, &path);
            assert!(!passes, "{old} to {size}: called {other} to {size}");
        }
        for other in [size * 2, size / 2] {
            assert!(!is_consistent(old, &before, other, &after, &path), "another size");
        }
    }
}

#[test]
fn an_old_size_of_zero_proves_nothing_and_is_refused() {
    let nothing = gatehouse_audit::tree::empty_root();
    assert!(!is_consistent(0, &nothing, 0, &nothing, &[]), "nothing from nothing");
    assert!(!is_consistent(0, &nothing, 5, &root(5), &[]), "anything from nothing");
    consistency(0, 5, &|_, _| Ok(None)).unwrap_err();
    consistency(6, 5, &|_, _| Ok(None)).unwrap_err();
    assert!(!is_consistent(6, &root(6), 5, &root(5), &[]), "a tree that shrank");
    assert!(
        !is_consistent(5, &root(5), 5, &root(5), &[root(1)]),
        "equal sizes have no path"
    );
    assert!(
        !is_consistent(5, &root(5), 5, &root(6), &[]),
        "equal sizes, other roots"
    );
}

#[test]
fn an_entry_is_proven_by_its_leaf_hash_too() {
    let path = proof::path(5, 8, &|level, idx| Ok(Some(node(level, idx)))).unwrap();
    assert_eq!(
        proof::root_of_leaf(&node(0, 5), 5, 8, &path),
        Some(root(8)),
        "leaf 5 leads to the root"
    );
}
