//! Modules that cannot be used, each named by what is wrong with it; none of them needs a token.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

use gatehouse_core::problem::{ErrorCode, Problem};
use gatehouse_core::signing_key::{
    HardwareFailure, HardwareModule, ModuleFault, NotImportable, NotRequested, TriesLeft,
};
use gatehouse_klarna::SignFailure;

fn fault(path: &Path) -> ModuleFault {
    let failure = HardwareModule::at(path).tokens().unwrap_err();
    let HardwareFailure::Module { path: named, fault } = failure else {
        panic!("not the module's own fault: {failure:?}");
    };
    assert_eq!(named, path, "the sentence names the path");
    fault
}

#[test]
fn a_module_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(fault(&folder.path().join("none.so")), ModuleFault::NotThere, "no file");
    assert_eq!(fault(folder.path()), ModuleFault::NotThere, "a folder");
}

#[test]
fn a_module_for_another_processor_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let elf = |class: u8, machine: u8| {
        let mut head = vec![0x7f, b'E', b'L', b'F', class, 1, 1, 0];
        head.resize(18, 0);
        head.extend([machine, 0]);
        head
    };
    let pe = |machine: [u8; 2]| {
        let mut head = vec![b'M', b'Z'];
        head.resize(0x3c, 0);
        head.extend([0x40, 0, 0, 0]);
        head.extend([b'P', b'E', 0, 0]);
        head.extend(machine);
        head
    };
    let foreign = [
        elf(1, 3),
        elf(1, 40),
        elf(2, 243),
        pe([0x4c, 0x01]),
        vec![0xcf, 0xfa, 0xed, 0xfe, 18, 0, 0, 0],
    ];
    for (at, head) in foreign.into_iter().enumerate() {
        let path = folder.path().join(format!("{at}.so"));
        fs::write(&path, head).unwrap();
        assert_eq!(fault(&path), ModuleFault::OtherArchitecture, "file {at}");
    }
}

#[test]
fn a_file_that_is_no_library_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.so");
    fs::write(&path, "not a library").unwrap();
    assert_eq!(fault(&path), ModuleFault::NotLoadable, "a text");
    fs::write(&path, [0x7f, b'E', b'L', b'F']).unwrap();
    assert!(
        matches!(fault(&path), ModuleFault::NotLoadable | ModuleFault::OtherArchitecture),
        "a cut-off one"
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_library_that_is_no_module_is_told() {
    let libraries = [
        "/lib/x86_64-linux-gnu/libm.so.6",
        "/lib/aarch64-linux-gnu/libm.so.6",
        "/lib64/libm.so.6",
    ];
    let Some(library) = libraries.map(Path::new).into_iter().find(|path| path.exists()) else {
        eprintln!("skipped: the C library lies elsewhere on this system");
        return;
    };
    assert_eq!(fault(library), ModuleFault::NotPkcs11, "a library of something else");
}

#[test]
fn every_failure_says_what_happened_and_what_to_do() {
    let module = |fault| HardwareFailure::Module {
        path: "/usr/lib/x.so".into(),
        fault,
    };
    let all = [
        module(ModuleFault::NotThere),
        module(ModuleFault::NotStarted),
        HardwareFailure::NoToken { serial: "1".into() },
        HardwareFailure::Gone,
        HardwareFailure::PinNeeded,
        HardwareFailure::PinLocked,
        HardwareFailure::NoKey,
        HardwareFailure::WriteProtected,
        HardwareFailure::NotP256,
        HardwareFailure::Slow,
    ];
    for failure in all {
        let text = failure.to_string();
        assert!(
            text.ends_with('.') && text.matches(['.', ';']).count() >= 2,
            "cause and cure: {text}"
        );
    }
}

#[test]
fn a_failure_to_sign_crosses_as_the_tokens_own_problem() {
    let crossed = |failure: HardwareFailure| Problem::from(SignFailure(Box::new(failure)));
    let codes = [
        (HardwareFailure::Gone, ErrorCode::HardwareAbsent),
        (HardwareFailure::PinNeeded, ErrorCode::HardwarePin),
        (
            HardwareFailure::PinWrong { tries: TriesLeft::Last },
            ErrorCode::HardwarePin,
        ),
        (HardwareFailure::PinLocked, ErrorCode::HardwarePinBlocked),
        (HardwareFailure::NoKey, ErrorCode::KeyMissing),
        (HardwareFailure::NotP256, ErrorCode::HardwareUnsuitable),
        (HardwareFailure::Slow, ErrorCode::HardwareSlow),
        (HardwareFailure::Crashed, ErrorCode::HardwareFailed),
    ];
    for (failure, code) in codes {
        let said = failure.to_string();
        let is_pin_needed = failure == HardwareFailure::PinNeeded;
        let problem = crossed(failure);
        assert_eq!(problem.code, code, "{said}");
        assert!(!problem.hint.is_empty(), "each has a cure: {problem}");
        if is_pin_needed {
            assert_eq!(
                problem.message, "The token needs its PIN.",
                "how it is given, each shell says"
            );
        } else {
            assert_eq!(problem.to_string(), said, "cause and cure are its own");
        }
    }
    let other = Problem::from(SignFailure("something else".into()));
    assert_eq!(
        other.code,
        ErrorCode::Internal,
        "what is not a token's is a defect of ours"
    );
    let unsigned = Problem::from(NotRequested::Unsigned(SignFailure(Box::new(HardwareFailure::Slow))));
    assert_eq!(
        unsigned.code,
        ErrorCode::HardwareSlow,
        "also when a request was to be signed"
    );
}

#[test]
fn a_refused_import_crosses_with_its_cause_as_the_hint() {
    let wrong = Problem::from(NotImportable::WrongPassphrase);
    assert_eq!(
        wrong.code,
        ErrorCode::PassphraseWrong,
        "the passphrase has a code of its own"
    );
    let curve = Problem::from(NotImportable::OtherCurve {
        curve: "P-384".to_owned(),
    });
    assert_eq!(curve.code, ErrorCode::KeyUnreadable, "everything else is the file's");
    assert!(curve.hint.contains("P-384"), "and the curve is named: {}", curve.hint);
}
