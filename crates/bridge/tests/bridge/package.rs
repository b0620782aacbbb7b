//! The Debian package: what is in it, that its configuration can be read, and that it goes in and out again.
//!
//! Runs where dpkg-deb is installed, and says so where it is not.

use std::path::{Path, PathBuf};
use std::process::Command;

use gatehouse_bridge::config::Config;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/package");

fn said(command: &mut Command) -> String {
    let done = command.output().unwrap();
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{command:?}: {text}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    text
}

fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok();
    if !there {
        eprintln!("{program} is not installed, so it judges nothing here.");
    }
    there
}

fn build(version: &str, folder: &Path) -> Command {
    let mut command = Command::new(format!("{SOURCES}/build.sh"));
    command.args([env!("CARGO_BIN_EXE_gatehouse-bridge"), version]);
    command.arg(folder).arg("none");
    command.envs([("DEBFULLNAME", "A Packager"), ("DEBEMAIL", "packages@acquirer.se")]);
    command
}

fn built(folder: &Path) -> Option<PathBuf> {
    is_there("dpkg-deb").then(|| PathBuf::from(said(&mut build(env!("CARGO_PKG_VERSION"), folder)).trim()))
}

#[test]
fn the_package_holds_what_a_service_needs_is_unpacked_into_a_root_of_its_own_and_goes_without_a_trace() {
    let dir = tempfile::tempdir().unwrap();
    let Some(package) = built(dir.path()) else { return };
    holds_what_a_service_needs(&package, dir.path());
    tells_of_itself_as_debian_wants(&package, dir.path());
    goes_in_and_out(&package, &dir.path().join("root"));
}

fn holds_what_a_service_needs(package: &Path, dir: &Path) {
    let contents = said(Command::new("dpkg-deb").arg("--contents").arg(package));
    for (mode, file) in [
        ("-rwxr-xr-x root/root", "./usr/bin/gatehouse-bridge"),
        ("-rwxr-xr-x root/root", "./usr/sbin/gatehouse-bridge-admin"),
        (
            "-rw-r--r-- root/root",
            "./usr/lib/systemd/system/gatehouse-bridge.service",
        ),
        ("-rw-r--r-- root/root", "./usr/lib/sysusers.d/gatehouse-bridge.conf"),
        ("-rw-r----- root/root", "./etc/gatehouse/bridge.toml"),
        ("-rw-r--r-- root/root", "./usr/share/man/man8/gatehouse-bridge.8.gz"),
        ("-rw-r--r-- root/root", "./usr/share/doc/gatehouse-bridge/copyright"),
        ("-rw-r--r-- root/root", "./usr/share/doc/gatehouse-bridge/changelog.gz"),
    ] {
        let holds = contents
            .lines()
            .any(|line| line.starts_with(mode) && line.ends_with(file));
        assert!(holds, "{mode} {file}: {contents}");
    }
    let field = |name: &str| said(Command::new("dpkg-deb").arg("--field").arg(package).arg(name));
    assert_eq!(field("Package").trim(), "gatehouse-bridge", "its name");
    assert!(
        field("Depends").contains("libc6 (>= "),
        "what it needs: {}",
        field("Depends")
    );
    let own = dir.join("control");
    said(Command::new("dpkg-deb").arg("--control").arg(package).arg(&own));
    let kept = std::fs::read_to_string(own.join("conffiles")).unwrap();
    assert_eq!(
        kept, "/etc/gatehouse/bridge.toml\n",
        "an update asks before it writes over the configuration"
    );
}

/// The changelog and the rest of the papers, judged by Debian's own programs.
fn tells_of_itself_as_debian_wants(package: &Path, dir: &Path) {
    let field = said(Command::new("dpkg-deb").arg("--field").arg(package).arg("Maintainer"));
    assert_eq!(field.trim(), "A Packager <packages@acquirer.se>", "whoever makes it");
    let papers = dir.join("papers");
    said(Command::new("dpkg-deb").arg("--extract").arg(package).arg(&papers));
    let doc = papers.join("usr/share/doc/gatehouse-bridge");
    let copyright = std::fs::read_to_string(doc.join("copyright")).unwrap();
    assert!(
        copyright.contains("/usr/share/common-licenses/Apache-2.0"),
        "{copyright}"
    );
    if is_there("dpkg-parsechangelog") {
        said(Command::new("gzip").arg("-dk").arg(doc.join("changelog.gz")));
        let read = said(Command::new("dpkg-parsechangelog").arg("-l").arg(doc.join("changelog")));
        for line in [
            format!("Version: {}", env!("CARGO_PKG_VERSION")),
            "Maintainer: A Packager <packages@acquirer.se>".into(),
        ] {
            assert!(read.lines().any(|found| found == line), "{line}: {read}");
        }
        assert!(
            read.contains("\nDate: ") && read.contains("\nTimestamp: "),
            "a date: {read}"
        );
    }
    if is_there("lintian") {
        // All but that nothing is compressed here, which would take long.
        let mut judge = Command::new("lintian");
        judge.args(["--allow-root", "--fail-on", "error", "--suppress-tags"]);
        judge.arg("uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball");
        said(judge.arg(package));
    }
}

#[test]
fn a_version_that_the_changelog_does_not_tell_of_is_not_packed() {
    let dir = tempfile::tempdir().unwrap();
    if !is_there("dpkg-deb") {
        return;
    }
    let done = build("99.0.0", dir.path()).output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(
        !done.status.success() && told.contains("has no entry for 99.0.0"),
        "{told}"
    );
    assert_eq!(dir.path().read_dir().unwrap().count(), 0, "nothing is made");
}

