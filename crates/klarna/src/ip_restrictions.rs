//! From which addresses Klarna lets the account call (portal-access.md 6.4); read only.
//!
//! Only the path is known (BRU). The shape follows Klarna's habit of a named array and is read leniently: each range may be a
//! text, or an object that holds it. Deliberately absent: changing the list, which belongs to Klarna's portal and could lock
//! this very machine out.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::transport::Outgoing;
use crate::wire::read;
use reqwest::Method;
use serde_json::Value;

const PATH: &str = "/v2/account/integration/ip-restrictions/allowed-ips";
/// Klarna takes up to 100 ranges (portal-access.md 6.4, DOC); more than this is not kept.
const MOST: usize = 1_000;

/// What Klarna says about IP restrictions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpRestrictions {
    /// The ranges that may call, as Klarna writes them.
    pub allowed: Vec<String>,
    /// `NOT_ENABLED`, `REPORTING` or `ENFORCED`, or whatever Klarna says (portal-access.md 6.4, DOC for the newer path).
    pub mode: Option<String>,
}

impl Client {
    /// Reads from which addresses the account may be used.
    ///
    /// # Errors
    /// [`CallFailure`]; [`FailureKind::AnswerShape`] when no list is found in the answer.
    pub async fn read_ip_restrictions(&self, context: &CallContext) -> Result<Answered<IpRestrictions>, CallFailure> {
        let url = self.address(&["v2", "account", "integration", "ip-restrictions", "allowed-ips"]);
        let out = Outgoing::new(Method::GET, url, PATH);
        self.ask(out, context, |body| understood(&read(body)?)).await
    }
}

fn understood(value: &Value) -> Result<IpRestrictions, FailureKind> {
    let named = value.get("allowed_ips").and_then(Value::as_array);
    let only = || {
        let mut lists = value.as_object()?.values().filter_map(Value::as_array);
        lists.next().filter(|_| lists.next().is_none())
    };
    let missing = FailureKind::AnswerShape(shape::RANGES_MISSING);
    let list = named.or_else(only).ok_or(missing)?;
    let mode = value.get("enforcement_mode").and_then(Value::as_str).map(kept);
    Ok(IpRestrictions {
        allowed: list.iter().filter_map(range).take(MOST).collect(),
        mode,
    })
}

fn range(value: &Value) -> Option<String> {
    let within = |name: &str| value.get(name).and_then(Value::as_str);
    let text = value.as_str().or_else(|| within("cidr")).or_else(|| within("ip"))?;
    Some(kept(text)).filter(|text| !text.is_empty())
}

fn kept(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_each_likely_shape() {
        let read = |text: &str| understood(&serde_json::from_str(text).unwrap());
        let texts = read(r#"{"allowed_ips":["10.0.0.0/8","::1"],"enforcement_mode":"REPORTING"}"#).unwrap();
        assert_eq!(texts.allowed, ["10.0.0.0/8", "::1"], "texts");
        assert_eq!(texts.mode.as_deref(), Some("REPORTING"), "the mode");
        let objects = read(r#"{"ranges":[{"cidr":"10.0.0.0/8"},{"ip":"::1"},{}]}"#).unwrap();
        assert_eq!(objects.allowed, ["10.0.0.0/8", "::1"], "objects in the only list");
        let two = read(r#"{"a":[],"b":[]}"#);
        assert_eq!(
            two,
            Err(FailureKind::AnswerShape(shape::RANGES_MISSING)),
            "which of two lists is nobody's guess"
        );
    }
}
