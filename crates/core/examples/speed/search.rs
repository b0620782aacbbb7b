//! Search by any part in a large directory: one, two and three letters, CJK, two words, nothing.

use std::time::Instant;

use gatehouse_core::database;
use gatehouse_core::merchants::{self, Directory, NewMerchant};
use gatehouse_klarna::AccountKrn;

use crate::{ms, say};

const QUERIES: &[&str] = &[
    "a",
    "b",
    "å",
    "東",
    "公司",
    "se",
    "ab",
    "baker",
    "bageri åsa",
    "SE-00",
    "417",
    "zz-nothing",
    "i k",
    "ö",
    "店",
    "k",
    "café",
    "group",
    "x",
    "de-1",
    "nordic bikes",
    "1",
    "00",
    "e",
    "кн",
    "δέ",
    "בית",
    "al",
    "ltd",
    "gmbh",
];

pub fn measure(rows: u32) {
    let dir = tempfile::tempdir().unwrap();
    let connection = database::open(dir.path()).unwrap();
    let merchants: Vec<NewMerchant> = gatehouse_sandbox::generate(rows).map(merchant).collect();
    merchants::upsert(&connection, "p", &merchants, 0).unwrap();
    let begin = Instant::now();
    let mut directory = Directory::load(&connection, "p").unwrap();
    say("load", &[ms(begin)]);
    let mut times = Vec::new();
    for _ in 0..20 {
        for query in QUERIES {
            let begin = Instant::now();
            let page = directory.search(query, 0, 60);
            times.push(ms(begin));
            assert!(page.of == rows, "every merchant is searched");
        }
    }
    say("search", &times);
}

fn merchant(row: gatehouse_sandbox::Merchant) -> NewMerchant {
    NewMerchant {
        name: row.name,
        reference: row.reference,
        country: row.country.to_string(),
        tags: row.tags.iter().map(|tag| tag.to_string()).collect(),
        ..NewMerchant::of(AccountKrn::parse(&row.account_id).unwrap())
    }
}
