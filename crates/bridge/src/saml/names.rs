//! Namespaces of SAML, as they are written.

/// Of requests and answers.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Of what is stated.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Of who is who.
pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// Of signatures.
pub const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
