//! Forged answers: the pieces of a genuine one put together anew, signatures taken off, and a signature by somebody else.
//!
//! Response and assertion are both signed here, and services ask for both, which leaves no room for what nobody signed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bergshamra::{DsigContext, KeysManager};
use gatehouse_bridge::demo::DemoSaml;
use serde_json::json;

use crate::browser::{Browser, Page};
use crate::saml_judges::{Judges, signed_on};
use crate::saml_world::{answer, hidden, provider, query};
use crate::world::{World, with};

/// Who has an account here.
const PERSON: &str = "ana@bakery.example";
/// Who that person would like to be.
const FORGED: &str = "eva@bakery.example";
/// An address that a careless reader cuts off behind a comment.
const LONGER: &str = "ana@bakery.example.evil.example";

/// A genuine answer, taken apart.
struct Genuine {
    xml: String,
    /// The response's signature.
    outer: String,
    assertion: String,
    /// The assertion's signature.
    inner: String,
}

/// The first piece of a text between two marks, both included.
fn piece(text: &str, from: &str, to: &str) -> String {
    let (_, rest) = text.split_once(from).expect("it begins");
    let (inside, _) = rest.split_once(to).expect("it ends");
    format!("{from}{inside}{to}")
}

/// An element that says of somebody else what it says of the person, under another id.
fn forged(element: &str, id: &str) -> String {
    let (before, rest) = element.split_once(" ID=\"").expect("an id");
    let (_, after) = rest.split_once('"').expect("its end");
    format!("{before} ID=\"{id}\"{after}").replace(PERSON, FORGED)
}

/// An element with another one at its end.
fn around(element: &str, inside: &str) -> String {
    let (before, end) = element.rsplit_once("</").expect("an end");
    format!("{before}{inside}</{end}")
}

impl Genuine {
    fn of(page: &Page) -> Self {
        let xml = answer(page);
        let outer = piece(&xml, "<ds:Signature ", "</ds:Signature>");
        let assertion = piece(&xml, "<saml:Assertion ", "</saml:Assertion>");
        let inner = piece(&assertion, "<ds:Signature ", "</ds:Signature>");
        assert_ne!(outer, inner, "response and assertion are both signed");
        Self {
            xml,
            outer,
            assertion,
            inner,
        }
    }

    fn with_assertion(&self, put: &str) -> String {
        self.xml.replace(&self.assertion, put)
    }

    /// The eight classic shapes of signature wrapping, XSW1 to XSW8 in their usual order; signatures point at what they did before.
    fn wrapped(&self) -> Vec<(String, String)> {
        let whole = self.xml.replace(&self.outer, "");
        let bare = self.assertion.replace(&self.inner, "");
        let evil = forged(&bare, "_evil");
        let evil_signed = forged(&self.assertion, "_evil");
        let root = forged(&self.with_assertion(&evil), "_root");
        let inner_with = |inside: &str| evil_signed.replace(&self.inner, &around(&self.inner, inside));
        let [extensions, object] = [("samlp:Extensions", &evil), ("ds:Object", &bare)]
            .map(|(name, inside)| format!("<{name}>{inside}</{name}>"));
        let roots = [
            root.replace(&self.outer, &around(&self.outer, &whole)),
            root.replace(&self.outer, &format!("{whole}{}", self.outer)),
        ];
        let assertions = [
            self.with_assertion(&format!("{evil}{}", self.assertion)),
            self.with_assertion(&around(&evil, &self.assertion)),
            self.with_assertion(&format!("{evil_signed}{bare}")),
            self.with_assertion(&inner_with(&bare)),
            self.with_assertion(&format!("{extensions}{}", self.assertion)),
            self.with_assertion(&inner_with(&object)),
        ];
        let without = assertions.clone().map(|xml| xml.replace(&self.outer, ""));
        let named = |(at, xml)| (format!("XSW{}", at + 1), xml);
        let unsigned = |(at, xml)| (format!("XSW{} without the response's signature", at + 3), xml);
        let shapes = roots.into_iter().chain(assertions).enumerate().map(named);
        shapes.chain(without.into_iter().enumerate().map(unsigned)).collect()
    }

    /// Signatures taken off, with and without another person in what they were over.
    fn stripped(&self) -> Vec<(String, String)> {
        let cases = [
            ("the response's", self.xml.replace(&self.outer, "")),
            ("the assertion's", self.xml.replace(&self.inner, "")),
            ("both", self.xml.replace(&self.outer, "").replace(&self.inner, "")),
        ];
        let both = |(whose, xml): (&str, String)| {
            let forged = xml.replace(PERSON, FORGED);
            [
                (format!("{whose} signature off"), xml),
                (format!("{whose} signature off, and somebody else"), forged),
            ]
        };
        cases.into_iter().flat_map(both).collect()
    }

    /// The same about somebody else, both signatures made by a key of one's own whose certificate stands in it.
    fn resigned(&self) -> (String, String) {
        let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let params = rcgen::CertificateParams::new(vec!["evil.example".into()]).unwrap();
        let certificate = STANDARD.encode(params.self_signed(&key).unwrap().der());
        let mut keys = KeysManager::new();
        keys.add_key(bergshamra::keys::loader::load_pem_auto(key.serialize_pem().as_bytes(), None).unwrap());
        let context = DsigContext::new(keys);
        let told = format!("<ds:X509Certificate>{certificate}</ds:X509Certificate>");
        let own = piece(&self.inner, "<ds:X509Certificate>", "</ds:X509Certificate>");
        let sign = |xml: String| {
            let signature = piece(&xml, "<ds:Signature ", "</ds:Signature>");
            let mut place = signature.clone();
            for name in ["DigestValue", "SignatureValue"] {
                let (begin, end) = (format!("<ds:{name}>"), format!("</ds:{name}>"));
                place = place.replace(&piece(&place, &begin, &end), &format!("{begin}{end}"));
            }
            bergshamra::dsig::sign::sign(&context, &xml.replace(&signature, &place)).unwrap()
        };
        let assertion = sign(self.assertion.replace(&own, &told).replace(PERSON, FORGED));
        let key_info = piece(&assertion, "<ds:KeyInfo", "</ds:KeyInfo>");
        let response = self.with_assertion(&assertion);
        let response = response.replace(&self.outer, &around(&self.outer, &key_info));
        ("another's key and certificate".into(), sign(response))
    }

