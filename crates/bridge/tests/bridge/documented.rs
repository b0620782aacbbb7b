//! The page about the configuration names every member that there is, and none that there is not.

use std::collections::BTreeSet;
use std::path::Path;

use gatehouse_bridge::config::Config;

const PAGE: &str = include_str!("../../../../docs/bridge-configuration.md");
/// A member that nobody knows, in each section: the flaw that tells of it lists those that are known there.
const UNKNOWN: &str = "
    zzz = 1
    [tls]
    zzz = 1
    [provider]
    zzz = 1
    [people]
    zzz = 1
    [klarna]
    zzz = 1
    [limits]
    zzz = 1
    [saml]
    zzz = 1
    [saml.attributes]
    zzz = 1";
const SECTIONS: [&str; 6] = ["tls", "provider", "people", "klarna", "limits", "saml"];

#[test]
fn the_page_about_the_configuration_names_every_member_and_no_other() {
    let flaws = Config::parse(UNKNOWN, Path::new(".")).unwrap_err().0;
    let mut members = BTreeSet::new();
    for flaw in &flaws {
        let Some(path) = flaw.place.strip_suffix("zzz") else {
            continue;
        };
        let (_, known) = flaw.text.split_once("There are: ").unwrap();
        members.extend(
            known
                .trim_end_matches('.')
                .split(", ")
                .map(|name| format!("{path}{name}")),
        );
    }
    let is_section = |name: &String| SECTIONS.contains(&name.as_str()) || name == "saml.attributes";
    members.retain(|name| !is_section(name) && !name.ends_with("zzz"));
    assert_eq!(documented(), members, "the page beside the reader");
}

/// The first column of each table, with the section that the heading names.
fn documented() -> BTreeSet<String> {
    let mut section = String::new();
    let mut members = BTreeSet::new();
    for line in PAGE.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let named = heading.split_once("`[").and_then(|(_, rest)| rest.split_once("]`"));
            section = named.map_or(String::new(), |(name, _)| format!("{name}."));
        } else if let Some((member, _)) = line.strip_prefix("| `").and_then(|rest| rest.split_once("` |")) {
            members.insert(format!("{section}{member}"));
        }
    }
    members
}
