//! A configuration tells everything that is wrong with it at once, and never shows a secret.

use std::path::Path;

use gatehouse_bridge::config::{Config, SecretRef};

const GOOD: &str = "public_url = 'https://login.acquirer.example'\nlisten = '0.0.0.0:8443'\nacquirer = 'A'\ntrusted_proxies = ['10.0.0.0/8']\n\
    [provider]\nissuer = 'https://id.acquirer.example'\nclient_id = 'bridge'\nclient_secret = { credential = 'oidc' }\n\
    [people]\nmerchants_claim = 'shops'\n";

fn flaws(text: &str) -> Vec<String> {
    let unusable = Config::parse(text, Path::new(".")).unwrap_err();
    unusable.0.into_iter().map(|flaw| flaw.place).collect()
}

#[test]
fn a_short_configuration_is_enough() {
    let config = Config::parse(GOOD, Path::new("/etc/gatehouse")).unwrap();
    assert_eq!(config.people.default_roles, ["merchant:developer"], "the least");
    assert_eq!(config.placement.word(), "redirect_query", "the likeliest");
    assert_eq!(config.provider.algorithms, ["RS256", "ES256"], "nothing symmetric");
    assert_eq!(
        config.operations.to_string(),
        "127.0.0.1:9464",
        "operators on this machine"
    );
}

#[test]
fn all_flaws_are_told_at_once() {
    let found = flaws(
        "public_url = 'http://login.acquirer.example/path'\nlisten = 'here'\nsurprise = 1\nacquirer = ''\ntrusted_proxies = ['ten']\n\
         [tls]\ncertificate = 'c.pem'\n[provider]\nissuer = 'http://id.example'\nalgorithms = ['HS256']\nclient_secret = { file = 'a', credential = 'b' }\n\
         [people]\ndefault_roles = ['no role!']\nroles.boss = ['merchant:admin']\n[klarna]\nsession_token = 'cookie'\n[limits]\nconnections = 1\nconnections_per_address = 0\n\
         [saml]\nsigned_requests = true\nacs = ['http://sp.example/acs', '/acs']\nname_id = 'name'\naudience = 'no uri'\nassertion_seconds = 1\n\
         onward_hosts = ['https://a']\nattributes.name_format = 'x'\nattributes.surprise = 1\nsurprise = 1\n",
    );
    for place in [
        "public_url",
        "listen",
        "surprise",
        "acquirer",
        "trusted_proxies",
        "tls.key",
        "provider.issuer",
        "provider.client_id",
        "provider.algorithms",
        "provider.client_secret",
        "people.default_roles",
        "people.table",
        "people.roles",
        "klarna.session_token",
        "limits.connections",
        "limits.connections_per_address",
        "saml.service_provider",
        "saml.acs",
        "saml.key",
        "saml.certificate",
        "saml.service_provider_certificate",
        "saml.name_id",
        "saml.audience",
        "saml.assertion_seconds",
        "saml.onward_hosts",
        "saml.attributes.name_format",
        "saml.attributes.surprise",
        "saml.surprise",
    ] {
        assert!(found.contains(&place.to_owned()), "{place} among {found:?}");
    }
}

#[test]
fn what_would_be_unsafe_is_refused() {
    let with = |from: &str, to: &str| flaws(&GOOD.replace(from, to));
    assert_eq!(with("trusted_proxies = ['10.0.0.0/8']\n", ""), ["tls"], "TLS by nobody");
    assert_eq!(
        with("https://login.acquirer.example", "http://login.acquirer.example"),
        ["public_url"],
        "a plain address"
    );
    assert_eq!(
        with("https://login.acquirer.example", "http://127.0.0.1:80"),
        ["public_url"],
        "a plain one for everybody"
    );
    assert_eq!(
        with("https://id.acquirer.example", "http://id.acquirer.example"),
        ["provider.issuer"],
        "a plain provider"
    );
    assert_eq!(
        with("merchants_claim = 'shops'", ""),
        ["people.table"],
        "nobody could enter"
    );
    assert_eq!(
        with(
            "acquirer = 'A'",
            "acquirer = 'A'\nkey_store_passphrase = { key_store = true }"
        ),
        ["key_store_passphrase"],
        "a key in its own box"
    );
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_shown() {
    let text = GOOD.replace("{ credential = 'oidc' }", "'hunter2-is-my-secret'");
    let unusable = Config::parse(&text, Path::new(".")).unwrap_err();
    assert!(!unusable.to_string().contains("hunter2"), "{unusable}");
    let broken = Config::parse("client_secret = 'hunter2-is-my-secret", Path::new(".")).unwrap_err();
    assert!(!broken.to_string().contains("hunter2"), "{broken}");
}

#[cfg(unix)]
#[test]
fn secrets_are_read_from_where_they_are_and_not_where_everybody_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("env");
    std::fs::write(&file, "# x\nOTHER=1\nexport OIDC = 'pass word'\n").unwrap();
    let mode = |mode: u32| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    let line = SecretRef::EnvFile {
        file: file.clone(),
        name: "OIDC".into(),
    };
    mode(0o644);
    assert!(
        line.read(None).unwrap_err().contains("everybody"),
        "a file for everybody"
    );
    mode(0o600);
    assert_eq!(
        line.read(None).unwrap().expose_str(),
        Some("pass word"),
        "a line of an environment file"
    );
    let missing = SecretRef::EnvFile {
        file: file.clone(),
        name: "NONE".into(),
    };
    assert!(
        missing.read(None).unwrap_err().contains("no such line"),
        "a line that is not there"
    );
    let credential = SecretRef::Credential("env".into());
    assert!(
        credential.read(None).unwrap_err().contains("LoadCredential"),
        "without systemd"
    );
    assert!(credential.read(Some(dir.path())).is_ok(), "with it");
    assert!(
        SecretRef::Credential("../env".into()).read(Some(dir.path())).is_err(),
        "a path is no name"
    );
}
