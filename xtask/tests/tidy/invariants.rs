//! Each invariant of docs/ARCHITECTURE.md names the tests that guard it, and they exist.
//!
//! A guard is a test function, the title of a UI test, or a file of documentation tests that must not compile.

use crate::files;
use crate::nothing_found;

const DOCUMENT: &str = "docs/ARCHITECTURE.md";

#[test]
fn each_invariant_names_a_test_that_exists() {
    let document = files::one(DOCUMENT).expect("the document is there").text;
    let sources: Vec<_> = files::all().into_iter().filter(|file| file.is(&["rs", "ts"])).collect();
    let exists = |name: &str| {
        let (function, title) = (format!("fn {name}("), format!("\"{name}\""));
        let file_name = format!("/{name}.rs");
        sources.iter().any(|file| {
            let must_not_compile = file.path.ends_with(&file_name) && file.text.contains("```compile_fail");
            must_not_compile || file.text.contains(&function) || file.text.contains(&title)
        })
    };
    let mut found = Vec::new();
    let mut count = 0;
    for line in document.lines().filter(|line| line.starts_with("Invariant:")) {
        count += 1;
        let guards: Vec<_> = line
            .split_once("Guarded by")
            .map(|(_, names)| names.split('`').skip(1).step_by(2).collect())
            .unwrap_or_default();
        if guards.is_empty() {
            found.push(format!("names no test: {line}"));
        }
        found.extend(
            guards
                .iter()
                .filter(|name| !exists(name))
                .map(|name| format!("no test is called {name}: {line}")),
        );
    }
    assert!(count >= 10, "the design has ten invariants; the document has {count}");
    nothing_found("An invariant that no test guards is a wish.", &found);
}
