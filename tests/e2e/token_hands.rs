//! What the journeys about tokens and linking share: keys, fields filled by Tab, a customer who answers, and a look through the page.

use serde_json::{Value, json};

use super::keyboard::tab_to;
use super::people::steer;
use super::stage::Stage;

pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
/// Leads to the Tokens screen.
pub const CONTROL_4: &str = "\u{e009}4\u{e000}";
/// A token that nobody made.
pub const PASTED: &str = "krn:customer-token:eu1:7a1b2c3d-1111-4222-8333-abcdefabcdef";

/// The customer answers on Klarna's page; what the sandbox says to that.
pub fn customer_answers(stage: &Stage, answer: &Value) -> Value {
    steer(stage, "POST", "consent", Some(answer))
}

/// Goes to each field by Tab and types.
pub async fn fill(stage: &Stage, fields: &[(&str, &str)]) {
    for (id, text) in fields {
        tab_to(stage, &format!("#{id}")).await;
        stage.keys(text).await;
    }
}

/// Chooses the bakery in the field for a merchant.
pub async fn choose_the_bakery(stage: &Stage) {
    tab_to(stage, "#grant-merchant").await;
    stage.keys("SE-00417").await;
    stage.find("#grant-merchant-list [role=option]").await;
    stage.keys(ENTER).await;
}

/// Whether a text stands anywhere in the page, fields included.
pub async fn holds(stage: &Stage, text: &str) -> bool {
    let script = "return document.documentElement.outerHTML.includes(arguments[0])
        || [...document.querySelectorAll('input, textarea')].some((field) => field.value.includes(arguments[0]))";
    let found = stage.page.execute(script, vec![json!(text)]).await.unwrap();
    found.as_bool().unwrap()
}
