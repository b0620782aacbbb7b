//! Klarna's pages are opened by name alone, from a list of Rust's own; no address comes from the window or goes to it.

use gatehouse_core::documentation::KlarnaPage;
use gatehouse_core::profile::Method;
use serde_json::json;

use crate::desk::Desk;

#[test]
fn each_way_into_the_portal_has_its_pages_and_each_page_opens_by_its_name() {
    let desk = Desk::bare();
    let methods = desk.ask("setup_methods", json!({})).unwrap();
    assert!(!methods.to_string().contains("http"), "no address goes to the window");
    for method in methods.as_array().unwrap() {
        let pages = method["pages"].as_array().unwrap();
        assert!(!pages.is_empty(), "{method} is described somewhere");
        for page in pages {
            desk.ask("setup_page_open", json!({ "page": page["page"] })).unwrap();
        }
    }
    let wanted: Vec<KlarnaPage> = Method::ALL.iter().flat_map(|method| method.pages()).copied().collect();
    assert_eq!(
        *desk.pages.lock().unwrap(),
        wanted,
        "the browser got just these, in this order"
    );
}

#[test]
fn nothing_but_a_known_name_opens_a_page() {
    let desk = Desk::bare();
    for bad in [
        "https://example.com/",
        "file:///etc/passwd",
        "deep-link",
        "",
        "DEEP_LINK",
    ] {
        assert_eq!(
            desk.code("setup_page_open", json!({ "page": bad })),
            "input_invalid",
            "{bad:?} is no page"
        );
    }
    let more = json!({ "page": "deep_link", "url": "https://example.com/" });
    desk.ask("setup_page_open", more).unwrap();
    assert_eq!(
        *desk.pages.lock().unwrap(),
        [KlarnaPage::DeepLink],
        "an address beside the name goes nowhere"
    );
}
