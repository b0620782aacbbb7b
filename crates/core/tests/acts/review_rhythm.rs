//! When the next review is due, by what the database holds; the rule itself is tested beside it.

use super::review::{PEOPLE, all, grant};
use super::world::ready;

#[test]
fn grants_that_nobody_ever_reviewed_are_due_too() {
    let (world, profile) = ready();
    let core = &world.gatehouse;
    assert_eq!(core.next_review_due(&profile).unwrap(), None, "nobody has access");
    grant(&world, &profile, PEOPLE[0], "merchant:developer");
    let due = core.next_review_due(&profile).unwrap();
    assert!(due > core.today(), "six months after the first grant: {due:?}");
    core.start_review(&profile, &all("Autumn")).unwrap();
    assert_eq!(
        core.next_review_due(&profile).unwrap(),
        due,
        "a start without a day changes nothing"
    );
}
