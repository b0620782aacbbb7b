//! Telling a library for another processor by the first bytes of its file, because loaders say it in words alone.
//!
//! ELF (its header's class and machine), PE (its COFF machine) and Mach-O (its CPU type) are read; what is none of them, or holds
//! several at once, is left to the loader.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Enough for an ELF and a Mach-O header, and for the PE header of every linker in use.
const HEAD: u64 = 4096;

/// Whether the file is, as far as can be seen, a library for another processor than this program's.
pub(super) fn is_foreign(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && machine(&head).is_some_and(|found| found != ours())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Machine {
    X86_64,
    Arm64,
    Other,
}

fn ours() -> Machine {
    match std::env::consts::ARCH {
        "x86_64" => Machine::X86_64,
        "aarch64" => Machine::Arm64,
        _ => Machine::Other,
    }
}

fn machine(head: &[u8]) -> Option<Machine> {
    match head {
        [0x7f, b'E', b'L', b'F', class, ..] => Some(elf(*class, head)),
        [0xcf, 0xfa, 0xed, 0xfe, kind @ ..] => Some(mach_o(kind)),
        [b'M', b'Z', ..] => pe(head),
        _ => None,
    }
}

fn elf(class: u8, head: &[u8]) -> Machine {
    match (class, head.get(18..20)) {
        (2, Some([62, 0])) => Machine::X86_64,
        (2, Some([183, 0])) => Machine::Arm64,
        _ => Machine::Other,
    }
}

fn mach_o(kind: &[u8]) -> Machine {
    match kind {
        [7, 0, 0, 1, ..] => Machine::X86_64,
        [12, 0, 0, 1, ..] => Machine::Arm64,
        _ => Machine::Other,
    }
}

fn pe(head: &[u8]) -> Option<Machine> {
    let at: [u8; 4] = head.get(0x3c..0x40)?.try_into().ok()?;
    let at = usize::try_from(u32::from_le_bytes(at)).ok()?;
    match head.get(at..at.checked_add(6)?)? {
        [b'P', b'E', 0, 0, 0x64, 0x86] => Some(Machine::X86_64),
        [b'P', b'E', 0, 0, 0x64, 0xaa] => Some(Machine::Arm64),
        [b'P', b'E', 0, 0, ..] => Some(Machine::Other),
        _ => None,
    }
}
