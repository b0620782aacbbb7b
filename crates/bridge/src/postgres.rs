//! The way to PostgreSQL: what several bridges share lies there, sign-ins under way and the anchors of their logs.
//!
//! Plain on this machine, by TLS everywhere else, whatever the connection string says. Deliberately absent: what is asked.

use std::str::FromStr;
use std::time::Duration;

use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a database may take to be reached.
pub(crate) const WAIT: Duration = Duration::from_secs(3);
/// A server that is gone without a word, its power lost or its address moved, is given up after so long; the system's own measure is a
/// quarter of an hour. Silence is looked into after `IDLE`.
const GIVEN_UP: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(20);

/// Where a database is, and by TLS unless it is on this machine.
pub(crate) struct Way {
    pub config: Config,
    pub tls: Option<MakeRustlsConnect>,
}

impl Way {
    /// Reads a connection string; `settings` are the session's own, as `-c NAME=VALUE`. The server's notices are asked for by nobody.
    ///
    /// # Errors
    /// A sentence; the string is not quoted, since it holds a password.
    pub fn new(connection: &str, settings: &str) -> Result<Self, String> {
        let mut config = Config::from_str(connection).map_err(|_| {
            "is no connection string for PostgreSQL. Write postgresql://USER:PASSWORD@HOST/DATABASE.".to_owned()
        })?;
        config
            .connect_timeout(WAIT)
            .tcp_user_timeout(GIVEN_UP)
            .keepalives_idle(IDLE)
            .keepalives_interval(WAIT)
            .keepalives_retries(3)
            .application_name("gatehouse-bridge")
            .options(format!("-c client_min_messages=warning {settings}"));
        if is_here(&config) {
            return Ok(Self { config, tls: None });
        }
        config.ssl_mode(SslMode::Require);
        let tls = Some(MakeRustlsConnect::new(tls()?));
        Ok(Self { config, tls })
    }
}

/// Whether the way to the database does not leave this machine.
fn is_here(config: &Config) -> bool {
    let here = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    !config.get_hosts().is_empty()
        && config.get_hosts().iter().all(here)
        && config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback)
}

fn tls() -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder().with_platform_verifier();
    Ok(builder
        .map_err(|cause| format!("cannot be reached by TLS: {cause}."))?
        .with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        let here = |text: &str| is_here(&Config::from_str(text).unwrap());
        for local in [
            "host=/run/postgresql user=a",
            "postgresql://a@127.0.0.1/b",
            "postgresql://a@localhost,[::1]/b",
        ] {
            assert!(here(local), "{local}");
        }
        for far in [
            "postgresql://a@db.acquirer.example/b",
            "host=localhost,db.example user=a",
            "user=a hostaddr=192.0.2.1 host=localhost",
            "user=a",
        ] {
            assert!(!here(far), "{far}");
        }
        let way = Way::new("postgresql://a@127.0.0.1/b", "").unwrap();
        assert_eq!(
            way.config.get_tcp_user_timeout(),
            Some(&GIVEN_UP),
            "a silent server is given up"
        );
        assert!(
            !Way::new("hunter2 is no string", "").err().unwrap().contains("hunter2"),
            "nothing is quoted"
        );
    }
}
