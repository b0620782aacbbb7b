//! A selector for deleting user access always has an account and a principal.
use gatehouse_klarna::{AccessSelector, AccountKrn, Principal};

fn nothing() -> AccessSelector {
    AccessSelector::default()
}

fn account_only(account: AccountKrn) -> AccessSelector {
    AccessSelector::new(account)
}

fn principal_missing(account: AccountKrn, principal: Option<Principal>) -> AccessSelector {
    AccessSelector::new(account, principal)
}

fn main() {}
