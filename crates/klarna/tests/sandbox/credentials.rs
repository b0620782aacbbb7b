//! Keys and certificates: issued, used in the handshake, listed, revoked.

use crate::stage::{Stage, context, merchant, open};
use gatehouse_klarna::{
    ApiKey, ApiKeyForm, CLEAR_ENFORCEMENT_SUBJECT, Call, CertificateUsage, Client, CredentialId, Effect, EnforcedFrom,
    EnforcementMode, FailureKind, IpStatus, KeyPem, MtlsIdentity, MtlsStatus, Permit,
};
use gatehouse_sandbox::system_time;
use uuid::Uuid;

async fn mtls_identity(stage: &Stage) -> MtlsIdentity {
    let (key, issued) = stage.enrol(&stage.https(None), CertificateUsage::Mtls).await;
    MtlsIdentity {
        key_pem: KeyPem::new(key.serialize_pem().into()),
        chain_pem: issued.certificate_pem,
    }
}

#[tokio::test]
async fn client_certificate_is_presented_in_the_handshake() {
    let stage = Stage::new().await;
    let without = stage.https(None).read_account(&merchant(0), &context()).await.unwrap();
    assert_eq!(
        without.meta.mtls_status,
        Some(MtlsStatus::NotPresent),
        "none is presented"
    );
    let identity = mtls_identity(&stage).await;
    let with = stage
        .https(Some(identity))
        .read_account(&merchant(0), &context())
        .await
        .unwrap();
    assert_eq!(
        with.meta.mtls_status,
        Some(MtlsStatus::Valid),
        "possession of the key is proven, extension or not"
    );
}

#[tokio::test]
async fn enforced_mtls_turns_away_who_has_none() {
    let stage = Stage::new().await;
    let identity = mtls_identity(&stage).await;
    let enforced = serde_json::json!({ "mtls.mode": "enforced" });
    stage.control(reqwest::Method::PUT, "settings", enforced).await;
    let failure = stage
        .https(None)
        .read_account(&merchant(0), &context())
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::ForbiddenNoBody, Effect::Refused),
        "403 without a body"
    );
    let client = stage.https(Some(identity));
    client
        .read_account(&merchant(0), &context())
        .await
        .expect("with a certificate the door is open");
}

#[tokio::test]
async fn revoked_signing_certificate_opens_nothing() {
    let stage = Stage::new().await;
    let client = stage.https(None);
    let signer = stage.signer(&client).await;
    open(&client, &stage.claims(&merchant(0)), &signer)
        .await
        .expect("at first it does");
    let listed = client.list_client_certificates(&context()).await.unwrap().value;
    let ids: Vec<&CredentialId> = listed.iter().filter_map(|line| line.credential_id.as_ref()).collect();
    let [id] = ids.as_slice() else {
        panic!("one certificate was issued: {listed:?}")
    };
    assert_eq!(
        listed[0].description.as_deref(),
        Some("test, pool A"),
        "its description is listed"
    );

    let permit = Permit::mint(Call::RenameCertificate, id.as_str());
    client
        .rename_client_certificate(permit, id, "pool B", &context())
        .await
        .unwrap();
    let now = system_time()() / 1000;
    let permit = Permit::mint(Call::RevokeCertificate, id.as_str());
    client
        .revoke_client_certificate(permit, id, now, &context())
        .await
        .unwrap();
    let failure = open(&client, &stage.claims(&merchant(0)), &signer).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Forbidden, Effect::Refused),
        "now it does not"
    );
}

#[tokio::test]
async fn another_api_key_works_in_every_form_and_a_wrong_one_does_not() {
    let stage = Stage::new().await;
    let permit = Permit::mint(Call::CreateApiKey, "laptop 7");
    let made = stage
        .http()
        .create_api_key(permit, "laptop 7", &context())
        .await
        .unwrap()
        .value;
    let reads = async |key: ApiKey, form| {
        let mut config = stage.config(&stage.running.address.http);
        (config.api_key, config.api_key_form) = (key, form);
        let client = Client::new(config).unwrap();
        client.read_account(&merchant(0), &context()).await
    };
    reads(made.api_key.clone(), ApiKeyForm::Raw).await.expect("as it is");
    reads(made.api_key.clone(), ApiKeyForm::BasicEmptyUser)
        .await
        .expect("with an empty user");
    let uuid = made
        .credential_id
        .as_str()
        .rsplit(':')
        .next()
        .and_then(|last| Uuid::parse_str(last).ok());
    reads(made.api_key, ApiKeyForm::BasicUuid(uuid.unwrap_or_default()))
        .await
        .expect("with its id as user");
    let wrong = ApiKey::parse("klarna_test_api_wrong".into()).unwrap();
    let failure = reads(wrong, ApiKeyForm::Raw).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.effect),
        (FailureKind::Unauthorized, Effect::Refused),
        "a wrong key"
    );
}

