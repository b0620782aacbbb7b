//! The four ways into the portal that Klarna's documents name: when each fits, and what to agree with Klarna first.
//!
//! The texts stand here, so that the window and the command line say the same (portal-access.md 1, 5, 8, 9).

use crate::documentation::KlarnaPage;

/// A way in which people get into Klarna's portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A signed link made the moment somebody wants to enter.
    DeepLink,
    /// The button "Continue with ..." on Klarna's login page.
    Button,
    /// Accounts for people, made by the user access calls.
    UserAccess,
    /// The acquirer as SAML identity provider.
    Saml,
}

impl Method {
    /// All, the recommended first.
    pub const ALL: [Self; 4] = [Self::DeepLink, Self::Button, Self::UserAccess, Self::Saml];

    /// The stored word, also for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DeepLink => "deep_link",
            Self::Button => "button",
            Self::UserAccess => "user_access",
            Self::Saml => "saml",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.word() == word)
    }

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::DeepLink => "Deep link",
            Self::Button => "\"Continue with ...\" button",
            Self::UserAccess => "User access",
            Self::Saml => "SAML identity provider",
        }
    }

    /// When it fits.
    #[must_use]
    pub fn fits(self) -> &'static str {
        match self {
            Self::DeepLink => {
                "People start from your side: Gatehouse makes a one-time link and opens the portal, without a password. Klarna recommends it."
            }
            Self::Button => {
                "People start on Klarna's login page and sign in with you. It uses the same signed links, and Klarna recommends it beside the deep link."
            }
            Self::UserAccess => {
                "People need an account of their own for weeks or months, or you have no portal of your own. Klarna invites them by e-mail and they set a password."
            }
            Self::Saml => {
                "You run a sign-in of your own that can speak SAML 2.0, and people should come straight from it. It asks for the most work on both sides."
            }
        }
    }

    /// What to agree with Klarna before it can work.
    #[must_use]
    pub fn agree(self) -> &'static str {
        match self {
            Self::DeepLink => {
                "Ask for an API key of the account. Confirm whom your staff's links stand for (on_behalf_of) and which roles may be asked for."
            }
            Self::Button => {
                "Give your public login address to your technical contact at Klarna, who puts it behind the button. The login bridge, gatehouse-bridge, serves that address."
            }
            Self::UserAccess => {
                "Ask for an API key of the account, and talk to your Klarna representative first: it is an alternative to the recommended way."
            }
            Self::Saml => {
                "Klarna must set its side up: entity id, sign-in address, signing certificate and the names of the attributes are agreed with your representative. The login bridge, gatehouse-bridge, signs people in."
            }
        }
    }

    /// Where Klarna describes it, the page of the way itself first.
    #[must_use]
    pub fn pages(self) -> &'static [KlarnaPage] {
        match self {
            Self::DeepLink => &[KlarnaPage::DeepLink, KlarnaPage::ApiCredentials, KlarnaPage::Mtls],
            Self::Button => &[KlarnaPage::DeepLink, KlarnaPage::Overview],
            Self::UserAccess => &[KlarnaPage::Alternatives, KlarnaPage::GrantAccess],
            Self::Saml => &[KlarnaPage::Alternatives, KlarnaPage::Overview],
        }
    }

    /// Whether this computer does it; the others are served by the login bridge.
    #[must_use]
    pub fn on_this_computer(self) -> bool {
        match self {
            Self::DeepLink | Self::UserAccess => true,
            Self::Button | Self::Saml => false,
        }
    }
}
