//! Webhooks of the network: verifying a delivery that was received elsewhere, and reading what it tells (tokens.md 7).
//!
//! A desktop cannot be a receiver on the internet, so a delivery comes as its headers and the exact bytes of its body. All parts
//! but `manage` are pure. Deliberately absent: the receiver itself, and remembering which deliveries were seen.

mod check;
mod delivery;
mod key;
mod manage;
mod notice;
mod signature;

pub use check::{DeliveryAge, DeliveryReport, check_delivery};
pub use delivery::{Delivery, DeliveryRefusal, MOST_DELIVERY_BYTES};
pub use key::{WebhookKey, WebhookKeyRefusal};
pub use manage::{MadeSigningKey, SigningKeyLine, WebhookDraft, WebhookLine};
pub use notice::{News, NoticeRefusal, PaymentRequestNews, RevocationNews, WebhookNotice};
pub use signature::{SignatureFinding, SignatureHint};