    fn forgeries(&self) -> Vec<(String, String)> {
        let mut all = self.wrapped();
        all.extend(self.stripped());
        all.push(self.resigned());
        all
    }
}

/// Shapes whose every signature is good for what it points at. In the others the signed element lies within the signature, where
/// the enveloped transform takes it away, or the response's signature is broken.
const LOOK_GOOD: [&str; 5] = [
    "XSW2",
    "XSW3 without the response's signature",
    "XSW4 without the response's signature",
    "XSW5 without the response's signature",
    "XSW7 without the response's signature",
];

/// Whether every signature is good for whatever it points at, which is all that a careless service asks.
fn looks_good(xml: &str, certificate: &[u8]) -> bool {
    let mut keys = KeysManager::new();
    keys.add_key(bergshamra::keys::loader::load_x509_cert_pem(certificate).unwrap());
    let careless = DsigContext::new(keys).with_strict_verification(false);
    let found = bergshamra::verify_all(&careless, xml);
    found.is_ok_and(|found| found.iter().all(bergshamra::VerifyResult::is_valid))
}

/// An answer whose name is cut in two by a comment, which no signature is over.
fn with_comment(page: &Page) -> String {
    let (xml, name) = (answer(page), format!(">{LONGER}</saml:NameID>"));
    assert!(xml.contains(&name), "the person's own name: {xml}");
    let (_, rest) = LONGER.split_at(PERSON.len());
    xml.replace(&name, &format!(">{PERSON}<!---->{rest}</saml:NameID>"))
}

async fn started(world: &World, fields: &str) -> Page {
    let mut browser = Browser::new();
    let page = browser.go(&world.bridge("/saml/start")).await;
    world.sign_in_as(&mut browser, &page, fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_answers_sign_nobody_on_at_the_simulated_service() {
    let world = with(|mut plan| {
        plan.saml = DemoSaml::Here;
        plan
    })
    .await;
    let person = format!("email={}", PERSON.replace('@', "%40"));
    let page = started(&world, &person).await;
    let acs = piece(&page.body, "action=\"", "\"")
        .replace("action=", "")
        .replace('"', "");
    let certificate = std::fs::read(world.dir.path().join("saml.pem")).unwrap();
    for (why, xml) in Genuine::of(&page).wrapped() {
        let expected = LOOK_GOOD.contains(&why.as_str());
        assert_eq!(
            looks_good(&xml, &certificate),
            expected,
            "{why} would deceive a careless service"
        );
    }
    let take = async |xml: &str| {
        let form = query(&[("SAMLResponse", STANDARD.encode(xml).as_str())]);
        Browser::new().send(&acs, &form).await
    };
    for (why, xml) in Genuine::of(&page).forgeries() {
        let page = take(&xml).await;
        assert!(
            page.status == 403 && page.body.contains("not-signed-on"),
            "{why}: {}",
            page.body
        );
        assert!(!page.body.contains(FORGED), "{why}: {}", page.body);
    }
    let genuine = take(&answer(&page)).await;
    assert!(genuine.body.contains("id=\"signed-on\""), "{}", genuine.body);
    let longer = format!("email={}&merchants=SE-00417", LONGER.replace('@', "%40"));
    let commented = take(&with_comment(&started(&world, &longer).await)).await;
    assert!(commented.status == 403, "a comment: {}", commented.body);
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_answers_sign_nobody_on_at_foreign_services() {
    let world = provider("").await;
    let Some(judges) = Judges::knowing(&world, "saml.pem").await else {
        return;
    };
    let genuine = signed_on(&world, &world.bridge("/saml/start")).await;
    let forgeries = Genuine::of(&genuine).forgeries();
    let case = |xml: &String| json!({"response": STANDARD.encode(xml), "by": ["onelogin", "pysaml"]});
    let mut cases: Vec<_> = forgeries.iter().map(|(_, xml)| case(xml)).collect();
    let longer = format!("email={}&merchants=SE-00417", LONGER.replace('@', "%40"));
    cases.push(case(&with_comment(&started(&world, &longer).await)));
    cases.push(json!({"response": hidden(&genuine, "SAMLResponse"), "by": ["onelogin", "pysaml"]}));
    let verdicts = judges.say("judge", &cases);
    let verdicts = verdicts.as_array().unwrap();
    let [.., commented, taken] = verdicts.as_slice() else {
        panic!("each is judged")
    };
    for who in ["onelogin", "pysaml"] {
        for ((why, _), verdict) in forgeries.iter().zip(verdicts) {
            assert!(!verdict[who]["refused"].is_null(), "{who}, {why}: {verdict}");
        }
        assert_eq!(
            taken[who]["accepted"]["name_id"],
            json!(PERSON),
            "the genuine one is good"
        );
        let seen = &commented[who]["accepted"]["name_id"];
        assert!(
            seen.is_null() || *seen == json!(LONGER),
            "{who} sees the whole name or none: {commented}"
        );
    }
    world.demo.shutdown().await;
}
