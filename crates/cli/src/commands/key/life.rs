//! The verbs of a key's life: made, requested, installed, rotated, retired, removed.

use std::fs;
use std::io::Read;
use std::path::Path;

use gatehouse_core::profile::key_rows::KeyRow;
use gatehouse_core::profile::rotation::Rotated;
use gatehouse_core::profile::{KeyPlace, KeyRemoval, Profile};
use gatehouse_core::signing_key::{CertificateUsage, CheckLine};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, passphrase_from};
use serde_json::{Value, json};

use crate::args::UsageArg;
use crate::output::{Failure, Output, table, time};
use crate::surroundings::{unreadable, unwritable};

impl From<UsageArg> for CertificateUsage {
    fn from(arg: UsageArg) -> Self {
        match arg {
            UsageArg::JwtSigning => Self::JwtSigning,
            UsageArg::Mtls => Self::Mtls,
        }
    }
}

/// A certificate is about 1 KiB.
const CERTIFICATE_LIMIT: u64 = 1024 * 1024;

pub fn create(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    import: Option<(&Path, Option<&Path>)>,
    output: &Output,
) -> Result<u8, Failure> {
    let row = match import {
        None => gatehouse.create_key(profile, usage.into())?,
        Some((file, sealed_by)) => {
            let read = fs::File::open(file).and_then(read_secret_exactly);
            let bytes = read.map_err(|cause| unreadable(file, &cause))?;
            let passphrase = sealed_by.map(passphrase_from).transpose()?;
            gatehouse.import_key(profile, usage.into(), &bytes, passphrase.as_ref())?
        }
    };
    say(
        output,
        &row,
        "is in the key store; next: its signing request (key csr), or key request",
    )
}

/// DER may end in bytes that look like white space, so it is taken as it is.
fn read_secret_exactly(file: fs::File) -> std::io::Result<gatehouse_core::key_store::SecretBytes> {
    let mut bytes = Vec::new();
    file.take(CERTIFICATE_LIMIT).read_to_end(&mut bytes)?;
    Ok(gatehouse_core::key_store::SecretBytes::new(bytes))
}

pub fn csr(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    out: Option<&Path>,
    output: &Output,
) -> Result<u8, Failure> {
    let usage = CertificateUsage::from(usage);
    let csr = gatehouse.signing_request(profile, usage)?;
    if let Some(out) = out {
        fs::write(out, &csr).map_err(|cause| unwritable(out, &cause))?;
    }
    output.answer(
        &json!({ "usage": usage.as_str(), "csr": csr, "file": out }),
        || match out {
            Some(out) => vec![format!("Wrote the signing request to {}.", out.display())],
            None => csr.lines().map(str::to_owned).collect(),
        },
    );
    Ok(0)
}

pub fn request(gatehouse: &Gatehouse, profile: &Profile, usage: UsageArg, output: &Output) -> Result<u8, Failure> {
    let row = gatehouse.request_certificate(profile, usage.into())?;
    say(output, &row, "has its certificate from Klarna")
}

pub fn install(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    (file, credential_id): (&Path, Option<&str>),
    output: &Output,
) -> Result<u8, Failure> {
    let row = gatehouse.install_certificate(profile, usage.into(), &bytes(file)?, credential_id)?;
    say(output, &row, "has its certificate")
}

/// Shows every check; the exit code says whether all pass.
pub fn judge(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    file: &Path,
    output: &Output,
) -> Result<u8, Failure> {
    let lines = gatehouse.judge_certificate(profile, usage.into(), &bytes(file)?)?;
    let fits = lines.iter().all(|line| line.passed);
    let row = |line: &CheckLine| json!({ "name": line.check.as_str(), "passed": line.passed, "detail": line.detail });
    let rows: Vec<Value> = lines.iter().map(row).collect();
    output.answer(&json!({ "fits": fits, "checks": rows }), || {
        let shown = |line: &CheckLine| {
            let word = if line.passed { "ok" } else { "BAD" };
            vec![word.into(), line.check.as_str().into(), line.detail.clone()]
        };
        table(&lines.iter().map(shown).collect::<Vec<_>>())
    });
    Ok(if fits { 0 } else { 3 })
}

