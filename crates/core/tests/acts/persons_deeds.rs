//! Every entry of the facade, tried in every role and by somebody who is not listed.
//!
//! The list of entries is compared with the facade's own sources: a method that takes a profile is tried here, or excepted with a reason.

use std::collections::BTreeSet;
use std::path::Path;

use gatehouse_core::access::inventory::InventoryQuery;
use gatehouse_core::access::leavers::Leavers;
use gatehouse_core::access::ledger::Wanted;
use gatehouse_core::access::review::{LineFilter, NewReview, ReviewScope, SignOffRequest};
use gatehouse_core::access::run::RunControl;
use gatehouse_core::access::timeline::TimelineOf;
use gatehouse_core::access::{GrantRequest, RevokeRequest};
use gatehouse_core::audit_export::{ExportControl, ExportFormat, ExportWanted};
use gatehouse_core::keeping::Erasure;
use gatehouse_core::network::ProxySetting;
use gatehouse_core::person::{Deed, PersonRole, Roles};
use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::profile::at_klarna::{CredentialKind, Demand};
use gatehouse_core::profile::expiry::Teller;
use gatehouse_core::profile::{KeyRemoval, Method, Profile};
use gatehouse_core::signing_key::{CertificateUsage, TokenAddress};
use gatehouse_core::tokens::{
    ChargeToken, CreateToken, GoLive, NewToken, PaymentsAccess, PlaceLinkedOrder, ProofWanted, RevokeToken,
    StartLinking, TableControl, TokenQuery,
};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, RunChoice, SavedView, WhichRows};

use super::persons::{colleague, stricter, with_roles};
use super::world::{BAKERY, World, ready, wish};

pub type Try = fn(&Gatehouse, &Profile) -> Result<(), Problem>;

/// Methods that take a profile and are tried nowhere above, with the reason.
const EXCEPTED: &[(&str, &str)] = &[
    (
        "standing",
        "the own roles are told to whoever asks; a refusal needs them",
    ),
    ("may", "it is the question itself"),
    ("may_grant_alone", "it begins with a look, which every role may"),
    ("may_revoke_alone", "it begins with a look, which every role may"),
    ("api_address", "it says the address that the caller holds already"),
];

fn a_review() -> NewReview {
    NewReview {
        name: "autumn".into(),
        scope: ReviewScope::All,
        due: None,
    }
}

fn a_view(id: &str) -> SavedView {
    SavedView {
        id: id.into(),
        name: "refused".into(),
        query: "outcome:refused".into(),
        pinned: true,
    }
}

