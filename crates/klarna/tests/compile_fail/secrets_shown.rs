//! No secret can be written as text.
use gatehouse_klarna::{ApiKey, KeyPem, PortalUrl, SignedJwt};

fn shown(key: ApiKey, token: SignedJwt, link: PortalUrl, pem: KeyPem) {
    let _ = key.to_string();
    let _ = token.to_string();
    let _ = link.to_string();
    let _ = pem.to_string();
}

fn main() {}
