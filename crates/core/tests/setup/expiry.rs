//! Warnings at their thresholds, each told once.

use gatehouse_core::profile::expiry::{Deadline, Teller, expiry_warnings};
use gatehouse_core::signing_key::CertificateUsage;

use super::certificates::{issue, klarna_like, known_key};
use super::place::{DAY_MS, NOW_MS, Place};

fn certificate(ends_at_ms: i64) -> Deadline {
    Deadline {
        subject: "certificate/x".into(),
        name: "The MTLS certificate".into(),
        ends_at_ms,
        thresholds: &[60, 30, 14, 7, 1],
    }
}

#[test]
fn the_threshold_is_the_one_crossed_last() {
    for (left_days, threshold) in [
        (61, None),
        (60, Some(60)),
        (31, Some(60)),
        (30, Some(30)),
        (14, Some(14)),
        (8, Some(14)),
        (7, Some(7)),
        (2, Some(7)),
        (1, Some(1)),
        (0, Some(1)),
        (-1, Some(0)),
    ] {
        let found = expiry_warnings(&[certificate(NOW_MS + left_days * DAY_MS)], NOW_MS);
        let found = found.first().map(|warning| (warning.threshold, warning.days_left));
        assert_eq!(
            found,
            threshold.map(|threshold| (threshold, left_days)),
            "{left_days} days before the end"
        );
    }
}

#[test]
fn the_nearest_end_comes_first() {
    let warnings = expiry_warnings(
        &[certificate(NOW_MS + 9 * DAY_MS), certificate(NOW_MS + 3 * DAY_MS)],
        NOW_MS,
    );
    let days: Vec<i64> = warnings.iter().map(|warning| warning.days_left).collect();
    assert_eq!(days, [3, 9], "what ends first is said first");
}

#[test]
fn each_threshold_is_told_once() {
    let place = Place::new();
    let profile = place.begun();
    let (key, pair) = known_key();
    place
        .gatehouse
        .import_key(&profile, CertificateUsage::JwtSigning, &key.to_pkcs8_der(), None)
        .unwrap();
    let params = klarna_like(|params| params.not_after = rcgen::date_time_ymd(2027, 12, 31));
    let pem = issue(&params, &pair).0;
    place
        .gatehouse
        .install_certificate(&profile, CertificateUsage::JwtSigning, pem.as_bytes(), None)
        .unwrap();
    let end = place.gatehouse.key_facts(&profile).unwrap()[0]
        .certificate
        .not_after_unix_s
        * 1000;
    let told = || place.gatehouse.take_expiry_notices().unwrap().len();
    assert_eq!(told(), 0, "a year before there is nothing to say");
    for days in [59, 29, 13, 6, 0] {
        place.at(end - days * DAY_MS - 1);
        assert_eq!((told(), told()), (1, 0), "{days} days before: once");
        let terminal = || {
            place
                .gatehouse
                .take_expiry_notices_of(&profile, Teller::Terminal)
                .unwrap()
                .len()
        };
        assert_eq!(
            (terminal(), terminal()),
            (1, 0),
            "and once to whoever works on the command line"
        );
        assert_eq!(
            place.gatehouse.expiry_warnings(&profile).unwrap().len(),
            1,
            "but it is shown as long as it holds"
        );
    }
    place.at(end + DAY_MS);
    let (_, notice) = place.gatehouse.take_expiry_notices().unwrap().remove(0);
    assert!(
        notice.message.contains("has expired"),
        "the end itself is told too: {notice:?}"
    );
    assert!(
        !place.gatehouse.setup(&profile).unwrap().ready,
        "and the set-up is not whole any more"
    );
}
