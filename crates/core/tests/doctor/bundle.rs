//! The bundle: useful to support, and without any person, account or secret.

use std::fs;

use gatehouse_core::doctor::save_bundle;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::network::{ProxySetting, ProxySignIn};
use gatehouse_core::policy::PolicyChange;
use gatehouse_core::profile::secrets;
use serde_json::Value;

use crate::world::{BAKERY, ready, wish};

#[test]
fn no_canary_comes_out_in_the_bundle() {
    let (world, _) = ready();
    let named = crate::world::sandbox("Canary Profile of Anna");
    let profile = world.gatehouse.create_sandbox(&named, &|_| ()).unwrap();
    let own = PolicyChange {
        user: Some("canary.person@acquirer.example".into()),
        ..PolicyChange::default()
    };
    let profile = world.gatehouse.save_policy(&profile, &own).unwrap();
    let mut request = wish(BAKERY);
    request.open_as = Some("canary.merchant@shop.example".into());
    request.reason = Some("canary-reason-4711".into());
    let link = world.open(&profile, &request).unwrap().link.unwrap();
    let sign_in = ProxySignIn {
        user: "canary-proxy-user".into(),
        password: SecretBytes::new(b"canary-proxy-password".to_vec()),
    };
    let proxy = ProxySetting::manual("http://proxy.corp.example:3128", "", true).unwrap();
    world.gatehouse.set_proxy(proxy, Some(&sign_in)).unwrap();
    world
        .gatehouse
        .set_setting("note", "canary-setting canary.setting@a.example")
        .unwrap();
    let held = secrets::load(world.keys.as_ref(), profile.id).unwrap();
    let mut canaries = vec![
        "canary".to_owned(),
        "Canary".to_owned(),
        held.api_key.as_ref().unwrap().expose().to_owned(),
        profile.account.suffix().to_owned(),
        link.expose().to_owned(),
    ];
    let key = held.jwt.current.as_ref().unwrap().to_pkcs8_pem();
    canaries.extend(key.expose_str().unwrap().lines().skip(1).take(2).map(str::to_owned));
    let logs = world.dir.path().join("data/logs");
    fs::create_dir_all(&logs).unwrap();
    let planted = format!(
        "{{\"message\":\"for canary.log@a.example at https://h.example/x?canary=1 by krn:partner:global:account:test:{} {} {}\"}}\n{{\"at\":\"/home/canary/x\",\"k\":\"{}\"}}\n",
        profile.account.suffix(),
        held.api_key.as_ref().unwrap().expose(),
        link.expose(),
        key.expose_str().unwrap().lines().nth(1).unwrap(),
    );
    fs::write(logs.join("gatehouse.2099-01-01.jsonl"), planted).unwrap();
    let lines = world.gatehouse.doctor(Some(&profile));
    let bundle = world.gatehouse.doctor_bundle(Some(&profile), &lines);
    let text = format!("{bundle:#}");
    for canary in &canaries {
        assert!(!text.contains(canary.as_str()), "{canary} is not in the bundle: {text}");
    }
    assert_eq!(
        bundle["lines"].as_array().map(Vec::len),
        Some(2),
        "the log's lines are: {text}"
    );
    assert_eq!(
        bundle["network"]["address"], "http://proxy.corp.example:3128",
        "hosts are kept"
    );
    assert_eq!(
        bundle["doctor"].as_array().map(Vec::len),
        Some(lines.len()),
        "so are the doctor's lines"
    );
    assert!(
        bundle["log"]["size"].as_u64().is_some_and(|size| size > 9),
        "and the log's size"
    );
    assert!(
        bundle["keys"][0]["checks"]["key_matches"].as_bool().unwrap(),
        "and the facts of keys"
    );
}

#[test]
fn only_the_last_two_hundred_lines_are_taken() {
    let (world, profile) = ready();
    let logs = world.dir.path().join("data/logs");
    fs::create_dir_all(&logs).unwrap();
    let day = |first: usize| {
        (first..first + 150)
            .map(|number| format!("line {number}\n"))
            .collect::<String>()
    };
    fs::write(logs.join("gatehouse.2099-01-01.jsonl"), day(0)).unwrap();
    fs::write(logs.join("gatehouse.2099-01-02.jsonl"), day(150)).unwrap();
    let bundle = world.gatehouse.doctor_bundle(Some(&profile), &[]);
    let lines: Vec<&str> = bundle["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        (lines.len(), lines.first(), lines.last()),
        (200, Some(&"line 100"), Some(&"line 299")),
        "in order"
    );
}

#[test]
fn a_bundle_overwrites_nothing_and_is_its_owners_alone() {
    let (world, _) = ready();
    let file = world.dir.path().join("bundle.json");
    save_bundle(&file, "one").unwrap();
    let again = save_bundle(&file, "two").unwrap_err();
    assert!(again.message.contains("there already"), "{again}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "one", "it is left as it was");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else reads it");
    }
}
