//! Persons and roles: who is listed, who may do what, and that a refusal names the way out.

use gatehouse_core::network::ProxySetting;
use gatehouse_core::person::{Deed, Person, PersonRole, Roles};
use gatehouse_core::policy::PolicyChange;
use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::profile::{KeyRemoval, Method, Profile};
use gatehouse_core::signing_key::CertificateUsage;
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use super::world::{BAKERY, World, ready, wish};

/// A colleague's key: any point of the curve that is not weak.
pub const COLLEAGUE: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

pub fn colleague(roles: &[PersonRole]) -> Person {
    Person::new("Bea Colleague", COLLEAGUE, roles.iter().copied().collect()).unwrap()
}

/// Leaves the own person with these roles alone; a colleague is administrator.
pub fn with_roles(world: &World, profile: &Profile, roles: &[PersonRole]) {
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(profile, colleague(&[PersonRole::Administrator]))
        .unwrap();
    let own = gatehouse.standing(profile).unwrap().key_id;
    gatehouse
        .set_person_roles(profile, &own, roles.iter().copied().collect())
        .unwrap();
}

#[test]
fn a_lone_account_manager_has_every_role_and_nothing_is_listed() {
    let (world, profile) = ready();
    let persons = world.gatehouse.persons(&profile).unwrap();
    assert!(!persons.own.listed, "nobody was ever listed");
    assert_eq!(persons.own.roles, Roles::all(), "so nothing is in the way");
    assert_eq!(persons.persons.len(), 1, "the own person is shown");
    assert_eq!(
        persons.persons[0].key_id(),
        persons.own.key_id,
        "by the key that the log names"
    );
}

#[test]
fn persons_are_added_changed_and_removed_as_acts_in_the_log() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    let persons = gatehouse.persons(&profile).unwrap();
    assert!(persons.own.listed, "from now on there is a list");
    assert_eq!(persons.persons.len(), 2, "with the own person on it, and the colleague");
    let both = [PersonRole::Reviewer, PersonRole::Approver].into_iter().collect();
    gatehouse.set_person_roles(&profile, "Bea Colleague", both).unwrap();
    gatehouse.remove_person(&profile, &COLLEAGUE.to_uppercase()).unwrap();
    assert_eq!(
        world.entries(3),
        [
            "person.added note succeeded",
            "person.roles_changed note succeeded",
            "person.removed note succeeded"
        ],
        "each stands in the log"
    );
    let reader = gatehouse.audit_reader().unwrap();
    let last = reader.entry(world.size()).unwrap().unwrap();
    assert_eq!(
        last.body.actor.as_ref().unwrap().role,
        "administrator",
        "in the role it took"
    );
    assert!(
        !String::from_utf8(last.bytes.clone()).unwrap().contains("Bea"),
        "the name is private and can be erased"
    );
    assert_eq!(
        last.private.unwrap().get("person_name").and_then(|name| name.as_str()),
        Some("Bea Colleague"),
        "and stands in the side row"
    );
    let again = world.again();
    assert_eq!(
        again.persons(&profile).unwrap().persons.len(),
        1,
        "another process sees the same"
    );
    again.warm(&profile).expect("and may act");
}

#[test]
fn the_last_administrator_stays() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap();
    let own = gatehouse.standing(&profile).unwrap().key_id;
    let size = world.size();
    let operator: Roles = [PersonRole::Operator].into_iter().collect();
    let demoted = gatehouse.set_person_roles(&profile, &own, operator).unwrap_err();
    assert_eq!(demoted.code, ErrorCode::InputInvalid, "{demoted}");
    let removed = gatehouse.remove_person(&profile, &own).unwrap_err();
    assert_eq!(removed.code, ErrorCode::InputInvalid, "{removed}");
    assert_eq!(world.size(), size, "what is refused so leaves no entry");
    gatehouse
        .save_policy(&profile, &stricter())
        .expect("the administrator still is one");
}

#[test]
fn bad_keys_names_and_twins_are_refused() {
    let all = Roles::all();
    let zero = "0".repeat(64);
    for (name, key) in [
        ("", COLLEAGUE),
        ("A", "12"),
        ("A", "zz"),
        ("A", zero.as_str()),
        ("A\u{7}", COLLEAGUE),
    ] {
        let problem = Person::new(name, key, all.clone()).unwrap_err();
        assert_eq!(problem.code, ErrorCode::InputInvalid, "{name:?} {key:?}");
    }
    let (world, profile) = ready();
    world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Reviewer]))
        .unwrap();
    let twin = world
        .gatehouse
        .add_person(&profile, colleague(&[PersonRole::Operator]))
        .unwrap_err();
    assert!(twin.message.contains("listed already"), "{twin}");
}

