//! Importing keys: openssl makes every form, and each wrong file gets its own sentence.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::signing_key::{Imported, NotImportable, import};
use tempfile::TempDir;

use crate::fixtures::{Authority, in_rcgen, key, key_of, klarna_like, openssl, said, secret};

const PASS: &str = "correct horse \u{00e4}\u{00f6}";

/// A folder with `key.pem` (PKCS#8), the fixture key.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("key.pem"), key().to_pkcs8_pem().expose()).unwrap();
    folder
}

/// Runs openssl, which has to succeed, and gives what it wrote.
pub fn made(folder: &TempDir, args: &[&str]) -> Vec<u8> {
    let output = openssl(folder.path(), args, b"");
    assert!(output.status.success(), "openssl {args:?}: {}", said(&output));
    output.stdout
}

pub fn taken(bytes: &[u8], passphrase: Option<&str>) -> Result<Imported, NotImportable> {
    let passphrase = passphrase.map(secret);
    import(&SecretBytes::from_slice(bytes), passphrase.as_ref())
}

#[track_caller]
fn is_ours(bytes: &[u8], passphrase: Option<&str>) {
    let imported = taken(bytes, passphrase).unwrap();
    assert_eq!(imported.key.key_id(), key().key_id(), "the fixture's key comes out");
}

#[track_caller]
pub fn refusal(bytes: &[u8], passphrase: Option<&str>) -> NotImportable {
    let refused = taken(bytes, passphrase).expect_err("nothing is imported");
    assert!(refused.to_string().ends_with('.'), "the cause is a sentence: {refused}");
    refused
}

#[test]
fn a_plain_key_is_taken_in_every_form_openssl_writes() {
    let folder = folder();
    let forms: [&[&str]; 6] = [
        &["pkey", "-in", "key.pem"],
        &["pkey", "-in", "key.pem", "-outform", "DER"],
        &["ec", "-in", "key.pem"],
        &["ec", "-in", "key.pem", "-outform", "DER"],
        &["ec", "-in", "key.pem", "-no_public"],
        &["pkey", "-in", "key.pem", "-text"],
    ];
    for form in forms {
        is_ours(&made(&folder, form), None);
    }
    is_ours(&made(&folder, forms[0]), Some("a passphrase that nothing asks for"));
}

#[test]
fn a_key_made_by_openssl_is_taken_with_its_parameters_block() {
    let folder = folder();
    let pem = made(&folder, &["ecparam", "-name", "prime256v1", "-genkey"]);
    let text = String::from_utf8(pem.clone()).unwrap();
    assert!(text.contains("EC PARAMETERS"), "the block is there: {text}");
    fs::write(folder.path().join("new.pem"), &pem).unwrap();
    let theirs = made(&folder, &["pkey", "-in", "new.pem", "-pubout", "-outform", "DER"]);
    assert_eq!(
        taken(&pem, None).unwrap().key.spki_der(),
        theirs,
        "openssl names the same public key"
    );
}

#[test]
fn marks_line_ends_and_text_around_do_no_harm() {
    let pem = String::from_utf8(key().to_pkcs8_pem().expose().to_vec()).unwrap();
    let utf16 = |units: Vec<u16>| -> Vec<u8> { units.into_iter().flat_map(u16::to_le_bytes).collect() };
    let variants: [Vec<u8>; 7] = [
        pem.replace('\n', "\r\n").into_bytes(),
        format!("\u{feff}{pem}").into_bytes(),
        format!("Bag Attributes\n    friendlyName: klarna\nKey Attributes: <No Attributes>\n{pem}\nend\n").into_bytes(),
        pem.replace('\n', "\n   ").into_bytes(),
        format!("{{\"key\":\"{}\"}}", pem.replace('\n', "\\n")).into_bytes(),
        [vec![0xff, 0xfe], utf16(pem.encode_utf16().collect())].concat(),
        pem.trim_end().as_bytes().to_vec(),
    ];
    for variant in variants {
        is_ours(&variant, None);
    }
}

