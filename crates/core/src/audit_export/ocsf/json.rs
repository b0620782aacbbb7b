//! JSON written straight into a buffer: no tree of values between an entry and its event.

/// An object that is being written.
pub struct Object<'b> {
    out: &'b mut Vec<u8>,
    first: bool,
}

impl<'b> Object<'b> {
    /// Opens an object.
    pub fn begin(out: &'b mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    /// Closes it.
    pub fn end(self) {
        self.out.push(b'}');
    }

    fn name(&mut self, name: &str) {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    /// A member that is JSON already; an empty one is left out.
    pub fn raw(&mut self, name: &str, json: &str) {
        if !json.is_empty() {
            self.name(name);
            self.out.extend_from_slice(json.as_bytes());
        }
    }

    /// The same where only a string fits: anything else is left out.
    pub fn raw_text(&mut self, name: &str, json: &str) {
        if json.starts_with('"') {
            self.raw(name, json);
        }
    }

    /// A string of letters that need no escape: the product's own words, hex.
    pub fn plain(&mut self, name: &str, text: &str) {
        self.name(name);
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    /// A string of parts that need no escape.
    pub fn joined(&mut self, name: &str, parts: &[&str]) {
        self.name(name);
        self.out.push(b'"');
        for part in parts {
            self.out.extend_from_slice(part.as_bytes());
        }
        self.out.push(b'"');
    }

    /// A hash in hex.
    pub fn hex(&mut self, name: &str, hash: &[u8; 32]) {
        self.name(name);
        self.out.push(b'"');
        for byte in hash {
            self.out.push(digit(byte >> 4));
            self.out.push(digit(byte & 15));
        }
        self.out.push(b'"');
    }

    /// An integer.
    pub fn number(&mut self, name: &str, number: i64) {
        self.name(name);
        let mut digits = [0; 20];
        let (mut at, mut rest) = (digits.len(), number.unsigned_abs());
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            self.out.push(b'-');
        }
        self.out.extend_from_slice(&digits[at..]);
    }

    /// A boolean.
    pub fn truth(&mut self, name: &str, truth: bool) {
        self.raw(name, if truth { "true" } else { "false" });
    }

    /// A member that is an object.
    pub fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.name(name);
        let mut inner = Object::begin(self.out);
        fill(&mut inner);
        inner.end();
    }

    /// A member that is an array of one object.
    pub fn array_of_one(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.name(name);
        self.out.push(b'[');
        let mut inner = Object::begin(self.out);
        fill(&mut inner);
        inner.end();
        self.out.push(b']');
    }

    /// A member that is an array of strings, each a label and a string that is JSON already; empty ones are left out.
    pub fn labels(&mut self, name: &str, labels: &[(&str, &str)]) {
        self.name(name);
        self.out.push(b'[');
        let mut first = true;
        for (label, json) in labels {
            let Some(inner) = json.strip_prefix('"') else {
                continue;
            };
            if !first {
                self.out.push(b',');
            }
            first = false;
            self.out.push(b'"');
            self.out.extend_from_slice(label.as_bytes());
            self.out.push(b':');
            self.out.extend_from_slice(inner.as_bytes());
        }
        self.out.push(b']');
    }
}

const fn digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
}
