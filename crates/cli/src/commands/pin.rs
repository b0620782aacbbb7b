//! The PIN of a hardware token: from a file, or asked for on the terminal, when a key on it is to be used.
//!
//! A file is read for one try alone: a wrong PIN that is given again and again locks the token.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gatehouse_core::{Gatehouse, passphrase_from};

use crate::terminal;

/// Has this program asked for PINs.
pub fn asked_here(gatehouse: &Gatehouse, file: Option<PathBuf>) {
    let tried = AtomicBool::new(false);
    gatehouse.ask_pins_by(Arc::new(move |token| {
        let first = !tried.swap(true, Ordering::Relaxed);
        match &file {
            Some(file) if first => passphrase_from(file).map(Some),
            Some(_) => Ok(None),
            None => Ok(terminal::ask(&format!(
                "PIN of the token {} (serial number {}): ",
                token.label, token.serial
            ))),
        }
    }));
}
