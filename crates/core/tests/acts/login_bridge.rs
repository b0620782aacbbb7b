//! The login bridge seen from outside: tried by its own rules, saved with a note, its metadata read, and what Klarna is handed.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_core::ErrorCode;
use gatehouse_core::login_bridge::people::NotEntitled;
use gatehouse_core::login_bridge::{Draft, Health, RowsWanted, TriedClaims};
use serde_json::json;

use super::login_bridge_files::{CONFIG, TABLE, cells, files};
use super::world::{BAKERY, ready, sign_in};

/// Answers each path with a page, for as long as the test runs; answers its address.
fn served(pages: &'static [(&'static str, &'static str)], extra: Option<(&'static str, String)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 2048];
            let read = stream.read(&mut head).unwrap_or_default();
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default();
            let known = pages
                .iter()
                .find(|(at, _)| *at == path)
                .map(|(_, page)| (*page).to_owned());
            let page = known.or_else(|| {
                extra
                    .as_ref()
                    .filter(|(at, _)| *at == path)
                    .map(|(_, page)| page.clone())
            });
            let (status, body) = page.map_or(("404 Not Found", String::new()), |page| ("200 OK", page));
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    address
}

fn metadata(certificate: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><m:EntityDescriptor xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://login.acme.example/saml?a=1&amp;b=2">
        <d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:KeyInfo><d:X509Data><d:X509Certificate>AAAA</d:X509Certificate></d:X509Data></d:KeyInfo></d:Signature>
        <m:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <m:KeyDescriptor use="encryption"><d:X509Data xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:X509Certificate>BBBB</d:X509Certificate></d:X509Data></m:KeyDescriptor>
        <m:KeyDescriptor use="signing"><d:KeyInfo xmlns:d="http://www.w3.org/2000/09/xmldsig#"><d:X509Data><d:X509Certificate>
        {certificate}</d:X509Certificate></d:X509Data></d:KeyInfo></m:KeyDescriptor>
        <m:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</m:NameIDFormat>
        <m:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://login.acme.example/saml/sso"/>
        <a:Attribute xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" Name="mail" FriendlyName="email"/>
        </m:IDPSSODescriptor></m:EntityDescriptor>"#
    )
}

/// A self-signed certificate: what the metadata holds of it, and its PEM.
fn certificate() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(vec!["login.acme.example".into()]).unwrap();
    let lines = STANDARD.encode(made.cert.der());
    let lines: Vec<&str> = lines
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    (lines.join("\n        "), made.cert.pem().replace("\r\n", "\n"))
}

fn at(address: &str) -> String {
    let config = CONFIG.replace("127.0.0.1:1\"", &format!("{address}\""));
    format!("operations_listen = '{address}'\n{config}[saml]\n")
}

#[test]
fn a_person_is_tried_by_the_rules_of_the_draft() {
    let (world, profile) = ready();
    let (_dir, file) = files(CONFIG, TABLE);
    let mut draft = Draft::open(&file).unwrap();
    draft
        .set_row(None, cells("ana@bakery.example", "nobody-knows", ""))
        .unwrap();
    let tried = |text: &str| {
        let claims = TriedClaims::read(text, draft.people()).unwrap();
        world.gatehouse.try_login(&profile, &draft, &claims).unwrap()
    };
    let ana = tried("ANA@bakery.example");
    let choices = ana.answer.unwrap();
    assert_eq!(choices.open.len(), 1, "one merchant is in the directory");
    assert_eq!(
        (
            choices.open[0].reference.as_str(),
            choices.open[0].roles.join(" ").as_str()
        ),
        (BAKERY, "merchant:admin"),
        "as the table says"
    );
    assert_eq!(
        choices.left_out[0].1.code,
        ErrorCode::MerchantUnknown,
        "the other is left out, with the reason"
    );
    let claims = r#"{"email": "ben@x.example", "groups": ["boss"]}"#;
    assert_eq!(
        tried(claims).answer.unwrap_err(),
        NotEntitled::Unverified,
        "the address has to be vouched for"
    );
    assert_eq!(
        tried("zoe@x.example").answer.unwrap_err(),
        NotEntitled::NoMerchant,
        "nobody enters unnamed"
    );
    for bad in [
        "ana",
        "[1]",
        "{\"email\": ",
        "eyJhbGciOiJFUzI1NiJ9.eyJlbWFpbCI6ImEifQ.c2ln",
    ] {
        let refused = TriedClaims::read(bad, draft.people()).unwrap_err_or(bad);
        assert_eq!(
            refused,
            ErrorCode::InputInvalid,
            "{bad} is neither an address nor claims"
        );
    }
}

trait Refused {
    fn unwrap_err_or(self, what: &str) -> ErrorCode;
}

impl Refused for Result<TriedClaims, gatehouse_core::Problem> {
    fn unwrap_err_or(self, what: &str) -> ErrorCode {
        match self {
            Ok(_) => panic!("{what} was taken"),
            Err(problem) => problem.code,
        }
    }
}

