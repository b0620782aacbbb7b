//! `gatehouse profile create ...`: a sandbox in one go or step by step, live and test as drafts.

use std::fs;

use gatehouse_core::key_store::{KeyStoreKind, SecretBytes};
use gatehouse_core::profile::ProfileEnvironment;
use gatehouse_core::profile::setup::{NewEndpoint, NewProfile, NewSandbox};
use gatehouse_core::{ErrorCode, Gatehouse, Problem, read_secret};

use super::{setup, show};
use crate::args::{CreateArgs, KeyStoreArg};
use crate::output::{Failure, Output};
use crate::surroundings::unreadable;

pub fn run(gatehouse: &Gatehouse, args: CreateArgs, output: &Output) -> Result<u8, Failure> {
    if args.sandbox {
        return sandbox(gatehouse, args, output);
    }
    let api_key = secret(&args)?;
    let wish = NewProfile {
        environment: if args.live {
            ProfileEnvironment::Live
        } else {
            ProfileEnvironment::Test
        },
        key_store: key_store(gatehouse, args.key_store)?,
        ca_pem: ca(&args)?,
        name: args.name,
        account: args.account.unwrap_or_default(),
        user: args.user.unwrap_or_default(),
        api_url: args.api_url,
        trusted_host: args.i_trust_host,
        proxy: args.proxy,
        method: args.method.map(Into::into),
    };
    let profile = gatehouse.begin_profile(&wish)?;
    if let Some(api_key) = api_key {
        gatehouse.set_api_key(&profile, &api_key)?;
    }
    setup::show(gatehouse, &profile, output)
}

fn sandbox(gatehouse: &Gatehouse, args: CreateArgs, output: &Output) -> Result<u8, Failure> {
    let api_key = secret(&args)?;
    let wish = NewSandbox {
        key_store: key_store(gatehouse, args.key_store)?,
        endpoint: endpoint(&args, api_key.as_ref())?,
        user: args.user.clone(),
        name: args.name.clone(),
    };
    if !args.step_by_step {
        let profile = gatehouse.create_sandbox(&wish, &|step| output.progress(step))?;
        return show(gatehouse, &profile, output);
    }
    let mut profile = gatehouse.begin_sandbox(&wish)?;
    if let Some(method) = args.method {
        profile = gatehouse.choose_method(&profile, method.into())?;
    }
    if let Some(api_key) = api_key {
        gatehouse.set_api_key(&profile, &api_key)?;
    }
    setup::show(gatehouse, &profile, output)
}

fn endpoint(args: &CreateArgs, api_key: Option<&SecretBytes>) -> Result<NewEndpoint, Problem> {
    let (Some(url), Some(account)) = (&args.api_url, &args.account) else {
        return Ok(NewEndpoint::Embedded);
    };
    let given = api_key.cloned();
    let later = args.step_by_step.then(|| SecretBytes::from_slice(b""));
    Ok(NewEndpoint::Url {
        url: url.clone(),
        account: account.clone(),
        api_key: given.or(later).ok_or_else(no_key)?,
        ca_pem: ca(args)?,
    })
}

fn no_key() -> Problem {
    Problem::new(
        ErrorCode::ApiKeyMissing,
        "A sandbox profile that is made in one go needs the API key at once.",
        "Give it with --api-key-stdin or --api-key-file, or set the profile up with --step-by-step.",
    )
}

fn ca(args: &CreateArgs) -> Result<Option<String>, Problem> {
    let read = |file: &std::path::PathBuf| fs::read_to_string(file).map_err(|cause| unreadable(file, &cause));
    args.ca.as_ref().map(read).transpose()
}

fn secret(args: &CreateArgs) -> Result<Option<SecretBytes>, Problem> {
    if args.api_key_stdin {
        let read = read_secret(std::io::stdin().lock());
        return read.map(Some).map_err(|cause| unreadable("stdin".as_ref(), &cause));
    }
    let open = |file: &std::path::PathBuf| {
        let read = fs::File::open(file).and_then(read_secret);
        read.map_err(|cause| unreadable(file, &cause))
    };
    args.api_key_file.as_ref().map(open).transpose()
}

/// The store that was asked for, or the one that the data directory has.
pub fn key_store(gatehouse: &Gatehouse, asked: Option<KeyStoreArg>) -> Result<KeyStoreKind, Problem> {
    match asked {
        Some(KeyStoreArg::Keyring) => Ok(KeyStoreKind::Keyring),
        Some(KeyStoreArg::File) => Ok(KeyStoreKind::SealedFile),
        None => gatehouse.key_store_kind(),
    }
}
