//! When an access ends: which dates and periods are taken, and by what name each other is refused.

use gatehouse_klarna::{AccessEnd, AccessEndRefusal, InactivityPeriod, PeriodRefusal, PeriodUnit};
use proptest::prelude::*;

/// 2026-10-14, 23:59:59 UTC.
const NOW: i64 = 1_792_022_399;
const DAY_S: i64 = 86_400;

fn end(text: &str) -> Result<String, AccessEndRefusal> {
    AccessEnd::parse(text, NOW).map(|end| end.to_string())
}

fn period(text: &str) -> Result<String, PeriodRefusal> {
    InactivityPeriod::parse(text).map(|period| period.to_string())
}

#[test]
fn access_ends_tomorrow_in_utc_at_the_earliest() {
    assert_eq!(end("2026-10-13"), Err(AccessEndRefusal::Past), "yesterday is over");
    assert_eq!(
        end("2026-10-14"),
        Err(AccessEndRefusal::Today),
        "today is no future day"
    );
    assert_eq!(end("2026-10-15"), Ok("2026-10-15".into()), "tomorrow is");
    let later = AccessEnd::parse("2026-10-15", NOW + 1);
    assert_eq!(later, Err(AccessEndRefusal::Today), "a second later it is midnight");
    for far in ["0000-01-01", "0001-01-01", "1969-12-31", "1970-01-01"] {
        assert_eq!(end(far), Err(AccessEndRefusal::Past), "{far} is long ago");
    }
}

#[test]
fn access_ends_within_a_hundred_years() {
    assert_eq!(
        end("2126-10-14"),
        Ok("2126-10-14".into()),
        "a hundred years are the most"
    );
    for far in ["2126-10-16", "2206-01-31", "9999-12-30", "9999-12-31"] {
        assert_eq!(
            end(far),
            Err(AccessEndRefusal::TooFar),
            "{far} is a slip, or means no end"
        );
    }
    let five_digits = end("10000-01-01");
    assert_eq!(
        five_digits,
        Err(AccessEndRefusal::Malformed),
        "YYYY-MM-DD cannot write it"
    );
}

#[test]
fn leap_days_exist_in_leap_years_only() {
    assert_eq!(end("2028-02-29"), Ok("2028-02-29".into()), "2028 is a leap year");
    for common in ["2027-02-29", "2100-02-29"] {
        assert_eq!(end(common), Err(AccessEndRefusal::NoLeapDay), "{common} does not exist");
    }
    for none in [
        "2027-02-30",
        "2027-04-31",
        "2027-13-01",
        "2027-00-10",
        "2027-01-00",
        "2027-01-32",
        "2028-02-99",
    ] {
        assert_eq!(end(none), Err(AccessEndRefusal::NoSuchDay), "{none} does not exist");
    }
}

#[test]
fn end_dates_have_one_spelling() {
    assert_eq!(end(""), Err(AccessEndRefusal::Empty), "nothing is named as nothing");
    for text in [
        "2027-1-31",
        "27-01-31",
        "20270131",
        "2027/01/31",
        "31.01.2027",
        "2027-01-31 ",
        " 2027-01-31",
        "+2027-01-31",
        "-2027-01-31",
        "2027-01-31T00:00:00Z",
        "2027-01-31-",
        "2027-01",
        "tomorrow",
        "2027-W05-1",
        "２０２７-01-31",
        "2027‑01‑31",
        "2027-01-+1",
        "2027--1-31",
        "\u{feff}2027-01-31",
    ] {
        assert_eq!(
            end(text),
            Err(AccessEndRefusal::Malformed),
            "{text:?} is not YYYY-MM-DD"
        );
    }
}

#[test]
fn recorded_end_is_read_back_as_of_its_record() {
    let given = AccessEnd::parse("2026-10-15", NOW).unwrap();
    assert!(
        AccessEnd::parse("2026-10-15", NOW + 400 * DAY_S).is_err(),
        "as of today it is over"
    );
    assert_eq!(
        AccessEnd::parse(&given.to_string(), NOW),
        Ok(given),
        "as of then it was to come"
    );
    assert_eq!(given.starts_unix_s(), NOW + 1, "it starts at midnight in UTC");
}

#[test]
fn period_is_one_day_to_six_months() {
    for text in ["P1D", "P30D", "P180D", "P182D", "P1W", "P26W", "P1M", "P3M", "P6M"] {
        assert_eq!(period(text), Ok(text.into()), "{text} is taken and written back");
    }
    for text in ["P0D", "P0W", "P0M", "P000D"] {
        assert_eq!(period(text), Err(PeriodRefusal::Zero), "{text} is no time");
    }
    for text in [
        "P7M",
        "P183D",
        "P200D",
        "P27W",
        "P12M",
        "P65536D",
        "P99999999999999999999D",
    ] {
        assert_eq!(period(text), Err(PeriodRefusal::TooLong), "{text} is too long");
    }
    assert_eq!(period("P030D"), Ok("P30D".into()), "zeros in front are left out");
}

