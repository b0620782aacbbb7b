//! Payments v1: the older kind of token, and linking a customer's account (tokens.md 4, 5).
//!
//! Another host, another log-in and another error body than the network's. Deliberately absent: order management.

mod classic;
mod drift;
mod latest;
mod login;
mod order;
mod page;
mod session;
mod session_row;
mod terms_notice;
mod update;

pub(crate) use classic::{cancel_again, cancel_classic, charge_classic, order_terms, read_classic};
pub(crate) use drift::drift;
pub use drift::{Drift, DriftRow};
pub use login::{PaymentsAccess, PaymentsLoginShown};
pub(crate) use login::{client, hosts, keep_login, no_login, shown_login};
pub use order::{LinkedOrder, PlaceLinkedOrder};
pub(crate) use order::{has_order, place, placed};
pub(crate) use page::open_page;
pub use session::StartLinking;
pub(crate) use session::{begun, draft, klarnas_id, start};
pub use session_row::LinkingSession;
pub(crate) use session_row::{by_id as session, list as linking_sessions, one as linking_session};
pub use terms_notice::TERMS;
pub(crate) use terms_notice::{accept, is_accepted};
pub use update::UpdateLinking;
pub(crate) use update::{changed, drafted, update};