/// Every entry with a profile, and those over all profiles that ask for a role.
const ENTRIES: &[(Deed, Try)] = &[
    (Deed::OpenPortal, |g, p| g.warm(p)),
    (Deed::OpenPortal, |g, p| open(g, p, Handover::Drop)),
    (Deed::OpenPortal, |g, p| g.reopen_session(p, "s", &|_| ()).map(drop)),
    (Deed::ChangeKeys, |g, _| g.set_bridge_secret(&secret())),
    (Deed::CopyLink, |g, p| open(g, p, Handover::Copy)),
    (Deed::CopyLink, |g, p| open(g, p, Handover::Print)),
    (Deed::RevokeSession, |g, p| g.revoke_session(p, "s").map(drop)),
    (Deed::GrantAccess, |g, p| {
        g.grant_access(p, &GrantRequest::default()).map(drop)
    }),
    (Deed::Look, |g, p| {
        g.foresee_grant(p, &GrantRequest::default()).map(drop)
    }),
    (Deed::RevokeAccess, |g, p| {
        g.revoke_access(p, &RevokeRequest::default()).map(drop)
    }),
    (Deed::Look, |g, p| g.grants(p, &Wanted::default(), (0, 10)).map(drop)),
    (Deed::Look, |g, p| g.reviews(p).map(drop)),
    (Deed::Look, |g, p| g.next_review_due(p).map(drop)),
    (Deed::Look, |g, p| g.review(p, "none").map(drop)),
    (Deed::Look, |g, p| {
        g.review_lines(p, "none", LineFilter::All, (0, 1)).map(drop)
    }),
    (Deed::Look, |g, p| g.review_revocations(p, "none").map(drop)),
    (Deed::ReviewAccess, |g, p| g.start_review(p, &a_review()).map(drop)),
    (Deed::ReviewAccess, |g, p| {
        g.decide_review(p, "none", 1, None, None).map(drop)
    }),
    (Deed::ReviewAccess, |g, p| g.export_review_task(p, "none").map(drop)),
    (Deed::ReviewAccess, |g, p| g.import_review(p, b"").map(drop)),
    (Deed::ReviewAccess, |g, p| g.hand_in_review(p, "none").map(drop)),
    (Deed::SignReview, |g, p| {
        g.sign_off_review(p, "none", &SignOffRequest::default()).map(drop)
    }),
    (Deed::PlanAccess, |g, p| g.plan_review(p, "none").map(drop)),
    (Deed::ReviewAccess, |g, p| g.conclude_review(p, "none", false).map(drop)),
    (Deed::ReviewAccess, |g, p| g.export_review(p, "none").map(drop)),
    (Deed::PlanAccess, |g, p| g.plan_access(p, "f", b"").map(drop)),
    (Deed::PlanAccess, |g, p| g.plan_of(p, "f", &[], &[]).map(drop)),
    (Deed::PlanAccess, |g, p| g.plan_of_revocations(p, &[], "f").map(drop)),
    (Deed::PlanAccess, |g, p| g.cancel_plan(p, "none").map(drop)),
    (Deed::PlanAccess, |g, p| g.take_plan(p, b"").map(drop)),
    (Deed::PlanAccess, |g, p| g.plan_ending(p, &[], None).map(drop)),
    (Deed::PlanAccess, |g, p| g.take_in(p, "f", b"").map(drop)),
    (Deed::PlanAccess, |g, p| g.keep_approval(p, b"").map(drop)),
    (Deed::PlanAccess, |g, p| g.declare_access(p, "f", b"").map(drop)),
    (Deed::Look, |g, p| g.read_plan(p, b"").map(drop)),
    (Deed::Look, |g, p| g.plan(p, "none").map(drop)),
    (Deed::Look, |g, p| g.plans(p, 10).map(drop)),
    (Deed::Look, |g, p| g.own_approval(p, "none").map(drop)),
    (Deed::Look, |g, p| {
        g.plan_rows(p, "none", WhichRows::All, (0, 1)).map(drop)
    }),
    (Deed::ApprovePlan, |g, p| g.approve_plan(p, b"").map(drop)),
    (Deed::ApplyPlan, |g, p| {
        g.apply_plan(p, b"", &RunChoice::default(), &RunControl::default(), &|_| ())
            .map(drop)
    }),
    (Deed::Look, |g, p| {
        g.access_page(p, &InventoryQuery::default(), (0, 10)).map(drop)
    }),
    (Deed::Look, |g, p| {
        g.access_persons(p, &InventoryQuery::default(), (0, 10)).map(drop)
    }),
    (Deed::Look, |g, p| {
        g.access_merchants(p, &InventoryQuery::default(), (0, 10)).map(drop)
    }),
    (Deed::Look, |g, p| {
        g.access_of_person(p, "ann@bakery.example", 10).map(drop)
    }),
    (Deed::Look, |g, p| g.access_at_merchant(p, BAKERY, 10).map(drop)),
    (Deed::Look, |g, p| {
        g.access_timeline(p, &TimelineOf::Person("ann@bakery.example".into()), None, 10)
            .map(drop)
    }),
    (Deed::Look, |g, p| g.name_of_person(p, "0123").map(drop)),
    (Deed::Look, |g, p| {
        g.leavers_without_access(p, &Leavers::default()).map(drop)
    }),
    (Deed::Look, |g, p| g.load_inventory(p).map(drop)),
    (Deed::Look, |g, p| {
        g.foresee_revocation(p, &RevokeRequest::default()).map(drop)
    }),
    (Deed::GrantAccess, |g, p| g.ready_to_change_access(p, Deed::GrantAccess)),
    (Deed::RevokeAccess, |g, p| {
        g.ready_to_change_access(p, Deed::RevokeAccess)
    }),
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
        g.create_key_on_token(p, CertificateUsage::JwtSigning, &token(), None)
            .map(drop)
    }),
    (Deed::ChangeKeys, |g, p| g.add_hardware_module(p, Path::new("/none.so"))),
    (Deed::SetUpProfile, |g, p| g.find_token(p, "none").map(drop)),
    (Deed::SetUpProfile, |g, p| g.keys_on_token(p, &token()).map(drop)),
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
    (Deed::ChangeKeys, |g, p| {
        g.destroy_key(p, "k", KeyRemoval::default()).map(drop)
    }),
    (Deed::ChangeKeys, |g, p| g.create_api_key(p, "another").map(drop)),
    (Deed::SetUpProfile, |g, p| {
        g.rename_credential(p, CredentialKind::ApiKey, "none", "mine")
    }),
    (Deed::ChangeKeys, |g, p| {
        g.end_credential(p, CredentialKind::Certificate, "none")
    }),
    (Deed::ChangeKeys, |g, p| g.demand_certificate(p, Demand::Report)),
    (Deed::ChangeKeys, |g, p| g.declare_keys_lost(p).map(drop)),
    (Deed::ShareProfile, |g, p| g.export_profile(p).map(drop)),
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
    (Deed::SetNetwork, |g, _| g.change_proxy(ProxySetting::Direct).map(drop)),
    (Deed::SetNetwork, |g, _| g.set_proxy_sign_in(None).map(drop)),
    (Deed::SetNetwork, |g, _| g.add_authorities("").map(drop)),
    (Deed::SetNetwork, |g, _| g.add_authority_file(&[]).map(drop)),
    (Deed::SetNetwork, |g, _| g.remove_authority("").map(drop)),
    (Deed::Look, |g, p| g.profile_log(p).map(drop)),
    (Deed::Look, |g, p| g.at_klarna(p).map(drop)),
    (Deed::SetUpProfile, |g, p| g.hardware_tokens(p).map(drop)),
    (Deed::Look, |g, p| g.keys(p).map(drop)),
    (Deed::Look, |g, p| g.key_facts(p).map(drop)),
    (Deed::Look, |g, p| {
        g.judge_certificate(p, CertificateUsage::Mtls, b"").map(drop)
    }),
    (Deed::Look, |g, p| g.directory(p).map(drop)),
    (Deed::Look, |g, p| g.search(p, "a", 0, 1).map(drop)),
    (Deed::Look, |g, p| g.search_ahead(p, "a", 1, 1).map(drop)),
    (Deed::Look, |g, p| g.first_page(p, 1).map(drop)),
    (Deed::Look, |g, p| g.merchants_in_front(p, 1).map(drop)),
    (Deed::Look, |g, p| g.merchant(p, BAKERY).map(drop)),
    (Deed::Look, |g, p| g.merchant_count(p).map(drop)),
    (Deed::Look, |g, p| g.persons(p).map(drop)),
    (Deed::Look, |g, p| g.sessions(p).map(drop)),
    (Deed::Look, |g, p| g.sessions_of(p, BAKERY).map(drop)),
    (Deed::Look, |g, p| g.api_key_standing(p).map(drop)),
    (Deed::Look, |g, p| g.setup(p).map(drop)),
    (Deed::Look, |g, p| g.expiry_warnings(p).map(drop)),
    (Deed::Look, |g, p| g.take_expiry_notices_of(p, Teller::Window).map(drop)),
    (Deed::ReadLog, |g, _| g.audit_reader().map(drop)),
    (Deed::VerifyLog, |g, _| g.audit_verify().map(drop)),
    (Deed::ReadLog, |g, _| g.audit_views().map(drop)),
    (Deed::ReadLog, |g, _| g.save_audit_view(&a_view("")).map(drop)),
    (Deed::ReadLog, |g, _| g.remove_audit_view("0").map(drop)),
    (Deed::ReadLog, |g, _| g.audit_proof(1).map(drop)),
    (Deed::ExportLog, |g, _| {
        let wanted = ExportWanted {
            format: ExportFormat::JsonLines,
            query: String::new(),
            redact: true,
            archives: Vec::new(),
        };
        g.audit_export(&wanted, Path::new("/nowhere/log.jsonl"), &ExportControl::default())
            .map(drop)
    }),
    (Deed::AnchorAnew, |g, _| g.reanchor("why")),
    (Deed::ReadLog, |g, _| g.audit_day("2026-01-01").map(drop)),
    (Deed::ReadLog, |g, _| g.audit_acts("", None, 1).map(drop)),
    (Deed::ReviewLog, |g, _| g.sign_off_day("2026-01-01", None).map(drop)),
    (Deed::ReadLog, |g, _| g.audit_checkpoint().map(drop)),
    (Deed::ReadLog, |g, _| g.checkpoint_fingerprint().map(drop)),
    (Deed::ReadLog, |g, _| g.witnesses().map(drop)),
    (Deed::WitnessLog, |g, _| g.witness_question(None).map(drop)),
    (Deed::WitnessLog, |g, _| g.witness_question_from(0).map(drop)),
    (Deed::WitnessLog, |g, _| g.witness_look("").map(drop)),
    (Deed::WitnessLog, |g, _| g.witness_sign("", None).map(drop)),
    (Deed::WitnessLog, |g, _| g.witness_take("").map(drop)),
    (Deed::ReadLog, |g, _| g.audit_entry(1).map(drop)),
    (Deed::EraseLog, |g, _| {
        g.audit_erase(&Erasure::Person("nobody@example.org".into()), "why")
            .map(drop)
    }),
    (Deed::ArchiveLog, |g, _| {
        g.audit_archive("2000-01-01", Path::new("/none/archive.db"), "why")
            .map(drop)
    }),
    (Deed::BackUpLog, |g, _| {
        g.audit_backup(Path::new("/none/backup.db"), &ExportControl::default())
            .map(drop)
    }),
    (Deed::SettleActs, |g, _| g.reconcile().map(drop)),
    (Deed::SeeTokens, |g, p| g.tokens(p, &TokenQuery::default()).map(drop)),
    (Deed::SeeTokens, |g, p| g.token_counts(p).map(drop)),
    (Deed::SeeTokens, |g, p| g.token(p, "none").map(drop)),
    (Deed::SeeTokens, |g, p| g.token_story(p, "none").map(drop)),
    (Deed::FindToken, |g, p| g.find_customer_token(p, &secret()).map(drop)),
    (Deed::KeepTokens, |g, p| {
        g.add_token(p, &secret(), &NewToken::default()).map(drop)
    }),
    (Deed::CopyToken, |g, p| g.copy_token(p, "none", None).map(drop)),
    (Deed::ChangeKeys, |g, _| g.rotate_vault(&|_| ()).map(drop)),
    (Deed::CreateToken, |g, p| {
        g.create_token(p, &CreateToken::default()).map(drop)
    }),
    (Deed::SeeTokens, |g, p| g.consents(p, 10).map(drop)),
    (Deed::CheckTokens, |g, p| g.look_at_consent(p, "none").map(drop)),
    (Deed::CreateToken, |g, p| g.open_consent(p, "none").map(drop)),
    (Deed::CreateToken, |g, p| g.cancel_consent(p, "none").map(drop)),
    (Deed::ChargeToken, |g, p| g.finalise_consent(p, "none").map(drop)),
    (Deed::ChargeToken, |g, p| {
        g.charge_token(p, &ChargeToken::default()).map(drop)
    }),
    (Deed::CheckTokens, |g, p| g.check_token(p, "none").map(drop)),
    (Deed::RevokeToken, |g, p| {
        g.revoke_token(p, &RevokeToken::default()).map(drop)
    }),
    (Deed::SeeTokens, |g, p| g.foresee_token_revocation(p, "none").map(drop)),
    (Deed::ChangeKeys, |g, p| {
        g.set_payments_login(p, access(&secret())).map(drop)
    }),
    (Deed::SeeTokens, |g, p| g.payments_login(p).map(drop)),
    (Deed::SeeTokens, |g, p| g.payments_hosts(p).map(drop)),
    (Deed::KeepTokens, |g, p| {
        g.import_tokens(p, ("f", b""), &TableControl::default(), &|_| ())
            .map(drop)
    }),
    (Deed::SeeTokens, |g, p| g.examine_delivery(p, b"", &[]).map(drop)),
    (Deed::KeepTokens, |g, p| g.take_delivery(p, b"", &[]).map(drop)),
    (Deed::SeeTokens, |g, p| {
        g.examine_body(p, "", GoLive::Create, None).map(drop)
    }),
    (Deed::SeeTokens, |g, p| g.linking_terms_accepted(p).map(drop)),
    (Deed::LinkAccount, |g, p| g.accept_linking_terms(p)),
    (Deed::LinkAccount, |g, p| {
        g.start_linking(p, &StartLinking::default()).map(drop)
    }),
    (Deed::SeeTokens, |g, p| g.linking_sessions(p, 10).map(drop)),
    (Deed::SeeTokens, |g, p| g.linking_session(p, "none").map(drop)),
    (Deed::SeeTokens, |g, p| g.linking_request(p, "none").map(drop)),
    (Deed::SeeTokens, |g, p| g.token_count_of(p, "none").map(drop)),
    (Deed::LinkAccount, |g, p| g.open_linking(p, "none").map(drop)),
    (Deed::ChargeToken, |g, p| {
        let authorization = secret();
        let request = PlaceLinkedOrder {
            session: "none",
            authorization: &authorization,
        };
        g.place_linked_order(p, request).map(drop)
    }),
    (Deed::KeepTokens, |g, p| g.token_drift(p, b"", false).map(drop)),
    (Deed::CreateToken, |g, p| {
        let wanted = ProofWanted {
            merchant: "none",
            return_url: "",
        };
        g.prove_tokens(p, wanted, &|_| Ok(()), &|_| ()).map(drop)
    }),
];

