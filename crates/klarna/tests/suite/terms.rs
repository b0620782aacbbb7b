//! The plain words of a purchase: what is taken, what is refused, and that short-lived secrets hide themselves.

use gatehouse_klarna::{
    Amount, AppReturnUrl, AuthorizationToken, BearerRefusal, ClientToken, Country, Currency, Locale,
    NetworkSessionToken, Reference, ReturnUrl, TermRefusal,
};
use proptest::prelude::*;

#[test]
fn amounts_are_whole_above_zero_and_kept_by_every_reader_of_json() {
    assert_eq!(Amount::new(1).map(Amount::minor), Ok(1), "the least");
    assert_eq!(
        Amount::new((1 << 53) - 1).map(Amount::minor),
        Ok((1 << 53) - 1),
        "the most"
    );
    for odd in [0, -1, 1 << 53, i64::MAX, i64::MIN] {
        assert_eq!(Amount::new(odd), Err(TermRefusal::Amount), "{odd}");
    }
}

#[test]
fn currencies_countries_and_languages_have_their_form() {
    for (text, currency, country, locale) in [
        ("EUR", true, false, false),
        ("DE", false, true, false),
        ("de-DE", false, false, true),
        ("eur", false, false, false),
        ("EU€", false, false, false),
        ("de_DE", false, false, false),
        ("DE-de", false, false, false),
        ("", false, false, false),
        (" DE", false, false, false),
    ] {
        assert_eq!(Currency::parse(text).is_ok(), currency, "{text:?} as a currency");
        assert_eq!(Country::parse(text).is_ok(), country, "{text:?} as a country");
        assert_eq!(Locale::parse(text).is_ok(), locale, "{text:?} as a language");
    }
}

#[test]
fn addresses_to_return_to_keep_klarnas_placeholders() {
    let placed = "https://shop.example/back?id={klarna.payment_request.id}&s={klarna.payment_request.state}";
    assert_eq!(
        ReturnUrl::parse(placed).unwrap().as_str(),
        placed,
        "as it was given, braces and all"
    );
    assert!(
        ReturnUrl::parse("http://127.0.0.1:8080/back").is_ok(),
        "this machine may be plain"
    );
    for odd in [
        "http://shop.example/",
        "javascript:alert(1)",
        "shop.example",
        "",
        "https://a b.example/",
        "https://x.example/\n",
    ] {
        assert_eq!(ReturnUrl::parse(odd), Err(TermRefusal::Address), "{odd:?}");
    }
    assert!(
        AppReturnUrl::parse("shopapp://back").is_ok(),
        "an app has a scheme of its own"
    );
    assert!(AppReturnUrl::parse("back").is_err(), "but it has one");
}

#[test]
fn short_lived_secrets_are_taken_trimmed_and_never_shown() {
    let secret = ClientToken::parse(" eyJ.a.b\n".into()).unwrap();
    assert_eq!(secret.expose(), "eyJ.a.b", "white space around is taken off");
    assert_eq!(secret.copied().expose(), "eyJ.a.b", "a second one is the same");
    assert_eq!(format!("{secret:?}"), "<redacted>", "and neither shows itself");
    for odd in ["", "  ", "a b", "a\nb", "a\0b", &"x".repeat(20_000)] {
        assert_eq!(
            NetworkSessionToken::parse(odd.into()).unwrap_err(),
            BearerRefusal,
            "{} characters",
            odd.len()
        );
        assert!(
            AuthorizationToken::parse(odd.into()).is_err(),
            "{} characters",
            odd.len()
        );
    }
}

proptest! {
    #[test]
    fn references_are_short_lines(text in ".{0,300}") {
        let fits = !text.trim().is_empty() && text.chars().count() <= 255 && !text.contains(char::is_control);
        prop_assert_eq!(Reference::parse(&text).is_ok(), fits);
    }

    #[test]
    fn any_text_is_taken_or_refused_as_an_address(text in ".{0,100}") {
        if let Ok(url) = ReturnUrl::parse(&text) {
            prop_assert!(url.as_str().starts_with("http") || url.as_str().to_ascii_lowercase().starts_with("http"));
        }
    }
}
