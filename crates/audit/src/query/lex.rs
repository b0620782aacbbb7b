//! A question's text in pieces, each with its place: a dash, a field's word, a value in quotes or bare.
//!
//! Deliberately absent: what the pieces mean.

use super::fault::QueryFault;

/// One piece between blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins, in characters.
    pub at: usize,
    /// How long it is, quotes and dash included.
    pub len: usize,
    /// Whether a dash stands in front.
    pub excluded: bool,
    /// The letters before the first colon outside quotes, if that is what the piece begins with.
    pub field: Option<String>,
    /// What stands after it.
    pub value: String,
    /// Where the value begins.
    pub value_at: usize,
    /// Whether the value stands in quotes.
    pub quoted: bool,
}

impl Piece {
    /// A fault of the whole piece.
    pub fn fault(&self, message: impl Into<String>) -> QueryFault {
        QueryFault::new(self.at, self.len, message)
    }

    /// A fault of its value.
    pub fn value_fault(&self, message: impl Into<String>) -> QueryFault {
        QueryFault::new(
            self.value_at,
            (self.at + self.len).saturating_sub(self.value_at),
            message,
        )
    }
}

/// Takes a text apart.
pub fn pieces(text: &str) -> Result<Vec<Piece>, QueryFault> {
    let chars: Vec<char> = text.chars().collect();
    let mut cursor = Cursor { chars, at: 0 };
    let mut pieces = Vec::new();
    while cursor.skip_blanks() {
        pieces.push(cursor.piece()?);
    }
    Ok(pieces)
}

/// Tells whether a character parts pieces: blanks and control characters, which nobody types on purpose.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

struct Cursor {
    chars: Vec<char>,
    at: usize,
}

impl Cursor {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn skip_blanks(&mut self) -> bool {
        while self.peek().is_some_and(is_blank) {
            self.at += 1;
        }
        self.peek().is_some()
    }

    fn piece(&mut self) -> Result<Piece, QueryFault> {
        let at = self.at;
        let excluded = self.peek() == Some('-');
        self.at += usize::from(excluded);
        let field = self.field();
        let value_at = self.at;
        let quoted = self.peek() == Some('"');
        let value = if quoted { self.in_quotes()? } else { self.bare()? };
        Ok(Piece {
            at,
            len: self.at - at,
            excluded,
            field,
            value,
            value_at,
            quoted,
        })
    }

    /// Letters and a colon, taken; anything else is left for the value.
    fn field(&mut self) -> Option<String> {
        let rest = self.chars.get(self.at..)?;
        let letters = rest
            .iter()
            .take_while(|c| c.is_ascii_alphabetic() || **c == '_')
            .count();
        if letters == 0 || rest.get(letters) != Some(&':') {
            return None;
        }
        self.at += letters + 1;
        Some(rest.iter().take(letters).collect())
    }

    fn bare(&mut self) -> Result<String, QueryFault> {
        let mut value = String::new();
        while let Some(c) = self.peek().filter(|c| !is_blank(*c)) {
            if c == '"' {
                let message = "A quotation mark stands in the middle of a word. Put the quotes around the whole value, or a blank before them.";
                return Err(QueryFault::new(self.at, 1, message));
            }
            value.push(c);
            self.at += 1;
        }
        Ok(value)
    }

    fn in_quotes(&mut self) -> Result<String, QueryFault> {
        let opened = self.at;
        let mut value = String::new();
        loop {
            self.at += 1;
            match self.peek() {
                None => {
                    return Err(QueryFault::new(
                        opened,
                        1,
                        "This quotation mark is never closed. Write another one at the end of what it holds.",
                    ));
                }
                Some('"') => break,
                Some('\\') => {
                    self.at += 1;
                    value.push(self.escaped()?);
                }
                Some(c) => value.push(if is_blank(c) { ' ' } else { c }),
            }
        }
        self.at += 1;
        match self.peek() {
            Some(c) if !is_blank(c) => Err(QueryFault::new(
                self.at,
                1,
                "Something stands right after a quotation mark. Put a blank between them.",
            )),
            Some(_) | None => Ok(value),
        }
    }

    fn escaped(&self) -> Result<char, QueryFault> {
        match self.peek() {
            Some(c @ ('"' | '\\')) => Ok(c),
            Some(_) | None => Err(QueryFault::new(
                self.at - 1,
                1,
                "A backslash in quotes stands before a quotation mark or another backslash. Write two for one.",
            )),
        }
    }
}
