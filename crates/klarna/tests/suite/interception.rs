//! TLS interception: recognised by the issuer of what was presented, cured by adding its authority, which replaces nobody.

use crate::stage::{config, context, create};
use crate::tls_stage::{Authority, Wanted, serve, tunnelling_to};
use gatehouse_klarna::{
    CallFailure, CertificateFault, CertificateProblem, Client, ClientConfig, Effect, FailureKind, ManualProxy,
    NetworkFault, ProxyChoice,
};

/// A host that is not this machine, so that the system's trust store counts; reached through a proxy on this machine.
const HOST: &str = "klarna.test";

async fn intercepted(by: &Authority) -> String {
    let wanted = Wanted {
        name: HOST,
        ..Wanted::default()
    };
    tunnelling_to(serve(by, wanted).await).await
}

fn through(proxy: &str, added: Vec<String>) -> ClientConfig {
    let mut config = config(&format!("https://{HOST}"));
    config.proxy = ProxyChoice::Manual(ManualProxy::parse(proxy, "").unwrap());
    config.extra_ca_pem = added;
    config
}

fn certificate(failure: &CallFailure) -> &CertificateFault {
    match failure.network.as_deref() {
        Some(NetworkFault::Certificate(fault)) => fault,
        other => panic!("the certificate is the cause: {other:?}"),
    }
}

#[tokio::test]
async fn interception_is_recognised_by_its_issuer() {
    let company = Authority::named("Corp Inspection CA", "Corp AB");
    let proxy = intercepted(&company).await;
    let failure = create(&Client::new(through(&proxy, Vec::new())).unwrap(), &context())
        .await
        .unwrap_err();
    assert_eq!(
        (&failure.kind, failure.effect),
        (&FailureKind::Tls, Effect::NotSent),
        "nothing has left"
    );
    let fault = certificate(&failure);
    assert_eq!(
        fault.problem,
        CertificateProblem::UnknownIssuer,
        "nobody vouches for it"
    );
    assert_eq!(
        fault.issuer.to_string(),
        "Corp Inspection CA (Corp AB)",
        "a person can tell whose it is"
    );

    let cured = Client::new(through(&proxy, vec![company.pem()])).unwrap();
    create(&cured, &context())
        .await
        .expect("with its authority added, the way is open");
}

#[tokio::test]
async fn certificate_for_another_name_is_told_apart_from_interception() {
    let authority = Authority::new();
    let wanted = Wanted {
        name: "elsewhere.test",
        ..Wanted::default()
    };
    let proxy = tunnelling_to(serve(&authority, wanted).await).await;
    let client = Client::new(through(&proxy, vec![authority.pem()])).unwrap();
    let failure = client.warm().await.unwrap_err();
    assert_eq!(
        certificate(&failure).problem,
        CertificateProblem::WrongName,
        "trusted, but not for this"
    );
}

/// Runs [`trust_with_a_given_store`] in a process whose system trusts one authority.
#[cfg(target_os = "linux")]
async fn outcome(system: &Authority, proxy: &str, added: Option<&Authority>) -> String {
    use tokio::io::AsyncWriteExt;
    let store = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(store.path(), system.pem()).unwrap();
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "interception::trust_with_a_given_store",
            "--ignored",
            "--nocapture",
        ])
        .env("SSL_CERT_FILE", store.path())
        .env_remove("SSL_CERT_DIR")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let added = added.map(Authority::pem).unwrap_or_default();
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{proxy}\n{added}").as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text.split_once("OUTCOME ").and_then(|(_, rest)| rest.lines().next());
    said.unwrap_or_else(|| panic!("the child tells its outcome: {text}"))
        .to_owned()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn added_authority_is_added_to_the_systems_and_replaces_none() {
    let (system, company, stranger) = (
        Authority::new(),
        Authority::new(),
        Authority::named("Stranger", "Nobody"),
    );
    let by_system = intercepted(&system).await;
    let by_company = intercepted(&company).await;
    let by_stranger = intercepted(&stranger).await;
    assert_eq!(outcome(&system, &by_system, None).await, "trusted", "the system's own");
    assert_eq!(
        outcome(&system, &by_system, Some(&company)).await,
        "trusted",
        "still, beside an added one"
    );
    assert_eq!(
        outcome(&system, &by_company, Some(&company)).await,
        "trusted",
        "and the added one"
    );
    assert_eq!(
        outcome(&system, &by_company, None).await,
        "An Authority (Acme Networks)",
        "not without it"
    );
    assert_eq!(
        outcome(&system, &by_stranger, Some(&company)).await,
        "Stranger (Nobody)",
        "and nobody else"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "run by added_authority_is_added_to_the_systems_and_replaces_none, in a process of its own"]
async fn trust_with_a_given_store() {
    let input = std::io::read_to_string(std::io::stdin()).unwrap();
    let (proxy, added) = input.split_once('\n').unwrap();
    let added = Some(added.to_owned()).filter(|pem| !pem.is_empty());
    gatehouse_klarna::install_crypto();
    let client = Client::new(through(proxy, added.into_iter().collect())).unwrap();
    match client.warm().await {
        Ok(_) => println!("OUTCOME trusted"),
        Err(failure) => println!("OUTCOME {}", certificate(&failure).issuer),
    }
}
