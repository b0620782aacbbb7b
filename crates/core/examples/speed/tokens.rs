//! A vault of many tokens: tables of 100,000 taken in, and what is asked of them.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use gatehouse_core::Gatehouse;
use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{TableControl, TokenQuery, TokenView};

use crate::open::gatehouse;
use crate::timing_store::TimingStore;
use crate::{ms, say};

const TABLE: usize = 100_000;
const ASKED: usize = 200;

/// Takes in that many tables, then asks.
pub fn measure(dir: &Path, tables: usize) {
    let address = gatehouse_sandbox::find_running(dir).expect("the directory's sandbox runs");
    let gatehouse = gatehouse(dir, &Arc::new(TimingStore::new()), &address);
    let profile = gatehouse.profile(None).unwrap();
    let merchant = gatehouse.search(&profile, "", 0, 1).unwrap().rows.remove(0).id;
    let taken: Vec<f64> = (0..tables)
        .map(|at| {
            let table = table(at * TABLE, &merchant);
            timed(|| {
                gatehouse
                    .import_tokens(
                        &profile,
                        ("many.csv", table.as_bytes()),
                        &TableControl::default(),
                        &|_| (),
                    )
                    .unwrap()
            }) / 1000.0
        })
        .collect();
    say("import", &taken);
    ask(&gatehouse, &profile, tables * TABLE);
}

fn table(from: usize, merchant: &str) -> String {
    let mut csv = String::from("customer_token,customer_token_reference,merchant,scopes,customer_id,subscription_id\n");
    for number in from..from + TABLE {
        let (token, customer) = (token(number), number / 3);
        let _ = writeln!(
            csv,
            "{token},crm-{number:07},{merchant},payment:customer_not_present,c-{customer:06},s-{number}"
        );
    }
    csv
}

fn token(number: usize) -> String {
    format!("krn:customer-token:eu1:{number:08x}-1111-4222-8333-{number:012x}")
}

fn ask(gatehouse: &Gatehouse, profile: &Profile, tokens: usize) {
    let numbers = || (0..ASKED).map(|at| (at * 7_919) % tokens);
    let by = |text: String| {
        let query = TokenQuery {
            text,
            limit: 50,
            ..TokenQuery::default()
        };
        timed(|| gatehouse.tokens(profile, &query).unwrap())
    };
    let whole = |number| SecretBytes::from_slice(token(number).as_bytes());
    let by_token = numbers().map(|number| timed(|| gatehouse.find_customer_token(profile, &whole(number)).unwrap()));
    say("by_token", &by_token.collect::<Vec<_>>());
    say(
        "by_reference",
        &numbers()
            .map(|number| by(format!("crm-{number:07}")))
            .collect::<Vec<_>>(),
    );
    say(
        "by_customer",
        &numbers()
            .map(|number| by(format!("c-{:06}", number / 3)))
            .collect::<Vec<_>>(),
    );
    let views = (0..5).flat_map(|_| TokenView::ALL).map(|view| {
        let query = TokenQuery {
            view,
            limit: 100,
            ..TokenQuery::default()
        };
        timed(|| gatehouse.tokens(profile, &query).unwrap())
    });
    say("views", &views.collect::<Vec<_>>());
    say("counts", &[timed(|| gatehouse.token_counts(profile).unwrap())]);
}

fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(work());
    ms(begun)
}
