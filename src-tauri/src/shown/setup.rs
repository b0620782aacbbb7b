//! Set-up, shown: where it stands, how a profile is begun, what a step came to.
//!
//! Every step answers the whole set-up, so that the window never guesses what comes next. Deliberately absent: secrets.

use gatehouse_core::documentation::KlarnaPage;
use gatehouse_core::key_store::{KeyStoreKind, SecretBytes};
use gatehouse_core::profile::api_key::ApiKeyProof;
use gatehouse_core::profile::setup::{NewEndpoint, NewProfile, NewSandbox};
use gatehouse_core::profile::steps::{SetupStep, Step, StepState};
use gatehouse_core::profile::{Method, Profile, ProfileEnvironment};
use gatehouse_core::{Gatehouse, Problem};

use crate::argument::Text;
use crate::shown::profile;
use crate::views::profile::EnvironmentView;
use crate::views::setup::{
    ApiKeyProofView, ApiKeyTaken, BeginRequest, FirstCallView, MethodName, MethodView, PageName, PageView, SetupView,
    StepName, StepStanding, StepView,
};

/// The ways into the portal, the recommended first.
pub fn methods() -> Vec<MethodView> {
    let view = |method: Method| MethodView {
        method: method_name(method),
        title: method.title().to_owned(),
        fits: method.fits().to_owned(),
        agree: method.agree().to_owned(),
        pages: method.pages().iter().copied().map(page_view).collect(),
        on_this_computer: method.on_this_computer(),
    };
    Method::ALL.into_iter().map(view).collect()
}

/// A page as the core names it.
pub fn page(name: PageName) -> KlarnaPage {
    match name {
        PageName::DeepLink => KlarnaPage::DeepLink,
        PageName::Alternatives => KlarnaPage::Alternatives,
        PageName::Overview => KlarnaPage::Overview,
        PageName::GrantAccess => KlarnaPage::GrantAccess,
        PageName::Mtls => KlarnaPage::Mtls,
        PageName::ApiCredentials => KlarnaPage::ApiCredentials,
    }
}

fn page_view(page: KlarnaPage) -> PageView {
    let name = match page {
        KlarnaPage::DeepLink => PageName::DeepLink,
        KlarnaPage::Alternatives => PageName::Alternatives,
        KlarnaPage::Overview => PageName::Overview,
        KlarnaPage::GrantAccess => PageName::GrantAccess,
        KlarnaPage::Mtls => PageName::Mtls,
        KlarnaPage::ApiCredentials => PageName::ApiCredentials,
    };
    PageView {
        page: name,
        title: page.title().to_owned(),
    }
}

/// A profile's set-up as it stands now.
///
/// # Errors
/// As the core says.
pub fn named(core: &Gatehouse, name: &str) -> Result<SetupView, Problem> {
    view(core, &core.profile(Some(name))?)
}

/// The set-up of a profile.
///
/// # Errors
/// As the core says.
pub fn view(core: &Gatehouse, of: &Profile) -> Result<SetupView, Problem> {
    let setup = core.setup(of)?;
    Ok(SetupView {
        profile: profile::row(of),
        user: of.user.as_str().to_owned(),
        api_url: core.api_address(of),
        unusual_address: setup.unusual_address,
        proxy: of.proxy.text().to_owned(),
        method: of.method.map(method_name),
        key_store: profile::key_store(core.key_store_kind()?),
        active: core.active()?.is_some_and(|active| active.id == of.id),
        steps: setup.steps.into_iter().map(step).collect(),
        next: setup.next.map(step_name),
        ready: setup.ready,
    })
}

/// Begins a profile as the window wishes.
///
/// # Errors
/// As the core says; nothing is stored then.
pub fn begin(core: &Gatehouse, wish: BeginRequest) -> Result<SetupView, Problem> {
    begin_in(core, wish, key_store(core)?)
}

/// The same with its secrets in a file that the person seals.
///
/// # Errors
/// As the core says; `input_invalid` for a passphrase that is too short.
pub fn begin_sealed(core: &Gatehouse, wish: BeginRequest, passphrase: SecretBytes) -> Result<SetupView, Problem> {
    core.begin_sealed(passphrase, |kind| begin_in(core, wish, kind))
}

fn begin_in(core: &Gatehouse, wish: BeginRequest, kind: KeyStoreKind) -> Result<SetupView, Problem> {
    let method = method(wish.method);
    let proxy = wish.proxy.as_ref().map(|proxy| proxy.as_str().to_owned());
    let begun = match wish.environment {
        EnvironmentView::Live => core.begin_profile(&new_profile(wish, ProfileEnvironment::Live, kind))?,
        EnvironmentView::Test => core.begin_profile(&new_profile(wish, ProfileEnvironment::Test, kind))?,
        EnvironmentView::Sandbox => core.begin_sandbox(&new_sandbox(wish, kind))?,
    };
    let mut begun = core.choose_method(&begun, method)?;
    if let Some(proxy) = proxy.filter(|_| begun.environment == ProfileEnvironment::Sandbox) {
        begun = core.choose_proxy(&begun, &proxy)?;
    }
    view(core, &begun)
}

