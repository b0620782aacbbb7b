//! The steps are computed from facts; a draft is a profile like any other.

use gatehouse_core::ErrorCode;
use gatehouse_core::problem::Hint;
use gatehouse_core::profile::Method;
use gatehouse_core::profile::steps::{SetupStep, Step, StepState, is_ready, next};
use gatehouse_core::signing_key::CertificateUsage;

use super::place::{Place, secret, wish};

#[test]
fn a_draft_is_listed_resumed_and_removed() {
    let place = Place::new();
    let profile = place.begun();
    assert_eq!(
        place.gatehouse.profiles().unwrap(),
        std::slice::from_ref(&profile),
        "it is listed from its first step on"
    );
    let setup = place.gatehouse.setup(&profile).unwrap();
    assert_eq!(
        (setup.ready, setup.next),
        (false, Some(Step::Method)),
        "it says where to go on"
    );
    let order: Vec<Step> = setup.steps.iter().map(|step| step.step).collect();
    assert_eq!(order, Step::ALL, "every step is there");
    place.gatehouse.choose_method(&profile, Method::Button).unwrap();
    place.gatehouse.create_key(&profile, CertificateUsage::Mtls).unwrap();
    let again = place.with_keys(&place.keys);
    let resumed = again.profile(None).unwrap();
    assert_eq!(
        again.setup(&resumed).unwrap().next,
        Some(Step::ApiKey),
        "another process goes on there"
    );
    assert_eq!(resumed.method, Some(Method::Button), "and knows what was chosen");
    again.remove_profile("acme").unwrap();
    assert!(again.profiles().unwrap().is_empty(), "it can be given up");
    again.begin_profile(&wish()).expect("and begun anew");
}

#[test]
fn steps_are_blocked_by_what_they_need() {
    let place = Place::new();
    let profile = place.begun();
    let states = |steps: &[Step]| -> Vec<StepState> { steps.iter().map(|step| place.state(&profile, *step)).collect() };
    let mtls = [Step::MtlsKey, Step::MtlsRequest, Step::MtlsCertificate];
    use StepState::{Blocked, Done, Ready, Waiting};
    assert_eq!(states(&mtls), [Ready, Blocked, Blocked], "first the key");
    place.gatehouse.create_key(&profile, CertificateUsage::Mtls).unwrap();
    assert_eq!(states(&mtls), [Done, Ready, Blocked], "then the request");
    let first = place
        .gatehouse
        .signing_request(&profile, CertificateUsage::Mtls)
        .unwrap();
    assert_eq!(states(&mtls), [Done, Done, Waiting], "then it is Klarna's move");
    let second = place
        .gatehouse
        .signing_request(&profile, CertificateUsage::Mtls)
        .unwrap();
    assert_eq!(first, second, "the request stays the same");
    assert_eq!(
        states(&[Step::DrySignature, Step::FirstCall]),
        [Blocked, Blocked],
        "the proofs need both"
    );
}

#[test]
fn a_key_of_the_other_environment_leaves_the_step_failed_and_says_why() {
    let place = Place::new();
    let profile = place.begun();
    let problem = place
        .gatehouse
        .set_api_key(&profile, &secret("klarna_live_api_c4nary"))
        .unwrap_err();
    assert_eq!(problem.code, ErrorCode::EnvironmentMixed, "{problem}");
    let setup = place.gatehouse.setup(&profile).unwrap();
    let step = setup.steps.iter().find(|step| step.step == Step::ApiKey).unwrap();
    assert_eq!(
        (step.state, step.detail.as_str()),
        (StepState::Failed, problem.message.as_str()),
        "it is kept"
    );
    assert!(!format!("{setup:?}{problem:?}").contains("c4nary"), "the key is not");
    assert_eq!(
        place.kinds().last().map(String::as_str),
        Some("profile.create"),
        "nothing was recorded as done"
    );
}

#[test]
fn a_failed_step_keeps_what_to_do_in_the_words_of_command_line_and_window() {
    let place = Place::new();
    let profile = place.begun();
    let problem = place
        .gatehouse
        .signing_request(&profile, CertificateUsage::Mtls)
        .unwrap_err();
    place.gatehouse.create_key(&profile, CertificateUsage::Mtls).unwrap();
    let setup = place.gatehouse.setup(&profile).unwrap();
    let step = setup.steps.iter().find(|step| step.step == Step::MtlsRequest).unwrap();
    assert_eq!(step.state, StepState::Failed, "it failed before the key was there");
    assert_eq!(step.hint, problem.both_hints(), "both wordings were kept");
    assert!(
        step.hint.text.contains("`gatehouse key create") && !step.hint.for_app().contains('`'),
        "each in its own words: {step:?}"
    );
}

#[test]
fn ready_means_that_acts_can_be_done() {
    let step = |step, state| SetupStep {
        step,
        state,
        detail: String::new(),
        hint: Hint::default(),
    };
    let all = |state: StepState| Step::ALL.into_iter().map(|one| step(one, state)).collect::<Vec<_>>();
    assert!(is_ready(&all(StepState::Done)), "all is done");
    assert!(!is_ready(&[]), "no steps are not a set-up");
    for missing in [Step::ApiKey, Step::MtlsCertificate, Step::SigningCertificate] {
        let mut steps = all(StepState::Done);
        steps
            .iter_mut()
            .filter(|step| step.step == missing)
            .for_each(|step| step.state = StepState::Failed);
        assert!(!is_ready(&steps), "nothing goes without {missing:?}");
        assert_eq!(
            next(&steps).map(|step| step.step),
            Some(missing),
            "which is what comes next"
        );
    }
    let mut steps = all(StepState::Done);
    steps[0].state = StepState::Waiting;
    steps[10].state = StepState::Ready;
    assert_eq!(
        next(&steps).map(|step| step.step),
        Some(Step::Merchants),
        "what can be done comes before what waits"
    );
}

#[test]
fn hosts_and_proxy_are_checked_kept_and_recorded() {
    let place = Place::new();
    let profile = place.begun();
    let rules = |rules: &[&str]| rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>();
    let refused = place.gatehouse.choose_hosts(&profile, &rules(&["*.com"])).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputInvalid, "{refused}");
    let changed = place
        .gatehouse
        .choose_hosts(&profile, &rules(&["portal.klarna.com"]))
        .unwrap();
    let changed = place
        .gatehouse
        .choose_proxy(&changed, "http://proxy.example:3128")
        .unwrap();
    assert_eq!(place.gatehouse.profile(None).unwrap(), changed, "it is kept");
    assert_eq!(changed.allowed_hosts, ["portal.klarna.com"], "as it was said");
    assert_eq!(
        place.kinds().split_off(2),
        ["policy.change", "policy.change"],
        "each change stands in the log"
    );
}
