//! A bridge of a demonstration as a program of its own: its data directory and its configuration.

use std::path::PathBuf;

use gatehouse_core::SandboxHost;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::setup::NewEndpoint;

use super::host::{Host, sandbox_address};
use super::{Demo, DemoFailure};

impl Demo {
    /// Makes a data directory for a bridge that runs as a program of its own behind the same public address, and answers its
    /// configuration. It listens where there is room and says where. The plan needs a passphrase, since a program cannot have keys from
    /// another's memory.
    ///
    /// # Errors
    /// [`DemoFailure`].
    pub async fn program(&self, name: &str) -> Result<PathBuf, DemoFailure> {
        let core = self.plan.open(name, &self.keys, &self.sandbox, None)?;
        let address = sandbox_address(self.sandbox.address.clone());
        let profile = self.plan.profile(NewEndpoint::Url {
            url: address.https.clone(),
            account: address.account.clone(),
            api_key: SecretBytes::from_slice(address.api_key.as_bytes()),
            ca_pem: Some(address.ca_pem.clone()),
        });
        let merchants = self.merchants()?;
        let made = tokio::task::spawn_blocking(move || {
            let profile = core.create_sandbox(&profile, &|_| ())?;
            core.import_merchants(&profile, "merchants.csv", &merchants)
        });
        made.await.map_err(std::io::Error::other)??;
        let file = self.plan.dir.join(format!("{name}.toml"));
        std::fs::write(&file, self.program_config(name))?;
        Ok(file)
    }

    fn merchants(&self) -> std::io::Result<Vec<u8>> {
        let host = Host {
            address: self.sandbox.address.clone(),
            merchants: self.plan.merchants,
        };
        let csv = host.merchants_csv(&sandbox_address(host.address.clone()));
        csv.map_err(std::io::Error::other)
    }

    /// The configuration with a data directory and a name of its own, and with any free ports.
    fn program_config(&self, name: &str) -> String {
        let mut lines = vec![format!("data_dir = '{name}'")];
        if self.plan.postgres.is_some() {
            lines.push(format!("replica = '{name}'"));
        }
        lines.extend(self.config.lines().map(|line| match line.split_once(" = ") {
            Some((member @ ("listen" | "operations_listen"), _)) => format!("{member} = '127.0.0.1:0'"),
            _ => line.to_owned(),
        }));
        lines.join("\n")
    }
}
