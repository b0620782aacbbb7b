//! Tokens handed out: as a table without them, or as a sealed file with them.

use gatehouse_core::ErrorCode;
use gatehouse_core::policy::PolicyChange;
use gatehouse_core::tokens::{NewToken, TableControl, TokenQuery};

use super::tokens_vault::{PAYMENT, secret};
use super::world::ready;

#[test]
fn tokens_are_handed_out_masked_or_sealed_and_a_sealed_file_is_taken_in_elsewhere() {
    let (world, profile) = ready();
    let told = NewToken {
        reference: Some("=crm".into()),
        customer: Some("c-1".into()),
        scopes: vec!["payment:customer_present".into()],
        ..NewToken::default()
    };
    let token = world.gatehouse.add_token(&profile, &secret(PAYMENT), &told).unwrap();
    let all = TokenQuery::default();
    let masked = world.gatehouse.export_tokens(&profile, &all).unwrap();
    let text = String::from_utf8(masked.bytes).unwrap();
    assert!(
        text.contains(&token.fingerprint) && text.contains("\"'=crm\"") && !text.contains(PAYMENT),
        "a table without tokens and without formulas: {text}"
    );
    let words = secret("correct horse battery");
    let refused = world
        .gatehouse
        .export_sealed_tokens(&profile, &all, (&words, " "))
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::ReasonRequired, "never without a reason");
    let short = secret("short");
    let refused = world
        .gatehouse
        .export_sealed_tokens(&profile, &all, (&short, "a move"))
        .unwrap_err();
    assert_eq!(refused.code, ErrorCode::InputInvalid, "nor with a short passphrase");
    let sealed = world
        .gatehouse
        .export_sealed_tokens(&profile, &all, (&words, "a move"))
        .unwrap();
    assert!(
        !sealed
            .bytes
            .windows(PAYMENT.len())
            .any(|part| part == PAYMENT.as_bytes()),
        "no token lies in the file"
    );
    assert_eq!(world.entries(1), ["token.export note succeeded"], "it is recorded");
    let story = world.gatehouse.token_story(&profile, &token.id.to_string()).unwrap();
    assert_eq!(
        (story[0].what.as_str(), story[0].seq),
        ("token.export", Some(sealed.seq)),
        "in the token's story, too"
    );
    let (elsewhere, theirs) = ready();
    let open = |bytes: &[u8], passphrase| {
        let bytes = gatehouse_core::key_store::SecretBytes::from_slice(bytes);
        elsewhere.gatehouse.open_token_file(&theirs, bytes, passphrase)
    };
    let code = |answer: Result<_, gatehouse_core::Problem>| answer.map(drop).unwrap_err().code;
    assert_eq!(
        code(open(&sealed.bytes, None)),
        ErrorCode::PassphraseNeeded,
        "it is sealed"
    );
    assert_eq!(
        code(open(&sealed.bytes, Some(&short))),
        ErrorCode::PassphraseWrong,
        "with another passphrase"
    );
    let mut altered = sealed.bytes.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(
        code(open(&altered, Some(&words))),
        ErrorCode::ImportUnreadable,
        "an altered file does not open"
    );
    let table = open(&sealed.bytes, Some(&words)).unwrap();
    let done = elsewhere
        .gatehouse
        .import_tokens(&theirs, ("t", table.expose()), &TableControl::default(), &|_| ())
        .unwrap();
    assert_eq!(done.added, 1, "{done:?}");
    let found = elsewhere
        .gatehouse
        .find_customer_token(&theirs, &secret(PAYMENT))
        .unwrap();
    let kept = found.kept.unwrap();
    assert_eq!(
        (kept.reference.as_deref(), kept.scopes.len(), kept.customer.as_deref()),
        (Some("=crm"), 1, Some("c-1")),
        "with what was known of it"
    );
}

#[test]
fn a_sealed_file_is_as_many_copies_and_needs_others_where_the_rules_say_so() {
    let (world, profile) = ready();
    world
        .gatehouse
        .add_token(&profile, &secret(PAYMENT), &NewToken::default())
        .unwrap();
    let words = secret("correct horse battery");
    let tried = |rule: &str| {
        let change = PolicyChange {
            approvals: vec![rule.into()],
            ..PolicyChange::default()
        };
        let profile = world.gatehouse.save_policy(&profile, &change).unwrap();
        let (all, copies) = (TokenQuery::default(), (&words, "a move"));
        world.gatehouse.export_sealed_tokens(&profile, &all, copies)
    };
    let refused = tried("token-copies=1").unwrap_err();
    assert_eq!(refused.code, ErrorCode::ApprovalRequired, "a file is no way round it");
    let made = tried("token-copies=1>1").unwrap();
    assert_eq!(made.rows, 1, "no more than one person may copy alone");
}