#[test]
fn a_key_under_a_passphrase_opens_with_it_alone() {
    let folder = folder();
    let pass = format!("pass:{PASS}");
    let seals: [&[&str]; 6] = [
        &["-v2", "aes-256-cbc"],
        &["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"],
        &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"],
        &["-v2", "des3"],
        &["-scrypt", "-scrypt_N", "1024"],
        &["-v2", "aes-192-cbc", "-outform", "DER"],
    ];
    for seal in seals {
        let args = [&["pkcs8", "-topk8", "-in", "key.pem", "-passout", &pass], seal].concat();
        let sealed = made(&folder, &args);
        is_ours(&sealed, Some(PASS));
        assert_eq!(
            refusal(&sealed, None),
            NotImportable::PassphraseNeeded,
            "none given: {seal:?}"
        );
        assert_eq!(
            refusal(&sealed, Some("Correct")),
            NotImportable::WrongPassphrase,
            "another: {seal:?}"
        );
        assert_eq!(
            refusal(&sealed, Some("")),
            NotImportable::WrongPassphrase,
            "an empty one: {seal:?}"
        );
    }
}

#[test]
fn an_encryption_of_old_is_named_with_its_cure() {
    let folder = folder();
    let traditional = made(&folder, &["ec", "-in", "key.pem", "-aes256", "-passout", "pass:pass"]);
    let version_one = [
        "pkcs8",
        "-topk8",
        "-in",
        "key.pem",
        "-v1",
        "PBE-SHA1-3DES",
        "-passout",
        "pass:pass",
    ];
    for old in [traditional, made(&folder, &version_one)] {
        let refused = refusal(&old, Some("pass"));
        assert_eq!(refused, NotImportable::OldEncryption, "not read");
        assert!(
            refused.to_string().contains("openssl pkcs8 -topk8"),
            "the cure is a command: {refused}"
        );
    }
}

#[test]
fn the_named_cure_for_an_old_encryption_works() {
    let folder = folder();
    let old = made(&folder, &["ec", "-in", "key.pem", "-aes256", "-passout", "pass:pass"]);
    fs::write(folder.path().join("OLD.pem"), old).unwrap();
    let cure = [
        "pkcs8",
        "-topk8",
        "-in",
        "OLD.pem",
        "-out",
        "NEW.pem",
        "-passin",
        "pass:pass",
        "-passout",
        "pass:new",
    ];
    made(&folder, &cure);
    is_ours(&fs::read(folder.path().join("NEW.pem")).unwrap(), Some("new"));
}

#[test]
fn a_file_that_asks_for_endless_work_is_not_opened() {
    let folder = folder();
    let args = [
        "pkcs8",
        "-topk8",
        "-in",
        "key.pem",
        "-v2",
        "aes-256-cbc",
        "-iter",
        "66051",
        "-passout",
        "pass:pass",
        "-outform",
        "DER",
    ];
    let mut der = made(&folder, &args);
    is_ours(&der, Some("pass"));
    // 66051 is 0x010203: the count stands in the file as 02 03 01 02 03.
    let at = der.windows(5).position(|bytes| bytes == [2, 3, 1, 2, 3]).unwrap();
    der[at + 2] = 0x7f;
    assert_eq!(
        refusal(&der, Some("pass")),
        NotImportable::TooMuchWork,
        "8 million rounds"
    );
}

#[test]
fn size_is_refused_before_anything_is_read() {
    let mut large = key().to_pkcs8_pem().expose().to_vec();
    large.resize(64 * 1024, b' ');
    is_ours(&large, None);
    large.push(b' ');
    assert_eq!(refusal(&large, None), NotImportable::TooLarge, "one byte over 64 KiB");
}

#[test]
fn several_keys_in_one_text_are_counted() {
    let two = [key().to_pkcs8_pem(), key_of([7; 32]).to_pkcs8_pem()];
    let text = two.iter().flat_map(|pem| pem.expose().to_vec()).collect::<Vec<_>>();
    assert_eq!(
        refusal(&text, None),
        NotImportable::SeveralKeys { count: 2 },
        "two keys"
    );
}

#[test]
fn certificates_beside_a_key_come_along_when_they_are_its_own() {
    let authority = Authority::make();
    let own = authority.issue_pem(&klarna_like(), &in_rcgen(&key()));
    let foreign = authority.issue_pem(&klarna_like(), &in_rcgen(&key_of([7; 32])));
    let pem = key().to_pkcs8_pem().expose_str().unwrap().to_owned();
    let text = format!(
        "{}{foreign}{pem}{own}{}",
        authority.root_pem, authority.intermediate_pem
    );
    let imported = taken(text.as_bytes(), None).unwrap();
    assert_eq!(imported.certificates.len(), 1, "the foreign certificate is left out");
    assert_eq!(
        imported.certificates[0].spki_der(),
        key().spki_der(),
        "it is the key's own"
    );
    assert_eq!(
        imported.certificates[0].chain_der().len(),
        2,
        "with both above it, in order"
    );
}
