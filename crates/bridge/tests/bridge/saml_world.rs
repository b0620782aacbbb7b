//! A bridge that is an identity provider, a service that is not there, and requests written by hand.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use gatehouse_bridge::demo::DemoSaml;
use url::form_urlencoded;

use crate::browser::{Browser, Page};
use crate::world::{World, with};

pub const SERVICE: &str = "https://sp.example/saml";
pub const ACS: &str = "https://sp.example/saml/acs";
pub const OTHER_ACS: &str = "https://sp.example/saml/acs2";

/// The bridge's section, with its key in this place and these lines more.
pub fn section(key: &str, more: &str) -> DemoSaml {
    DemoSaml::Elsewhere(format!(
        "[saml]\nservice_provider = '{SERVICE}'\nacs = ['{ACS}', '{OTHER_ACS}']\nkey = {key}\ncertificate = 'saml.pem'\n{more}"
    ))
}

/// With these lines more in the section.
pub async fn provider(more: &str) -> World {
    let section = section("{ key_store = true }", more);
    with(|mut plan| {
        plan.saml = section;
        plan
    })
    .await
}

/// A time so many seconds from now, as SAML writes it.
pub fn at(seconds: i64) -> String {
    let time = chrono::Utc::now() + chrono::TimeDelta::seconds(seconds);
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A good request of an id; what differs is replaced in its text.
pub fn request(world: &World, id: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
         ID=\"{id}\" Version=\"2.0\" IssueInstant=\"{}\" Destination=\"{}\" AssertionConsumerServiceURL=\"{ACS}\">\
         <saml:Issuer>{SERVICE}</saml:Issuer></samlp:AuthnRequest>",
        at(0),
        world.bridge("/saml/sso"),
    )
}

pub fn packed(xml: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml.as_bytes()).unwrap();
    STANDARD.encode(encoder.finish().unwrap())
}

pub fn query(members: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(members)
        .finish()
}

/// Sends a request and follows it to wherever it leads.
pub async fn ask(world: &World, browser: &mut Browser, xml: &str) -> Page {
    let query = query(&[("SAMLRequest", &packed(xml))]);
    browser.go(&world.bridge(&format!("/saml/sso?{query}"))).await
}

/// A hidden member of the form that leads to the service.
pub fn hidden(page: &Page, name: &str) -> Option<String> {
    let (_, rest) = page.body.split_once(&format!("name=\"{name}\" value=\""))?;
    let value = rest.split('"').next().unwrap();
    let plain = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    Some(
        plain
            .iter()
            .fold(value.to_owned(), |text, (from, to)| text.replace(from, to)),
    )
}

/// The answer's XML.
pub fn answer(page: &Page) -> String {
    let packed = hidden(page, "SAMLResponse").unwrap_or_else(|| panic!("no answer in {}", page.body));
    String::from_utf8(STANDARD.decode(packed).unwrap()).unwrap()
}

/// The status codes of an answer, the first without its common beginning.
pub fn status(page: &Page) -> String {
    let xml = answer(page);
    let codes = xml.split("urn:oasis:names:tc:SAML:2.0:status:").skip(1);
    let codes: Vec<&str> = codes.map(|rest| rest.split('"').next().unwrap()).collect();
    codes.join(" ")
}
