//! The vault's rows, read and written. Deliberately absent: keys, and what a row means.

mod read;
mod write;

pub(crate) use read::{
    by_blind, by_id, by_reference, charged_after_end, count_of_merchant, counts, living, newest_of_customer, page,
    sealed,
};
pub(crate) use write::{Keeping, Kept, change, completed, keep, used};
