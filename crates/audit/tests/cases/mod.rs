//! One module for each promise.

mod appending;
