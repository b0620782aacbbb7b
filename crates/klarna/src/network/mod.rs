//! What stands between this machine and Klarna: proxies, and whoever vouches for the server.
//!
//! Most failures of a first day are here and not at Klarna's, so each has a type that a person's cure can be written from.
//! Deliberately absent: words for persons, and reading settings of the system, which come in as parameters.

mod certificate;
mod no_proxy;
mod proxy;
mod system;
mod system_text;
mod tunnel;

pub use certificate::{CertificateFault, CertificateProblem, Issuer};
pub use proxy::{ManualProxy, ProxyCredentials, ProxyFault, ProxyRefusal};
pub use system::{GnomeProxy, ProxySource, SystemProxy, SystemSettings, WindowsProxy, system_proxy};

pub(crate) use proxy::{Route, route};
pub(crate) use tunnel::{diagnose, name_of, open};

/// Why the network did not let a call through, where more is known than [`crate::FailureKind`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkFault {
    /// The proxy is the cause.
    Proxy(ProxyFault),
    /// The certificate that the server presented is the cause.
    Certificate(CertificateFault),
}
