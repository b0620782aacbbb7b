//! What counts as a name: KRNs, addresses, roles, ids, keys, portal addresses.

use gatehouse_klarna::{
    AccountKrn, ApiKey, ApiKeyRefusal, CredentialId, DeepLinkId, Email, Environment, KrnError, PortalUrl,
    PortalUrlRefusal, Principal, Role, UserId,
};
use proptest::prelude::*;

#[test]
fn krn_tells_what_is_wrong_with_it() {
    let parse = |text: &str| AccountKrn::parse(text).map(|krn| krn.to_string());
    let head = "krn:partner:global:account:";
    assert_eq!(parse(""), Err(KrnError::Empty), "nothing is named as nothing");
    assert_eq!(
        parse("LYABCDEI"),
        Err(KrnError::NotAnAccount),
        "a suffix alone is no KRN"
    );
    assert_eq!(
        parse(&format!("{head}prod:LYABCDEI")),
        Err(KrnError::UnknownEnvironment),
        "two environments exist"
    );
    assert_eq!(
        parse(&format!("{head}live")),
        Err(KrnError::UnknownEnvironment),
        "the environment needs a suffix"
    );
    for suffix in [
        "",
        "abc",
        "a_bc",
        "a bcd",
        "abcd\n",
        "äbcd",
        "a:bcd",
        "a/bcd",
        &"x".repeat(65),
    ] {
        assert_eq!(
            parse(&format!("{head}test:{suffix}")),
            Err(KrnError::Suffix),
            "{suffix:?} is no suffix"
        );
    }
    let krn = AccountKrn::parse(&format!("{head}live:LYABCDEI")).unwrap();
    assert_eq!(
        (krn.suffix(), krn.environment()),
        ("LYABCDEI", Environment::Live),
        "its parts can be read"
    );
}

#[test]
fn krn_is_checked_on_its_way_in_through_serde() {
    let krn: AccountKrn = serde_json::from_str("\"krn:partner:global:account:test:ABCD\"").unwrap();
    assert_eq!(
        serde_json::to_string(&krn).unwrap(),
        format!("\"{krn}\""),
        "it crosses as plain text"
    );
    assert!(
        serde_json::from_str::<AccountKrn>("\"ABCD\"").is_err(),
        "what is none does not come in"
    );
}

#[test]
fn environment_of_an_api_key_is_read_from_it() {
    let parse = |text: &str| ApiKey::parse(text.to_owned());
    let live = parse(" klarna_live_api_abc+/=._-\n").unwrap();
    assert_eq!(live.environment(), Environment::Live, "the second word tells");
    assert_eq!(
        live.expose(),
        "klarna_live_api_abc+/=._-",
        "white space from pasting is removed"
    );
    assert_eq!(
        parse("klarna_test_api_x").unwrap().environment(),
        Environment::Test,
        "the second word tells"
    );
    assert_eq!(
        parse("klarna_test_client_x").unwrap_err(),
        ApiKeyRefusal::ClientId,
        "client ids are named"
    );
    for text in [
        "",
        "klarna_test_api_",
        "klarna_prod_api_x",
        "api_x",
        "klarna_test_api_a b",
        "klarna_test_api_ä",
    ] {
        assert_eq!(parse(text).unwrap_err(), ApiKeyRefusal::Shape, "{text:?} is no key");
    }
    assert_eq!(format!("{live:?}"), "<redacted>", "debug output hides the key");
}

#[test]
fn portal_address_is_https_or_on_this_machine() {
    let parse = |text: &str| PortalUrl::parse(text).map(|url| (url.host().to_owned(), url.port(), url.is_loopback()));
    assert_eq!(
        parse("https://Portal.Klarna.com/x?t=1"),
        Ok(("portal.klarna.com".into(), 443, false)),
        "https is fine"
    );
    assert_eq!(
        parse("http://127.0.0.1:81/x"),
        Ok(("127.0.0.1".into(), 81, true)),
        "http on this machine is fine"
    );
    assert_eq!(
        parse("http://localhost/x"),
        Ok(("localhost".into(), 80, true)),
        "so is localhost"
    );
    assert_eq!(parse("http://[::1]:8/x"), Ok(("[::1]".into(), 8, true)), "so is IPv6");
    for text in [
        "http://portal.klarna.com/",
        "http://localhost.evil.example/",
        "http://127.0.0.1.evil.example/",
        "ftp://a.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
    ] {
        assert_eq!(
            parse(text),
            Err(PortalUrlRefusal::NotHttps),
            "{text} must not be opened"
        );
    }
    for text in ["", "portal.klarna.com/x", "https://", "https://a b/", "//x"] {
        assert_eq!(parse(text), Err(PortalUrlRefusal::Malformed), "{text:?} is no address");
    }
    for text in ["https://klarna.com@evil.example/", "https://u:p@portal.klarna.com/"] {
        assert_eq!(parse(text), Err(PortalUrlRefusal::Credentials), "{text} misleads");
    }
}