fn open(g: &Gatehouse, profile: &Profile, handover: Handover) -> Result<(), Problem> {
    let request = OpenRequest {
        handover,
        ..wish(BAKERY)
    };
    g.open_portal(profile, &request, &|_| ()).map(drop)
}

fn token() -> TokenAddress {
    TokenAddress::new(Path::new("/none.so"), "none", "")
}

fn secret() -> gatehouse_core::key_store::SecretBytes {
    gatehouse_core::key_store::SecretBytes::from_slice(b"none")
}

fn access(password: &gatehouse_core::key_store::SecretBytes) -> PaymentsAccess<'_> {
    PaymentsAccess {
        region: "none",
        user: "none",
        password,
    }
}

fn entries() -> impl Iterator<Item = &'static (Deed, Try)> {
    ENTRIES
        .iter()
        .chain(super::persons_deeds_tokens::ENTRIES)
        .chain(super::persons_deeds_bridge::ENTRIES)
}

/// Leaves the own person with one role alone, or off the list; a colleague is administrator.
fn leave(world: &World, profile: &Profile, role: Option<PersonRole>) {
    with_roles(world, profile, &[role.unwrap_or(PersonRole::Administrator)]);
    if role.is_none() {
        let own = world.gatehouse.standing(profile).unwrap().key_id;
        world.gatehouse.remove_person(profile, &own).unwrap();
    }
}