fn bytes(file: &Path) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(CERTIFICATE_LIMIT).read_to_end(&mut bytes)
    } else {
        fs::File::open(file).and_then(|file| file.take(CERTIFICATE_LIMIT).read_to_end(&mut bytes))
    };
    read.map_err(|cause| unreadable(file, &cause))?;
    Ok(bytes)
}

pub fn dry_sign(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let key_id = gatehouse.dry_signature(profile)?;
    output.answer(&json!({ "key_id": key_id, "holds": true }), || {
        vec![format!(
            "{key_id} signs, and its certificate confirms it. Nothing was sent."
        )]
    });
    Ok(0)
}

pub fn rotate(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    (ask, place): (bool, Option<&KeyPlace>),
    output: &Output,
) -> Result<u8, Failure> {
    let rotated = gatehouse.rotate_key(profile, usage.into(), ask, place, &|step| output.progress(step))?;
    let document = match &rotated {
        Rotated::Waiting { key_id, csr } => json!({ "state": "waiting", "key_id": key_id, "csr": csr }),
        Rotated::Switched { key_id, retiring } => {
            json!({ "state": "switched", "key_id": key_id, "retiring": retiring })
        }
    };
    output.answer(&document, || match &rotated {
        Rotated::Waiting { csr, .. } => {
            let head = "Carry this request to Klarna, install what comes back (key install), then rotate again:";
            std::iter::once(head).chain(csr.lines()).map(str::to_owned).collect()
        }
        Rotated::Switched { key_id, .. } => vec![
            format!("{key_id} is in use."),
            "The key before it retires: revoke it at Klarna with key retire, then remove it with key remove.".into(),
        ],
    });
    Ok(0)
}

pub fn retire(
    gatehouse: &Gatehouse,
    profile: &Profile,
    usage: UsageArg,
    (from, credential_id): (Option<&str>, Option<&str>),
    output: &Output,
) -> Result<u8, Failure> {
    let from_ms = from.map(moment).transpose()?;
    let row = gatehouse.revoke_retiring(profile, usage.into(), credential_id, from_ms)?;
    let from = time(from_ms.unwrap_or_else(|| gatehouse.now_ms()));
    output.answer(&json!({ "key_id": row.key_id, "revoked_from": from }), || {
        vec![format!("Klarna refuses {} from {from}.", row.key_id)]
    });
    Ok(0)
}

fn moment(text: &str) -> Result<i64, Problem> {
    let read: Result<jiff::Timestamp, _> = text.parse();
    read.map(jiff::Timestamp::as_millisecond).map_err(|_| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("{text:?} is not a time."),
            "Write it with its zone, like 2026-01-31T12:00:00Z.",
        )
    })
}

pub fn remove(
    gatehouse: &Gatehouse,
    profile: &Profile,
    key_id: &str,
    said: KeyRemoval,
    output: &Output,
) -> Result<u8, Failure> {
    let row = gatehouse.destroy_key(profile, key_id, said)?;
    output.answer(
        &json!({ "key_id": row.key_id, "usage": row.usage.as_str(), "destroyed": true }),
        || vec![format!("The private key {} is gone.", row.key_id)],
    );
    Ok(0)
}

pub fn lost(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<u8, Failure> {
    let lost = gatehouse.declare_keys_lost(profile)?;
    let ids: Vec<&str> = lost.iter().map(|row| row.key_id.as_str()).collect();
    output.answer(&json!({ "lost": ids }), || {
        vec![format!(
            "{} keys are recorded as lost. Revoke their certificates at Klarna; profile setup makes new ones.",
            ids.len()
        )]
    });
    Ok(0)
}

pub fn say(output: &Output, row: &KeyRow, what: &str) -> Result<u8, Failure> {
    let document = json!({
        "usage": row.usage.as_str(),
        "key_id": row.key_id,
        "state": row.state.word(),
        "credential_id": row.credential_id,
    });
    output.answer(&document, || {
        vec![format!(
            "{} {} ({}) {what}.",
            row.usage.as_str(),
            row.key_id,
            row.state.word()
        )]
    });
    Ok(0)
}
