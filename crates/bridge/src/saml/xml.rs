//! Writes XML: an element at a time, every text escaped, and nothing that XML cannot say.

use std::fmt::Write;

/// A document that grows.
#[derive(Default)]
pub struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Begins an element with its attributes.
    pub fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.head(name, attributes);
        self.text.push('>');
        self.open.push(name);
        self
    }

    /// Ends the element that began last.
    pub fn close(&mut self) -> &mut Self {
        if let Some(name) = self.open.pop() {
            let _ = write!(self.text, "</{name}>");
        }
        self
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.head(name, attributes);
        self.text.push_str("/>");
        self
    }

    /// An element that holds a text.
    pub fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) -> &mut Self {
        self.open(name, attributes);
        self.text.push_str(&escape(text));
        self.close()
    }

    /// XML that was written before.
    pub fn raw(&mut self, xml: &str) -> &mut Self {
        self.text.push_str(xml);
        self
    }

    /// The document.
    #[must_use]
    pub fn end(&mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        std::mem::take(&mut self.text)
    }

    fn head(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        let _ = write!(self.text, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.text, " {attribute}=\"{}\"", escape(value));
        }
    }
}

/// Makes text safe in an element and in a quoted attribute; a line break stays one, and what XML 1.0 has no way to say is a blank.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for one in text.chars() {
        match one {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&apos;"),
            '\n' => safe.push_str("&#10;"),
            '\r' => safe.push_str("&#13;"),
            '\t' => safe.push_str("&#9;"),
            '\u{0}'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => safe.push(' '),
            _ => safe.push(one),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_stays_text() {
        let mut xml = Xml::default();
        xml.open("a", &[("b", "\"'<\n")]).leaf("c", &[], "</c>&\u{0}\r");
        assert_eq!(
            xml.end(),
            "<a b=\"&quot;&apos;&lt;&#10;\"><c>&lt;/c&gt;&amp; &#13;</c></a>",
            "nothing in it begins or ends an element"
        );
    }
}
