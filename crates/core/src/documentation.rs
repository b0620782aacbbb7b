//! Klarna's documentation pages that Gatehouse points to, by name; nothing else is opened for the window (audit.md 7).
//!
//! The addresses are those of portal-access.md 16, D1 to D16. Deliberately absent: any address that comes from outside.

use crate::policy::BrowserChoice;
use crate::portal::browser;
use crate::problem::Problem;

/// A page of Klarna's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KlarnaPage {
    /// Deep link and button, which share one way.
    DeepLink,
    /// User access and SAML.
    Alternatives,
    /// The ways into the portal, compared.
    Overview,
    /// What is agreed before access is granted.
    GrantAccess,
    /// Client certificates and mTLS.
    Mtls,
    /// API keys.
    ApiCredentials,
}

impl KlarnaPage {
    /// Every page.
    pub const ALL: [Self; 6] = [
        Self::DeepLink,
        Self::Alternatives,
        Self::Overview,
        Self::GrantAccess,
        Self::Mtls,
        Self::ApiCredentials,
    ];

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DeepLink => "Deep link and button",
            Self::Alternatives => "Alternative methods: user access, SAML",
            Self::Overview => "Ways into the portal",
            Self::GrantAccess => "Granting access",
            Self::Mtls => "Certificates and mTLS",
            Self::ApiCredentials => "API keys",
        }
    }

    /// Where it is (portal-access.md 16: D1, D2, D3, D4, D7, D16).
    #[must_use]
    pub fn address(self) -> &'static str {
        match self {
            Self::DeepLink => {
                "https://docs.klarna.com/klarna-network-distribution/interoperability-distribution/klarna-portal-overview/deep-link"
            }
            Self::Alternatives => {
                "https://docs.klarna.com/klarna-network-distribution/interoperability-distribution/klarna-portal-overview/alternative-methods"
            }
            Self::Overview => {
                "https://docs.klarna.com/klarna-network-distribution/interoperability-distribution/klarna-portal-overview"
            }
            Self::GrantAccess => {
                "https://docs.klarna.com/klarna-network-distribution/manage-partners/interoperability/grant-access"
            }
            Self::Mtls => {
                "https://docs.klarna.com/klarna-network-distribution/setup-your-integration/account-configuration/configure-mtls"
            }
            Self::ApiCredentials => {
                "https://docs.klarna.com/klarna-network-distribution/setup-your-integration/account-configuration/manage-your-api-credentials"
            }
        }
    }

    /// Shows it in the system's browser.
    ///
    /// # Errors
    /// `browser_failed`.
    pub fn show(self) -> Result<(), Problem> {
        browser::ask(&BrowserChoice::Default, self.address(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_klarnas_documentation_and_nothing_else() {
        for page in KlarnaPage::ALL {
            let address = page.address();
            let tail = address.strip_prefix("https://docs.klarna.com/klarna-network-distribution/");
            let plain = |tail: &str| {
                tail.chars()
                    .all(|letter| letter.is_ascii_lowercase() || "-/".contains(letter))
            };
            assert!(
                tail.is_some_and(plain),
                "{address} has no query, no fragment and no other host"
            );
        }
    }
}
