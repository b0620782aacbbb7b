//! Co-signatures: vectors made with Python's `cryptography` after the C2SP text, and every trick with their form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::cosign;
use gatehouse_audit::note::NoteFault;

/// The checkpoint of the C2SP texts.
const TEXT: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
/// The time of the C2SP text.
const TIME: u64 = 1_679_315_147;

/// Seed and public key of RFC 8032 7.1 TEST 1 and TEST 2, and the line that Python made.
const VECTORS: [(&str, &str, &str); 2] = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "\u{2014} gatehouse-person/21fe31dfa154a261 bYE/iwAAAABkGFDL+TPmh4BYuAjsYRoqMJCWb/gWJaeRF/kmm5tlCr9sJ57DLErur7K0yDXc2ArN+TIuotuB/HbuL3AJsp3bv/aNCQ==",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "\u{2014} gatehouse-person/39f713d0a644253f 5Z4C0AAAAABkGFDLU5VmHzFyg1moo3QxI1Ge6wHfwylQEoWhcwJH/SvRJW3LjvpU4PIuE1VI/0HWdoZ4oGL67Rl5yx89mAducLUyBQ==",
    ),
];

fn bytes(hex_digits: &str) -> [u8; 32] {
    hex::decode(hex_digits).unwrap().try_into().unwrap()
}

#[test]
fn the_message_is_the_one_of_the_published_text() {
    let message = cosign::message(TIME, TEXT);
    let expected = "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    assert_eq!(String::from_utf8(message).unwrap(), expected, "C2SP tlog-cosignature");
}

#[test]
fn a_line_is_the_one_that_python_makes() {
    for (seed, public, line) in VECTORS {
        let (key, public) = (SigningKey::from_bytes(&bytes(seed)), bytes(public));
        let signature = key.sign(&cosign::message(TIME, TEXT)).to_bytes();
        assert_eq!(cosign::line(&public, TIME, &signature), line, "byte for byte");
        assert_eq!(cosign::check(line, TEXT, &public), Ok(TIME), "and it holds");
    }
}

#[test]
fn every_trick_with_a_co_signature_is_refused() {
    let (line, public) = (VECTORS[0].2, bytes(VECTORS[0].1));
    let other = bytes(VECTORS[1].1);
    let (head, blob) = line.rsplit_once(' ').unwrap();
    let raw = STANDARD.decode(blob).unwrap();
    let with = |raw: &[u8]| format!("{head} {}", STANDARD.encode(raw));
    let mut later = raw.clone();
    later[11] ^= 1;
    let mut log_type = raw.clone();
    log_type[..4].copy_from_slice(&gatehouse_audit::note::key_id(&cosign::key_name(&public), &public));
    let tricks = [
        ("a newline behind it", format!("{line}\n"), NoteFault::Form),
        ("no dash", line.replacen('\u{2014}', "-", 1), NoteFault::Form),
        ("a blank more", line.replacen(' ', "  ", 1), NoteFault::Form),
        ("no padding", line.trim_end_matches('=').to_owned(), NoteFault::Form),
        ("a byte too few", with(&raw[..75]), NoteFault::Form),
        (
            "a byte too many",
            with(&[raw.as_slice(), &[0]].concat()),
            NoteFault::Form,
        ),
        (
            "a line without end",
            format!("{line}{}", "A".repeat(600)),
            NoteFault::Form,
        ),
        ("nothing", String::new(), NoteFault::Form),
        ("another time", with(&later), NoteFault::Signature),
        (
            "the id of the other signature type",
            with(&log_type),
            NoteFault::Unsigned,
        ),
        ("another name", line.replacen("/2", "/3", 1), NoteFault::Unsigned),
    ];
    for (name, trick, fault) in tricks {
        assert_eq!(
            cosign::check(&trick, TEXT, &public),
            Err(fault),
            "{name} must be refused"
        );
    }
    assert_eq!(
        cosign::check(line, TEXT, &other),
        Err(NoteFault::Unsigned),
        "another person's key"
    );
    let text = TEXT.replacen("20852163", "20852164", 1);
    assert_eq!(
        cosign::check(line, &text, &public),
        Err(NoteFault::Signature),
        "another checkpoint"
    );
}

#[test]
fn every_single_bit_of_a_co_signature_counts() {
    let (line, public) = (VECTORS[1].2, bytes(VECTORS[1].1));
    for (place, bit) in (0..line.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut changed = line.as_bytes().to_vec();
        changed[place] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(changed) else {
            continue;
        };
        assert!(
            cosign::check(&changed, TEXT, &public).is_err(),
            "bit {bit} of byte {place} must count"
        );
    }
}
