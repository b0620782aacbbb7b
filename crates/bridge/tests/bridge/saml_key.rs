//! `saml-key` as a program: what it makes and where, and that no key in use is ever written over.

use std::path::{Path, PathBuf};

use gatehouse_core::data_dir::private_file;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tempfile::TempDir;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use crate::program::{run, run_with};
use crate::world::holds;

const REST: &str = "data_dir = 'data'\nkey_store_passphrase = { file = 'passphrase' }\npublic_url = 'https://login.acquirer.example'\n\
    listen = '127.0.0.1:0'\noperations_listen = '127.0.0.1:0'\nacquirer = 'A'\ntrusted_proxies = ['10.0.0.0/8']\n\
    [provider]\nissuer = 'https://id.acquirer.example'\nclient_id = 'bridge'\n[people]\nmerchants_claim = 'shops'\n";
const IN_THE_STORE: &str = "{ key_store = true }";

/// A folder with a configuration, and nothing made yet.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(folder.file("data")).unwrap();
        let passphrase = folder.file("passphrase");
        std::fs::write(&passphrase, "the sea is wide and cold").unwrap();
        private_file(&passphrase).unwrap();
        folder
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A configuration with its key in this place, and these lines more in its section.
    fn config(&self, key: &str, more: &str) -> PathBuf {
        let text = format!(
            "{REST}[saml]\nservice_provider = 'https://sp.example/saml'\nacs = ['https://sp.example/saml/acs']\nkey = {key}\n{more}"
        );
        let file = self.file("bridge.toml");
        std::fs::write(&file, text).unwrap();
        file
    }

    fn certificate(&self, name: &str) -> Certificate {
        let der = CertificateDer::from_pem_file(self.file(name)).unwrap();
        Certificate::from_der(&der).unwrap()
    }
}

/// What `check` finds wrong with the identity provider; what else the folder lacks is not asked here.
fn flaws(config: &Path, environment: &[(&str, &Path)]) -> Vec<String> {
    let (_, said) = run_with("check", config, &[], environment);
    let own = said.lines().filter(|line| line.trim_start().starts_with("saml"));
    own.map(str::to_owned).collect()
}

#[test]
fn a_key_is_made_into_the_key_store_and_one_in_use_is_never_written_over() {
    let folder = Folder::new();
    let bare = folder.file("bare.toml");
    std::fs::write(&bare, REST).unwrap();
    let (code, said) = run("saml-key", &bare, &[]);
    assert!(code == 2 && said.contains("Write the section first"), "{said}");

    let first = folder.config(IN_THE_STORE, "certificate = 'saml.pem'\n");
    let before = flaws(&first, &[]);
    assert!(
        before.iter().any(|line| line.starts_with("saml.certificate")),
        "{before:?}"
    );
    let (code, said) = run("saml-key", &first, &["--years", "2"]);
    assert!(code == 0 && said.contains("saml.pem, SHA-256 "), "{said}");
    let made = folder.certificate("saml.pem");
    let validity = made.tbs_certificate().validity();
    let days = (validity.not_after.to_unix_duration() - validity.not_before.to_unix_duration()).as_secs() / 86_400;
    assert!((730..=731).contains(&days), "two years: {days} days");
    assert_eq!(
        made.tbs_certificate().subject().to_string(),
        "CN=https://login.acquirer.example/saml/metadata"
    );
    assert!(
        flaws(&first, &[]).is_empty(),
        "it can be used: {:?}",
        flaws(&first, &[])
    );

    let pem = std::fs::read(folder.file("saml.pem")).unwrap();
    let (code, said) = run("saml-key", &first, &[]);
    assert!(code == 2 && said.contains("Name another file"), "there is one: {said}");
    assert_eq!(std::fs::read(folder.file("saml.pem")).unwrap(), pem, "and it stays");

    let next = folder.file("next.pem");
    let (code, said) = run("saml-key", &first, &["--certificate", next.to_str().unwrap()]);
    assert_eq!(code, 0, "one beside it: {said}");
    let both = folder.config(
        IN_THE_STORE,
        "certificate = 'saml.pem'\nnext_certificate = 'next.pem'\n",
    );
    assert!(flaws(&both, &[]).is_empty(), "{:?}", flaws(&both, &[]));
    let third = folder.file("third.pem");
    let (code, said) = run("saml-key", &both, &["--certificate", third.to_str().unwrap()]);
    assert!(code == 2 && said.contains("then there is room for another"), "{said}");
    assert!(!third.exists(), "nothing is left behind");

    let swapped = folder.config(IN_THE_STORE, "certificate = 'next.pem'\n");
    let (code, said) = run("saml-key", &swapped, &["--certificate", third.to_str().unwrap()]);
    assert_eq!(code, 0, "in place of the first: {said}");
    assert!(flaws(&swapped, &[]).is_empty(), "the one in use is still there");
    let gone = flaws(&folder.config(IN_THE_STORE, "certificate = 'saml.pem'\n"), &[]);
    assert!(gone[0].contains("does not belong to the certificate"), "{gone:?}");
    for entry in std::fs::read_dir(folder.file("data")).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap_or_default();
        assert!(!holds(&bytes, "PRIVATE KEY"), "no key in clear in {:?}", entry.path());
    }
}