#[test]
fn what_was_checked_is_what_is_opened() {
    let url = PortalUrl::parse("https:\\\\portal.klarna.com\\a\t?x=1").unwrap();
    assert_eq!(
        url.expose(),
        "https://portal.klarna.com/a?x=1",
        "the normal form is kept, not the odd spelling"
    );
    assert_eq!(format!("{url:?}"), "<redacted>", "debug output hides the link");
}

#[test]
fn email_takes_what_mail_systems_take() {
    for text in [
        "a@b.example",
        "first.last+tag@sub.example.com",
        "o'neil_1@x-y.example",
        "A!#$%&'*+-/=?^_`{|}~@b.co",
    ] {
        assert_eq!(
            Email::parse(text).map(String::from),
            Ok(text.to_owned()),
            "{text} is an address"
        );
    }
    for text in [
        "",
        "a",
        "@b.example",
        "a@",
        "a@b",
        "a@b.",
        "a@.b",
        "a@-b.example",
        "a b@c.example",
        "a@b@c.example",
        "a@b.example\n",
        "<a@b.example>",
        "\"a b\"@c.example",
        "a,b@c.example",
        "ä@b.example",
        "a@b_c.example",
    ] {
        assert!(Email::parse(text).is_err(), "{text:?} is no address");
    }
}

#[test]
fn principal_is_an_address_or_a_user_id() {
    assert!(
        matches!(Principal::parse("a+b@c.example"), Ok(Principal::Email(_))),
        "an @ makes an address"
    );
    assert!(
        matches!(Principal::parse("user-17"), Ok(Principal::UserId(_))),
        "else it is an id"
    );
    for text in ["", " ", "a b", "a@", "\u{a0}"] {
        assert!(Principal::parse(text).is_err(), "{text:?} names nobody");
    }
}

proptest! {
    #[test]
    fn every_well_formed_krn_is_taken_and_kept(environment in "(live|test)", suffix in "[A-Za-z0-9-]{4,64}") {
        let text = format!("krn:partner:global:account:{environment}:{suffix}");
        let krn = AccountKrn::parse(&text).unwrap();
        prop_assert_eq!(krn.as_str(), text.as_str());
        prop_assert_eq!(krn.suffix(), suffix.as_str());
        prop_assert_eq!(krn.environment().as_str(), environment.as_str());
    }

    #[test]
    fn no_text_makes_parsing_panic(text in "\\PC{0,300}") {
        let _ = (AccountKrn::parse(&text), Email::parse(&text), Role::parse(&text), UserId::parse(&text));
        let _ = (DeepLinkId::parse(&text), CredentialId::parse(&text), PortalUrl::parse(&text));
        let _ = ApiKey::parse(text);
    }

    #[test]
    fn a_taken_krn_matches_the_published_rule(text in "krn:partner:global:account:(live|test|x)?:?[ -~]{0,70}") {
        if let Ok(krn) = AccountKrn::parse(&text) {
            let suffix = krn.suffix();
            prop_assert!((4..=64).contains(&suffix.len()));
            prop_assert!(suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        }
    }

    #[test]
    fn a_taken_address_has_one_at_sign_and_nothing_invisible(text in "[ -~é]{0,40}@[ -~]{0,40}") {
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(email.as_str().matches('@').count(), 1);
            prop_assert!(email.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
        }
    }

    #[test]
    fn a_taken_id_is_one_path_segment(text in "\\PC{0,260}") {
        if let Ok(id) = DeepLinkId::parse(&text) {
            let mut url = gatehouse_klarna::Url::parse("https://k.example/a").unwrap();
            url.path_segments_mut().unwrap().push(id.as_str());
            prop_assert_eq!(url.path_segments().unwrap().count(), 2, "{}", url);
        }
    }

    #[test]
    fn roles_are_small_and_plain(text in "[a-z:._-]{1,64}") {
        prop_assert!(Role::parse(&text).is_ok());
        prop_assert!(Role::parse(&text.to_uppercase()).is_err() || !text.bytes().any(|byte| byte.is_ascii_lowercase()));
    }
}
