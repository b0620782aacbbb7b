//! Random secrets are planted at every door that takes one, then looked for in every form in everything that is kept or handed out.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::key_import::openssl;
use crate::secrets::{files, holds};
use crate::set_up::Strict;

/// A planted secret, as it was given.
struct Canary {
    name: &'static str,
    bytes: Vec<u8>,
}

impl Canary {
    /// Whether something holds it: raw, in hex of both cases, or in base64 at any of the three offsets.
    fn is_in(&self, bytes: &[u8]) -> bool {
        let hex = hex::encode(&self.bytes);
        let shifted = (0..3).flat_map(|skip| {
            // What a neighbour on either side does not change.
            let whole = (self.bytes.len() - skip) / 3 * 3;
            let middle = self.bytes.get(skip..skip + whole).unwrap();
            [STANDARD_NO_PAD.encode(middle), URL_SAFE_NO_PAD.encode(middle)]
        });
        let raw = bytes.windows(self.bytes.len()).any(|window| window == self.bytes);
        raw || [hex.to_uppercase(), hex]
            .into_iter()
            .chain(shifted)
            .any(|text| holds(bytes, &text))
    }
}

fn random(world: &Strict, name: &str) -> String {
    let file = world.place.beside(name);
    openssl(world, &["rand", "-hex", "-out", file.to_str().unwrap(), "16"]);
    fs::read_to_string(file).unwrap().trim().to_owned()
}

/// Makes a key outside, in a sealed file; answers its private scalar: octets 36 to 67 of a P-256 key in PKCS#8.
fn key_made_elsewhere(world: &Strict, seal: &str) -> Vec<u8> {
    let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
    openssl(
        world,
        &[&["genpkey", "-algorithm", "EC", "-out", "k.pem"][..], &curve].concat(),
    );
    openssl(
        world,
        &[
            "pkcs8", "-topk8", "-nocrypt", "-in", "k.pem", "-outform", "DER", "-out", "k.der",
        ],
    );
    openssl(
        world,
        &[
            "pkcs8",
            "-topk8",
            "-v2",
            "aes-256-cbc",
            "-in",
            "k.pem",
            "-out",
            "sealed.pem",
            "-passout",
            &format!("file:{seal}"),
        ],
    );
    fs::read(world.place.beside("k.der"))
        .unwrap()
        .get(36..68)
        .unwrap()
        .to_vec()
}

#[test]
fn planted_secrets_are_found_nowhere_outside_the_key_store() {
    let world = Strict::start();
    let (key_pass, lock_pass) = (random(&world, "key-pass"), random(&world, "lock-pass"));
    let scalar = key_made_elsewhere(&world, "key-pass");
    let path = |name: &str| world.place.beside(name).to_str().unwrap().to_owned();
    world.begin().json();
    world.api_key().json();
    world.run(&["key", "create", "--usage", "mtls"]).json();
    let mut said = vec![world.run(&[
        "key",
        "create",
        "--usage",
        "jwt-signing",
        "--import",
        &path("sealed.pem"),
        "--import-passphrase-file",
        &path("key-pass"),
    ])];
    said.last().unwrap().json();
    said.push(world.run(&["lock", "set", "--new-passphrase-file", &path("lock-pass")]));
    said.last().unwrap().json();
    let lock_file = path("lock-pass");
    let locked = |args: &[&str]| world.run(&[&["--lock-passphrase-file", lock_file.as_str()], args].concat());
    for usage in ["mtls", "jwt-signing"] {
        said.push(locked(&["key", "request", "--usage", usage]));
        said.last().unwrap().json();
    }
    said.push(locked(&[
        "profile",
        "export",
        "acme",
        "--out",
        &path("handed-out.profile"),
    ]));
    said.last().unwrap().json();
    said.push(locked(&["doctor", "--bundle", &path("handed-out.bundle"), "--yes"]));
    said.push(locked(&["key", "show", "--all"]));
    said.push(locked(&["audit", "list", "--limit", "200"]));

    let canaries = [
        Canary {
            name: "the imported key",
            bytes: scalar,
        },
        Canary {
            name: "its passphrase",
            bytes: key_pass.into_bytes(),
        },
        Canary {
            name: "the app lock's passphrase",
            bytes: lock_pass.into_bytes(),
        },
        Canary {
            name: "the API key",
            bytes: world.served.api_key().as_bytes().to_vec(),
        },
    ];
    let planted = fs::read(path("k.der")).unwrap();
    assert!(canaries[0].is_in(&planted), "the search finds what is there");
    let mut looked_at = files(&world.place.data(""));
    looked_at.extend(["handed-out.profile", "handed-out.bundle"].map(|name| world.place.beside(name)));
    assert!(looked_at.len() > 8, "there is something to look into: {looked_at:?}");
    for file in looked_at {
        let bytes = fs::read(&file).unwrap();
        for canary in &canaries {
            assert!(!canary.is_in(&bytes), "{} holds {}", file.display(), canary.name);
        }
    }
    for answer in said {
        for canary in &canaries {
            let clean = !canary.is_in(answer.stdout.as_bytes()) && !canary.is_in(answer.stderr.as_bytes());
            assert!(clean, "{} is printed", canary.name);
        }
    }
}