#[cfg(unix)]
#[test]
fn a_key_in_a_file_is_its_owners_alone_and_a_credential_is_handed_over_as_one() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let in_file = folder.config("{ file = 'saml.key' }", "certificate = 'saml.pem'\n");
    let (code, said) = run("saml-key", &in_file, &[]);
    assert_eq!(code, 0, "{said}");
    let key = folder.file("saml.key");
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "its owner's alone");
    assert!(flaws(&in_file, &[]).is_empty(), "{:?}", flaws(&in_file, &[]));
    let (kept, next) = (std::fs::read(&key).unwrap(), folder.file("next.pem"));
    let beside = ["--certificate", next.to_str().unwrap()];
    let (code, said) = run("saml-key", &in_file, &beside);
    assert!(
        code == 2 && said.contains("saml.key") && said.contains("Name another file"),
        "{said}"
    );
    assert!(
        !next.exists() && std::fs::read(&key).unwrap() == kept,
        "nothing is made, nothing is lost"
    );
    let next_key = folder.file("next.key");
    let named = [beside.as_slice(), &["--key", next_key.to_str().unwrap()]].concat();
    let (code, said) = run("saml-key", &in_file, &named);
    assert!(
        code == 0 && next_key.exists(),
        "the next one in a file of its own: {said}"
    );

    let credential = folder.config("{ credential = 'saml.key' }", "certificate = 'saml.pem'\n");
    let third = folder.file("third.pem");
    let (code, said) = run("saml-key", &credential, &["--certificate", third.to_str().unwrap()]);
    assert!(code == 2 && said.contains("LoadCredential=saml.key:FILE"), "{said}");
    assert!(!third.exists(), "nothing is made");
    assert!(
        flaws(&credential, &[])[0].contains("CREDENTIALS_DIRECTORY is not set"),
        "not without systemd"
    );
    let handed = [("CREDENTIALS_DIRECTORY", folder.0.path())];
    assert!(
        flaws(&credential, &handed).is_empty(),
        "{:?}",
        flaws(&credential, &handed)
    );

    let in_store = folder.config(IN_THE_STORE, "certificate = 'saml.pem'\n");
    let words = ["--certificate", third.to_str().unwrap(), "--key", "other.key"];
    let (code, said) = run("saml-key", &in_store, &words);
    assert!(code == 2 && said.contains("Leave --key out"), "{said}");
    let unusable = flaws(
        &folder.config("{ env_file = 'a', name = 'b' }", "certificate = 'saml.pem'\n"),
        &[],
    );
    assert!(unusable[0].contains("Use a file or a credential"), "{unusable:?}");
}
