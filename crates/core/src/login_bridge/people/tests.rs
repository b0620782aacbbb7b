//! Who may enter what: least privilege, and an address that somebody vouches for.

use std::path::Path;

use serde_json::json;

use super::*;

fn rules(people: &str) -> People {
    let table = format!("[people]\n{people}").parse().unwrap();
    let (people, flaws) = People::looked_at(&table, Path::new("."));
    assert!(flaws.is_empty(), "{flaws:?}");
    people
}

fn asked(people: &str, claims: Value, table: &str) -> Result<Vec<String>, NotEntitled> {
    let table = PeopleTable::read(table.as_bytes()).unwrap();
    let (_, found) = entitled(&rules(people), claims.as_object().unwrap(), &table)?;
    Ok(found
        .merchants
        .into_iter()
        .map(|(merchant, roles)| format!("{merchant}={}", roles.join("+")))
        .collect())
}

#[test]
fn nobody_enters_what_neither_claim_nor_table_names() {
    let ana = json!({"email": "ana@x.example", "email_verified": true, "shops": ["one", "two"]});
    assert_eq!(
        asked("table = 't'", ana.clone(), ""),
        Err(NotEntitled::NoMerchant),
        "no word, no merchant"
    );
    assert_eq!(
        asked("merchants_claim = 'shops'", ana.clone(), "").unwrap(),
        ["one=merchant:developer", "two=merchant:developer"],
        "a claim without roles gives the lesser role"
    );
    let table = "email,merchant,roles\nANA@x.example,two,merchant:admin\nbob@x.example,three,\nana@x.example,four,\n";
    assert_eq!(
        asked("table = 't'", ana.clone(), table).unwrap(),
        ["four=merchant:developer", "two=merchant:admin"],
        "the table counts letters of any case, and gives the lesser role where it says none"
    );
    assert_eq!(
        asked("table = 't'\nmerchants_claim = 'shops'", ana, table).unwrap(),
        [
            "four=merchant:developer",
            "one=merchant:developer",
            "two=merchant:developer+merchant:admin"
        ],
        "both are taken together"
    );
}

#[test]
fn words_of_a_claim_stand_for_roles_only_as_configured() {
    let people = "merchants_claim = 'shop'\nroles_claim = 'groups'\n[people.roles]\nboss = ['merchant:admin']";
    let who =
        |groups: Value| json!({"email": "a@x.example", "email_verified": "true", "shop": "one", "groups": groups});
    assert_eq!(
        asked(people, who(json!(["boss", "x"])), "").unwrap(),
        ["one=merchant:admin"],
        "a known word"
    );
    for other in [json!(["merchant:admin"]), json!("x"), json!(1), Value::Null] {
        assert_eq!(
            asked(people, who(other), "").unwrap(),
            ["one=merchant:developer"],
            "any other word"
        );
    }
}

#[test]
fn an_address_counts_only_when_the_provider_vouches_for_it() {
    let people = "merchants_claim = 'shop'";
    let unverified = json!({"email": "a@x.example", "shop": "one"});
    assert_eq!(
        asked(people, unverified.clone(), ""),
        Err(NotEntitled::Unverified),
        "not said is not verified"
    );
    let denied = json!({"email": "a@x.example", "email_verified": false, "shop": "one"});
    assert_eq!(
        asked(people, denied, ""),
        Err(NotEntitled::Unverified),
        "said not to be"
    );
    let trusting = "merchants_claim = 'shop'\nrequire_verified_email = false";
    assert!(
        asked(trusting, unverified, "").is_ok(),
        "where the acquirer trusts its provider"
    );
    let nameless = json!({"shop": "one", "email_verified": true, "email": 7});
    assert_eq!(
        asked(people, nameless, ""),
        Err(NotEntitled::NoAddress),
        "no address at all"
    );
}

#[test]
fn a_verified_address_is_one_of_the_claim_that_the_provider_vouches_for() {
    let looked_at = |people: &str| {
        let table = format!("[people]\nmerchants_claim = 'shop'\n{people}").parse().unwrap();
        let (_, flaws) = People::looked_at(&table, Path::new("."));
        flaws.into_iter().map(|flaw| flaw.place).collect::<Vec<_>>()
    };
    for silent in ["", "require_verified_email = true\n"] {
        for claim in ["upn", "preferred_username", "Email"] {
            assert_eq!(
                looked_at(&format!("{silent}email_claim = '{claim}'")),
                ["people.require_verified_email"],
                "{claim}: what nobody vouches for is not verified"
            );
        }
    }
    assert!(
        looked_at("email_claim = 'upn'\nrequire_verified_email = false").is_empty(),
        "trusted by name"
    );
    assert!(looked_at("email_claim = 'email'").is_empty(), "the usual claim");
    let table = "[people]\nmerchants_claim = 'shop'\nemail_claim = 'upn'"
        .parse()
        .unwrap();
    let (flawed, _) = People::looked_at(&table, Path::new("."));
    let ana = json!({"upn": "a@x.example", "email_verified": true, "shop": "one"});
    assert_eq!(
        entitled(&flawed, ana.as_object().unwrap(), &PeopleTable::default()).unwrap_err(),
        NotEntitled::Unverified,
        "nor does a word about another claim count"
    );
}

#[test]
fn more_merchants_than_can_be_offered_are_counted() {
    let shops: Vec<String> = (0..MOST_CHOICES + 3)
        .map(|number| format!("shop-{number:04}"))
        .collect();
    let claims = |shops: &[String]| json!({"email": "a@x.example", "email_verified": true, "shops": shops});
    let rules = rules("merchants_claim = 'shops'\ntable = 't'");
    let entitled = |shops: &[String], table: &str| {
        let table = PeopleTable::read(table.as_bytes()).unwrap();
        entitled(&rules, claims(shops).as_object().unwrap(), &table).unwrap().1
    };
    let all = entitled(&shops, "");
    assert_eq!((all.merchants.len(), all.beyond), (MOST_CHOICES, 3), "three too many");
    assert!(all.merchants.contains_key("shop-0499"), "the first by name stay");
    assert!(
        !all.merchants.contains_key("shop-0500"),
        "and those after them are cut off"
    );
    let table = "email,merchant,roles\na@x.example,shop-0000,merchant:admin\na@x.example,another,\n";
    let just = entitled(shops.get(..MOST_CHOICES).unwrap(), "");
    assert_eq!(
        (just.merchants.len(), just.beyond),
        (MOST_CHOICES, 0),
        "as many as can be"
    );
    let both = entitled(shops.get(..MOST_CHOICES).unwrap(), table);
    assert_eq!(both.beyond, 1, "one that is named twice counts once");
    assert_eq!(both.merchants["shop-0000"].len(), 2, "with the roles of both");
}
