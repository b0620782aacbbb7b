//! What is refused before anything is recorded or sent, and what "open as" and unsigned links need.

use gatehouse_core::policy::{OnBehalfOf, PolicyChange};
use gatehouse_core::portal::OpenRequest;
use gatehouse_core::{ErrorCode, Problem};

use super::world::{BAKERY, World, ready, wish};

fn refused(world: &World, attempt: Result<gatehouse_core::portal::Opened, Problem>, code: ErrorCode) {
    let problem = attempt.unwrap_err();
    assert_eq!(problem.code, code, "{problem}");
    assert!(world.links().is_empty(), "Klarna was not asked");
}

#[test]
fn opening_as_another_person_needs_a_reason_and_stands_for_the_merchant() {
    let (world, profile) = ready();
    let other = OpenRequest {
        open_as: Some("owner@bakery.example".into()),
        ..wish(BAKERY)
    };
    refused(&world, world.open(&profile, &other), ErrorCode::ReasonRequired);
    let with_reason = OpenRequest {
        reason: Some("ticket 4711".into()),
        ..other
    };
    let opened = world.open(&profile, &with_reason).unwrap();
    assert!(opened.session.open_as, "it is badged");
    let intent = world
        .gatehouse
        .audit_reader()
        .unwrap()
        .entry(opened.intent_seq)
        .unwrap()
        .unwrap();
    assert_eq!(
        intent.body.request.get("badge").and_then(|badge| badge.as_str()),
        Some("open_as"),
        "the log says so"
    );
    let stands_for = intent.body.request.get("on_behalf_of").and_then(|krn| krn.as_str());
    assert_eq!(
        stands_for,
        Some(opened.session.merchant_id.as_str()),
        "another person is the merchant's own"
    );
    let private = intent.private.unwrap();
    assert_eq!(
        private.get("reason").and_then(|reason| reason.as_str()),
        Some("ticket 4711"),
        "the reason is in the private row"
    );
    assert!(
        !String::from_utf8(intent.bytes).unwrap().contains("owner@"),
        "the entry itself holds no address"
    );
}

#[test]
fn own_opens_stand_for_the_acquirer_unless_the_profile_says_otherwise() {
    let (world, profile) = ready();
    let stands_for = |opened: &gatehouse_core::portal::Opened| {
        let entry = world
            .gatehouse
            .audit_reader()
            .unwrap()
            .entry(opened.intent_seq)
            .unwrap()
            .unwrap();
        entry
            .body
            .request
            .get("on_behalf_of")
            .and_then(|krn| krn.as_str().map(str::to_owned))
            .unwrap()
    };
    let own = world.open(&profile, &wish(BAKERY)).unwrap();
    assert_eq!(
        stands_for(&own),
        profile.account.as_str(),
        "staff stand for the acquirer"
    );
    let change = PolicyChange {
        on_behalf_of: Some(OnBehalfOf::Merchant),
        ..PolicyChange::default()
    };
    let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
    let merchants = world.open(&profile, &wish(BAKERY)).unwrap();
    assert_eq!(
        stands_for(&merchants),
        merchants.session.merchant_id,
        "the profile's setting counts"
    );
}

#[test]
fn bad_requests_are_refused_here_with_their_own_codes() {
    let (world, profile) = ready();
    let cases = [
        (
            OpenRequest {
                open_as: Some("not an address".into()),
                ..wish(BAKERY)
            },
            ErrorCode::EmailInvalid,
        ),
        (
            OpenRequest {
                roles: Some(Vec::new()),
                ..wish(BAKERY)
            },
            ErrorCode::RoleInvalid,
        ),
        (
            OpenRequest {
                roles: Some(vec!["Röle !".into()]),
                ..wish(BAKERY)
            },
            ErrorCode::RoleInvalid,
        ),
        (
            OpenRequest {
                unsigned: true,
                ..wish(BAKERY)
            },
            ErrorCode::UnsignedNotAllowed,
        ),
        (wish("SE-99999999"), ErrorCode::MerchantUnknown),
        (
            wish("krn:partner:global:account:test:NOSUCHID"),
            ErrorCode::MerchantUnknown,
        ),
    ];
    let size = world.size();
    for (request, code) in cases {
        refused(&world, world.open(&profile, &request), code);
    }
    assert_eq!(world.size(), size, "what is refused here leaves no entry");
}

#[test]
fn a_reason_can_be_demanded_for_every_open() {
    let (world, profile) = ready();
    let change = PolicyChange {
        reason_required: Some(true),
        ..PolicyChange::default()
    };
    let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
    refused(&world, world.open(&profile, &wish(BAKERY)), ErrorCode::ReasonRequired);
    world
        .open(
            &profile,
            &OpenRequest {
                reason: Some("monthly check".into()),
                ..wish(BAKERY)
            },
        )
        .unwrap();
}

#[test]
fn an_unsigned_link_asks_for_a_password_first() {
    let (world, profile) = ready();
    let change = PolicyChange {
        unsigned_allowed: Some(true),
        ..PolicyChange::default()
    };
    let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
    let opened = world
        .open(
            &profile,
            &OpenRequest {
                unsigned: true,
                ..wish(BAKERY)
            },
        )
        .unwrap();
    assert!(opened.session.unsigned, "the session says so");
    let (status, page) = world.visit(opened.link.unwrap().expose());
    assert_eq!(status, 200, "the page is there");
    assert!(page.to_lowercase().contains("password"), "a password is set first");
}

#[test]
fn a_merchant_that_is_not_operational_is_refused_once_that_is_known() {
    let (world, profile) = ready();
    let id = world.gatehouse.merchant(&profile, BAKERY).unwrap().id;
    let closed = serde_json::json!({ "partner_account_id": id, "state": "DISABLED" });
    world.control(reqwest::Method::PUT, "merchant", Some(&closed));
    let problem = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::KlarnaForbidden,
        "Klarna refuses what we did not know"
    );
    assert_eq!(
        world.entries(1),
        ["portal.copy outcome refused"],
        "the refusal is recorded"
    );
    let refreshed = world.gatehouse.refresh_merchant(&profile, BAKERY).unwrap();
    assert_eq!(refreshed.state.as_str(), "DISABLED", "now we know");
    refused(
        &world,
        world.open(&profile, &wish(BAKERY)),
        ErrorCode::MerchantNotOperational,
    );
}

#[test]
fn somebody_elses_merchant_is_refused_by_klarna() {
    let (world, profile) = ready();
    let krn = &gatehouse_sandbox::generate_foreign(1).next().unwrap().account_id;
    world
        .gatehouse
        .import_merchants(&profile, "pasted", krn.as_bytes())
        .unwrap();
    let problem = world.open(&profile, &wish(krn)).unwrap_err();
    assert_eq!(
        problem.code,
        ErrorCode::KlarnaForbidden,
        "it was onboarded by somebody else"
    );
}
