//! The core's port onto the simulated Klarna that runs in the same process.

use std::fmt::Write;
use std::path::Path;

use gatehouse_core::{SandboxAddress, SandboxHost};
use gatehouse_sandbox::generate;

/// The sandbox that runs in this process.
pub(super) struct Host {
    pub address: gatehouse_sandbox::Address,
    pub merchants: u32,
}

impl SandboxHost for Host {
    fn running(&self, _dir: &Path) -> Option<SandboxAddress> {
        Some(sandbox_address(self.address.clone()))
    }

    fn ensure(&self, dir: &Path) -> Result<SandboxAddress, String> {
        self.running(dir).ok_or_else(String::new)
    }

    fn merchants_csv(&self, _address: &SandboxAddress) -> Result<Vec<u8>, String> {
        let mut csv = String::from("partner_account_id,partner_account_reference,name\n");
        for merchant in generate(self.merchants) {
            let name = merchant.name.replace('"', "\"\"");
            let _ = writeln!(csv, "{},{},\"{name}\"", merchant.account_id, merchant.reference);
        }
        Ok(csv.into_bytes())
    }
}

/// Where a sandbox is, in the core's words.
#[must_use]
pub fn sandbox_address(address: gatehouse_sandbox::Address) -> SandboxAddress {
    SandboxAddress {
        http: address.http,
        https: address.https,
        ca_pem: address.ca_pem,
        account: address.account,
        api_key: address.api_key,
        payments_v1: address.payments_v1.map(|login| (login.username, login.password)),
    }
}
