//! The core's port onto the simulated Klarna, over the sandbox crate: this program serves it to itself, detached.

use std::ffi::OsString;
use std::path::Path;

use gatehouse_core::{SandboxAddress, SandboxHost};
use gatehouse_sandbox::Address;

/// After this many seconds without a call the sandbox ends by itself (design section 6).
const IDLE_SECONDS: &str = "900";

/// Finds, or starts, the sandbox of a data directory.
pub struct Host;

impl SandboxHost for Host {
    fn running(&self, dir: &Path) -> Option<SandboxAddress> {
        gatehouse_sandbox::find_running(dir).map(translate)
    }

    fn ensure(&self, dir: &Path) -> Result<SandboxAddress, String> {
        let program = std::env::current_exe().map_err(|cause| cause.to_string())?;
        let args: Vec<OsString> = ["sandbox", "serve", "--idle-exit", IDLE_SECONDS, "--data-dir"]
            .into_iter()
            .map(OsString::from)
            .chain([dir.as_os_str().to_owned()])
            .collect();
        gatehouse_sandbox::ensure_running(dir, &program, &args)
            .map(translate)
            .map_err(|cause| cause.to_string())
    }

    fn merchants_csv(&self, address: &SandboxAddress) -> Result<Vec<u8>, String> {
        gatehouse_sandbox::read_page(&address.http, "/_sandbox/merchants.csv").map_err(|cause| cause.to_string())
    }
}

fn translate(address: Address) -> SandboxAddress {
    SandboxAddress {
        http: address.http,
        https: address.https,
        ca_pem: address.ca_pem,
        account: address.account,
        api_key: address.api_key,
        payments_v1: address.payments_v1.map(|login| (login.username, login.password)),
    }
}
