//! A call that changes something does not build without a permit.
use gatehouse_klarna::{AccountKrn, CallContext, Client, DeepLinkId};

async fn delete(client: &Client, account: &AccountKrn, id: &DeepLinkId, context: &CallContext) {
    let _ = client.delete_deep_link(account, id, context).await;
}

fn main() {}