#[tokio::test]
async fn enforcement_of_the_account_is_set_ahead_and_taken_back() {
    let stage = Stage::new().await;
    let identity = mtls_identity(&stage).await;
    let (with, without) = (stage.https(Some(identity)), stage.https(None));
    let mode = async || with.read_mtls_enforcement(&context()).await.unwrap().value;
    assert_eq!(mode().await.mode, EnforcementMode::Reporting, "at first it is reported");
    let now = system_time()() / 1000;
    let soon = EnforcedFrom::at(now + 3_600, now).unwrap();
    let permit = Permit::mint(Call::EnforceMtls, soon.as_str());
    with.enforce_mtls(permit, &soon, &context()).await.unwrap();
    let ahead = mode().await;
    assert_eq!(
        (ahead.mode, ahead.enforced_from_unix_s),
        (EnforcementMode::Reporting, Some(now + 3_600)),
        "the moment is told"
    );
    let advance = serde_json::json!({ "advance_s": 3_601 });
    stage.control(reqwest::Method::PUT, "clock", advance).await;
    assert_eq!(mode().await.mode, EnforcementMode::Enforced, "the moment has come");
    let refused = without.read_mtls_enforcement(&context()).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::ForbiddenNoBody, "no certificate, no answer");
    for variant in ["204", "200_body"] {
        let setting = serde_json::json!({ "mtls.clear_answer": variant });
        stage.control(reqwest::Method::PUT, "settings", setting).await;
        let permit = Permit::mint(Call::StopEnforcingMtls, CLEAR_ENFORCEMENT_SUBJECT);
        with.stop_enforcing_mtls(permit, &context()).await.unwrap();
        assert_eq!(mode().await.mode, EnforcementMode::Reporting, "{variant}: taken back");
    }
}

#[tokio::test]
async fn api_key_is_listed_renamed_and_disabled_for_good() {
    let stage = Stage::new().await;
    let client = stage.http();
    let permit = Permit::mint(Call::CreateApiKey, "laptop 7");
    let made = client
        .create_api_key(permit, "laptop 7", &context())
        .await
        .unwrap()
        .value;
    let id = made.credential_id;
    let permit = Permit::mint(Call::RenameApiKey, id.as_str());
    client
        .rename_api_key(permit, &id, "laptop 8", &context())
        .await
        .unwrap();
    let read = client.read_api_key(&id, &context()).await.unwrap().value;
    assert_eq!(read.description.as_deref(), Some("laptop 8"), "renamed");
    assert!(read.created_unix_s.is_some(), "with the moment of its making");

    let permit = Permit::mint(Call::DisableApiKey, id.as_str());
    client.disable_api_key(permit, &id, &context()).await.unwrap();
    let listed = client.list_api_keys(&context()).await.unwrap().value;
    let states: Vec<_> = listed.iter().map(|line| line.state.as_deref()).collect();
    assert_eq!(listed.len(), 2, "the first key and this one");
    assert!(states.contains(&Some("DISABLED")), "it stays in the list: {states:?}");
    let mut config = stage.config(&stage.running.address.http);
    config.api_key = made.api_key;
    let refused = Client::new(config)
        .unwrap()
        .list_api_keys(&context())
        .await
        .unwrap_err();
    assert_eq!(refused.kind, FailureKind::Unauthorized, "it opens nothing any more");
}

#[tokio::test]
async fn certificate_revoked_from_a_later_day_works_until_then() {
    let stage = Stage::new().await;
    let (key, issued) = stage.enrol(&stage.https(None), CertificateUsage::Mtls).await;
    let identity = MtlsIdentity {
        key_pem: KeyPem::new(key.serialize_pem().into()),
        chain_pem: issued.certificate_pem,
    };
    let client = stage.https(Some(identity));
    let later = system_time()() / 1000 + 86_400;
    let permit = Permit::mint(Call::RevokeCertificate, issued.credential_id.as_str());
    client
        .revoke_client_certificate(permit, &issued.credential_id, later, &context())
        .await
        .unwrap();
    let read = async || {
        client
            .read_client_certificate(&issued.credential_id, &context())
            .await
            .unwrap()
    };
    let before = read().await;
    assert_eq!(
        (before.value.revoked_from_unix_s, before.meta.mtls_status),
        (Some(later), Some(MtlsStatus::Valid)),
        "until then it is good"
    );
    assert_eq!(before.value.usage.as_deref(), Some("MTLS"), "what it is for");
    let advance = serde_json::json!({ "advance_s": 86_401 });
    stage.control(reqwest::Method::PUT, "clock", advance).await;
    assert_eq!(
        read().await.meta.mtls_status,
        Some(MtlsStatus::Invalid),
        "from then on it is not"
    );
}

#[tokio::test]
async fn ip_restrictions_are_read_with_what_klarna_thinks_of_us() {
    let stage = Stage::new().await;
    let client = stage.http();
    let off = client.read_ip_restrictions(&context()).await.unwrap();
    assert_eq!(
        (off.value.mode.as_deref(), off.meta.ip_status),
        (Some("NOT_ENABLED"), None),
        "nobody restricts"
    );
    let settings = serde_json::json!({ "ip.mode": "reporting", "ip.allowed": "198.51.100.0/24 ::1" });
    stage.control(reqwest::Method::PUT, "settings", settings).await;
    let on = client.read_ip_restrictions(&context()).await.unwrap();
    assert_eq!(on.value.allowed, ["198.51.100.0/24", "::1"], "the ranges");
    assert_eq!(on.meta.ip_status, Some(IpStatus::Denied), "we are in none of them");
}