#[test]
fn every_entry_of_the_facade_refuses_who_has_not_the_role_and_lets_pass_who_has() {
    for role in PersonRole::ALL.iter().copied().map(Some).chain([None]) {
        let (world, profile) = ready();
        leave(&world, &profile, role);
        let links = world.links().len();
        for (at, (deed, attempt)) in entries().enumerate() {
            let refused = attempt(&world.gatehouse, &profile).err().map(|problem| problem.code);
            let may = role.is_some_and(|role| deed.roles().contains(&role));
            assert_eq!(
                refused == Some(ErrorCode::RoleMissing),
                !may,
                "{} (entry {at}) as {role:?}: {refused:?}",
                deed.word()
            );
        }
        if role.is_none_or(|role| role == PersonRole::Reviewer) {
            assert_eq!(
                world.links().len(),
                links,
                "Klarna was never asked for one who only reads, or who is not listed"
            );
        }
    }
}

#[test]
fn every_deed_is_tried_above() {
    let tried: Vec<Deed> = entries().map(|(deed, _)| *deed).collect();
    for deed in Deed::ALL {
        let elsewhere = matches!(deed, Deed::ApprovePlan | Deed::RemoveProfile);
        assert!(tried.contains(deed) || elsewhere, "{} is tried above", deed.word());
    }
}

