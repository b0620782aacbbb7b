//! Signed notes: the published example, and every trick with their form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use gatehouse_audit::note::{self, Checkpoint, NoteFault};

const LOG: &str = "000102030405060708090a0b0c0d0e0f";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

fn public() -> [u8; 32] {
    key().verifying_key().to_bytes()
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        size: 12,
        root: [9; 32],
    }
}

fn sealed() -> String {
    let text = note::text(LOG, &checkpoint());
    note::seal(LOG, &text, &public(), &key().sign(text.as_bytes()).to_bytes())
}

#[test]
fn the_key_id_is_the_one_of_the_published_example() {
    // golang.org/x/mod/sumdb/note: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
    let encoded = STANDARD.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let (kind, public) = encoded.split_first().unwrap();
    assert_eq!(*kind, 1, "type Ed25519");
    let id = note::key_id("PeterNeumann", public.try_into().unwrap());
    assert_eq!(hex::encode(id), "c74f20a3", "the id that the example names");
}

#[test]
fn a_sealed_checkpoint_is_read_back() {
    assert_eq!(
        note::open(&sealed(), LOG, &public()),
        Ok(checkpoint()),
        "size and root come back"
    );
}

#[test]
fn other_signatures_may_stand_beside_ours() {
    let other = format!("\u{2014} witness.example/w1 {}\n", STANDARD.encode([4; 76]));
    let many = sealed() + &other.repeat(17);
    assert_eq!(
        note::open(&many, LOG, &public()),
        Ok(checkpoint()),
        "unknown signatures are passed over"
    );
    let before = sealed().replacen('\u{2014}', &format!("{}\u{2014}", other), 1);
    assert_eq!(
        note::open(&before, LOG, &public()),
        Ok(checkpoint()),
        "wherever they stand"
    );
}

#[test]
fn every_trick_with_a_note_is_refused() {
    let note = sealed();
    let line = note.lines().last().unwrap().to_owned();
    let false_twin = line.replace("AAA", "AAB");
    let text = note::text(LOG, &checkpoint());
    let other_key = SigningKey::from_bytes(&[4; 32]);
    let stranger = note::seal(
        LOG,
        &text,
        &other_key.verifying_key().to_bytes(),
        &other_key.sign(text.as_bytes()).to_bytes(),
    );
    let forged = note::seal(LOG, &text, &public(), &other_key.sign(text.as_bytes()).to_bytes());
    let tricks = [
        ("carriage returns", note.replace('\n', "\r\n"), NoteFault::Form),
        ("no blank line", note.replacen("\n\n", "\n", 1), NoteFault::Form),
        (
            "an extension line",
            note.replacen("\n\n", "\nextension\n\n", 1),
            NoteFault::Form,
        ),
        ("no newline at the end", note.trim_end().to_owned(), NoteFault::Form),
        ("a leading zero", note.replacen("\n12\n", "\n012\n", 1), NoteFault::Form),
        ("a sign", note.replacen("\n12\n", "\n+12\n", 1), NoteFault::Form),
        (
            "another size",
            note.replacen("\n12\n", "\n13\n", 1),
            NoteFault::Signature,
        ),
        (
            "another log",
            note.replacen("gatehouse/0", "gatehouse/1", 1),
            NoteFault::Origin,
        ),
        ("a hyphen for the dash", note.replace('\u{2014}', "-"), NoteFault::Form),
        (
            "a plus in the signer's name",
            format!("{note}\u{2014} a+b {}\n", STANDARD.encode([1; 68])),
            NoteFault::Form,
        ),
        ("a text behind the signatures", format!("{note}text\n"), NoteFault::Form),
        ("another key", stranger, NoteFault::Unsigned),
        (
            "a signature by another key under our id",
            forged.clone(),
            NoteFault::Signature,
        ),
        (
            "a true and a false signature",
            format!("{note}{}\n", forged.lines().last().unwrap()),
            NoteFault::Signature,
        ),
        (
            "65 signatures",
            note.clone() + &format!("{line}\n").repeat(64),
            NoteFault::Form,
        ),
        ("nothing", String::new(), NoteFault::Form),
    ];
    for (name, trick, fault) in tricks {
        assert_eq!(note::open(&trick, LOG, &public()), Err(fault), "{name} must be refused");
    }
    assert!(
        false_twin == line || note::open(&note.replace(&line, &false_twin), LOG, &public()).is_err(),
        "a changed digit is noticed"
    );
}

#[test]
fn every_single_bit_of_a_note_counts() {
    let note = sealed().into_bytes();
    for (place, bit) in (0..note.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
        let mut changed = note.clone();
        changed[place] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(changed) else {
            continue;
        };
        assert!(
            note::open(&changed, LOG, &public()).is_err(),
            "bit {bit} of byte {place} must count"
        );
    }
}
