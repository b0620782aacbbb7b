//! What a bridge says of itself as a SAML identity provider, read from its published metadata.
//!
//! The page comes over TLS from the bridge's own address; its signature is for Klarna to judge. A document type, and so any entity of
//! its own, is refused; nothing is fetched. Deliberately absent: writing metadata.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use x509_cert::der::pem::{LineEnding, encode_string};

use super::hand_over::HandOver;
use crate::network::AddedAuthority;
use crate::problem::Problem;

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";

/// An identity provider's metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SamlMetadata {
    /// Its entity id.
    pub entity_id: String,
    /// Where people are sent to sign on: binding and address.
    pub sign_on: Vec<(String, String)>,
    /// The certificates that its signatures are verified with; the first is the one in use.
    pub certificates: Vec<SamlCertificate>,
    /// How it names people.
    pub name_id_formats: Vec<String>,
    /// What it says of people.
    pub attributes: Vec<SamlAttribute>,
}

/// A certificate of the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlCertificate {
    /// In PEM.
    pub pem: String,
    /// What it says of itself.
    pub facts: AddedAuthority,
}

/// An attribute of the metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SamlAttribute {
    /// Its name in assertions.
    pub name: String,
    /// What it holds, where the metadata says so: `email`, `account_id`, `roles`, ...
    pub meaning: String,
}

/// Whether a bridge is alive.
#[derive(Debug)]
pub enum Health {
    /// It says so.
    Alive,
    /// Its operators' address does not answer.
    Silent(Problem),
    /// Its operators' address is on its own machine, which is not this one.
    Elsewhere(SocketAddr),
}

/// What a bridge that serves says of itself.
#[derive(Debug)]
pub struct Served {
    /// Whether it is alive.
    pub health: Health,
    /// Its metadata, or why there is none.
    pub metadata: Result<SamlMetadata, Problem>,
    /// What Klarna is to be told.
    pub hand_over: HandOver,
}

/// Why a page is no metadata; a sentence.
pub(crate) type Unreadable = String;

impl SamlMetadata {
    /// Reads a page.
    ///
    /// # Errors
    /// A sentence that says what it lacks.
    pub(crate) fn read(page: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(page).map_err(|_| "The page is no text in UTF-8.")?;
        let mut reader = NsReader::from_str(text);
        let mut reading = Reading::default();
        loop {
            let (space, event) = reader.read_resolved_event().map_err(|_| NOT_XML)?;
            let space = known(space);
            match event {
                Event::Start(tag) => reading.begin(space, &tag, false)?,
                Event::Empty(tag) => reading.begin(space, &tag, true)?,
                Event::Text(text) => reading.text.push_str(&text.xml10_content()),
                Event::End(_) => reading.end()?,
                Event::DocType(_) => return Err("The page has a document type, which metadata never has.".into()),
                Event::Eof => break,
                Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::GeneralRef(_) => {}
            }
        }
        reading.metadata.whole()
    }

    fn whole(self) -> Result<Self, Unreadable> {
        let lacks = if self.entity_id.is_empty() {
            "an entity id"
        } else if self.sign_on.is_empty() {
            "an address to sign on at"
        } else if self.certificates.is_empty() {
            "a signing certificate"
        } else {
            return Ok(self);
        };
        Err(format!(
            "The page is no metadata of an identity provider: it lacks {lacks}."
        ))
    }
}

const NOT_XML: &str = "The page is not XML.";

/// The part of a document that was read so far.
#[derive(Default)]
struct Reading {
    metadata: SamlMetadata,
    open: Vec<String>,
    text: String,
    signs: bool,
}

impl Reading {
    fn begin(&mut self, space: &str, tag: &BytesStart<'_>, empty: bool) -> Result<(), Unreadable> {
        let name = format!("{space}{}", tag.local_name().as_ref().escape_debug());
        let said = |wanted: &str| attribute(tag, wanted);
        match name.as_str() {
            "md:EntityDescriptor" if self.open.is_empty() => self.metadata.entity_id = said("entityID")?,
            "md:KeyDescriptor" => self.signs = matches!(said("use")?.as_str(), "" | "signing"),
            "md:SingleSignOnService" if self.within("md:IDPSSODescriptor") => {
                self.metadata.sign_on.push((said("Binding")?, said("Location")?));
            }
            "saml:Attribute" if self.within("md:IDPSSODescriptor") => self.metadata.attributes.push(SamlAttribute {
                name: said("Name")?,
                meaning: said("FriendlyName")?,
            }),
            _ => {}
        }
        self.text.clear();
        if !empty {
            self.open.push(name);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Unreadable> {
        let name = self.open.pop().ok_or(NOT_XML)?;
        let text: String = self.text.split_whitespace().collect();
        self.text.clear();
        if !self.within("md:IDPSSODescriptor") {
            return Ok(());
        }
        match name.as_str() {
            "ds:X509Certificate" if self.within("md:KeyDescriptor") && self.signs => {
                self.metadata.certificates.push(certificate(&text)?);
            }
            "md:NameIDFormat" => self.metadata.name_id_formats.push(text),
            _ => {}
        }
        Ok(())
    }

    fn within(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }
}

fn known(space: ResolveResult<'_>) -> &'static str {
    match space {
        ResolveResult::Bound(Namespace(name)) if name == METADATA => "md:",
        ResolveResult::Bound(Namespace(name)) if name == SIGNATURE => "ds:",
        ResolveResult::Bound(Namespace(name)) if name == ASSERTION => "saml:",
        ResolveResult::Bound(_) | ResolveResult::Unbound | ResolveResult::Unknown(_) => "?:",
    }
}

fn attribute(tag: &BytesStart<'_>, wanted: &str) -> Result<String, Unreadable> {
    let found = tag.try_get_attribute(wanted).map_err(|_| NOT_XML)?;
    let text = found
        .map(|one| one.normalized_value(quick_xml::XmlVersion::Implicit1_0))
        .transpose();
    Ok(text.map_err(|_| NOT_XML)?.unwrap_or_default().into_owned())
}

fn certificate(text: &str) -> Result<SamlCertificate, Unreadable> {
    let unreadable = || "A certificate of the metadata cannot be read.".to_owned();
    let der = STANDARD.decode(text).map_err(|_| unreadable())?;
    let pem = encode_string("CERTIFICATE", LineEnding::LF, &der).map_err(|_| unreadable())?;
    let facts = AddedAuthority::of_pem(&pem).ok_or_else(unreadable)?;
    Ok(SamlCertificate { pem, facts })
}
