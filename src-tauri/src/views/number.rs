//! Numbers that JavaScript can hold: times and sequence numbers, as plain `number` in TypeScript.
//!
//! Specta refuses 64-bit integers because JavaScript loses precision above 2^53; both kinds here stay far below (a millisecond
//! count reaches 2^53 in the year 287396). Deliberately absent: floats, which would be `number | null`.

use serde::{Deserialize, Serialize};
use specta::datatype::DataType;
use specta::{Type, Types};

/// A moment in milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

/// A sequence number of the audit log, or a size of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// An amount in the smallest unit of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minor(pub i64);

impl Type for Minor {
    fn definition(types: &mut Types) -> DataType {
        u32::definition(types)
    }
}

impl Type for Millis {
    fn definition(types: &mut Types) -> DataType {
        u32::definition(types)
    }
}

impl Type for Seq {
    fn definition(types: &mut Types) -> DataType {
        u32::definition(types)
    }
}

/// Narrows a count; what no longer fits is shown as the largest number.
pub fn count(value: impl TryInto<u32>) -> u32 {
    value.try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_does_not_fit_is_the_largest() {
        assert_eq!(
            count(u64::MAX),
            u32::MAX,
            "a count never wraps around to something small"
        );
        assert_eq!(count(7_usize), 7, "small counts stay as they are");
    }
}
