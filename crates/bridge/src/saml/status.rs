//! What a request is answered with where nobody can be signed on.

/// A status that goes back to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody may be asked, and somebody would have to be.
    NoPassive,
    /// A name of that kind is not given.
    InvalidNameIdPolicy,
    /// The person did not, or cannot, sign in in that way.
    NoAuthnContext,
    /// The person did not sign in anew.
    AuthnFailed,
    /// The answer is wanted by another way.
    UnsupportedBinding,
    /// The request asks for something that is not offered.
    RequestUnsupported,
}

impl Status {
    /// Whose doing it is, and what: the two codes of the standard, without their common beginning.
    #[must_use]
    pub const fn codes(self) -> (&'static str, &'static str) {
        match self {
            Self::NoPassive => ("Responder", "NoPassive"),
            Self::InvalidNameIdPolicy => ("Requester", "InvalidNameIDPolicy"),
            Self::NoAuthnContext => ("Responder", "NoAuthnContext"),
            Self::AuthnFailed => ("Responder", "AuthnFailed"),
            Self::UnsupportedBinding => ("Requester", "UnsupportedBinding"),
            Self::RequestUnsupported => ("Requester", "RequestUnsupported"),
        }
    }

    /// The word for logs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.codes().1
    }
}

/// The common beginning of the standard's codes.
pub const CODE: &str = "urn:oasis:names:tc:SAML:2.0:status:";