#[test]
fn a_profile_is_removed_by_its_administrator_alone() {
    for role in PersonRole::ALL.iter().copied().map(Some).chain([None]) {
        let (world, profile) = ready();
        leave(&world, &profile, role);
        let refused = world.gatehouse.remove_profile(&profile.name).err();
        let may = role.is_some_and(|role| Deed::RemoveProfile.roles().contains(&role));
        let refused = refused.map(|problem| problem.code);
        assert_eq!(refused, (!may).then_some(ErrorCode::RoleMissing), "as {role:?}");
        let there = world.gatehouse.profile(Some(&profile.name)).is_ok();
        assert_eq!(there, !may, "it is there as before, or gone: {role:?}");
    }
}

/// The methods of `impl Gatehouse` below the facade that take a profile, as its sources spell them.
fn of_the_facade() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/facade");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let source = std::fs::read_to_string(file.path()).unwrap();
        let (mut within, mut lines) = (false, source.lines());
        while let Some(line) = lines.next() {
            if line.starts_with("impl ") {
                within = line == "impl Gatehouse {";
            }
            let Some(rest) = line.strip_prefix("    pub fn ").filter(|_| within) else {
                continue;
            };
            let mut signature = rest.to_owned();
            while !signature.ends_with('{') {
                signature.push_str(lines.next().expect("a signature ends"));
            }
            if signature.contains("&Profile") {
                found.insert(rest.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn every_method_of_the_facade_that_takes_a_profile_is_an_entry_or_excepted() {
    let known = of_the_facade();
    assert!(
        known.len() > 50 && known.contains("open_portal") && known.contains("install_certificate"),
        "signatures of one line and of many are read: {known:?}"
    );
    let files = [
        include_str!("persons_deeds.rs"),
        include_str!("persons_deeds_tokens.rs"),
        include_str!("persons_deeds_bridge.rs"),
    ];
    let listed = files.map(|own| own.split_once("const ENTRIES").unwrap().1).concat();
    let tried = |name: &str| listed.contains(&format!("g.{name}("));
    let untried: Vec<_> = known
        .iter()
        .filter(|name| !tried(name))
        .filter(|name| !EXCEPTED.iter().any(|(excepted, _)| excepted == name))
        .collect();
    assert!(
        untried.is_empty(),
        "add to ENTRIES with its deed, or to EXCEPTED with a reason: {untried:?}"
    );
    for (name, reason) in EXCEPTED {
        assert!(known.contains(*name), "{name} is no method any more");
        assert!(!tried(name) && reason.len() > 10, "{name} is excepted for a reason");
    }
}
