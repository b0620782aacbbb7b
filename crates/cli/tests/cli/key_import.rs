//! Keys that were made elsewhere, by openssl, are taken in by command; what cannot be taken in is named.

use std::process::{Command, Stdio};

use crate::set_up::Strict;
use crate::world::text;

/// Runs openssl beside the data directory.
pub fn openssl(world: &Strict, args: &[&str]) {
    let done = Command::new("openssl")
        .args(args)
        .current_dir(world.place.beside(""))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(done.status.success(), "{args:?}: {done:?}");
}

#[test]
fn a_sealed_pkcs12_file_becomes_the_signing_key_and_its_passphrase_stays_out_of_arguments() {
    let world = Strict::start();
    world.begin().json();
    world.api_key().json();
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
    openssl(
        &world,
        &[&["genpkey", "-algorithm", "EC", "-out", "k.pem"][..], &curve].concat(),
    );
    openssl(
        &world,
        &["req", "-x509", "-key", "k.pem", "-subj", "/CN=x", "-out", "c.pem"],
    );
    let secret = world.place.file("secret", "correct horse battery\n");
    let wrong = world.place.file("wrong", "another passphrase\n");
    let sealed = ["-passout", "file:secret"];
    openssl(
        &world,
        &[
            &["pkcs12", "-export", "-inkey", "k.pem", "-in", "c.pem", "-out", "k.p12"][..],
            &sealed,
        ]
        .concat(),
    );
    let file = world.place.beside("k.p12");
    let import = |more: &[&str]| {
        let args = [
            "key",
            "create",
            "--usage",
            "jwt-signing",
            "--import",
            file.to_str().unwrap(),
        ];
        world.run(&[&args[..], more].concat())
    };
    import(&[]).refused(3, "passphrase_wrong");
    import(&["--import-passphrase-file", &wrong]).refused(3, "passphrase_wrong");
    let made = import(&["--import-passphrase-file", &secret]).json();
    assert_eq!(text(&made, "state"), "generated", "it waits for its request: {made}");
}

#[test]
fn a_key_of_another_kind_is_named() {
    let world = Strict::start();
    world.begin().json();
    world.api_key().json();
    openssl(&world, &["genpkey", "-algorithm", "RSA", "-out", "rsa.pem"]);
    openssl(
        &world,
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-384",
            "-out",
            "p384.pem",
        ],
    );
    for (file, named) in [("rsa.pem", "RSA"), ("p384.pem", "384")] {
        let path = world.place.beside(file);
        let args = ["key", "create", "--usage", "mtls", "--import", path.to_str().unwrap()];
        let refused = world.run(&args).refused(3, "key_unreadable");
        assert!(text(&refused, "hint").contains(named), "{refused}");
    }
}
