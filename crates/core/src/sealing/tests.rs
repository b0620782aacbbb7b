//! Judged by the vectors of Project Wycheproof (github.com/C2SP/wycheproof, commit dac1dd47, Apache License 2.0), unchanged in the file beside this.

use std::cell::RefCell;
use std::io::Read;

use serde_json::Value;

use super::{OVERHEAD, open, seal};

const VECTORS: &[u8] = include_bytes!("xchacha20_poly1305_test.json.gz");

thread_local! {
    static NONCE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

fn given(bytes: &mut [u8]) {
    NONCE.with_borrow(|nonce| bytes.copy_from_slice(nonce));
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    hex::decode(case[name].as_str().unwrap()).unwrap()
}

#[test]
fn every_vector_of_wycheproof_is_sealed_and_opened_as_it_says() {
    let mut text = String::new();
    flate2::read::GzDecoder::new(VECTORS).read_to_string(&mut text).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let (mut good, mut bad) = (0, 0);
    for case in file["testGroups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["tests"].as_array().unwrap())
    {
        let key: [u8; 32] = bytes(case, "key").try_into().unwrap();
        let (covered, plain) = (bytes(case, "aad"), bytes(case, "msg"));
        let sealed = [bytes(case, "iv"), bytes(case, "ct"), bytes(case, "tag")].concat();
        let opened = open(&key, &covered, &sealed);
        if case["result"] == "valid" {
            good += 1;
            assert_eq!(opened.as_deref(), Some(&plain), "case {} opens", case["tcId"]);
            NONCE.with_borrow_mut(|nonce| *nonce = bytes(case, "iv"));
            assert_eq!(
                seal(&key, &covered, &plain, given),
                Some(sealed),
                "case {} seals",
                case["tcId"]
            );
        } else {
            bad += 1;
            assert!(opened.is_none(), "case {} is refused", case["tcId"]);
        }
    }
    assert!(good > 200 && bad > 50, "the file holds both kinds: {good} and {bad}");
}

#[test]
fn what_is_cut_changed_or_meant_for_another_place_does_not_open() {
    let sealed = seal(&[7; 32], b"here", b"secret", crate::fill_random).unwrap();
    assert_eq!(sealed.len(), 6 + OVERHEAD, "nonce and tag are all that is added");
    assert_eq!(
        open(&[7; 32], b"here", &sealed).unwrap().as_slice(),
        b"secret",
        "it opens here"
    );
    assert!(open(&[7; 32], b"there", &sealed).is_none(), "not there");
    assert!(open(&[8; 32], b"here", &sealed).is_none(), "not with another key");
    for at in 0..sealed.len() {
        let mut other = sealed.clone();
        other[at] ^= 1;
        assert!(open(&[7; 32], b"here", &other).is_none(), "byte {at} was changed");
        assert!(open(&[7; 32], b"here", &sealed[..at]).is_none(), "cut at {at}");
    }
}
