//! Every entry of the facade, tried in every role.

use std::path::Path;

use gatehouse_core::network::ProxySetting;
use gatehouse_core::person::{Deed, PersonRole, Roles};
use gatehouse_core::portal::{Handover, OpenRequest};
use gatehouse_core::profile::{KeyRemoval, Method, Profile};
use gatehouse_core::signing_key::{CertificateUsage, TokenAddress};
use gatehouse_core::{ErrorCode, Gatehouse, Problem};

use super::persons::{colleague, stricter, with_roles};
use super::world::{BAKERY, ready, wish};

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
    (Deed::SetNetwork, |g, _| g.change_proxy(ProxySetting::Direct).map(drop)),
    (Deed::SetNetwork, |g, _| g.set_proxy_sign_in(None).map(drop)),
    (Deed::SetNetwork, |g, _| g.add_authorities("").map(drop)),
    (Deed::SetNetwork, |g, _| g.add_authority_file(&[]).map(drop)),
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

fn token() -> TokenAddress {
    TokenAddress::new(Path::new("/none.so"), "none", "")
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
