//! A small document in memory: elements, attributes, text. What a request has no need of is refused, not skipped: document types,
//! entities of one's own, processing instructions, comments, CDATA, and elements without end within each other.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

/// Elements within each other.
const DEEPEST: usize = 16;
/// Elements in all.
const MOST: usize = 256;

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its namespace.
    pub space: String,
    /// Its name without prefix.
    pub name: String,
    /// Attributes that have no namespace.
    pub attributes: Vec<(String, String)>,
    /// The text that stands directly in it.
    pub text: String,
    /// The elements that stand directly in it.
    pub children: Vec<Self>,
}

impl Element {
    /// An attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it has this name.
    #[must_use]
    pub fn is(&self, space: &str, name: &str) -> bool {
        self.space == space && self.name == name
    }

    /// The children of a name.
    pub fn all(&self, space: &'static str, name: &'static str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.is(space, name))
    }

    /// The one child of a name; two are none.
    #[must_use]
    pub fn only(&self, space: &'static str, name: &'static str) -> Option<&Self> {
        let mut found = self.all(space, name);
        let first = found.next();
        if found.next().is_some() { None } else { first }
    }
}

/// Reads a document.
///
/// # Errors
/// A word that says what is wrong with it.
pub fn read(text: &str) -> Result<Element, &'static str> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut count = 0;
    loop {
        let event = reader.read_event().map_err(|_| MALFORMED)?;
        match event {
            Event::Start(_) if root.is_some() => return Err(MALFORMED),
            Event::Start(_) if open.len() >= DEEPEST || count >= MOST => return Err("too_deep"),
            Event::Start(start) => {
                count += 1;
                open.push(begun(&mut reader, &start)?);
            }
            Event::End(_) => root = ended(&mut open)?,
            Event::Text(text) => keep(&mut open, &text.xml10_content())?,
            Event::GeneralRef(named) => keep(&mut open, &referred(&named)?)?,
            Event::Decl(_) if count == 0 => {}
            Event::Eof => return root.filter(|_| open.is_empty()).ok_or(MALFORMED),
            Event::DocType(_) => return Err("doctype"),
            Event::PI(_) => return Err("processing_instruction"),
            Event::Comment(_) => return Err("comment"),
            Event::CData(_) => return Err("cdata"),
            Event::Empty(_) | Event::Decl(_) => return Err(MALFORMED),
        }
    }
}

const MALFORMED: &str = "malformed";

/// Ends the element that began last: it is its parent's, or the document.
fn ended(open: &mut Vec<Element>) -> Result<Option<Element>, &'static str> {
    let done = open.pop().ok_or(MALFORMED)?;
    match open.last_mut() {
        Some(parent) => {
            parent.children.push(done);
            Ok(None)
        }
        None => Ok(Some(done)),
    }
}

fn begun(reader: &mut NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Element, &'static str> {
    let resolver = reader.resolver_mut();
    let (space, name) = resolver.resolve_element(start.name());
    let mut element = Element {
        space: bound(&space)?.unwrap_or_default().to_owned(),
        name: name.into_inner().to_owned(),
        ..Element::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| MALFORMED)?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|_| "entity")?
            .into_owned();
        let (space, name) = resolver.resolve_attribute(attribute.key);
        if bound(&space)?.is_none() {
            element.attributes.push((name.into_inner().to_owned(), value));
        }
    }
    Ok(element)
}

fn bound<'a>(found: &'a ResolveResult<'_>) -> Result<Option<&'a str>, &'static str> {
    match found {
        ResolveResult::Bound(Namespace(space)) => Ok(Some(space)),
        ResolveResult::Unbound => Ok(None),
        ResolveResult::Unknown(_) => Err(MALFORMED),
    }
}

/// Text stands in an element; around the document there are only blanks.
fn keep(open: &mut [Element], text: &str) -> Result<(), &'static str> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(MALFORMED),
    }
    Ok(())
}

/// A character by its number, or one of the five that XML itself names.
fn referred(named: &BytesRef<'_>) -> Result<String, &'static str> {
    if let Some(one) = named.resolve_char_ref().map_err(|_| MALFORMED)? {
        return Ok(one.to_string());
    }
    let known = quick_xml::escape::resolve_predefined_entity(&named.xml10_content());
    known.map(str::to_owned).ok_or("entity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_read_with_its_namespaces() {
        let root = read("<?xml version='1.0'?><p:a xmlns:p='urn:p' xmlns='urn:d' ID='1&amp;2' p:x='no'><b> t&#x41;&lt;</b><p:b/></p:a>\n").unwrap();
        assert!(root.is("urn:p", "a"), "the prefix's namespace");
        assert_eq!(root.attribute("ID"), Some("1&2"), "an attribute without one");
        assert_eq!(root.attribute("x"), None, "none of another");
        assert_eq!(root.only("urn:d", "b").unwrap().text, " tA<", "text with references");
        assert_eq!(root.children.len(), 2, "both children");
    }

    #[test]
    fn what_could_harm_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(17), "</a>".repeat(17));
        let many = format!("<a>{}</a>", "<b/>".repeat(300));
        for (text, why) in [
            ("<!DOCTYPE a><a/>", "doctype"),
            ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "doctype"),
            ("<a>&x;</a>", "entity"),
            ("<a b='&x;'/>", "entity"),
            ("<a><?p?></a>", "processing_instruction"),
            ("<a><!-- c --></a>", "comment"),
            ("<a><![CDATA[c]]></a>", "cdata"),
            (deep.as_str(), "too_deep"),
            (many.as_str(), "too_deep"),
            ("<a/><a/>", "malformed"),
            ("<a/>text", "malformed"),
            ("<a></b>", "malformed"),
            ("<a>", "malformed"),
            ("<a b='1' b='2'/>", "malformed"),
            ("<p:a/>", "malformed"),
            ("<a p:b='1'/>", "malformed"),
            ("", "malformed"),
            ("text", "malformed"),
        ] {
            assert_eq!(read(text).unwrap_err(), why, "{text}");
        }
    }
}
