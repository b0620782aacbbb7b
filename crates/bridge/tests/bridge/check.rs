//! `check` tells everything that is wrong at once: in the text, in the files that it names, in the data directory.

use std::path::{Path, PathBuf};

use gatehouse_core::data_dir::private_file;
use tempfile::TempDir;

use crate::program::{run, run_with};

/// A folder for a configuration.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) -> PathBuf {
        let file = self.file(name);
        std::fs::write(&file, text).unwrap();
        private_file(&file).unwrap();
        file
    }

    /// An RSA certificate that ended years ago, and its key in a file beside it.
    fn put_old_pair(&self, certificate: &str, key: &str) {
        let made = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
        let mut params = rcgen::CertificateParams::new(vec!["login.acquirer.example".into()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 2, 3);
        self.put(certificate, &params.self_signed(&made).unwrap().pem());
        self.put(key, &made.serialize_pem());
    }
}

const START: &str = "public_url = 'https://login.acquirer.example'\nlisten = '127.0.0.1:0'\noperations_listen = '127.0.0.1:0'\nacquirer = 'A'\n";
const SAML: &str = "[saml]\nservice_provider = 'https://sp.example/saml'\nacs = ['https://sp.example/saml/acs']\n";

/// The places of what is wrong, in the order they are told; what belongs to a place stands indented below it, and before all of it the log.
fn places(said: &str) -> Vec<&str> {
    let (_, told) = said
        .split_once("The configuration cannot be used:\n")
        .unwrap_or_default();
    let lines = told.lines().filter(|line| !line.starts_with(' '));
    lines.filter_map(|line| line.split(' ').next()).collect()
}

fn tells(config: &Path, expected: &[&str]) -> String {
    let (code, said) = run("check", config, &[]);
    let mut found = places(&said);
    found.sort_unstable();
    let mut expected = expected.to_vec();
    expected.sort_unstable();
    assert_eq!(found, expected, "each of them once, and nothing else: {said}");
    assert_eq!(code, 2, "a configuration that cannot be used: {said}");
    said
}

#[test]
fn a_flaw_in_each_part_is_told_in_one_look() {
    let folder = Folder::new();
    folder.put_old_pair("old.pem", "old.key");
    folder.put("people.csv", "email,merchant,roles\nnobody,SE-1,\nana@x.example,,\n");
    let config = folder.put(
        "bridge.toml",
        &format!(
            "{START}surprise = 1\ndata_dir = 'data'\nkey_store_passphrase = {{ file = 'no-passphrase' }}\n\
             postgres = {{ file = 'no-postgres' }}\nreplica = 'one'\n\
             [tls]\ncertificate = 'old.pem'\nkey = {{ file = 'no-tls-key' }}\n\
             [provider]\nissuer = 'https://id.acquirer.example'\nclient_id = 'bridge'\nclient_secret = {{ file = 'no-secret' }}\n\
             ca = 'no-ca.pem'\n[people]\ntable = 'people.csv'\nemail_claim = 'upn'\n[limits]\nconnections = 1\n\
             {SAML}certificate = 'old.pem'\nkey = {{ file = 'no-saml-key' }}\nnext_certificate = 'no-next.pem'\n\
             service_provider_certificate = 'no-service.pem'\nassertion_seconds = 1\n"
        ),
    );
    let said = tells(
        &config,
        &[
            "surprise",
            "limits.connections",
            "people.require_verified_email",
            "saml.assertion_seconds",
            "key_store_passphrase",
            "postgres",
            "tls.certificate",
            "tls.key",
            "provider.client_secret",
            "provider.ca",
            "people.table",
            "saml.certificate",
            "saml.next_certificate",
            "saml.service_provider_certificate",
            "saml.key",
        ],
    );
    assert_eq!(
        said.matches("ended on 2020-02-03").count(),
        2,
        "both certificates are over: {said}"
    );
    assert!(
        said.contains("\n  line 2: ") && said.contains("\n  line 3: "),
        "each row: {said}"
    );
    assert!(!folder.file("data").exists(), "and nothing was made");
}

#[test]
fn what_the_data_directory_lacks_is_told_beside_the_rest() {
    let folder = Folder::new();
    std::fs::create_dir(folder.file("data")).unwrap();
    folder.put("passphrase", "the sea is wide and cold");
    let made = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let params = rcgen::CertificateParams::new(vec!["login.acquirer.example".into()]).unwrap();
    folder.put("saml.pem", &params.self_signed(&made).unwrap().pem());
    let config = folder.put(
        "bridge.toml",
        &format!(
            "{START}data_dir = 'data'\nkey_store_passphrase = {{ file = 'passphrase' }}\ntrusted_proxies = ['ten']\n\
             postgres = {{ file = 'no-postgres' }}\nreplica = 'one'\n\
             [provider]\nissuer = 'https://id.acquirer.example'\nclient_id = 'bridge'\nclient_secret = {{ key_store = true }}\n\
             [people]\nmerchants_claim = 'shops'\n{SAML}certificate = 'saml.pem'\nkey = {{ key_store = true }}\n"
        ),
    );
    let lacking = ["provider.client_secret", "profile", "saml.key"];
    let said = tells(
        &config,
        &[&["trusted_proxies", "tls", "postgres"], lacking.as_slice()].concat(),
    );
    assert!(
        said.contains("gatehouse-bridge secret --config CONFIGURATION < FILE"),
        "the way to put it there is one that works: {said}"
    );
    assert!(
        !folder.file("data/bridge.db").exists(),
        "a flaw does not choose the other store"
    );
}

#[test]
fn a_data_directory_that_is_not_told_is_not_guessed() {
    let folder = Folder::new();
    let home = folder.file("home");
    std::fs::create_dir(&home).unwrap();
    let config = folder.put(
        "bridge.toml",
        &format!(
            "{START}data_dir = 7\ntrusted_proxies = ['10.0.0.0/8']\n[provider]\nissuer = 'https://id.acquirer.example'\n\
             client_id = 'bridge'\nca = 'no-ca.pem'\n[people]\nmerchants_claim = 'shops'\n"
        ),
    );
    let (code, said) = run_with("check", &config, &[], &[("HOME", &home), ("XDG_DATA_HOME", &home)]);
    assert_eq!((code, places(&said)), (2, vec!["data_dir", "provider.ca"]), "{said}");
    let made = std::fs::read_dir(&home).unwrap().count();
    assert_eq!(made, 0, "no other is made in its place");
}

#[test]
fn a_data_directory_that_cannot_be_opened_keeps_its_exit_code_where_nothing_else_is_wrong() {
    let folder = Folder::new();
    folder.put("data", "this is no directory");
    let rest = format!(
        "{START}data_dir = 'data'\n[provider]\nissuer = 'https://id.acquirer.example'\nclient_id = 'bridge'\n\
         [people]\nmerchants_claim = 'shops'\n"
    );
    let config = folder.put("bridge.toml", &format!("trusted_proxies = ['10.0.0.0/8']\n{rest}"));
    let (code, said) = run("check", &config, &[]);
    assert!(![0, 2].contains(&code), "the data directory's own: {code} {said}");
    let flawed = folder.put("flawed.toml", &format!("trusted_proxies = ['ten']\n{rest}"));
    tells(&flawed, &["trusted_proxies", "tls", "data_dir"]);
}
