//! axe finds nothing serious on any screen, in light and in dark.

use serde_json::{Value, json};

use super::stage::{Stage, play};

const RUN: &str = "const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(
  (found) => done(found.violations.map(({ id, impact, nodes }) => ({ id, impact, where: nodes.map((node) => node.target.join(' ')) }))),
  (cause) => done([{ id: String(cause), impact: 'critical', where: [] }]))";

async fn nothing_serious(stage: &Stage, screen: &str, theme: &str) {
    let axe = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/ui/node_modules/axe-core/axe.min.js"
    ))
    .unwrap();
    stage.page.execute(&axe, vec![]).await.unwrap();
    // What appears fades in for 120 ms; axe judges colours as it finds them.
    tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    let found = stage.page.execute_async(RUN, vec![]).await.unwrap();
    let serious: Vec<&Value> = found
        .as_array()
        .unwrap()
        .iter()
        .filter(|violation| {
            matches!(
                violation.get("impact").and_then(Value::as_str),
                Some("serious" | "critical")
            )
        })
        .collect();
    assert!(serious.is_empty(), "{screen} in {theme}: {serious:?}");
}

#[test]
fn every_screen_passes_axe_in_light_and_dark() {
    play(async |stage| {
        stage.find("#try-sandbox").await;
        nothing_serious(stage, "First run", "the system's theme").await;
        stage.try_the_sandbox().await;
        for theme in ["light", "dark"] {
            stage
                .page
                .execute(
                    "document.documentElement.dataset.theme = arguments[0]",
                    vec![json!(theme)],
                )
                .await
                .unwrap();
            for (screen, sign) in [
                ("Merchants", "[role=row][data-merchant]"),
                ("Sessions", "#session-list"),
                ("People", "#people-content h2"),
                ("Audit", "#audit-list"),
                ("Keys", "#keys [data-key]"),
                ("Settings", "#set-browser"),
            ] {
                stage.go(screen).await;
                stage.find(sign).await;
                nothing_serious(stage, screen, theme).await;
                stage.picture(&format!("{screen}-{theme}")).await;
            }
        }
    });
}
