//! Where a customer is sent to agree: a page of Klarna's that belongs to one payment request or order.
//!
//! Checked like a portal link's address: https anywhere, or plain http on this machine. Deliberately absent: the list of allowed
//! hosts, which whoever opens it keeps.

use crate::portal_url::{PortalUrl, PortalUrlRefusal};
use crate::secret::redacted;

/// The address of a customer's consent page; whoever has it stands where the customer stands.
pub struct ConsentUrl {
    inner: PortalUrl,
}

redacted!(ConsentUrl);

impl ConsentUrl {
    /// Checks an address and keeps its normal form.
    ///
    /// # Errors
    /// [`PortalUrlRefusal`] says what is wrong; it never quotes the address.
    pub fn parse(text: &str) -> Result<Self, PortalUrlRefusal> {
        PortalUrl::parse(text).map(|inner| Self { inner })
    }

    /// Returns the host in its normal form.
    #[must_use]
    pub fn host(&self) -> &str {
        self.inner.host()
    }

    /// Returns the port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.inner.port()
    }

    /// Tells whether the host is this machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.inner.is_loopback()
    }

    /// Gives the address away, for opening it; never for showing or storing.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.inner.expose()
    }
}
