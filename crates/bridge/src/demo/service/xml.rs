//! Reads what a service provider needs of a document that was verified before.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// An element as it comes by: its name without prefix, its attributes, its text.
pub(super) struct Seen {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Seen {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Every element of a document in the order in which they begin.
pub(super) fn elements(xml: &str) -> Result<Vec<Seen>, String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let (mut seen, mut open): (Vec<Seen>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let event = reader.read_event().map_err(|cause| cause.to_string())?;
        let text = match &event {
            Event::Start(start) => {
                open.push(seen.len());
                seen.push(begun(start)?);
                continue;
            }
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => return Ok(seen),
            Event::Text(text) => text.xml10_content().into_owned(),
            Event::GeneralRef(named) => referred(named)?,
            Event::Empty(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => return Err("something that no answer holds".into()),
        };
        if let Some(element) = open.last().and_then(|at| seen.get_mut(*at)) {
            element.text.push_str(&text);
        }
    }
}

/// A character by its number, or one of the five that XML itself names.
fn referred(named: &BytesRef<'_>) -> Result<String, String> {
    if let Some(one) = named.resolve_char_ref().map_err(|cause| cause.to_string())? {
        return Ok(one.to_string());
    }
    let known = quick_xml::escape::resolve_predefined_entity(&named.xml10_content());
    Ok(known.ok_or("an unknown entity")?.to_owned())
}

fn begun(start: &BytesStart<'_>) -> Result<Seen, String> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|cause| cause.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_err(|cause| cause.to_string())?.into_owned();
        attributes.push((attribute.key.local_name().into_inner().to_owned(), value));
    }
    Ok(Seen {
        name: start.local_name().into_inner().to_owned(),
        attributes,
        text: String::new(),
    })
}

/// An attribute of the first element of a name.
pub(super) fn attribute(xml: &str, element: &str, attribute: &str) -> Option<String> {
    let seen = elements(xml).ok()?;
    let found = seen.iter().find(|one| one.name == element)?;
    found.attribute(attribute).map(str::to_owned)
}
