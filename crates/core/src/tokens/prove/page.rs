//! A proof as a page that opens in any browser and prints; nothing is loaded from elsewhere.

use std::fmt::Write;

use super::Proof;

/// A text as it stands in a page or an attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push('\u{FFFD}'),
            letter => out.push(letter),
        }
    }
    out
}

/// Writes the page.
#[must_use]
pub fn proof_page(proof: &Proof) -> String {
    let mut rows = String::new();
    for (at, step) in proof.steps.iter().enumerate() {
        let seq = step.seq.map_or_else(String::new, |seq| seq.to_string());
        let mark = if step.is_as_expected {
            "\u{2713} as it must be"
        } else {
            "\u{2717} not as it must be"
        };
        let _ = writeln!(
            rows,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td><bdi>{}</bdi></td><td>{mark}</td><td>{seq}</td></tr>",
            at + 1,
            escaped(step.step),
            escaped(step.expected),
            escaped(&step.found),
        );
    }
    let verdict = if proof.passed {
        "The integration is proven."
    } else {
        "The integration is not proven."
    };
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Proof of an integration</title>\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;width:100%}}\
         td,th{{border:1px solid #999;padding:.4rem;text-align:left;vertical-align:top}}</style>\n\
         <h1>Proof of an integration of customer tokens</h1>\n<p><strong>{verdict}</strong></p>\n\
         <p>Environment: <strong>{}</strong>. Profile: <bdi>{}</bdi>. Merchant: {}. Token fingerprint: {}. Begun: {}.</p>\n\
         <table><tr><th>#</th><th>Step</th><th>Expected</th><th>Found</th><th>Verdict</th><th>Audit entry</th></tr>\n{rows}</table>\n</html>\n",
        escaped(&proof.environment.to_uppercase()),
        escaped(&proof.profile),
        escaped(&proof.merchant),
        escaped(proof.fingerprint.as_deref().unwrap_or("-")),
        escaped(&proof.begun_at),
    )
}
