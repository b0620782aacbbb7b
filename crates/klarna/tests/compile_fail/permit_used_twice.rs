//! A permit is spent by one call; using it for a second one does not build.
use gatehouse_klarna::{AccountKrn, CallContext, Client, DeepLinkId, Permit};

async fn delete(client: &Client, permit: Permit, account: &AccountKrn, id: &DeepLinkId, context: &CallContext) {
    let _ = client.delete_deep_link(permit, account, id, context).await;
    let _ = client.delete_deep_link(permit, account, id, context).await;
}

fn main() {}
