//! `--show curl|json`: a call as it would be sent, every secret a variable's name; nothing is sent.

use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::TokenCall;
use gatehouse_core::{Gatehouse, Problem};
use serde_json::{Value, json};

use crate::args::{ShowCall, ShowCallArgs};
use crate::output::Output;

/// Shows the call where that is wanted; answers whether it was.
pub fn shown(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (args, call): (&ShowCallArgs, impl FnOnce() -> TokenCall),
    output: &Output,
) -> Result<bool, Problem> {
    let Some(form) = args.show else { return Ok(false) };
    let shown = gatehouse.sketch_token_call(profile, &call())?;
    let request: Value =
        serde_json::from_str(&shown.json).map_err(|cause| Problem::internal("read a drawn call", &cause))?;
    let document = json!({ "method": shown.method, "url": shown.url, "curl": shown.curl, "request": request });
    output.answer(&document, || {
        let text = match form {
            ShowCall::Curl => &shown.curl,
            ShowCall::Json => &shown.json,
        };
        text.lines().map(str::to_owned).collect()
    });
    Ok(true)
}
