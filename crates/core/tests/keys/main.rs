//! Tests of the modules `key_store` and `signing_key`, with foreign judges where one is to be had: openssl, rcgen, jsonwebtoken, a
//! real gnome-keyring.
//!
//! One binary, so that it links once. The real keyring is touched only when the harness says so (see `keyring_real`).

mod certificate;
mod checks;
mod fixtures;
mod hardware;
mod hardware_module;
mod identity;
mod import;
mod import_pkcs12;
mod import_refused;
mod keyring_actor;
#[cfg(target_os = "linux")]
mod keyring_real;
mod memory;
mod names;
mod pasted;
mod redaction;
mod request;
mod sealed_file;
mod sealed_file_crash;
mod software_key;
