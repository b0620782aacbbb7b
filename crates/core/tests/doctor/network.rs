//! The network's settings: checked, recorded, kept, and used by every call.

use gatehouse_core::ErrorCode;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::network::{ProxySetting, ProxySignIn};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, date_time_ymd};

use crate::moved;
use crate::proxies::{Answer, Proxy};
use crate::world::ready;

fn certificate(name: &str, is_ca: bool, until_year: i32) -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(until_year, 1, 1);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

/// A certificate authority that is valid.
pub fn authority(name: &str) -> String {
    certificate(name, true, 2090)
}

#[test]
fn an_added_authority_is_checked_shown_recorded_and_removed() {
    let (world, _) = ready();
    let size = world.size();
    for (pem, code, word) in [
        (
            certificate("Old CA", true, 2020),
            ErrorCode::CertificateExpired,
            "Old CA",
        ),
        (
            certificate("proxy.corp", false, 2090),
            ErrorCode::InputInvalid,
            "proxy.corp",
        ),
        (
            "no certificate".to_owned(),
            ErrorCode::CertificateUnreadable,
            "no CA certificate",
        ),
        (
            KeyPair::generate().unwrap().serialize_pem(),
            ErrorCode::CertificateUnreadable,
            "no CA certificate",
        ),
    ] {
        let refused = world.gatehouse.add_authorities(&pem).unwrap_err();
        assert_eq!(refused.code, code, "{refused}");
        assert!(refused.message.contains(word), "it is refused by name: {refused}");
    }
    assert_eq!(world.size(), size, "what was refused is not recorded");
    let pem = authority("Corp Inspection CA");
    let added = world.gatehouse.add_authorities(&pem).unwrap();
    world.gatehouse.add_authorities(&pem).unwrap();
    let kept = world.gatehouse.network().unwrap().authorities();
    assert_eq!(kept, added, "it is kept once");
    assert_eq!(kept[0].subject, "CN=Corp Inspection CA", "with its facts");
    let digits = |count: usize| kept[0].sha256_hex.chars().take(count).collect::<String>();
    assert_eq!(world.entries(1), ["network.change note -"], "and recorded");
    let short = world.gatehouse.remove_authority(&digits(4)).unwrap_err();
    assert_eq!(short.code, ErrorCode::InputInvalid, "four digits name nothing: {short}");
    world.gatehouse.remove_authority(&digits(12).to_uppercase()).unwrap();
    assert!(
        world.gatehouse.network().unwrap().authorities().is_empty(),
        "it is gone"
    );
    assert_eq!(
        world.size(),
        size + 2,
        "both changes stand in the log, the repetition does not"
    );
}

#[test]
fn a_proxys_sign_in_goes_to_the_key_store_and_to_the_proxy_and_nowhere_else() {
    let (world, profile) = ready();
    let proxy = Proxy::start(Answer::Bytes("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"));
    let sign_in = ProxySignIn {
        user: "corp-anna".into(),
        password: SecretBytes::new(b"canary-PASSWORD-1".to_vec()),
    };
    let setting = ProxySetting::manual(&proxy.address, ".corp.example", true).unwrap();
    world.gatehouse.set_proxy(setting, Some(&sign_in)).unwrap();
    let away = moved(&profile, "https://api.klarna.invalid", None);
    world.gatehouse.warm(&away).unwrap_err();
    let calls = proxy.asked().len();
    assert!(calls > 0, "a call goes through the proxy");
    let _ = world.gatehouse.doctor(Some(&away));
    let heads = proxy.asked();
    assert!(heads.len() > calls, "so does the doctor");
    for head in &heads {
        assert!(
            head.starts_with("CONNECT api.klarna.invalid:443 "),
            "only a tunnel is asked for: {head}"
        );
        assert!(
            head.contains("Y29ycC1hbm5hOmNhbmFyeS1QQVNTV09SRC0x"),
            "with user and password: {head}"
        );
    }
    for file in std::fs::read_dir(world.dir.path().join("data")).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap_or_default();
        for secret in ["canary-PASSWORD-1", "corp-anna"] {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{} does not hold {secret}", file.path().display());
        }
    }
    world.gatehouse.set_proxy(ProxySetting::System, None).unwrap();
    let again = ProxySetting::manual(&proxy.address, "", false).unwrap();
    world.gatehouse.set_proxy(again, None).unwrap();
    let before = proxy.asked().len();
    world.gatehouse.warm(&away).unwrap_err();
    let later = proxy.asked().split_off(before);
    assert!(
        !later.is_empty() && later.iter().all(|head| !head.contains("Y29ycC1h")),
        "the sign-in is gone: {later:?}"
    );
}

#[test]
fn a_change_by_another_process_is_noticed_by_a_warm_connection() {
    let (world, profile) = ready();
    let away = moved(&profile, "https://api.klarna.invalid", None);
    world.gatehouse.warm(&away).unwrap_err();
    let proxy = Proxy::start(Answer::Bytes("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"));
    let setting = ProxySetting::manual(&proxy.address, "", false).unwrap();
    world.again().set_proxy(setting, None).unwrap();
    world.gatehouse.warm(&away).unwrap_err();
    assert!(!proxy.asked().is_empty(), "the next call takes the new way");
}
