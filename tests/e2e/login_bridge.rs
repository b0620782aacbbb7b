//! The login bridge's settings in the real window, on the files of a bridge that runs: its table is edited, and the bridge lets in whom the
//! window let in; its metadata is read, what Klarna gets is copied, and a sign-in is begun in the browser.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gatehouse_bridge::demo::{Demo, DemoPlan, DemoSaml};

use super::dialog;
use super::keyboard::tab_to;
use super::stage::{Stage, play};
use super::token_hands::{ENTER, fill};

const ZOE: &str = "zoe@bakery.example";
const CONTROL_A: &str = "\u{e009}a\u{e000}";
const CONTROL_V: &str = "\u{e009}v\u{e000}";
const RIGHT: &str = "\u{e014}";
/// The bridge takes a changed table within five seconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// A bridge with everything around it, as `gatehouse-bridge demo` has it.
async fn demonstration(dir: &Path) -> Demo {
    gatehouse_core::install_crypto();
    fs::create_dir(dir).unwrap();
    let plan = DemoPlan {
        merchants: 450,
        saml: DemoSaml::Here,
        ..DemoPlan::new(dir)
    };
    plan.start().await.unwrap()
}

/// Chooses the bridge's configuration by the system's own dialog.
async fn choose(stage: &Stage, config: &Path) {
    stage.go("Settings").await;
    stage.text_with("#bridge-none", "gatehouse-bridge demo").await;
    stage.click("#bridge-choose").await;
    let typed = config.to_path_buf();
    tokio::task::spawn_blocking(move || dialog::answer("Open a login bridge's configuration", &typed))
        .await
        .unwrap();
    stage.text_with("#bridge-rows", "ben@group.example").await;
}

/// Adds a person by keys: first an address that is none, which is told, then one that is.
async fn add_a_person(stage: &Stage) {
    tab_to(stage, "#bridge-add").await;
    stage.keys(ENTER).await;
    stage.focus_on("bridge-row-email").await;
    stage.keys("zoe").await;
    fill(stage, &[("bridge-row-merchant", "SE-00417")]).await;
    stage.keys(ENTER).await;
    stage.text_with("#bridge-row", "is no e-mail address").await;
    stage.picture("flaw").await;
    stage.click("#bridge-row-email").await;
    stage.keys(CONTROL_A).await;
    stage.keys(&format!("{ZOE}{ENTER}")).await;
    stage.gone("#bridge-row").await;
    stage.text_with("#bridge-rows", ZOE).await;
}

/// Goes to the next tab by its arrow key.
async fn next_tab(stage: &Stage) {
    tab_to(stage, "#bridge [role=tab][aria-selected=true]").await;
    stage.keys(RIGHT).await;
}

/// One request as a browser does it: with its cookies, to where redirects end.
fn browse(cookies: &Path, more: &[&str]) -> String {
    let mut curl = Command::new("curl");
    curl.args(["-sL", "-b"]).arg(cookies).arg("-c").arg(cookies).args(more);
    String::from_utf8(curl.output().unwrap().stdout).unwrap()
}

/// Signs in through the bridge as somebody; the page where that ends.
fn sign_in(demo: &Demo, cookies: &Path, email: &str) -> String {
    let page = browse(cookies, &[&format!("http://{}/login", demo.bridge.public)]);
    let hidden = page.split("type=\"hidden\" name=\"").skip(1).map(|piece| {
        let (name, rest) = piece.split_once("\" value=\"").unwrap();
        format!("{name}={}", rest.split('"').next().unwrap().replace("&amp;", "&"))
    });
    let filled = [format!("email={email}"), "answer=sign-in".to_owned()];
    let fields: Vec<String> = hidden.chain(filled).collect();
    let mut form: Vec<&str> = fields
        .iter()
        .flat_map(|field| ["--data-urlencode", field.as_str()])
        .collect();
    let provider = format!("{}/oidc/authorize", demo.sandbox.address.http);
    form.push(&provider);
    browse(cookies, &form)
}

