//! The simulated Klarna: found or started for the core, and served when this program is started for that.
//!
//! It runs as a process of its own, so it outlives the window; fifteen idle minutes end it. Deliberately absent: its settings.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use gatehouse_core::{ErrorCode, Problem, SandboxAddress, SandboxHost};
use gatehouse_sandbox::{Address, ServeOptions};

const IDLE_EXIT: Duration = Duration::from_secs(15 * 60);

/// Finds, or starts, the sandbox of a data directory.
pub struct Simulated;

impl SandboxHost for Simulated {
    fn running(&self, dir: &Path) -> Option<SandboxAddress> {
        gatehouse_sandbox::find_running(dir).map(address)
    }

    fn ensure(&self, dir: &Path) -> Result<SandboxAddress, String> {
        let program = std::env::current_exe().map_err(|cause| cause.to_string())?;
        let arguments = [
            OsString::from("sandbox-serve"),
            OsString::from("--data-dir"),
            dir.as_os_str().to_owned(),
        ];
        let running = gatehouse_sandbox::ensure_running(dir, &program, &arguments);
        running.map(address).map_err(|cause| cause.to_string())
    }

    fn merchants_csv(&self, address: &SandboxAddress) -> Result<Vec<u8>, String> {
        gatehouse_sandbox::read_page(&address.http, "/_sandbox/merchants.csv").map_err(|cause| cause.to_string())
    }
}

/// Serves the sandbox of a data directory in this process until nobody has used it for fifteen minutes.
///
/// # Errors
/// `sandbox_failed`.
pub fn serve(dir: &Path) -> Result<(), Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|cause| failed(&cause))?;
    runtime.block_on(async {
        let options = ServeOptions {
            idle_exit: Some(IDLE_EXIT),
            ..ServeOptions::new(dir)
        };
        let running = gatehouse_sandbox::serve(options)
            .await
            .map_err(|cause| failed(&cause))?;
        running.wait().await;
        Ok(())
    })
}

fn address(address: Address) -> SandboxAddress {
    SandboxAddress {
        http: address.http,
        https: address.https,
        ca_pem: address.ca_pem,
        account: address.account,
        api_key: address.api_key,
        payments_v1: address.payments_v1.map(|login| (login.username, login.password)),
    }
}

fn failed(cause: &(dyn std::error::Error + 'static)) -> Problem {
    Problem::new(
        ErrorCode::SandboxFailed,
        format!("The sandbox cannot be served: {cause}"),
        "Try again.",
    )
    .because(cause)
}
