//! Profiles, their keys and certificates, shown.
//!
//! Deliberately absent: any call to the keyring; facts of keys are kept beside their certificates.

use gatehouse_core::key_store::{KeyStoreKind, SecretBytes};
use gatehouse_core::policy::{ApprovalRule, Approvals, OnBehalfOf};
use gatehouse_core::profile::setup::{NewEndpoint, NewSandbox};
use gatehouse_core::profile::{Profile, ProfileEnvironment};
use gatehouse_core::signing_key::{CertificateUsage, CheckLine};
use gatehouse_core::{Gatehouse, KeyFacts, Problem};

use crate::shell::Shell;
use crate::shown::{guard, merchants};
use crate::views::merchants::{MerchantRow, MerchantStateView};
use crate::views::number::Millis;
use crate::views::profile::{
    ApprovalRuleView, ApprovalsView, CheckView, EnvironmentView, KeyStoreView, KeyView, ProfileRow, ProfileView,
};

/// The name of the profile that "Try the sandbox" makes.
pub const SANDBOX_NAME: &str = "sandbox";

/// Makes the sandbox profile ready; its steps are told to the window.
///
/// # Errors
/// As the core says.
pub fn make_sandbox(core: &Gatehouse, shell: &Shell) -> Result<Profile, Problem> {
    let key_store = core.settled_key_store()?.unwrap_or(KeyStoreKind::Keyring);
    core.create_sandbox(&wish(key_store), &|text| shell.setup_step(text))
}

/// Makes the sandbox profile ready with its secrets in a file that the person seals.
///
/// # Errors
/// As the core says; `input_invalid` for a passphrase that is too short.
pub fn make_sealed_sandbox(core: &Gatehouse, shell: &Shell, passphrase: SecretBytes) -> Result<Profile, Problem> {
    let wish = wish(KeyStoreKind::SealedFile);
    core.create_sealed_sandbox(&wish, passphrase, &|text| shell.setup_step(text))
}

fn wish(key_store: KeyStoreKind) -> NewSandbox {
    NewSandbox {
        name: SANDBOX_NAME.to_owned(),
        endpoint: NewEndpoint::Embedded,
        user: None,
        key_store,
    }
}

/// Makes the sandbox profile ready when there is no profile at all, for a start that asks for it.
///
/// # Errors
/// As the core says.
pub fn make_sandbox_if_new(core: &Gatehouse, shell: &Shell) -> Result<(), Problem> {
    if core.profiles()?.is_empty() {
        make_sandbox(core, shell)?;
    }
    Ok(())
}

/// A line of the profile switcher.
pub fn row(profile: &Profile) -> ProfileRow {
    ProfileRow {
        name: profile.name.clone(),
        environment: environment(profile.environment),
        account: profile.account.as_str().to_owned(),
        account_name: profile.account_name.clone(),
    }
}

/// A profile with its policy, keys and certificates.
///
/// # Errors
/// What the database says.
pub fn view(core: &Gatehouse, profile: &Profile) -> Result<ProfileView, Problem> {
    let keys = guard::or_nothing(core.key_facts(profile))?;
    let key = |usage| keys.iter().find(|facts| facts.usage == usage).map(key_view);
    let ProfileRow {
        name,
        environment,
        account,
        account_name,
    } = row(profile);
    Ok(ProfileView {
        name,
        environment,
        account,
        account_name,
        user: profile.user.as_str().to_owned(),
        api_url: core.api_address(profile),
        on_behalf_of: on_behalf_of(profile.policy.on_behalf_of).to_owned(),
        default_roles: roles(profile),
        reason_required: profile.policy.reason_required,
        unsigned_allowed: profile.policy.unsigned_allowed,
        browser: profile.policy.browser.program().unwrap_or("default").to_owned(),
        browser_apart: profile.policy.browser.apart().word().to_owned(),
        allowed_hosts: profile.allowed_hosts.clone(),
        approvals: approvals(&profile.policy.approvals),
        key_store: key_store(core.key_store_kind()?),
        signing: key(CertificateUsage::JwtSigning),
        mtls: key(CertificateUsage::Mtls),
        suggested_merchant: suggested(core, profile)?,
    })
}

fn approvals(rules: &Approvals) -> ApprovalsView {
    let rule = |rule: &ApprovalRule| ApprovalRuleView {
        approvers: rule.approvers,
        roles: rule.roles.words().into_iter().map(Into::into).collect(),
        over: rule.over,
    };
    ApprovalsView {
        bulk_grants: rule(&rules.bulk_grants),
        bulk_revokes: rule(&rules.bulk_revokes),
        token_copies: rule(&rules.token_copies),
        admin_on_live: rule(&rules.admin_on_live),
    }
}

fn roles(profile: &Profile) -> Vec<String> {
    let roles = profile.policy.default_roles.iter();
    roles.map(|role| role.as_str().to_owned()).collect()
}

/// The merchant that a fresh sandbox has pinned, as long as no portal was opened.
fn suggested(core: &Gatehouse, profile: &Profile) -> Result<Option<MerchantRow>, Problem> {
    let front = guard::or_nothing(core.merchants_in_front(profile, 50))?;
    let rows: Vec<MerchantRow> = front.into_iter().map(merchants::hit).collect();
    let fresh = rows.iter().all(|row| row.opened_at.is_none());
    let closed = [MerchantStateView::Disabled, MerchantStateView::PartiallyOperational];
    Ok(rows
        .into_iter()
        .find(|row| fresh && row.pinned && !closed.contains(&row.state)))
}

/// A key in use with its certificate.
pub(crate) fn key_view(facts: &KeyFacts) -> KeyView {
    let certificate = &facts.certificate;
    KeyView {
        usage: facts.usage.as_str().to_owned(),
        key_id: facts.key_id.clone(),
        store: facts.store.as_str().to_owned(),
        subject_cn: certificate.subject_cn.clone().unwrap_or_default(),
        issuer: certificate.issuer.clone(),
        serial: certificate.serial_hex.clone(),
        sha256: certificate.sha256_hex.clone(),
        not_before: Millis(certificate.not_before_unix_s.saturating_mul(1000)),
        not_after: Millis(certificate.not_after_unix_s.saturating_mul(1000)),
        days_left: i32::try_from(facts.days_left).unwrap_or(i32::MAX),
        checks: facts.checks.iter().map(check_view).collect(),
    }
}

/// One line of a certificate's checks.
pub(crate) fn check_view(line: &CheckLine) -> CheckView {
    CheckView {
        name: line.check.as_str().to_owned(),
        passed: line.passed,
        detail: line.detail.clone(),
    }
}

/// Which Klarna.
pub(crate) fn environment(environment: ProfileEnvironment) -> EnvironmentView {
    match environment {
        ProfileEnvironment::Live => EnvironmentView::Live,
        ProfileEnvironment::Test => EnvironmentView::Test,
        ProfileEnvironment::Sandbox => EnvironmentView::Sandbox,
    }
}

fn on_behalf_of(choice: OnBehalfOf) -> &'static str {
    match choice {
        OnBehalfOf::Acquirer => "acquirer",
        OnBehalfOf::Merchant => "merchant",
    }
}

/// Where secrets are kept.
pub(crate) fn key_store(kind: KeyStoreKind) -> KeyStoreView {
    match kind {
        KeyStoreKind::SealedFile => KeyStoreView::File,
        KeyStoreKind::Keyring | KeyStoreKind::Memory => KeyStoreView::Keyring,
    }
}
