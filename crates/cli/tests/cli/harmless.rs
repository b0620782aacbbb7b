//! Names from outside cannot move the cursor, colour the terminal or turn the line around.

use crate::world::{World, rows, text};

/// Escape, bell, a C1 control, overrides and marks that turn the direction.
const NASTY: [char; 9] = [
    '\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{61c}', '\u{7f}', '\r',
];

#[test]
fn a_name_with_escapes_is_refused_by_the_import_or_shown_without_them() {
    let world = World::ready();
    let csv = "partner_account_id,name\nkrn:partner:global:account:test:AAAA1111,\u{1b}[31mred\u{7}\nkrn:partner:global:account:test:AAAA2222,gro\u{202e}live\nbad\u{1b}[2J,x\n";
    let file = world.place.file("nasty.csv", csv);
    clean(&world.place.say(&["merchants", "import", &file]).stdout);
    clean(&world.run(&["merchants", "import", &file]).stdout);
}

#[test]
fn a_name_that_got_into_the_database_all_the_same_is_shown_harmless() {
    let world = World::ready();
    let opened = world.open().json();
    let nasty: String = NASTY
        .iter()
        .map(|letter| format!("||char({})", u32::from(*letter)))
        .collect();
    world.place.sqlite(
        "gatehouse.db",
        &format!("UPDATE merchant SET name='Evil'{nasty}||'[31m' WHERE reference='SE-00417'"),
    );
    world.place.sqlite(
        "gatehouse.db",
        &format!("UPDATE portal_session SET merchant_name='Evil'{nasty}||'[31m'"),
    );
    for words in [
        &["merchants", "list"][..],
        &["merchants", "show", "SE-00417"],
        &["sessions", "list"],
        &["open", "SE-00417", "--no-browser"],
        &["sessions", "revoke", text(&opened, "session_id")],
        &["sessions", "revoke", "--all"],
    ] {
        for said in [world.place.say(words), world.run(words)] {
            clean(&said.stdout);
            clean(&said.stderr);
        }
    }
    let listed = world.run(&["sessions", "list"]).json();
    let name = rows(&listed, "sessions")
        .iter()
        .map(|row| text(row, "merchant_name").to_owned())
        .find(|name| name.contains("Evil"));
    assert!(
        name.is_some_and(|name| name.contains('\u{202e}')),
        "a script still gets the value as it is"
    );
}

#[test]
fn an_argument_is_echoed_harmless() {
    let world = World::ready();
    for words in [
        &["open", "x\u{1b}[31m\u{202e}y"][..],
        &["-P", "x\u{1b}]0;title\u{7}", "key", "show"],
        &["profile", "use", "\u{9b}31m"],
    ] {
        for said in [world.place.say(words), world.run(words)] {
            assert_ne!(said.code, 0, "there is no such thing: {said:?}");
            clean(&said.stderr);
        }
    }
}

#[track_caller]
fn clean(text: &str) {
    let found = text
        .chars()
        .find(|letter| NASTY.contains(letter) || (letter.is_control() && *letter != '\n'));
    assert_eq!(found, None, "nothing harmful is printed: {text:?}");
}
