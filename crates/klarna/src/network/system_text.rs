//! The small languages in which systems print their proxy settings: `gsettings`, `scutil --proxy`, Windows' server list.
//!
//! Read leniently: what is not understood is not there. Deliberately absent: what the values mean.

use std::collections::BTreeMap;

/// `'text'` without its quotes; anything else as it is.
pub(super) fn gsettings_text(printed: &str) -> &str {
    let printed = printed.trim();
    let quoted = |quote: char| printed.strip_prefix(quote)?.strip_suffix(quote);
    quoted('\'').or_else(|| quoted('"')).unwrap_or(printed)
}

/// The items of `['a', 'b']`; none of `@as []`.
pub(super) fn gsettings_list(printed: &str) -> Vec<&str> {
    let inner = printed.split_once('[').and_then(|(_, rest)| rest.rsplit_once(']'));
    let items = inner.map(|(inner, _)| inner).unwrap_or_default().split(',');
    items.map(gsettings_text).filter(|item| !item.is_empty()).collect()
}

/// The server for https out of `host:port` or `http=a:1;https=b:2`; Windows uses no other one for https.
pub(super) fn windows_server(list: &str) -> Option<&str> {
    let list = list.trim();
    if !list.contains('=') {
        return (!list.is_empty()).then_some(list);
    }
    let mut pairs = list.split(';').filter_map(|pair| pair.trim().split_once('='));
    let https = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("https"));
    https
        .map(|(_, server)| server.trim())
        .filter(|server| !server.is_empty())
}

/// What `scutil --proxy` prints: `name : value` lines, and one list.
#[derive(Default)]
pub(super) struct Scutil<'a> {
    values: BTreeMap<&'a str, &'a str>,
    pub(super) exceptions: Vec<String>,
}

impl<'a> Scutil<'a> {
    pub(super) fn read(printed: &'a str) -> Self {
        let mut read = Self::default();
        let mut in_list = None;
        for line in printed.lines() {
            let line = line.trim();
            match (line.split_once(" : "), in_list) {
                (None, _) if line == "}" => in_list = None,
                (Some((name, value)), None) if value.starts_with("<array>") => in_list = Some(name.trim()),
                (Some((_, value)), Some("ExceptionsList")) => read.exceptions.push(value.trim().to_owned()),
                (Some((name, value)), None) => {
                    read.values.insert(name.trim(), value.trim());
                }
                (Some(_) | None, _) => {}
            }
        }
        read
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        self.values.get(name).copied().filter(|value| !value.is_empty())
    }
}
