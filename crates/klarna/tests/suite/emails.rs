//! E-mail addresses: what is taken as it is, by what name the rest is refused, and which two are one person's.

use gatehouse_klarna::{Email, EmailRefusal, NameRefusal, Principal};
use proptest::prelude::*;

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

#[test]
fn address_is_kept_as_it_was_given() {
    for text in [
        "ada+portal@merchant.example",
        "Ada.Lovelace@Merchant.Example",
        "ada@xn--bcher-kva.example",
        "first..last.@provider.example",
        &format!("{}@{}.example", "l".repeat(64), "d".repeat(63)),
    ] {
        assert_eq!(email(text).as_str(), text, "{text} is not altered");
    }
}

#[test]
fn refusals_of_addresses_name_the_slip() {
    let four_hundred = format!("{}@{}example", "a".repeat(60), "b.".repeat(166));
    let label = format!("a@{}.example", "b".repeat(64));
    assert_eq!(four_hundred.len(), 400, "400 characters");
    let cases = [
        (EmailRefusal::Empty, vec![""]),
        (
            EmailRefusal::Space,
            vec![
                " ada@b.example",
                "ada@b.example ",
                "ada lovelace@b.example",
                "ada@b.example\n",
                "ada\u{a0}@b.example",
                "ada\u{200b}@b.example",
                "\u{feff}ada@b.example",
                "\u{202e}ada@b.example",
                " ",
            ],
        ),
        (EmailRefusal::TooLong, vec![&four_hundred]),
        (EmailRefusal::NoAt, vec!["ada", "ada.b.example", "ada＠b.example"]),
        (
            EmailRefusal::ManyAts,
            vec!["a@b@c.example", "a@b.example,c@d.example", "@@"],
        ),
        (EmailRefusal::LocalEmpty, vec!["@b.example", "@"]),
        (EmailRefusal::LocalNotAscii, vec!["müller@b.example", "аda@b.example"]),
        (
            EmailRefusal::LocalCharacter,
            vec![
                "a,b@c.example",
                "<a@b.example",
                "\"a\"@b.example",
                "a(b)@c.example",
                "mailto:a@b.example",
            ],
        ),
        (
            EmailRefusal::DomainNotAscii,
            vec!["ada@bücher.example", "ada@例え.example", "ada@b。example"],
        ),
        (
            EmailRefusal::Domain,
            vec![
                "ada@",
                "ada@b",
                "ada@b.",
                "ada@.b",
                "ada@b..example",
                "ada@-b.example",
                "ada@b-.example",
                "ada@b_c.example",
                "ada@[127.0.0.1]",
                &label,
                "ada@b.example>",
            ],
        ),
    ];
    for (refusal, texts) in cases {
        for text in texts {
            assert_eq!(Email::parse(text), Err(refusal), "{text:?}");
        }
    }
    let local = format!("{}@b.example", "l".repeat(65));
    assert_eq!(Email::parse(&local), Err(EmailRefusal::LocalTooLong), "65 before the @");
}

#[test]
fn principal_passes_the_reason_on() {
    let refused = Principal::parse("ada@b.example ").unwrap_err();
    assert_eq!(
        refused,
        NameRefusal::Email(EmailRefusal::Space),
        "an @ makes it an address"
    );
    assert_eq!(
        refused.to_string(),
        EmailRefusal::Space.to_string(),
        "in the same words"
    );
}

#[test]
fn spellings_of_one_person_differ_in_case_only() {
    let ada = email("ada@merchant.example");
    for same in ["ada@merchant.example", "Ada@merchant.example", "ADA@MERCHANT.EXAMPLE"] {
        assert!(ada.same_person(&email(same)), "{same} is the same person");
        assert_eq!(
            email(same).person_key(),
            "ada@merchant.example",
            "{same} is found under one key"
        );
    }
    for other in [
        "ada+x@merchant.example",
        "a.da@merchant.example",
        "ada@merchant.example.org",
    ] {
        assert!(!ada.same_person(&email(other)), "{other} is another portal user");
    }
    assert_ne!(ada, email("Ada@merchant.example"), "equality is that of what was sent");
}

proptest! {
    #[test]
    fn one_key_is_one_person(one in "[Aa]b?@[Cc]\\.[dD]", two in "[Aa]b?@[Cc]\\.[dD]") {
        let (one, two) = (email(&one), email(&two));
        prop_assert_eq!(one.same_person(&two), one.person_key() == two.person_key());
        prop_assert_eq!(one.same_person(&two), two.same_person(&one));
    }

    #[test]
    fn a_key_is_an_address_of_the_same_person(text in "[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9]{1,9}\\.[A-Za-z]{2,5}") {
        let given = email(&text);
        prop_assert!(given.same_person(&email(&given.person_key())));
    }

    #[test]
    fn no_text_is_both_taken_and_altered(text in "\\PC{0,80}") {
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(email.as_str(), text.as_str());
            prop_assert!(!email.as_str().is_empty() && email.as_str().is_ascii());
        }
    }
}
