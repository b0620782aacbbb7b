//! The one error that crosses IPC: a code, what happened, what to do, and a reference to quote.
//!
//! A code exists only if somebody acts on it; the list is the core's, exported to TypeScript from its table, so a new code without a
//! text does not compile in the UI. Causes stay in the log. Deliberately absent: errors as plain strings, and any text as protocol.

use gatehouse_core::{ErrorCode, Problem};
use serde::{Serialize, Serializer};
use specta::datatype::{DataType, Enum, NamedDataType, Variant};
use specta::{Type, Types};

/// What every command answers.
pub type Answer<T> = Result<T, CommandError>;

/// An error code as it crosses IPC: the core's stable text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeView(pub ErrorCode);

impl Serialize for CodeView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl Type for CodeView {
    fn definition(types: &mut Types) -> DataType {
        let named = NamedDataType::new("ErrorCode", types, |_, named| {
            named.docs = "A stable code; each one has a text in the UI's table.".into();
            let mut union = Enum::default();
            union.variants = ErrorCode::ALL
                .iter()
                .map(|code| (code.as_str().into(), Variant::unit()))
                .collect();
            named.ty = Some(DataType::Enum(union));
        });
        DataType::Reference(named.reference(Vec::new()))
    }
}

/// What the window receives when a command cannot do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CommandError {
    /// What the window branches on.
    pub code: CodeView,
    /// One sentence: what happened.
    pub message: String,
    /// One sentence: what to do.
    pub hint: String,
    /// The mark under which the log holds the causes, or empty.
    pub reference: String,
}

impl From<Problem> for CommandError {
    fn from(problem: Problem) -> Self {
        Self {
            code: CodeView(problem.code),
            message: problem.message,
            hint: problem.in_app.map_or(problem.hint, |words| words.into_owned()),
            reference: problem.reference.unwrap_or_default(),
        }
    }
}

impl CommandError {
    /// A value from the window that no honest window sends.
    pub fn input(what: &str, why: impl std::fmt::Display) -> Self {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("The value for \"{what}\" cannot be used: {why}."),
            "Correct it and try again.",
        )
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_core::problem::ways;
    use serde_json::{Value, json};

    #[test]
    fn an_error_has_exactly_its_four_members() {
        let error = CommandError::from(Problem {
            code: ErrorCode::MerchantUnknown,
            message: "There is no such merchant.".into(),
            hint: "Search for it by name.".into(),
            in_app: None,
            reference: Some("k7q2".into()),
        });
        let expected = json!({ "code": "merchant_unknown", "message": "There is no such merchant.", "hint": "Search for it by name.", "reference": "k7q2" });
        assert_eq!(
            serde_json::to_value(&error).unwrap(),
            expected,
            "the UI reads these members and no others"
        );
    }

    #[test]
    fn a_hint_crosses_in_the_words_of_the_window() {
        let hint = ways("List them with a command.", "Search for it by name.");
        let told = Problem::new(ErrorCode::MerchantUnknown, "There is no such merchant.", hint);
        assert_eq!(told.hint, "List them with a command.", "the command line has its own");
        assert_eq!(
            CommandError::from(told).hint,
            "Search for it by name.",
            "and so has the window"
        );
    }

    #[test]
    fn every_code_crosses_as_its_stable_text() {
        for code in ErrorCode::ALL {
            let text = serde_json::to_value(CodeView(*code)).unwrap();
            assert_eq!(text, Value::from(code.as_str()), "the text form is the protocol");
        }
    }

    #[test]
    fn an_input_error_names_the_argument() {
        let error = CommandError::input("query", "it is too long");
        assert_eq!(
            error.code,
            CodeView(ErrorCode::InputInvalid),
            "the UI shows it as a refusal"
        );
        assert!(
            error.message.contains("\"query\""),
            "a person can see which value is meant"
        );
    }
}