#[test]
fn period_refusals_name_the_slip() {
    let cases = [
        (PeriodRefusal::Empty, vec![""]),
        (PeriodRefusal::Space, vec![" P30D", "P30D ", "P 30D", "P30D\n", " "]),
        (
            PeriodRefusal::LowerCase,
            vec!["p30d", "P30d", "p30D", "30 days".trim_start_matches("30 "), "p1y"],
        ),
        (
            PeriodRefusal::Sign,
            vec!["-P30D", "P-30D", "P+30D", "P\u{2212}30D", "P0000-01-00"],
        ),
        (PeriodRefusal::Fraction, vec!["P1.5M", "P0,5D"]),
        (PeriodRefusal::TimeOfDay, vec!["PT24H", "P1DT12H", "PT1M", "P1DT"]),
        (PeriodRefusal::Years, vec!["P1Y", "P0Y", "P0Y6M"]),
        (PeriodRefusal::Mixed, vec!["P1M15D", "P1W1D", "P1D1W"]),
        (
            PeriodRefusal::Malformed,
            vec![
                "P", "30", "30D", "PD", "PD30", "P30", "P30X", "P3M0", "PP3M", "P٣D", "P30D\0", "3M",
            ],
        ),
    ];
    for (refusal, texts) in cases {
        for text in texts {
            assert_eq!(period(text), Err(refusal), "{text:?}");
        }
    }
}

#[test]
fn period_is_said_in_words() {
    let words = |text| InactivityPeriod::parse(text).unwrap().words();
    assert_eq!(words("P1D"), "1 day", "one is singular");
    assert_eq!(words("P30D"), "30 days", "days");
    assert_eq!(
        (words("P1W"), words("P4W")),
        ("1 week".into(), "4 weeks".into()),
        "weeks stay weeks"
    );
    assert_eq!(
        (words("P1M"), words("P3M")),
        ("1 month".into(), "3 months".into()),
        "months stay months"
    );
}

#[test]
fn every_refusal_says_what_to_do() {
    use AccessEndRefusal as End;
    use PeriodRefusal as Period;
    let ends = [
        End::Empty,
        End::Malformed,
        End::NoLeapDay,
        End::NoSuchDay,
        End::Past,
        End::Today,
        End::TooFar,
    ];
    let periods = [
        Period::Empty,
        Period::Space,
        Period::LowerCase,
        Period::Sign,
        Period::Fraction,
        Period::TimeOfDay,
        Period::Years,
        Period::Mixed,
        Period::Malformed,
        Period::Zero,
        Period::TooLong,
    ];
    let texts = ends
        .iter()
        .map(ToString::to_string)
        .chain(periods.iter().map(ToString::to_string));
    for text in texts {
        assert!(text.ends_with('.'), "{text:?} is a sentence");
        let told = ["Write", "Give", "Check"].iter().any(|verb| text.contains(verb));
        assert!(told, "{text:?} says what to do");
    }
}

proptest! {
    #[test]
    fn every_day_ahead_is_taken_and_written_back(ahead in 1_i64..=36_525, second in 0_i64..DAY_S) {
        let midnight = NOW + 1 - DAY_S;
        let day = jiff::Timestamp::from_second(midnight + ahead * DAY_S).unwrap().strftime("%Y-%m-%d").to_string();
        let end = AccessEnd::parse(&day, midnight + second).unwrap();
        prop_assert_eq!(end.to_string(), day);
        prop_assert_eq!(end.starts_unix_s(), midnight + ahead * DAY_S);
    }

    #[test]
    fn no_day_behind_is_taken(behind in 0_i64..=200_000, second in 0_i64..DAY_S) {
        let midnight = NOW + 1 - DAY_S;
        let day = jiff::Timestamp::from_second(midnight - behind * DAY_S).unwrap().strftime("%Y-%m-%d").to_string();
        let expected = if behind == 0 { AccessEndRefusal::Today } else { AccessEndRefusal::Past };
        prop_assert_eq!(AccessEnd::parse(&day, midnight + second), Err(expected));
    }

    #[test]
    fn a_taken_end_is_what_was_written(text in "[0-9]{3,5}-[0-9]{1,2}-[0-9]{1,2}|\\PC{0,12}", now in any::<i64>()) {
        if let Ok(end) = AccessEnd::parse(&text, now) {
            prop_assert_eq!(end.to_string(), text);
            prop_assert!(end.starts_unix_s() > now);
        }
    }

    #[test]
    fn a_taken_period_reads_back_as_itself(text in "P[0-9]{1,4}[DWM]|[PTDWMY0-9.+-]{0,8}|\\PC{0,12}") {
        if let Ok(period) = InactivityPeriod::parse(&text) {
            prop_assert_eq!(InactivityPeriod::parse(&period.to_string()), Ok(period));
            let days = match period.unit() {
                PeriodUnit::Days => period.count(),
                PeriodUnit::Weeks => period.count() * 7,
                PeriodUnit::Months => period.count() * 30,
            };
            prop_assert!((1..=182).contains(&days), "{} days", days);
        }
    }
}
