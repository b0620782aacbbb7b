//! The simulated Klarna of a data directory, as the core asks for it.

use super::{Core, Gatehouse};
use crate::problem::{ErrorCode, Problem, ways};
use crate::surroundings::SandboxAddress;

impl Gatehouse {
    /// Starts this data directory's own sandbox, unless it runs.
    ///
    /// # Errors
    /// `sandbox_failed`.
    pub fn start_sandbox(&self) -> Result<(), Problem> {
        self.core.sandbox_address().map(drop)
    }
}

impl Core {
    /// This data directory's sandbox, if it is running.
    pub fn running_sandbox(&self) -> Option<SandboxAddress> {
        self.surroundings().sandbox.running(self.dir())
    }

    /// This data directory's sandbox, started if need be.
    pub fn sandbox_address(&self) -> Result<SandboxAddress, Problem> {
        let host = &self.surroundings().sandbox;
        if let Some(address) = host.running(self.dir()) {
            return Ok(address);
        }
        host.ensure(self.dir()).map_err(|why| {
            Problem::new(
                ErrorCode::SandboxFailed,
                format!("The sandbox did not start: {why}"),
                ways(
                    "Try again; `gatehouse sandbox serve` shows what it says.",
                    "Try again; the command gatehouse sandbox serve shows what it says.",
                ),
            )
        })
    }

    /// What the sandbox gives out as the acquirer's master data.
    pub fn sandbox_merchants(&self, address: &SandboxAddress) -> Result<Vec<u8>, Problem> {
        self.surroundings().sandbox.merchants_csv(address).map_err(|why| {
            Problem::new(
                ErrorCode::SandboxFailed,
                format!("The sandbox did not give its merchants: {why}"),
                ways(
                    "Try again; `gatehouse merchants import` takes a file as well.",
                    "Try again; Import merchants takes a file as well.",
                ),
            )
        })
    }
}