fn new_profile(wish: BeginRequest, environment: ProfileEnvironment, key_store: KeyStoreKind) -> NewProfile {
    NewProfile {
        method: Some(method(wish.method)),
        name: wish.name.into_string(),
        environment,
        account: wish.account.into_string(),
        user: wish.user.into_string(),
        api_url: wish.api_url.map(Text::into_string),
        trusted_host: wish.trusted_host.map(Text::into_string),
        ca_pem: wish.ca_pem.map(Text::into_string),
        proxy: wish.proxy.map(Text::into_string),
        key_store,
    }
}

fn new_sandbox(wish: BeginRequest, key_store: KeyStoreKind) -> NewSandbox {
    let endpoint = match wish.api_url {
        None => NewEndpoint::Embedded,
        Some(url) => NewEndpoint::Url {
            url: url.into_string(),
            account: wish.account.into_string(),
            api_key: SecretBytes::new(Vec::new()),
            ca_pem: wish.ca_pem.map(Text::into_string),
        },
    };
    NewSandbox {
        name: wish.name.into_string(),
        endpoint,
        user: Some(wish.user.into_string()),
        key_store,
    }
}

/// Where a new profile's secrets go: where the data directory keeps them already, and else the system's keyring.
pub(crate) fn key_store(core: &Gatehouse) -> Result<KeyStoreKind, Problem> {
    Ok(core.settled_key_store()?.unwrap_or(KeyStoreKind::Keyring))
}

/// Takes the API key of a profile.
///
/// # Errors
/// As the core says; the key is in no error.
pub fn take_api_key(core: &Gatehouse, name: &str, key: &SecretBytes) -> Result<ApiKeyTaken, Problem> {
    let of = core.profile(Some(name))?;
    let (proof, problem) = match core.set_api_key(&of, key)? {
        ApiKeyProof::Proved => (ApiKeyProofView::Proved, None),
        ApiKeyProof::AfterMtls => (ApiKeyProofView::AfterMtls, None),
        ApiKeyProof::NotAsked(problem) => (ApiKeyProofView::NotAsked, Some(problem.into())),
    };
    let setup = view(core, &of)?;
    Ok(ApiKeyTaken { proof, problem, setup })
}

/// Makes the first call of a profile.
///
/// # Errors
/// As the core says.
pub fn first_call(core: &Gatehouse, name: &str) -> Result<FirstCallView, Problem> {
    let of = core.profile(Some(name))?;
    let shown = core.first_call(&of)?;
    Ok(FirstCallView {
        http: shown.http,
        mtls: shown.mtls,
        ip: shown.ip,
        setup: view(core, &of)?,
    })
}

/// A method as the core names it.
pub fn method(name: MethodName) -> Method {
    match name {
        MethodName::DeepLink => Method::DeepLink,
        MethodName::Button => Method::Button,
        MethodName::UserAccess => Method::UserAccess,
        MethodName::Saml => Method::Saml,
    }
}

fn method_name(method: Method) -> MethodName {
    match method {
        Method::DeepLink => MethodName::DeepLink,
        Method::Button => MethodName::Button,
        Method::UserAccess => MethodName::UserAccess,
        Method::Saml => MethodName::Saml,
    }
}

fn step(step: SetupStep) -> StepView {
    StepView {
        step: step_name(step.step),
        state: match step.state {
            StepState::Done => StepStanding::Done,
            StepState::Ready => StepStanding::Ready,
            StepState::Waiting => StepStanding::Waiting,
            StepState::Blocked => StepStanding::Blocked,
            StepState::Failed => StepStanding::Failed,
        },
        detail: step.detail,
        hint: step.hint.for_app().to_owned(),
    }
}

fn step_name(step: Step) -> StepName {
    match step {
        Step::Method => StepName::Method,
        Step::ApiKey => StepName::ApiKey,
        Step::MtlsKey => StepName::MtlsKey,
        Step::MtlsRequest => StepName::MtlsRequest,
        Step::MtlsCertificate => StepName::MtlsCertificate,
        Step::SigningKey => StepName::SigningKey,
        Step::SigningRequest => StepName::SigningRequest,
        Step::SigningCertificate => StepName::SigningCertificate,
        Step::DrySignature => StepName::DrySignature,
        Step::FirstCall => StepName::FirstCall,
        Step::Merchants => StepName::Merchants,
    }
}