fn stricter() -> PolicyChange {
    PolicyChange {
        reason_required: Some(true),
        ..PolicyChange::default()
    }
}

type Try = fn(&Gatehouse, &Profile) -> Result<(), Problem>;

/// Every entry with a profile that does something, or shows something that not everybody may see.
const ENTRIES: &[(Deed, Try)] = &[
    (Deed::OpenPortal, |g, p| g.warm(p)),
    (Deed::OpenPortal, |g, p| open(g, p, Handover::Drop)),
    (Deed::OpenPortal, |g, p| g.reopen_session(p, "s", &|_| ()).map(drop)),
    (Deed::CopyLink, |g, p| open(g, p, Handover::Copy)),
    (Deed::CopyLink, |g, p| open(g, p, Handover::Print)),
    (Deed::RevokeSession, |g, p| g.revoke_session(p, "s").map(drop)),
    (Deed::RevokeAllSessions, |g, p| g.revoke_all_sessions(p).map(drop)),
    (Deed::EditMerchants, |g, p| g.import_merchants(p, "f", b"").map(drop)),
    (Deed::EditMerchants, |g, p| g.refresh_merchant(p, BAKERY).map(drop)),
    (Deed::ArrangeMerchants, |g, p| g.pin_merchant(p, BAKERY, true).map(drop)),
    (Deed::ArrangeMerchants, |g, p| g.tag_merchant(p, BAKERY, &[]).map(drop)),
    (Deed::ChangePolicy, |g, p| g.save_policy(p, &stricter()).map(drop)),
    (Deed::ChangePolicy, |g, p| g.choose_proxy(p, "direct").map(drop)),
    (Deed::ChangePolicy, |g, p| {
        g.choose_hosts(p, &["*.klarna.com".into()]).map(drop)
    }),
    (Deed::SetUpProfile, |g, p| g.choose_method(p, Method::Saml).map(drop)),
    (Deed::SetUpProfile, |g, p| {
        g.signing_request(p, CertificateUsage::Mtls).map(drop)
    }),
    (Deed::SetUpProfile, |g, p| g.dry_signature(p).map(drop)),
    (Deed::SetUpProfile, |g, p| g.first_call(p).map(drop)),
    (Deed::ChangeKeys, |g, p| g.set_api_key(p, &secret()).map(drop)),
    (Deed::ChangeKeys, |g, p| {
        g.create_key(p, CertificateUsage::Mtls).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| {
        g.import_key(p, CertificateUsage::Mtls, &secret(), None).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| {
        g.request_certificate(p, CertificateUsage::Mtls).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| {
        g.install_certificate(p, CertificateUsage::Mtls, b"", None).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| {
        g.rotate_key(p, CertificateUsage::Mtls, true, None, &|_| ()).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| {
        g.revoke_retiring(p, CertificateUsage::Mtls, None, None).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| g.destroy_key(p, "k", KeyRemoval::default()).map(drop)),
    (Deed::ChangeKeys, |g, p| g.declare_keys_lost(p).map(drop)),
    (Deed::ShareProfile, |g, p| g.export_profile(p).map(drop)),
    (Deed::RemoveProfile, |g, p| g.remove_profile(&p.name)),
    (Deed::ManagePersons, |g, p| {
        g.add_person(p, colleague(&[PersonRole::Operator])).map(drop)
    }),
    (Deed::ManagePersons, |g, p| {
        g.set_person_roles(p, "x", Roles::all()).map(drop)
    }),
    (Deed::ManagePersons, |g, p| g.remove_person(p, "x").map(drop)),
    (Deed::SetNetwork, |g, _| {
        g.set_proxy(ProxySetting::Direct, None).map(drop)
    }),
    (Deed::SetNetwork, |g, _| g.add_authorities("").map(drop)),
    (Deed::SetNetwork, |g, _| g.remove_authority("").map(drop)),
    (Deed::ReadLog, |g, _| g.audit_reader().map(drop)),
    (Deed::VerifyLog, |g, _| g.audit_verify().map(drop)),
    (Deed::AnchorAnew, |g, _| g.reanchor("why")),
    (Deed::SettleActs, |g, _| g.reconcile().map(drop)),
];

fn open(gatehouse: &Gatehouse, profile: &Profile, handover: Handover) -> Result<(), Problem> {
    let request = OpenRequest {
        handover,
        ..wish(BAKERY)
    };
    gatehouse.open_portal(profile, &request, &|_| ()).map(drop)
}

fn secret() -> gatehouse_core::key_store::SecretBytes {
    gatehouse_core::key_store::SecretBytes::from_slice(b"none")
}

#[test]
fn every_entry_of_the_facade_refuses_who_has_not_the_role_and_lets_pass_who_has() {
    for role in PersonRole::ALL {
        let (world, profile) = ready();
        with_roles(&world, &profile, &[role]);
        let links = world.links().len();
        for (at, (deed, attempt)) in ENTRIES.iter().enumerate() {
            let refused = attempt(&world.gatehouse, &profile).err().map(|problem| problem.code);
            let may = deed.roles().contains(&role);
            assert_eq!(
                refused == Some(ErrorCode::RoleMissing),
                !may,
                "{} (entry {at}) as {role}: {refused:?}",
                deed.word()
            );
            if *deed == Deed::RemoveProfile && may {
                world
                    .gatehouse
                    .profile(Some(&profile.name))
                    .expect_err("the administrator removed it");
                break;
            }
        }
        if role == PersonRole::Reviewer {
            assert_eq!(
                world.links().len(),
                links,
                "Klarna was never asked for one who only reads"
            );
        }
    }
    let tried: Vec<Deed> = ENTRIES.iter().map(|(deed, _)| *deed).collect();
    for deed in Deed::ALL {
        let elsewhere = matches!(deed, Deed::Look | Deed::ApprovePlan);
        assert!(tried.contains(deed) || elsewhere, "{} is tried above", deed.word());
    }
}

#[test]
fn a_refusal_names_the_role_and_who_gives_it_and_stands_in_the_log() {
    let (world, profile) = ready();
    with_roles(&world, &profile, &[PersonRole::Reviewer]);
    let refused = world.open(&profile, &wish(BAKERY)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::RoleMissing, "{refused}");
    assert!(
        refused
            .message
            .contains("needs the role operator, and you have reviewer"),
        "{refused}"
    );
    assert!(
        refused.hint.contains("Bea Colleague"),
        "who may give it is named: {refused}"
    );
    assert_eq!(world.entries(1), ["role.denied note refused"], "the log tells of it");
}

#[test]
fn who_is_no_longer_listed_sees_nothing() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    gatehouse
        .add_person(&profile, colleague(&[PersonRole::Administrator]))
        .unwrap();
    let own = gatehouse.standing(&profile).unwrap().key_id;
    gatehouse.remove_person(&profile, &own).unwrap();
    let again = world.again();
    for refused in [
        again.search(&profile, "", 0, 5).map(drop),
        again.sessions(&profile).map(drop),
        again.keys(&profile).map(drop),
        again.persons(&profile).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::RoleMissing, "not even a look");
    }
}

#[test]
fn rules_of_approval_are_kept_and_old_policies_have_the_default() {
    let (world, profile) = ready();
    let change = PolicyChange {
        approvals: vec!["bulk-grants=2:approver,administrator".into(), "token-copies=1".into()],
        ..PolicyChange::default()
    };
    let saved = world.gatehouse.save_policy(&profile, &change).unwrap();
    let rule = &saved.policy.approvals.bulk_grants;
    assert_eq!(
        (rule.approvers, rule.roles.words()),
        (2, vec!["approver", "administrator"]),
        "as it was said"
    );
    let read = world.gatehouse.profile(None).unwrap();
    assert_eq!(read.policy, saved.policy, "and kept");
    let old = r#"{"on_behalf_of":"acquirer","default_roles":["merchant:admin"],"reason_required":false,"unsigned_allowed":false,"browser":"default"}"#;
    let old = gatehouse_core::policy::Policy::from_json(old).unwrap();
    assert_eq!(
        old.approvals.bulk_revokes.approvers, 0,
        "a policy of before waits for nobody"
    );
    for bad in ["bulk-grants", "other=1", "bulk-grants=9", "bulk-grants=1:boss"] {
        let change = PolicyChange {
            approvals: vec![bad.into()],
            ..PolicyChange::default()
        };
        let problem = world.gatehouse.save_policy(&profile, &change).unwrap_err();
        assert_eq!(problem.code, ErrorCode::InputInvalid, "{bad}: {problem}");
    }
}