/// Waits until the bridge lets somebody in.
async fn is_let_in(stage: &Stage, demo: &Demo, email: &str) {
    let (cookies, begin) = (stage.dir.path().join("cookies"), Instant::now());
    loop {
        let page = sign_in(demo, &cookies, email);
        if page.contains("Session is live") {
            return;
        }
        assert!(begin.elapsed() < PATIENCE, "{email} is not let in: {page}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// What the page's copy button put on the clipboard, pasted where claims are tried.
async fn pasted(stage: &Stage) -> String {
    stage.click("#bridge-tab-try").await;
    stage.click("#bridge-try-text").await;
    stage.keys(CONTROL_A).await;
    stage.keys(CONTROL_V).await;
    let script = "return document.querySelector('#bridge-try-text').value";
    let text = stage.page.execute(script, vec![]).await.unwrap();
    text.as_str().unwrap().to_owned()
}

/// Reads what the bridge serves at this address, and copies all of it.
async fn copy_what_klarna_gets(stage: &Stage, public: &str) {
    for _ in 0..3 {
        next_tab(stage).await;
    }
    stage.text_with("#bridge-health[data-health=alive]", "alive").await;
    stage
        .text_with("[data-item=entity_id]", &format!("{public}/saml/metadata"))
        .await;
    stage.text_with("[data-item=certificate]", "BEGIN CERTIFICATE").await;
    stage.picture("for-klarna").await;
    tab_to(stage, "#bridge-copy-all").await;
    stage.keys(ENTER).await;
    stage.text_with("#bridge-copy-all", "Copied").await;
}

/// Begins again at the login page of the window's own sandbox, whose button leads to the bridge then.
async fn from_the_sandbox(stage: &Stage, public: &str) {
    for written in ["given", "ended", "page"] {
        fs::remove_file(stage.dir.path().join(written)).unwrap();
    }
    tab_to(stage, "#bridge-test-sandbox").await;
    stage.keys(" ").await;
    tab_to(stage, "#bridge-test-go").await;
    stage.keys(ENTER).await;
    let page = stage.file("page").await;
    assert!(
        stage.file("given").await.ends_with("/portal/sign-in"),
        "Klarna's side of it comes first"
    );
    assert!(
        page.contains(&format!("{public}/login?")),
        "with a button for the bridge: {page}"
    );
}

#[test]
fn a_person_who_is_put_into_the_table_is_let_in_by_the_bridge() {
    play(async |stage| {
        let dir = stage.dir.path().join("demo");
        let demo = demonstration(&dir).await;
        stage.try_the_sandbox().await;
        choose(stage, &dir.join("bridge.toml")).await;
        stage.picture("table").await;
        add_a_person(stage).await;
        stage.text_with("#bridge", "1 row changed").await;

        stage.click("#bridge-tab-try").await;
        tab_to(stage, "#bridge-try-text").await;
        stage.keys(&format!("{ZOE}{ENTER}")).await;
        stage.text_with("#bridge-tried", "may enter 1 merchant").await;
        stage.picture("tried").await;
        let table = fs::read_to_string(dir.join("people.csv")).unwrap();
        assert!(!table.contains(ZOE), "nothing is saved before it is said: {table}");

        stage.click("#bridge-save").await;
        stage.gone("#bridge-drop").await;
        let table = fs::read_to_string(dir.join("people.csv")).unwrap();
        assert!(table.ends_with(&format!("{ZOE},SE-00417,\n")), "in the file: {table}");
        is_let_in(stage, &demo, ZOE).await;
        stage.go("Audit").await;
        stage
            .text_with("#audit-list", "Who may enter through the login bridge changed")
            .await;
        demo.shutdown().await;
    });
}

#[test]
fn klarna_is_handed_what_the_bridge_serves_and_a_sign_in_begins_in_the_browser() {
    play(async |stage| {
        let dir = stage.dir.path().join("demo");
        let demo = demonstration(&dir).await;
        let public = format!("http://{}", demo.bridge.public);
        stage.try_the_sandbox().await;
        let browser = stage.browser();
        stage.choose_browser(&browser).await;
        choose(stage, &dir.join("bridge.toml")).await;
        copy_what_klarna_gets(stage, &public).await;
        stage.click("#bridge-test-go").await;
        stage.text_with("#bridge-test-says", "The browser was asked for").await;
        stage.file("page").await;
        assert_eq!(stage.file("given").await, format!("{public}/login"), "the way in");
        let ended = stage.file("ended").await;
        assert!(
            ended.contains("/oidc/authorize?"),
            "the bridge leads to the provider: {ended}"
        );
        stage.picture("test").await;

        from_the_sandbox(stage, &public).await;
        let handed = pasted(stage).await;
        let certificate = fs::read_to_string(dir.join("saml.pem")).unwrap();
        for part in [format!("{public}/login"), certificate.trim().to_owned()] {
            assert!(handed.contains(&part), "{part:?} is copied: {handed}");
        }
        demo.shutdown().await;
    });
}
