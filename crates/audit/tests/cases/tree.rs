//! The tree against an independent implementation of RFC 6962.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use gatehouse_audit::tree::{Frontier, empty_root, leaf_hash, node_count, node_hash, peaks_of};
use sha2::Sha256;

#[test]
fn the_root_is_the_one_of_an_independent_tree_at_every_size() {
    let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut frontier = Frontier::default();
    let mut nodes = 0;
    for number in 0..300_u32 {
        let bytes = format!("entry {number}").into_bytes();
        nodes += frontier.push(leaf_hash(&bytes)).len() as u64;
        oracle.push(bytes);
        let root = oracle.root();
        assert_eq!(
            frontier.root().as_slice(),
            root.as_bytes().as_slice(),
            "the roots agree at size {}",
            number + 1
        );
        assert_eq!(
            nodes,
            node_count(u64::from(number) + 1),
            "every complete subtree is told once"
        );
    }
}

#[test]
fn the_root_of_nothing_is_the_hash_of_nothing() {
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex::encode(empty_root()), nothing, "RFC 6962 section 2.1");
    assert_eq!(
        Frontier::default().root(),
        empty_root(),
        "an empty frontier says the same"
    );
}

#[test]
fn leaves_and_nodes_are_hashed_apart() {
    let leaf = leaf_hash(b"");
    assert_eq!(
        hex::encode(leaf),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "the published leaf hash of an empty entry"
    );
    assert_ne!(
        node_hash(&leaf, &leaf),
        leaf_hash(&[leaf, leaf].concat()),
        "a node is never a leaf"
    );
}

#[test]
fn a_frontier_is_made_again_from_its_peaks() {
    assert_eq!(peaks_of(0), [], "an empty tree has none");
    assert_eq!(peaks_of(7), [(2, 0), (1, 2), (0, 6)], "7 = 4 + 2 + 1");
    assert!(
        Frontier::from_peaks(7, vec![[0; 32]; 2]).is_none(),
        "a missing peak is noticed"
    );
}
