//! Extra merchant data: what a form may ask for, and the attachment that is built of it (tokens.md 4.6).
//!
//! The rules are the client's. Deliberately absent: which packages a merchant's trade requires, which is agreed with Klarna.

use gatehouse_klarna::{Attachment, EmdFinding, EmdHolds, EmdPart, build_emd, emd_packages};
use serde::{Deserialize, Serialize};

use crate::problem::{ErrorCode, Problem};

/// A member of a package, for a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MerchantDataMember {
    /// Its name; one inside another has a dot before it.
    pub name: String,
    /// `text`, `count`, `truth` or `date`.
    pub holds: &'static str,
}

/// A package, for a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MerchantDataPackage {
    /// Its name.
    pub name: &'static str,
    /// Its members.
    pub members: Vec<MerchantDataMember>,
}

/// One member that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MerchantDataPart {
    /// The package.
    pub package: String,
    /// The entry of the package's list, from 0.
    pub entry: usize,
    /// The member.
    pub member: String,
    /// What it holds, as a text.
    pub value: String,
}

/// An attachment that was built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuiltMerchantData {
    /// The attachment as JSON, as it stands in a session's update: its body is a text.
    pub attachment: String,
    /// The JSON inside that text.
    pub body: String,
}

/// The packages that Klarna's pages name.
#[must_use]
pub fn merchant_data_packages() -> Vec<MerchantDataPackage> {
    let word = |holds| match holds {
        EmdHolds::Text => "text",
        EmdHolds::Count => "count",
        EmdHolds::Truth => "truth",
        EmdHolds::Date => "date",
    };
    let all = emd_packages().into_iter().map(|package| MerchantDataPackage {
        name: package.name,
        members: package
            .members
            .into_iter()
            .map(|(name, holds)| MerchantDataMember {
                name,
                holds: word(holds),
            })
            .collect(),
    });
    all.collect()
}

/// Builds the attachment out of what is known; what comes out has no finding in [`super::lint_merchant_data`].
///
/// # Errors
/// `input_invalid` with the member and why.
pub fn build_merchant_data(parts: &[MerchantDataPart]) -> Result<BuiltMerchantData, Problem> {
    let parts: Vec<EmdPart> = parts
        .iter()
        .map(|part| EmdPart {
            package: part.package.trim().to_owned(),
            entry: part.entry,
            member: part.member.trim().to_owned(),
            value: part.value.clone(),
        })
        .collect();
    let built = build_emd(&parts).map_err(|finding| flawed(&finding))?;
    Ok(BuiltMerchantData {
        attachment: built.to_json(),
        body: built.body().to_owned(),
    })
}

/// The attachment that a person gave as text.
pub(crate) fn attachment(text: Option<&str>) -> Result<Option<Attachment>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| Attachment::read(text).map_err(|finding| flawed(&finding)))
        .transpose()
}

fn flawed(finding: &EmdFinding) -> Problem {
    let place = if finding.path.is_empty() {
        String::new()
    } else {
        format!(" at {}", finding.path)
    };
    Problem::new(
        ErrorCode::InputInvalid,
        format!("The extra merchant data cannot be used{place}."),
        finding.rule.sentence(),
    )
}
