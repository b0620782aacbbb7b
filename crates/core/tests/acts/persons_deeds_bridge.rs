//! Entries of the facade about the login bridge's files; they are tried with those of [`super::persons_deeds`].

use std::path::Path;

use gatehouse_core::login_bridge::people::Entitled;
use gatehouse_core::login_bridge::{Draft, TriedClaims};
use gatehouse_core::person::Deed;

use super::login::{keep_saml_key, signing_on};
use super::persons_deeds::Try;
use super::world::{BAKERY, sign_in};

/// A bridge without an address, so that nothing is asked of the network and no browser.
fn a_bridge() -> Draft {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.toml");
    std::fs::write(&file, "[people]\nmerchants_claim = 'shops'\n").unwrap();
    Draft::open(&file).unwrap()
}

pub const ENTRIES: &[(Deed, Try)] = &[
    (Deed::OpenPortal, |g, p| {
        g.open_for_login(p, sign_in(BAKERY, None), &|_| ()).map(drop)
    }),
    (Deed::OpenPortal, |g, p| {
        g.record_sign_on(p, signing_on(BAKERY)).map(drop)
    }),
    (Deed::OpenPortal, |g, _| g.bridge_saml_keys().map(drop)),
    (Deed::ChangeKeys, |g, _| keep_saml_key(g)),
    (Deed::OpenPortal, |g, p| g.ready_for_logins(p)),
    (Deed::OpenPortal, |g, _| g.bridge_secret().map(drop)),
    (Deed::Look, |g, p| g.login_choices(p, Entitled::default()).map(drop)),
    (Deed::Look, |g, p| g.login_bridge_file(p).map(drop)),
    (Deed::EditLoginBridge, |g, p| {
        g.choose_login_bridge(p, Path::new("none")).map(drop)
    }),
    (Deed::EditLoginBridge, |g, p| g.forget_login_bridge(p)),
    (Deed::Look, |g, p| g.open_login_bridge(p).map(drop)),
    (Deed::Look, |g, p| {
        let draft = a_bridge();
        let claims = TriedClaims::read("ann@bakery.example", draft.people())?;
        g.try_login(p, &draft, &claims).map(drop)
    }),
    (Deed::Look, |g, p| g.login_merchants(p, &["none"]).map(drop)),
    (Deed::EditLoginBridge, |g, p| g.may_edit_login_bridge(p)),
    (Deed::EditLoginBridge, |g, p| {
        g.save_login_bridge(p, &a_bridge()).map(drop)
    }),
    (Deed::Look, |g, p| {
        g.look_at_login_bridge(p, a_bridge().outline()).map(drop)
    }),
    (Deed::Look, |g, p| {
        g.try_login_in_browser(p, a_bridge().outline()).map(drop)
    }),
    (Deed::Look, |g, p| g.newest_login(p, 0).map(drop)),
];
