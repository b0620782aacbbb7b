//! What several reviewers decide comes to the same in whatever order it is taken in; and a large review costs no more per key press.

use gatehouse_core::access::review::{LineFilter, SignOffRequest, Verdict};
use proptest::prelude::*;

use super::review::{all, started};

fn verdicts() -> impl Strategy<Value = Vec<Verdict>> {
    prop::collection::vec(prop_oneof![Just(Verdict::Keep), Just(Verdict::Revoke)], 0..8)
}

proptest! {
    #[test]
    fn any_revoke_wins_in_whatever_order(decisions in verdicts(), turn in any::<prop::sample::Index>()) {
        let mut other = decisions.clone();
        if !other.is_empty() {
            let by = turn.index(other.len());
            other.rotate_left(by);
            other.reverse();
        }
        let one = Verdict::of(decisions.iter().copied());
        prop_assert_eq!(one, Verdict::of(other), "the order means nothing");
        let revoked = decisions.contains(&Verdict::Revoke);
        prop_assert_eq!(one == Some(Verdict::Revoke), revoked, "one revoke is enough");
        prop_assert_eq!(one.is_none(), decisions.is_empty(), "nobody's decision is none");
    }
}

#[test]
fn an_own_decision_undone_leaves_the_counts_as_they_were() {
    let (world, profile, _) = started();
    let core = &world.gatehouse;
    let steps = [
        Some(Verdict::Keep),
        Some(Verdict::Revoke),
        None,
        None,
        Some(Verdict::Revoke),
        None,
    ];
    for verdict in steps {
        core.decide_review(&profile, "Autumn", 1, verdict, None).unwrap();
        let progress = core.review(&profile, "Autumn").unwrap().progress;
        let counted = |filter| core.review_lines(&profile, "Autumn", filter, (0, 9)).unwrap().1.len();
        assert_eq!(
            progress.revoked as usize,
            counted(LineFilter::Revoked),
            "revoked after {verdict:?}"
        );
        assert_eq!(
            progress.undecided() as usize,
            counted(LineFilter::Undecided),
            "left after {verdict:?}"
        );
    }
}

#[test]
fn a_sign_off_that_could_not_be_recorded_leaves_the_review_open() {
    let (world, profile, _) = started();
    let core = &world.gatehouse;
    let request = SignOffRequest {
        undecided_revoke: true,
        reason: None,
    };
    let mut refused = 0;
    for calls in 0..40 {
        world
            .keys
            .fail_after(calls, gatehouse_core::key_store::KeyStoreError::Denied);
        let signed = core.sign_off_review(&profile, "Autumn", &request);
        world.keys.heal();
        if signed.is_ok() {
            break;
        }
        refused += 1;
        let state = world.again().review(&profile, "Autumn").unwrap().state;
        assert_eq!(
            state.word(),
            "open",
            "call {calls} of the key store failed, and nothing was signed"
        );
    }
    assert!(refused > 0, "the key store was asked");
    core.start_review(&profile, &all("Next")).unwrap();
}
