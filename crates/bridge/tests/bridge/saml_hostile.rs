//! Requests that nobody should answer: each gets a page, a code and a count, and nobody comes to the provider.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;

use crate::browser::Browser;
use crate::saml_world::{ACS, SERVICE, ask, at, hidden, packed, provider, query, request, status};
use crate::world::World;

async fn refused(world: &World, query: &str, why: &str) {
    let page = Browser::new().go(&world.bridge(&format!("/saml/sso?{query}"))).await;
    assert_eq!(
        (page.code().as_str(), page.status),
        ("saml_request_unusable", 400),
        "{why}"
    );
    assert!(!page.body.contains("<form"), "{why}: nothing is sent anywhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_ours_to_answer_gets_a_page() {
    let world = provider("").await;
    let good = request(&world, "_good");
    let xml = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} stands in the request");
        good.replace(from, to)
    };
    let own = world.bridge("/saml/sso");
    let instant = good.split("IssueInstant=\"").nth(1).unwrap().split('"').next().unwrap();
    let cases = [
        ("a document type", format!("<!DOCTYPE x [<!ENTITY a 'b'>]>{good}")),
        ("an entity", xml(SERVICE, "&service;")),
        (
            "a comment that splits the issuer",
            xml(SERVICE, "https://sp.example/saml<!-- -->.evil.example"),
        ),
        ("a processing instruction", xml("<saml:Issuer>", "<?x?><saml:Issuer>")),
        ("another destination", xml(&own, "https://other.example/saml/sso")),
        ("another service", xml(SERVICE, "https://evil.example/saml")),
        ("no issuer", xml(&format!("<saml:Issuer>{SERVICE}</saml:Issuer>"), "")),
        (
            "two issuers",
            xml(
                "</saml:Issuer>",
                &format!("</saml:Issuer><saml:Issuer>{SERVICE}</saml:Issuer>"),
            ),
        ),
        ("another address for the answer", xml(ACS, "https://evil.example/acs")),
        (
            "an address that begins like ours",
            xml(ACS, &format!("{ACS}.evil.example")),
        ),
        (
            "an unknown number",
            xml(
                &format!("AssertionConsumerServiceURL=\"{ACS}\""),
                "AssertionConsumerServiceIndex=\"7\"",
            ),
        ),
        (
            "an address and a number",
            xml(" Version", " AssertionConsumerServiceIndex=\"0\" Version"),
        ),
        ("an old one", xml(instant, &at(-361))),
        ("one of tomorrow", xml(instant, &at(120))),
        ("no time", xml(&format!("IssueInstant=\"{instant}\""), "")),
        ("another version", xml("Version=\"2.0\"", "Version=\"1.1\"")),
        ("no id", xml("ID=\"_good\"", "")),
        (
            "an id with a line break",
            xml("ID=\"_good\"", "ID=\"_good&#10;log line\""),
        ),
        ("another message", good.replace("AuthnRequest", "LogoutRequest")),
        ("another namespace", xml("SAML:2.0:protocol", "SAML:1.1:protocol")),
        (
            "ten megabytes",
            xml("</saml:Issuer>", &format!("</saml:Issuer>{}", " ".repeat(10_000_000))),
        ),
        ("nothing", String::new()),
    ];
    let count = cases.len() as u64;
    for (why, xml) in cases {
        refused(&world, &query(&[("SAMLRequest", &packed(&xml))]), why).await;
    }
    let (packed, long) = (packed(&good), "x".repeat(1_281));
    for (why, members) in [
        ("no request", vec![("RelayState", "x")]),
        (
            "two requests",
            vec![("SAMLRequest", packed.as_str()), ("SAMLRequest", &packed)],
        ),
        ("a long state", vec![("SAMLRequest", &packed), ("RelayState", &long)]),
        (
            "a header in the state",
            vec![("SAMLRequest", &packed), ("RelayState", "x\r\nset-cookie: a=b")],
        ),
        (
            "half a signature",
            vec![("SAMLRequest", &packed), ("Signature", "AAAA")],
        ),
    ] {
        refused(&world, &query(&members), why).await;
    }
    assert_eq!(
        world.counted("saml_request_unusable").await,
        count + 5,
        "each is counted"
    );
    let post = Browser::new()
        .step(
            Method::POST,
            &world.bridge("/saml/sso"),
            Some(&query(&[("SAMLRequest", &packed)])),
            &[],
        )
        .await;
    assert_eq!(post.code(), "method_refused", "a request by POST");
    let mut browser = Browser::new();
    let page = ask(&world, &mut browser, &good).await;
    assert!(page.body.contains("provider-form"), "and the good one is good");
    refused(&world, &query(&[("SAMLRequest", &packed)]), "the same a second time").await;
    let page = world.sign_in(&mut browser, &page, "ana@bakery.example").await;
    assert_eq!(status(&page), "Success", "who began goes on");
    assert!(
        world.demo.gatehouse.audit_verify().unwrap().is_intact(),
        "the log holds"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_are_called_stays_text_in_page_and_statement() {
    let world = provider("attributes = { names = true }\n").await;
    let mut browser = Browser::new();
    let state = "\"><script>alert(1)</script>";
    let query = query(&[
        ("SAMLRequest", &packed(&request(&world, "_one"))),
        ("RelayState", state),
    ]);
    let page = browser.go(&world.bridge(&format!("/saml/sso?{query}"))).await;
    let fields = "email=ana%40bakery.example&first_name=%3C%2Fsaml%3AAttributeValue%3E%26%22&last_name=O%27Neil%0D%0AX";
    let page = world.sign_in_as(&mut browser, &page, fields).await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert_eq!(hidden(&page, "RelayState").as_deref(), Some(state), "unchanged");
    let xml = crate::saml_world::answer(&page);
    assert!(xml.contains("&lt;/saml:AttributeValue&gt;&amp;"), "{xml}");
    assert_eq!(
        xml.matches("<saml:AttributeValue>").count(),
        5,
        "address, account, role, two names: {xml}"
    );
    world.demo.shutdown().await;
}

/// A service that signs its requests.
struct Signer {
    key: aws_lc_rs::rsa::KeyPair,
    certificate: tempfile::NamedTempFile,
}

impl Signer {
    fn new() -> Self {
        let made = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let signed = rcgen::CertificateParams::new(vec!["sp.example".into()]).unwrap();
        let certificate = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(certificate.path(), signed.self_signed(&made).unwrap().pem()).unwrap();
        let key = aws_lc_rs::rsa::KeyPair::from_pkcs8(&made.serialize_der()).unwrap();
        Self { key, certificate }
    }

    fn section(&self) -> String {
        let file = self.certificate.path().display();
        format!("service_provider_certificate = '{file}'\n")
    }

    /// What is signed, and its signature by RSA with SHA-256, whatever it says that it is.
    fn signed(&self, request: &str, algorithm: &str) -> (String, String) {
        let text = query(&[("SAMLRequest", request), ("RelayState", "a b"), ("SigAlg", algorithm)]);
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .unwrap();
        (text, query(&[("Signature", STANDARD.encode(signature).as_str())]))
    }
}

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

#[tokio::test(flavor = "multi_thread")]
async fn where_a_certificate_is_configured_no_signature_and_wrong_ones_are_refused() {
    let signer = Signer::new();
    let world = provider(&signer.section()).await;
    let signed = |id: &str, algorithm: &str| signer.signed(&packed(&request(&world, id)), algorithm);
    let rsa_sha1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    let (text, signature) = signed("_one", RSA_SHA256);
    let bare = query(&[("SAMLRequest", packed(&request(&world, "_two")).as_str())]);
    refused(&world, &bare, "no signature at all").await;
    refused(&world, text.split("&SigAlg").next().unwrap(), "the signature stripped").await;
    refused(
        &world,
        &format!("{}&{signature}", text.replace("a+b", "a+c")),
        "another state",
    )
    .await;
    refused(&world, &format!("{text}&Signature=AAAA"), "another signature").await;
    let claimed = text.replace("xmldsig-more%23rsa-sha256", "xmldsig-more%23rsa-sha512");
    refused(
        &world,
        &format!("{claimed}&{signature}"),
        "another algorithm than it was made with",
    )
    .await;
    let (old, weak) = signed("_three", rsa_sha1);
    refused(&world, &format!("{old}&{weak}"), "SHA-1").await;
    let symmetric = text.replace("rsa-sha256", "hmac-sha256");
    refused(&world, &format!("{symmetric}&{signature}"), "a symmetric one").await;
    let mut browser = Browser::new();
    let page = browser
        .go(&world.bridge(&format!("/saml/sso?{text}&{signature}")))
        .await;
    assert!(page.body.contains("provider-form"), "the good one is taken");
    let metadata = browser.go(&world.bridge("/saml/metadata")).await.body;
    assert!(
        metadata.contains("WantAuthnRequestsSigned=\"true\""),
        "and the metadata say so"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_signatures_are_given_up_by_name_only_wrong_ones_are_refused() {
    let signer = Signer::new();
    let world = provider(&format!("signed_requests = false\n{}", signer.section())).await;
    let (text, signature) = signer.signed(&packed(&request(&world, "_one")), RSA_SHA256);
    let changed = text.replace("a+b", "a+c");
    refused(
        &world,
        &format!("{changed}&{signature}"),
        "a signature of something else",
    )
    .await;
    let mut browser = Browser::new();
    let page = browser
        .go(&world.bridge(&format!("/saml/sso?{}", text.split("&SigAlg").next().unwrap())))
        .await;
    assert!(page.body.contains("provider-form"), "none is taken: {}", page.body);
    let metadata = browser.go(&world.bridge("/saml/metadata")).await.body;
    assert!(
        metadata.contains("WantAuthnRequestsSigned=\"false\""),
        "as the metadata say"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_section_there_is_nothing_there() {
    let world = crate::world::open().await;
    for path in ["/saml/sso?SAMLRequest=x", "/saml/start", "/saml/metadata"] {
        let page = Browser::new().go(&world.bridge(path)).await;
        assert_eq!((page.code().as_str(), page.status), ("not_found", 404), "{path}");
    }
    world.demo.shutdown().await;
}
