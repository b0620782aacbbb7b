//! The headers of a ZIP file: what stands before a member and in the directory, in 32 bits or in ZIP64's fields.
//!
//! Deliberately absent: the contents.

use std::io::{self, ErrorKind};

/// Begins a member.
pub const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Bit 11: names are UTF-8.
const UTF8: u16 = 1 << 11;
/// 1 January 1980, the earliest that the format knows: the files carry their own times.
const NO_DATE: u16 = 0x21;
/// The extra field of ZIP64, and one that only keeps its place in a member that did not need it.
const EXTRA_64: u16 = 0x0001;
const EXTRA_SPACE: u16 = 0xd935;
/// Both lengths, 8 bytes each.
const EXTRA_LENGTH: u16 = 16;
/// Where a length stands that does not fit.
pub const ELSEWHERE: u32 = u32::MAX;

/// What the directory at the end says of a member.
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub at: u64,
    /// How long its content is.
    pub length: u64,
    /// The content's checksum.
    pub crc: u32,
    /// Whether it keeps a place for ZIP64's field.
    pub extra: bool,
}

impl Member {
    fn is_large(&self) -> bool {
        self.length >= u64::from(ELSEWHERE)
    }

    /// What stands before the content.
    pub fn local(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(50 + self.name.len());
        put(&mut bytes, LOCAL);
        self.common(&mut bytes, if self.extra { EXTRA_LENGTH + 4 } else { 0 })?;
        bytes.extend_from_slice(self.name.as_bytes());
        if self.extra {
            let (id, length) = if self.is_large() {
                (EXTRA_64, self.length)
            } else {
                (EXTRA_SPACE, 0)
            };
            bytes.extend_from_slice(&id.to_le_bytes());
            bytes.extend_from_slice(&EXTRA_LENGTH.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
        }
        Ok(bytes)
    }

    /// What the directory says.
    pub fn central(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let (far, large) = (self.at >= u64::from(ELSEWHERE), self.is_large());
        let mut extra = Vec::new();
        for number in [(large, self.length), (large, self.length), (far, self.at)] {
            if number.0 {
                extra.extend_from_slice(&number.1.to_le_bytes());
            }
        }
        let length = u16::try_from(extra.len()).map_err(|_| too_many())?;
        put(bytes, CENTRAL);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        self.common(bytes, if length > 0 { length + 4 } else { 0 })?;
        // No comment, first disk, no attributes: ten bytes of zeros.
        bytes.extend_from_slice(&[0; 10]);
        put(bytes, u32::try_from(self.at).unwrap_or(ELSEWHERE));
        bytes.extend_from_slice(self.name.as_bytes());
        if length > 0 {
            bytes.extend_from_slice(&EXTRA_64.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(&extra);
        }
        Ok(())
    }

    /// What both share: version to the length of the extra field.
    fn common(&self, bytes: &mut Vec<u8>, extra: u16) -> io::Result<()> {
        let far = self.is_large() || self.at >= u64::from(ELSEWHERE);
        for word in [if far { VERSION_64 } else { VERSION }, UTF8, 0, 0, NO_DATE] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        put(bytes, self.crc);
        let length = u32::try_from(self.length).unwrap_or(ELSEWHERE);
        put(bytes, length);
        put(bytes, length);
        let name = u16::try_from(self.name.len()).map_err(|_| too_many())?;
        bytes.extend_from_slice(&name.to_le_bytes());
        bytes.extend_from_slice(&extra.to_le_bytes());
        Ok(())
    }
}

/// The directory's end for what 32 bits do not hold.
pub fn end_64(bytes: &mut Vec<u8>, (count, length, start): (u64, u64, u64), at: u64) {
    put(bytes, END_64);
    bytes.extend_from_slice(&44_u64.to_le_bytes());
    bytes.extend_from_slice(&VERSION_64.to_le_bytes());
    bytes.extend_from_slice(&VERSION_64.to_le_bytes());
    bytes.extend_from_slice(&[0; 8]);
    for number in [count, count, length, start] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    put(bytes, LOCATOR_64);
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&at.to_le_bytes());
    put(bytes, 1);
}

/// Adds a number.
pub fn put(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

/// What is said of more than the format holds.
pub fn too_many() -> io::Error {
    ErrorKind::InvalidInput.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_four_gibibytes_lengths_and_places_stand_in_the_fields_of_zip64() {
        let member = Member {
            name: "large".to_owned(),
            at: 5 << 32,
            length: 3 << 33,
            crc: 1,
            extra: true,
        };
        let local = member.local().unwrap();
        assert_eq!(
            &local[4..6],
            VERSION_64.to_le_bytes(),
            "it says that it needs a newer reader"
        );
        assert_eq!(&local[18..26], [0xff; 8], "the short fields point to the long ones");
        let extra = &local[30 + 5..];
        assert_eq!(&extra[..4], [1, 0, 16, 0], "the extra field is ZIP64's");
        assert_eq!(&extra[4..12], (3_u64 << 33).to_le_bytes(), "with the length");
        let mut central = Vec::new();
        member.central(&mut central).unwrap();
        let extra = &central[46 + 5..];
        assert_eq!(
            &extra[..4],
            [1, 0, 24, 0],
            "in the directory it has both lengths and the place"
        );
        assert_eq!(&extra[20..28], (5_u64 << 32).to_le_bytes(), "the place last");
        let mut end = Vec::new();
        end_64(&mut end, (2, 100, 9 << 32), 99);
        assert_eq!(
            (end.len(), &end[4..12]),
            (56 + 20, &44_u64.to_le_bytes()[..]),
            "the directory's end has its fixed length"
        );
    }
}
