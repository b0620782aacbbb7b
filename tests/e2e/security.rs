//! The window is not trusted: what its content policy, its prototype and its navigation allow is tried in the real one.
//!
//! Every way out leads to a listener of this test, which counts who comes; a way that the content policy closes has to be
//! reported by the page as a violation of the directive that is meant to close it, so that loosening either is seen.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::stage::{Stage, play};

/// What the policy's report has to name, and what is tried; `$URL` is the listener.
const WAYS_OUT: [(&str, &str); 7] = [
    ("script-src", "import('$URL').catch(() => {})"),
    ("connect-src", "fetch('$URL').catch(() => {})"),
    ("connect-src", "navigator.sendBeacon('$URL', 'x')"),
    ("img-src", "new Image().src = '$URL'"),
    ("style-src", "put('link', { rel: 'stylesheet', href: '$URL' })"),
    ("frame-src", "put('iframe', { src: '$URL' })"),
    (
        "form-action",
        "put('form', { action: '$URL', method: 'post' }).submit()",
    ),
];

/// What answers `true` where it succeeds.
const INWARD: [(&str, &str); 6] = [
    ("eval", "try { return eval('1 + 1') === 2 } catch { return false }"),
    (
        "a function made from text",
        "try { return new Function('return 2')() === 2 } catch { return false }",
    ),
    (
        "inline script",
        "const s = document.createElement('script'); try { s.textContent = 'window.__ran = true'; document.head.append(s) } catch {} return window.__ran === true",
    ),
    ("Tauri as a global", "return window.__TAURI__ !== undefined"),
    (
        "a poisoned prototype",
        "try { Object.prototype.poisoned = 1 } catch {} return ({}).poisoned === 1",
    ),
    (
        "another window",
        "const other = window.open('$URL'); return other !== null && other !== undefined",
    ),
];

#[test]
fn the_page_cannot_run_fetch_or_go_anywhere_else() {
    play(async |stage| {
        stage.find("#try-sandbox").await;
        let listener = Listener::start();
        for (what, script) in INWARD {
            let script = script.replace("$URL", &listener.url);
            let succeeded = stage.page.execute(&script, vec![]).await.unwrap();
            assert_eq!(succeeded, json!(false), "{what} is refused");
        }
        for (directive, attempt) in WAYS_OUT {
            let seen = violation(stage, &attempt.replace("$URL", &listener.url)).await;
            assert!(seen.starts_with(directive), "{attempt} violates {directive}: {seen:?}");
        }
        remote_script(stage, &listener.url).await;
        markup_made_from_text(stage).await;
        stays(stage, &format!("window.location.href = '{}'", listener.url)).await;
        stays(stage, "window.location.href = 'data:text/html,elsewhere'").await;
        assert_eq!(listener.came.load(Ordering::SeqCst), 0, "nothing left the page");
        listener.is_reachable();
    });
}

/// Makes an attempt and answers the directive that the page reports; empty when none is reported for two seconds.
async fn violation(stage: &Stage, attempt: &str) -> String {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const put = (tag, members) => {{ const e = Object.assign(document.createElement(tag), members); document.body.append(e); return e }};
         document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), {{ once: true }});
         setTimeout(() => done(''), 2000);
         try {{ {attempt} }} catch (cause) {{ done(String(cause)) }}"
    );
    let seen = stage.page.execute_async(&script, vec![]).await.unwrap();
    seen.as_str().unwrap_or_default().to_owned()
}

/// Whether this web view has Trusted Types; one that has them must enforce them.
async fn trusts_by_type(stage: &Stage) -> bool {
    let script = "return typeof window.trustedTypes === 'object'";
    stage.page.execute(script, vec![]).await.unwrap() == json!(true)
}

/// A script element that names a script elsewhere: its address cannot be set where there are Trusted Types, and is not followed anywhere.
async fn remote_script(stage: &Stage, url: &str) {
    let seen = violation(stage, &format!("put('script', {{ src: '{url}' }})")).await;
    let closes = if trusts_by_type(stage).await {
        "TypeError: This assignment requires a TrustedScriptURL"
    } else {
        "script-src"
    };
    assert!(
        seen.starts_with(closes),
        "a remote script is closed by {closes}: {seen:?}"
    );
}

/// Markup that was made from text: refused where there are Trusted Types; made elsewhere, and then its script must not run although
/// the event that it waits for came.
async fn markup_made_from_text(stage: &Stage) {
    let script = "const done = arguments[arguments.length - 1];
         const d = document.createElement('div'), seen = [];
         document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
         let thrown = '', failed = false;
         try { d.innerHTML = '<img src=x onerror=\"window.__ran2 = true\">' } catch (cause) { thrown = cause.name }
         document.body.append(d);
         const say = () => done({ thrown, failed, made: d.childNodes.length, ran: window.__ran2 === true, seen });
         d.querySelector('img')?.addEventListener('error', () => { failed = true; setTimeout(say, 100) });
         setTimeout(say, 3000)";
    let said = stage.page.execute_async(script, vec![]).await.unwrap();
    assert_eq!(said["ran"], json!(false), "no script of it runs: {said}");
    let seen = said["seen"].to_string();
    if trusts_by_type(stage).await {
        assert_eq!(
            (&said["thrown"], &said["made"]),
            (&json!("TypeError"), &json!(0)),
            "text is no markup here: {said}"
        );
        assert!(seen.contains("require-trusted-types-for"), "and that is why: {said}");
    } else {
        assert_eq!(
            (&said["made"], &said["failed"]),
            (&json!(1), &json!(true)),
            "it is made, and its picture fails: {said}"
        );
        assert!(seen.contains("script-src"), "the policy is why nothing runs: {said}");
    }
}

async fn stays(stage: &Stage, attempt: &str) {
    let before = stage.page.current_url().await.unwrap();
    stage.page.execute(attempt, vec![]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let after = stage.page.current_url().await.unwrap();
    assert_eq!(after, before, "the window stays with its own page");
}

/// A server on loopback that would answer, and counts who came.
struct Listener {
    url: String,
    came: Arc<AtomicUsize>,
}

impl Listener {
    fn start() -> Self {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/", socket.local_addr().unwrap());
        let came = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&came);
        thread::spawn(move || {
            for mut visitor in socket.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = visitor.read(&mut [0; 1024]);
                let _ = visitor
                    .write_all(b"HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ncontent-length: 0\r\n\r\n");
            }
        });
        Self { url, came }
    }

    /// A listener that nobody can reach would prove nothing.
    fn is_reachable(&self) {
        let address = self.url.trim_start_matches("http://").trim_end_matches('/');
        let mut visit = std::net::TcpStream::connect(address).unwrap();
        visit.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        let _ = visit.read(&mut [0; 64]);
        assert_eq!(self.came.load(Ordering::SeqCst), 1, "whoever comes is counted");
    }
}
