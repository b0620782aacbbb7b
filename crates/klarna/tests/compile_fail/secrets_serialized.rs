//! No secret can stand in something that is serialised: an answer to the UI, a log entry, a file.
use gatehouse_klarna::{ApiKey, PortalUrl, SignedJwt};
use serde::Serialize;

#[derive(Serialize)]
struct WithKey {
    key: ApiKey,
}

#[derive(Serialize)]
struct WithToken {
    token: SignedJwt,
}

#[derive(Serialize)]
struct WithLink {
    link: PortalUrl,
}

fn main() {}
