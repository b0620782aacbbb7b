//! What is wrong with a question: where, and what to write instead.
//!
//! Deliberately absent: codes. Nobody branches on the kinds of faults; a person reads them under the place that is marked.

use std::fmt;

/// A question that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryFault {
    /// Where the fault begins, in characters from the beginning.
    pub at: usize,
    /// How many characters are at fault, at least one.
    pub len: usize,
    /// What is wrong with them, and what to write instead.
    pub message: String,
}

impl QueryFault {
    pub(super) fn new(at: usize, len: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            len: len.max(1),
            message: message.into(),
        }
    }
}

impl fmt::Display for QueryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryFault {}
