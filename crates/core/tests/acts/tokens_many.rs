//! A vault of many tokens: how long a table takes, and that looking up does not grow with it.

use std::fmt::Write;
use std::time::{Duration, Instant};

use gatehouse_core::Gatehouse;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{TokenQuery, TokenView};

use super::tokens_vault::secret;
use super::world::{BAKERY, ready};

fn token(number: u32) -> String {
    format!("krn:customer-token:eu1:{number:08x}-1111-4222-8333-{number:012x}")
}

fn p95(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() * 95 / 100]
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    std::hint::black_box(work());
    began.elapsed()
}

#[test]
#[ignore = "a measurement: run it by name"]
fn many_tokens_are_taken_in_and_looked_up() {
    let (world, profile) = ready();
    let gatehouse = &world.gatehouse;
    let rounds = 5;
    for round in 0..rounds {
        let mut table =
            String::from("customer_token,customer_token_reference,merchant,scopes,customer_id,subscription_id\n");
        for number in round * 100_000..(round + 1) * 100_000 {
            let _ = writeln!(
                table,
                "{},crm-{number:07},{BAKERY},payment:customer_not_present,c-{:06},s-{number}",
                token(number),
                number / 3
            );
        }
        let took = timed(|| {
            gatehouse
                .import_tokens(&profile, "many.csv", table.as_bytes(), &|_| ())
                .unwrap()
        });
        eprintln!(
            "import of rows {} to {}: {took:?}",
            round * 100_000,
            (round + 1) * 100_000
        );
        looked_up(gatehouse, &profile);
    }
}

fn looked_up(gatehouse: &Gatehouse, profile: &Profile) {
    let asked = |query: &dyn Fn(u32) -> TokenQuery| {
        p95((0..200)
            .map(|at| timed(|| gatehouse.tokens(profile, &query(at * 499)).unwrap()))
            .collect())
    };
    let by = |text: String| TokenQuery {
        text,
        limit: 50,
        ..TokenQuery::default()
    };
    eprintln!("by reference p95 {:?}", asked(&|number| by(format!("crm-{number:07}"))));
    eprintln!(
        "by customer p95 {:?}",
        asked(&|number| by(format!("c-{:06}", number / 3)))
    );
    let found = (0..200).map(|at| timed(|| gatehouse.token(profile, &format!("crm-{:07}", at * 499)).unwrap()));
    eprintln!("one by reference p95 {:?}", p95(found.collect()));
    for view in TokenView::ALL {
        let query = TokenQuery {
            view,
            limit: 100,
            ..TokenQuery::default()
        };
        eprintln!(
            "first page of {}: {:?}",
            view.word(),
            timed(|| gatehouse.tokens(profile, &query).unwrap())
        );
    }
    let whole = timed(|| gatehouse.find_customer_token(profile, &secret(&token(12_345))).unwrap());
    eprintln!("by the whole token, vault and log: {whole:?}");
    eprintln!("counts: {:?}", timed(|| gatehouse.token_counts(profile).unwrap()));
}