#[test]
fn saving_leaves_a_note_that_names_nobody() {
    let (world, profile) = ready();
    let (_dir, file) = files(CONFIG, TABLE);
    let mut draft = world.gatehouse.choose_login_bridge(&profile, &file).unwrap();
    draft.set_row(None, cells("zoe@x.example", BAKERY, "")).unwrap();
    draft.remove_row(0).unwrap();
    world.gatehouse.save_login_bridge(&profile, &draft).unwrap();
    assert_eq!(world.entries(1), ["bridge.people note -"], "one note");
    let reader = world.gatehouse.audit_reader().unwrap();
    let note = reader.entry(reader.size().unwrap()).unwrap().unwrap();
    let written = fs::read(file.with_file_name("people.csv")).unwrap();
    let sha256 = note.body.request.get("table_sha256").cloned();
    assert_eq!(
        sha256,
        Some(json!(hex_of(&written))),
        "what was written can be told from it"
    );
    assert_eq!(note.body.request.get("rows_added"), Some(&json!(1)), "with counts");
    let text = serde_json::to_string(&note.body.request).unwrap();
    assert!(!text.contains('@'), "and no address: {text}");
    let again = world.gatehouse.open_login_bridge(&profile).unwrap().unwrap();
    world.gatehouse.save_login_bridge(&profile, &again).unwrap();
    assert_eq!(
        world.entries(1),
        ["bridge.people note -"],
        "a draft without changes is nothing to save"
    );
    world.gatehouse.forget_login_bridge(&profile).unwrap();
    assert!(
        world.gatehouse.open_login_bridge(&profile).unwrap().is_none(),
        "forgotten, and the file stays"
    );
}

fn hex_of(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

#[test]
fn metadata_is_read_and_handed_over() {
    let (world, profile) = ready();
    let (encoded, pem) = certificate();
    let address = served(&[("/health", "ok")], Some(("/saml/metadata", metadata(&encoded))));
    let (_dir, file) = files(&at(&address), TABLE);
    let draft = Draft::open(&file).unwrap();
    let served = world.gatehouse.look_at_login_bridge(&profile, draft.outline()).unwrap();
    assert!(
        matches!(served.health, Health::Alive),
        "it is asked where its operators ask"
    );
    let read = served.metadata.unwrap();
    assert_eq!(
        read.entity_id, "https://login.acme.example/saml?a=1&b=2",
        "with references resolved"
    );
    assert_eq!(
        read.certificates.len(),
        1,
        "neither the signature's nor the one for encryption"
    );
    assert_eq!(read.certificates[0].pem, pem, "the very certificate");
    let hand_over = served.hand_over;
    let ids: Vec<&str> = hand_over.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "login_url",
            "entity_id",
            "sign_on_url",
            "name_id_format",
            "attribute.email",
            "certificate"
        ],
        "everything that Klarna asks for"
    );
    let text = hand_over.text();
    for part in [
        &format!("http://{address}/login"),
        "https://login.acme.example/saml/sso",
        pem.trim(),
        "e-mail:\n  mail",
    ] {
        assert!(text.contains(part), "{part} stands in the text:\n{text}");
    }
}

#[test]
fn what_is_no_metadata_is_told_and_the_rest_handed_over() {
    let (world, profile) = ready();
    let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
    for (page, said) in [
        (bomb, "document type"),
        ("<html><body>Sign in</body></html>", "entity id"),
        ("<a", "not XML"),
    ] {
        let address = served(&[], Some(("/saml/metadata", page.to_owned())));
        let (_dir, file) = files(&at(&address), TABLE);
        let draft = Draft::open(&file).unwrap();
        let refused = world
            .gatehouse
            .look_at_login_bridge(&profile, draft.outline())
            .unwrap()
            .metadata
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::BridgeUnreachable, "refused");
        assert!(refused.message.contains(said), "{}", refused.message);
    }
    let (_dir, file) = files(CONFIG, TABLE);
    let draft = Draft::open(&file).unwrap();
    let served = world.gatehouse.look_at_login_bridge(&profile, draft.outline()).unwrap();
    assert!(matches!(served.health, Health::Silent(_)), "nothing listens there");
    let hand_over = served.hand_over;
    assert_eq!(hand_over.items.len(), 1, "a bridge without SAML has a login address");
    assert!(
        hand_over.without_saml.is_some_and(|why| why.contains("[saml]")),
        "and it is said why there is no more"
    );
}

#[test]
fn the_newest_sign_in_is_found() {
    let (world, profile) = ready();
    let began = world.gatehouse.now_ms();
    world.open(&profile, &super::world::wish(BAKERY)).unwrap();
    assert!(
        world.gatehouse.newest_login(&profile, began).unwrap().is_none(),
        "an open here is no sign-in there"
    );
    world
        .gatehouse
        .open_for_login(&profile, sign_in(BAKERY, None), &|_| ())
        .unwrap();
    let seen = world.gatehouse.newest_login(&profile, began).unwrap().unwrap();
    assert_eq!(seen.principal, "ana@bakery.example", "who signed in");
    let later = world.gatehouse.now_ms() + 1000;
    assert!(
        world.gatehouse.newest_login(&profile, later).unwrap().is_none(),
        "an older one is not told as new"
    );
}

#[test]
fn a_hundred_thousand_rows_are_searched_at_once() {
    let rows: String = (0..100_000)
        .map(|n| format!("person{n}@shop{}.example,SE-{n},\n", n % 977))
        .collect();
    let (_dir, file) = files(CONFIG, &format!("email,merchant,roles\n{rows}"));
    let draft = Draft::open(&file).unwrap();
    let wanted = RowsWanted {
        query: "person99999@".into(),
        count: 50,
        ..RowsWanted::default()
    };
    let began = std::time::Instant::now();
    let found = draft.rows(&wanted);
    assert!(
        began.elapsed().as_secs() < 2,
        "a search takes a moment even unoptimised: {:?}",
        began.elapsed()
    );
    assert_eq!(
        (found.found, found.total, found.rows.len()),
        (1, 100_000, 1),
        "and finds the one"
    );
}
