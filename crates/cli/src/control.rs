//! Talks to the sandbox's control API on loopback.

use gatehouse_core::{ErrorCode, Problem};
use reqwest::Method;
use serde_json::Value;

/// Reads an address whole.
pub fn get_bytes(url: &str, token: &str) -> Result<Vec<u8>, Problem> {
    send(Method::GET, url, token, None)
}

/// Makes one control call and reads its JSON answer; an empty answer is `null`.
pub fn call(method: Method, url: &str, token: &str, body: Option<&Value>) -> Result<Value, Problem> {
    let bytes = send(method, url, token, body)?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).map_err(|cause| failed("gave an answer that is no JSON").because(&cause))
}

fn send(method: Method, url: &str, token: &str, body: Option<&Value>) -> Result<Vec<u8>, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|cause| Problem::internal("start its network thread", &cause))?;
    runtime.block_on(async {
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .map_err(|cause| failed("cannot be asked").because(&cause))?;
        let mut request = client.request(method, url).header("X-Sandbox-Control", token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request
            .send()
            .await
            .map_err(|cause| failed("does not answer").because(&cause))?;
        let status = answer.status();
        let bytes = answer
            .bytes()
            .await
            .map_err(|cause| failed("broke off its answer").because(&cause))?;
        if status.is_success() {
            return Ok(bytes.to_vec());
        }
        let said = String::from_utf8_lossy(&bytes).chars().take(400).collect::<String>();
        Err(Problem::new(
            ErrorCode::InputInvalid,
            format!("The sandbox refused that ({status}): {said}"),
            "Correct the value; `gatehouse sandbox settings list` names all keys.",
        ))
    })
}

fn failed(what: &str) -> Problem {
    Problem::new(
        ErrorCode::SandboxFailed,
        format!("The sandbox {what}."),
        "Start it with `gatehouse sandbox serve`, or make a sandbox profile.",
    )
}
