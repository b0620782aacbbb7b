//! The real `gatehouse` program from outside: what it prints, how it ends, what it leaves behind, what foreign tools say of it.
//!
//! Each test has a data directory of its own, with secrets in a passphrase-sealed file, and a sandbox that the program serves itself.
//! Deliberately absent: what the core's own tests show in less time.

#![allow(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]
#![allow(clippy::print_stderr, reason = "a test that this machine cannot run says why")]

mod access;
mod app_lock;
mod bad_files;
mod bad_places;
mod bad_set_up;
mod bridge;
mod bridge_cut_off;
mod bridge_served;
mod canaries;
mod canary;
mod core_dump;
mod crash;
mod crash_at_random;
mod credentials;
mod day_reviews;
mod doctor;
mod doctor_states;
mod exit_codes;
mod exports;
mod for_people;
mod four_eyes;
mod full_disk;
mod hardware;
mod harmless;
mod http;
mod interop;
mod keeping;
mod key_import;
mod keyring;
mod merchants;
mod open;
mod parallel;
mod persons;
mod plans;
mod profile;
mod read_only;
mod reviews;
mod roles;
mod sandbox;
mod secrets;
mod served;
mod sessions;
mod set_up;
mod set_up_script;
mod shapes;
mod tampering;
mod token_tools;
mod token_work;
mod tokens;
mod witnesses;
mod world;
