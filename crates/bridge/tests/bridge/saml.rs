//! Signing on by SAML over real HTTP: begun by the service, begun here, and every status.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatehouse_bridge::demo::DemoSaml;
use serde_json::json;

use crate::browser::Browser;
use crate::saml_world::{ACS, OTHER_ACS, SERVICE, answer, ask, hidden, packed, provider, query, request, status};
use crate::world::{COOKIE, holds, with};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_leads_through_the_same_sign_in_to_a_signed_statement() {
    let world = provider("").await;
    let mut browser = Browser::new();
    let relay_state = "state \"<&>' of Klarna=;?";
    let query = query(&[
        ("SAMLRequest", &packed(&request(&world, "_one"))),
        ("RelayState", relay_state),
    ]);
    let page = browser.go(&world.bridge(&format!("/saml/sso?{query}"))).await;
    assert!(
        page.body.contains("Sign in at the acquirer"),
        "the provider asks who it is"
    );
    let page = world.sign_in(&mut browser, &page, "ana@bakery.example").await;
    let said = |name: &str| page.headers.get(name).unwrap().to_str().unwrap().to_owned();
    let policy = said("content-security-policy");
    assert!(
        policy.contains(&format!("form-action {ACS};")),
        "the form leads to the service alone: {policy}"
    );
    assert!(
        policy.contains("script-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert!(
        page.body.contains("<button>Go on</button>"),
        "there is a way without script"
    );
    assert!(
        page.body.contains(&format!("action=\"{ACS}\"")),
        "to the address on the list"
    );
    assert_eq!(said("cache-control"), "no-store", "nothing of it is kept");
    assert_eq!(hidden(&page, "RelayState").as_deref(), Some(relay_state), "as it came");
    let xml = answer(&page);
    for part in [
        "InResponseTo=\"_one\"",
        &format!("Destination=\"{ACS}\""),
        &format!("Recipient=\"{ACS}\""),
        &format!("<saml:Audience>{SERVICE}</saml:Audience>"),
        "emailAddress\">ana@bakery.example</saml:NameID>",
        "<saml:AttributeValue>merchant:admin</saml:AttributeValue>",
        "status:Success",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert_eq!(
        xml.matches("<ds:Signature ").count(),
        2,
        "assertion and response are signed"
    );
    assert!(!browser.cookies.contains_key(COOKIE), "the ticket is used up");
    assert!(world.links().await.is_empty(), "no link is made");
    assert_eq!(world.counted("entered").await, 1, "it is counted");
    let reader = world.demo.gatehouse.audit_reader().unwrap();
    let entry = reader.entry(reader.size().unwrap()).unwrap().unwrap();
    assert_eq!(entry.body.kind, "portal.sign_on", "and recorded");
    assert_eq!(
        entry.body.request.get("service"),
        Some(&json!(SERVICE)),
        "for which service"
    );
    let disk = world.on_disk();
    for secret in ["_one", "saml:Assertion", "SAMLResponse"] {
        assert!(!holds(&disk, secret), "{secret} rests nowhere");
    }
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_may_begin_here_and_choose_unless_that_is_closed() {
    let world = provider("relay_state = 'home'\nname_id = 'persistent'\n").await;
    let mut names = Vec::new();
    for _ in 0..2 {
        let mut browser = Browser::new();
        let page = browser.go(&world.bridge("/saml/start")).await;
        let choice = world.sign_in(&mut browser, &page, "ben@group.example").await;
        assert!(choice.url.path() == "/choose", "the same choice: {}", choice.body);
        let page = browser
            .send(&world.bridge("/enter"), &format!("{}&merchant=0", choice.hidden()))
            .await;
        let xml = answer(&page);
        assert!(!xml.contains("InResponseTo"), "nobody asked");
        assert_eq!(hidden(&page, "RelayState").as_deref(), Some("home"), "where it leads");
        assert!(
            xml.contains("merchant:developer"),
            "the lesser role where the table says none: {xml}"
        );
        let (_, name) = xml.split_once("format:persistent\">").unwrap();
        names.push(name.split('<').next().unwrap().to_owned());
    }
    assert!(
        names[0] == names[1] && names[0].len() == 64,
        "the same word each time: {names:?}"
    );
    world.demo.shutdown().await;
    let world = provider("unsolicited = false\n").await;
    let page = Browser::new().go(&world.bridge("/saml/start")).await;
    assert_eq!(
        (page.code().as_str(), page.status),
        ("not_found", 404),
        "where it is closed"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_told_to_the_service() {
    let world = provider("").await;
    let inside = |text: &str| format!("</saml:Issuer>{text}</samlp:AuthnRequest>");
    let end = "</saml:Issuer></samlp:AuthnRequest>";
    let class = |class: &str| {
        inside(&format!(
            "<samlp:RequestedAuthnContext><saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>"
        ))
    };
    let transient = "<samlp:NameIDPolicy Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:transient\"/>";
    let foreign = "<samlp:NameIDPolicy SPNameQualifier=\"https://other.example\"/>";
    let subject = "<saml:Subject><saml:NameID>ana@bakery.example</saml:NameID></saml:Subject>";
    let cases = [
        (end, inside(transient), "Requester InvalidNameIDPolicy"),
        (end, inside(foreign), "Requester InvalidNameIDPolicy"),
        (end, inside(subject), "Requester RequestUnsupported"),
        (
            end,
            class("urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos"),
            "Responder NoAuthnContext",
        ),
        (
            " Version",
            " ForceAuthn=\"1\" IsPassive=\"1\" Version".to_owned(),
            "Responder NoPassive",
        ),
        (
            " Version",
            " ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" Version".to_owned(),
            "Requester UnsupportedBinding",
        ),
    ];
    let count = cases.len() as u64;
    for (at, (from, to, told)) in cases.into_iter().enumerate() {
        let xml = request(&world, &format!("_case-{at}")).replace(from, &to);
        let page = ask(&world, &mut Browser::new(), &xml).await;
        assert_eq!(status(&page), told, "{xml}");
        assert!(!answer(&page).contains("<saml:Assertion"), "nobody is signed on");
    }
    assert_eq!(world.counted("saml_refused").await, count, "each is counted");
    let index = request(&world, "_index").replace(
        &format!("AssertionConsumerServiceURL=\"{ACS}\""),
        "AssertionConsumerServiceIndex=\"1\" IsPassive=\"true\" ForceAuthn=\"true\"",
    );
    let page = ask(&world, &mut Browser::new(), &index).await;
    assert!(
        page.body.contains(&format!("action=\"{OTHER_ACS}\"")),
        "an address by its number"
    );
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_the_person_signed_in_is_the_providers_word() {
    let world = provider("").await;
    let mut browser = Browser::new();
    let fresh = request(&world, "_fresh").replace(" Version", " ForceAuthn=\"true\" Version");
    let page = ask(&world, &mut browser, &fresh).await;
    let asked = browser.visited.last().unwrap();
    assert!(asked.contains("prompt=login") && asked.contains("max_age=0"), "{asked}");
    let page = world.sign_in(&mut browser, &page, "ana@bakery.example").await;
    assert_eq!(status(&page), "Success", "the provider says that it asked anew");
    assert!(answer(&page).contains("PasswordProtectedTransport"), "and how");

    let mut browser = Browser::new();
    let page = ask(&world, &mut browser, &fresh.replace("_fresh", "_stale")).await;
    world.set("oidc.sign_in", "remembered").await;
    let page = world.sign_in(&mut browser, &page, "ana@bakery.example").await;
    assert_eq!(status(&page), "Responder AuthnFailed", "it was an hour ago");
    world.set("oidc.sign_in", "fresh").await;

    let mfa = "</saml:Issuer><samlp:RequestedAuthnContext><saml:AuthnContextClassRef>https://refeds.org/profile/mfa\
               </saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>";
    let xml = request(&world, "_mfa").replace("</saml:Issuer></samlp:AuthnRequest>", mfa);
    let mut browser = Browser::new();
    let page = ask(&world, &mut browser, &xml).await;
    let page = world.sign_in(&mut browser, &page, "ana@bakery.example").await;
    assert_eq!(status(&page), "Responder NoAuthnContext", "a password alone");

    let passive = request(&world, "_passive").replace(" Version", " IsPassive=\"true\" Version");
    let page = ask(&world, &mut Browser::new(), &passive).await;
    assert_eq!(status(&page), "Responder NoPassive", "the provider would have to ask");
    assert!(world.links().await.is_empty(), "and nothing was done");
    world.demo.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_login_page_to_the_simulated_service_and_only_with_its_own_answer() {
    let world = with(|mut plan| {
        plan.saml = DemoSaml::Here;
        plan
    })
    .await;
    let mut browser = Browser::new();
    let page = browser.go(&world.demo.login_page()).await;
    let start = page.link("sign-in-with-saml");
    let page = browser.go(&start).await;
    let fields = "email=ben%40group.example&first_name=Ben&last_name=%C3%85kesson%20%26%20S%C3%B6ner";
    let choice = world.sign_in_as(&mut browser, &page, fields).await;
    let page = browser
        .send(&world.bridge("/enter"), &format!("{}&merchant=0", choice.hidden()))
        .await;
    let acs = start.replace("/login", "/acs");
    assert!(page.body.contains(&acs), "the form leads to the service");
    let member = |name: &str, value: &str| query(&[(name, value)]);
    let response = hidden(&page, "SAMLResponse").unwrap();
    let form = format!(
        "{}&{}",
        member("SAMLResponse", &response),
        member("RelayState", "the portal")
    );
    let forged = answer(&page).replace("ben@group.example", "eva@group.example");
    let wrong = browser
        .send(&acs, &member("SAMLResponse", &STANDARD.encode(forged)))
        .await;
    assert!(
        wrong.status == 403 && wrong.body.contains("signature"),
        "a changed answer: {}",
        wrong.body
    );
    let portal = browser.send(&acs, &form).await;
    for shown in [
        "signed-on",
        "ben@group.example",
        "merchant:developer",
        "Åkesson &amp; Söner",
        "krn:",
        "the portal",
    ] {
        assert!(
            portal.body.contains(shown),
            "the service shows {shown}: {}",
            portal.body
        );
    }
    let again = browser.send(&acs, &form).await;
    assert!(again.status == 403, "an answer is taken once: {}", again.body);
    let page = browser.go(&world.bridge("/saml/start")).await;
    let page = world.sign_in(&mut browser, &page, "ana@bakery.example").await;
    let form = member("SAMLResponse", &hidden(&page, "SAMLResponse").unwrap());
    assert!(
        browser.send(&acs, &form).await.body.contains("signed-on"),
        "begun at the bridge"
    );
    world.demo.shutdown().await;
}
