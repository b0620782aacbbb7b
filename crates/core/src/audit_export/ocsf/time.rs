//! An entry's time in milliseconds since 1970, read at its fixed places.
//!
//! Deliberately absent: any other form than `YYYY-MM-DDTHH:MM:SS.mmmZ`, which is the log's only one.

/// The milliseconds since 1970; nothing for another form.
pub fn unix_ms(text: &str) -> Option<i64> {
    let bytes: &[u8; 24] = text.as_bytes().try_into().ok()?;
    let marks = [
        (4, b'-'),
        (7, b'-'),
        (10, b'T'),
        (13, b':'),
        (16, b':'),
        (19, b'.'),
        (23, b'Z'),
    ];
    if marks.iter().any(|(at, mark)| bytes.get(*at) != Some(mark)) {
        return None;
    }
    let part = |from: usize, to: usize| {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0_i64, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
        })
    };
    let days = days(part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let seconds = (part(11, 13)? * 60 + part(14, 16)?) * 60 + part(17, 19)?;
    Some((days * 86_400 + seconds) * 1000 + part(20, 23)?)
}

/// Days since 1970 in the proleptic Gregorian calendar: a year that begins in March has its leap day last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::unix_ms;

    #[test]
    fn a_time_is_what_the_calendar_says() {
        for (text, ms) in [
            ("1970-01-01T00:00:00.000Z", 0),
            ("2000-02-29T23:59:59.999Z", 951_868_799_999),
            ("2026-06-21T00:00:01.234Z", 1_782_000_001_234),
        ] {
            let told = text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
            assert_eq!(unix_ms(text), Some(told), "{text}");
            assert_eq!(told, ms, "{text}");
        }
        for text in [
            "",
            "2026-06-21T00:00:01Z",
            "2026-06-21 00:00:01.234Z",
            "2026-06-2éT00:00:01.23Z",
        ] {
            assert_eq!(unix_ms(text), None, "{text:?} is no time of the log");
        }
    }

    #[test]
    fn every_day_of_four_centuries_is_the_calendars() {
        let mut day = jiff::civil::date(1970, 1, 1);
        for count in 0..146_097_i64 {
            let text = format!("{day}T00:00:00.000Z");
            assert_eq!(unix_ms(&text), Some(count * 86_400_000), "{text}");
            day = day.tomorrow().unwrap();
        }
    }
}
