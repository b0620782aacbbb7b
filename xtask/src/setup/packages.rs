//! The system packages by purpose, and how to see without a package system whether each is there.
//!
//! Absent on purpose: `dbus-x11` (it starts a bus of its own where none is wanted), anything for bundling.

/// How to see on any Linux whether a package's contents are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// A program on the PATH.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A Python module that has to be importable.
    Module(&'static str),
    /// Cannot be seen, and is not needed by any system but Debian's kin.
    Nothing,
}

/// One package: its Debian name and its probe.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// The name for apt.
    pub name: &'static str,
    /// How to see it elsewhere.
    pub probe: Probe,
}

const fn package(name: &'static str, probe: Probe) -> Package {
    Package { name, probe }
}

/// To compile the desktop app.
pub const BUILD: &[Package] = &[
    package("build-essential", Probe::Program("cc")),
    package("libwebkit2gtk-4.1-dev", Probe::Library("webkit2gtk-4.1")),
];

/// For a private session bus that keeps secrets.
pub const SECRETS: &[Package] = &[
    package("dbus", Probe::Program("dbus-daemon")),
    package("gnome-keyring", Probe::Program("gnome-keyring-daemon")),
];

/// For a virtual display and its pictures.
pub const DISPLAY: &[Package] = &[
    package("xvfb", Probe::Program("Xvfb")),
    package("imagemagick", Probe::Program("import")),
    package("xdotool", Probe::Program("xdotool")),
    package("fonts-dejavu-core", Probe::Nothing),
];

/// For the tests: the driver of the real window, and the foreign tools that judge our output.
pub const TEST: &[Package] = &[
    package("webkit2gtk-driver", Probe::Program("WebKitWebDriver")),
    package("at-spi2-core", Probe::Nothing),
    package("xauth", Probe::Program("xauth")),
    package("libglib2.0-bin", Probe::Program("gdbus")),
    package("libsecret-tools", Probe::Program("secret-tool")),
    package("openssl", Probe::Program("openssl")),
    package("softhsm2", Probe::Program("softhsm2-util")),
    package("sqlite3", Probe::Program("sqlite3")),
    package("postgresql", Probe::Program("psql")),
    package("xmlsec1", Probe::Program("xmlsec1")),
    package("git", Probe::Program("git")),
    package("python3-venv", Probe::Module("ensurepip")),
];

/// For the checks that come as Python wheels.
pub const LINT: &[Package] = &[package("python3-venv", Probe::Module("ensurepip"))];

/// For the benchmark's peers.
pub const BENCH: &[Package] = &[
    package("openssl", Probe::Program("openssl")),
    package("curl", Probe::Program("curl")),
    package("jq", Probe::Program("jq")),
    package("time", Probe::Program("time")),
    package("webkit2gtk-driver", Probe::Program("WebKitWebDriver")),
    package("chromium", Probe::Program("chromium")),
    package("python3-venv", Probe::Module("ensurepip")),
];
