//! Talks to the sandbox's control API on loopback: its refusals as problems.

use gatehouse_core::{ErrorCode, Problem};
use gatehouse_sandbox::{Address, AskError};
use serde_json::Value;

/// Makes one control call and reads its JSON answer; an empty answer is `null`.
pub fn call(sandbox: &Address, method: &str, name: &str, body: Option<&Value>) -> Result<Value, Problem> {
    sandbox.control(method, name, body).map_err(|error| {
        let (code, hint) = match &error {
            AskError::Refused { .. } => (
                ErrorCode::InputInvalid,
                "Correct the value; `gatehouse sandbox settings list` names all keys.",
            ),
            AskError::Silent(_) => (
                ErrorCode::SandboxFailed,
                "Start it with `gatehouse sandbox serve`, or make a sandbox profile.",
            ),
        };
        Problem::new(code, error.to_string(), hint).because(&error)
    })
}