fn goes_in_and_out(package: &Path, root: &Path) {
    for folder in ["var/lib/dpkg/info", "var/lib/dpkg/updates", "var/log"] {
        std::fs::create_dir_all(root.join(folder)).unwrap();
    }
    std::fs::write(root.join("var/lib/dpkg/status"), "").unwrap();
    let dpkg = |words: &[&str]| {
        let mut command = Command::new("dpkg");
        command.arg(format!("--root={}", root.display()));
        said(
            command
                .args(["--force-not-root", "--force-depends", "--force-script-chrootless"])
                .args(words),
        )
    };
    dpkg(&["--install", package.to_str().unwrap()]);
    let program = root.join("usr/bin/gatehouse-bridge");
    let version = said(Command::new(&program).arg("--version"));
    assert!(
        version.starts_with("gatehouse-bridge "),
        "it runs from there: {version}"
    );
    let (unit, configuration) = (
        root.join("usr/lib/systemd/system/gatehouse-bridge.service"),
        root.join("etc/gatehouse/bridge.toml"),
    );
    assert!(
        unit.exists() && configuration.exists(),
        "its unit and its configuration lie there"
    );
    dpkg(&["--remove", "gatehouse-bridge"]);
    assert!(!program.exists() && !unit.exists(), "gone again");
    assert!(configuration.exists(), "but what a person wrote stays");
    dpkg(&["--purge", "gatehouse-bridge"]);
    assert!(!configuration.exists(), "until it is purged");
}

#[test]
fn the_service_gets_each_credential_that_its_configuration_names_and_no_other() {
    let read = |file: &str| std::fs::read_to_string(format!("{SOURCES}/{file}")).unwrap();
    let (unit, configuration) = (read("gatehouse-bridge.service"), read("bridge.toml"));
    let given: Vec<&str> = unit
        .lines()
        .filter_map(|line| line.strip_prefix("LoadCredential=")?.split_once(':'))
        .map(|(name, _)| name)
        .collect();
    let named: Vec<&str> = configuration
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once("{ credential = \"")?.1.split_once('"'))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        given, named,
        "a file that is not there would keep the service from starting"
    );
    if is_there("systemd-analyze") {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("gatehouse-bridge.service");
        std::fs::write(
            &file,
            unit.replace("/usr/bin/gatehouse-bridge", env!("CARGO_BIN_EXE_gatehouse-bridge")),
        )
        .unwrap();
        let judged = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(file)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&judged.stderr).into_owned();
        // It speaks of other units of the machine too.
        assert!(!told.contains("gatehouse-bridge.service"), "{told}");
    }
}

#[test]
fn a_verb_of_the_administrator_runs_with_what_the_service_has() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str, text: &str| {
        let file = dir.path().join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    };
    let run = || {
        let mut command = Command::new("sh");
        command.arg(format!("{SOURCES}/gatehouse-bridge-admin"));
        command.args(["check", "--config", "/etc/gatehouse/bridge.toml"]);
        command.env("PATH", format!("{}:/usr/bin:/bin", dir.path().display()));
        command.output().unwrap()
    };
    let drop_in = "[Service]\nLoadCredential=tls-key:/etc/gatehouse/tls-key.pem";
    place(
        "systemctl",
        &format!("cat '{SOURCES}/gatehouse-bridge.service'; printf '{drop_in}\\n'"),
    );
    place("systemd-run", "printf '%s\\n' \"$@\"; exit 3");
    let done = run();
    assert_eq!(done.status.code(), Some(3), "the verb's own answer");
    let words = String::from_utf8(done.stdout).unwrap();
    for word in [
        "--property=User=gatehouse",
        "--property=LoadCredential=gatehouse-passphrase:/etc/gatehouse/passphrase",
        "--property=LoadCredential=tls-key:/etc/gatehouse/tls-key.pem",
    ] {
        assert!(words.lines().any(|line| line == word), "{word}: {words}");
    }
    let verb = "/usr/bin/gatehouse-bridge\ncheck\n--config\n/etc/gatehouse/bridge.toml\n";
    assert!(words.ends_with(verb), "the verb, whole: {words}");
    place("systemctl", "exit 1");
    let refused = run();
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        refused.status.code() == Some(2) && told.contains("needs systemd"),
        "{told}"
    );
}

#[test]
fn the_packages_configuration_can_be_read_and_its_manual_names_every_verb() {
    let text = std::fs::read_to_string(format!("{SOURCES}/bridge.toml")).unwrap();
    let config = Config::parse(&text, Path::new("/etc/gatehouse")).unwrap();
    assert_eq!(
        config.data_dir.as_deref(),
        Some(Path::new("/var/lib/gatehouse")),
        "where the unit keeps its state"
    );
    let commented = text
        .replace("\n# [", "\n[")
        .replace("trusted_proxies = [\"127.0.0.1\"]\n", "");
    let members: String = commented
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(member) if member.split_once(" = ").is_some_and(|(name, _)| !name.contains(' ')) => member,
            _ => line,
        })
        .map(|line| format!("{line}\n"))
        .collect();
    Config::parse(&members, Path::new("/etc/gatehouse")).expect("what is commented out can be read too");
    let manual = std::fs::read_to_string(format!("{SOURCES}/gatehouse-bridge.8")).unwrap();
    let help = said(Command::new(env!("CARGO_BIN_EXE_gatehouse-bridge")).arg("--help"));
    let verbs = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    let verbs = verbs
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(' '));
    for (verb, _) in verbs.filter(|(verb, _)| !["", "help"].contains(verb)) {
        assert!(
            manual.contains(&format!("\\fB{}\\fR", verb.replace('-', "\\-"))),
            "the manual says what {verb} does"
        );
    }
}
