//! Risky deeds under the app lock: each asks for the passphrase, and a proof is for one deed and one minute.

use std::sync::Arc;

use gatehouse_core::app_lock::{Cause, Limits};
use gatehouse_core::clock::Clock;
use gatehouse_core::person::Deed;
use gatehouse_core::signing_key::CertificateUsage;
use gatehouse_core::{ErrorCode, Problem};

use super::app_lock::{Clocks, opens, pass, wrong};
use super::world::{BAKERY, ready, wish};

#[test]
fn risky_deeds_are_confirmed_each_time_and_for_one_deed() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let copy = || world.open(&profile, &wish(BAKERY)).map(drop);
    let needs = |attempt: Result<(), Problem>, what: &str| {
        assert_eq!(attempt.unwrap_err().code, ErrorCode::ConfirmationNeeded, "{what}");
    };
    let size = world.size();
    needs(copy(), "a link that leaves the program");
    needs(
        gatehouse.revoke_all_sessions(&profile).map(drop),
        "all sessions at once",
    );
    needs(
        gatehouse.create_key(&profile, CertificateUsage::Mtls).map(drop),
        "a key",
    );
    assert_eq!(world.size(), size, "nothing was recorded, because nothing was begun");
    opens(gatehouse, &profile).expect("opening works within the window");

    assert_eq!(
        gatehouse.confirm(Deed::CopyLink, &wrong()).unwrap_err().code,
        ErrorCode::PassphraseWrong,
        "proof it is"
    );
    needs(copy(), "a wrong passphrase confirms nothing");
    gatehouse.confirm(Deed::CopyLink, &pass()).unwrap();
    needs(
        gatehouse.revoke_all_sessions(&profile).map(drop),
        "a proof for another deed",
    );
    copy().expect("the deed that was confirmed");
    needs(copy(), "once is once");

    let one = world.again();
    one.unlock_app_for_one_deed(&pass()).unwrap();
    one.revoke_all_sessions(&profile)
        .expect("a process that does one thing");
    needs(one.revoke_all_sessions(&profile).map(drop), "and no second one");
}

#[test]
fn a_proof_is_worth_nothing_after_a_minute_or_a_lock() {
    let (world, profile) = ready();
    world.gatehouse.set_lock(&pass(), Limits::STANDARD).unwrap();
    let clocks = Clocks::now();
    let gatehouse = world.again_at(Arc::clone(&clocks) as Arc<dyn Clock>);
    gatehouse.unlock_app(&pass()).unwrap();
    gatehouse.confirm(Deed::RevokeAllSessions, &pass()).unwrap();
    clocks.pass(61_000);
    let late = gatehouse.revoke_all_sessions(&profile).unwrap_err();
    assert_eq!(late.code, ErrorCode::ConfirmationNeeded, "{late}");
    gatehouse.confirm(Deed::RevokeAllSessions, &pass()).unwrap();
    gatehouse.lock_now(Cause::Asked);
    gatehouse.unlock_app(&pass()).unwrap();
    let after = gatehouse.revoke_all_sessions(&profile).unwrap_err();
    assert_eq!(after.code, ErrorCode::ConfirmationNeeded, "{after}");
}
