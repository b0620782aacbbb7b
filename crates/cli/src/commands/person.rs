//! `gatehouse person ...`

use std::fs;
use std::path::Path;

use gatehouse_core::data_dir;
use gatehouse_core::person::{Person, PersonFile, Roles, Standing};
use gatehouse_core::profile::Profile;
use gatehouse_core::{ErrorCode, Gatehouse, Persons, Problem};
use serde_json::{Value, json};

use crate::args::PersonCommand;
use crate::output::{Failure, Output, table};
use crate::surroundings::{unreadable, unwritable};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: PersonCommand, output: &Output) -> Result<u8, Failure> {
    if let PersonCommand::Export { name, out } = &command {
        return export(gatehouse, name, out.as_deref(), output);
    }
    let profile = gatehouse.profile(name)?;
    let person = match command {
        PersonCommand::List | PersonCommand::Export { .. } => {
            return list(&profile, &gatehouse.persons(&profile)?, output);
        }
        PersonCommand::Show { person } => {
            let persons = gatehouse.persons(&profile)?;
            let found = persons.find(&person)?.clone();
            show(&found, &persons.own, output);
            return Ok(0);
        }
        PersonCommand::Add { key, name, roles } => {
            let file = key_file(&key)?;
            let name = name.unwrap_or(file.name);
            gatehouse.add_person(&profile, Person::new(&name, &file.public_key, Roles::parse(&roles)?)?)?
        }
        PersonCommand::Roles { person, roles } => {
            gatehouse.set_person_roles(&profile, &person, Roles::parse(&roles)?)?
        }
        PersonCommand::Remove { person } => {
            let gone = gatehouse.remove_person(&profile, &person)?;
            output.answer(&json!({ "removed": document(&gone, None) }), || {
                vec![format!("{} is trusted no more in {}.", gone.name, profile.name)]
            });
            return Ok(0);
        }
    };
    show(&person, &gatehouse.standing(&profile)?, output);
    Ok(0)
}

/// The text of a file, or the key itself.
fn key_file(given: &str) -> Result<PersonFile, Problem> {
    let digits = given.len() == 64 && given.chars().all(|digit| digit.is_ascii_hexdigit());
    if digits {
        return PersonFile::parse(given);
    }
    let path = Path::new(given);
    let text = fs::read_to_string(path).map_err(|cause| unreadable(path, &cause))?;
    PersonFile::parse(&text)
}

fn export(gatehouse: &Gatehouse, name: &str, out: Option<&Path>, output: &Output) -> Result<u8, Failure> {
    if gatehouse.settled_key_store()?.is_none() {
        return Err(Problem::new(
            ErrorCode::ProfileMissing,
            "You have no key yet; it is made with the first profile.",
            "Make or import a profile first, then export your key.",
        )
        .into());
    }
    let (file, fingerprint) = gatehouse.own_person_file(name)?;
    if let Some(out) = out {
        data_dir::write_private(out, file.to_text().as_bytes()).map_err(|cause| unwritable(out, &cause))?;
    }
    let document = json!({ "name": file.name, "public_key": file.public_key, "fingerprint": fingerprint, "file": out });
    output.answer(&document, || {
        let place = out.map_or_else(|| file.public_key.clone(), |out| format!("Wrote {}.", out.display()));
        vec![
            place,
            format!("Fingerprint {fingerprint}"),
            "Tell the fingerprint to whoever adds you, by telephone or in person.".into(),
        ]
    });
    Ok(0)
}

fn list(profile: &Profile, persons: &Persons, output: &Output) -> Result<u8, Failure> {
    let rows: Vec<Value> = persons
        .persons
        .iter()
        .map(|person| document(person, Some(&persons.own)))
        .collect();
    let own = json!({
        "key_id": persons.own.key_id,
        "name": persons.own.name,
        "roles": persons.own.roles.words(),
    });
    let shown = json!({ "profile": profile.name, "listed": persons.own.listed, "own": own, "persons": rows });
    output.answer(&shown, || {
        let line = |person: &Person| {
            let mark = if person.key_id() == persons.own.key_id {
                "you"
            } else {
                ""
            };
            let short = person.key_id();
            vec![
                mark.to_owned(),
                person.name.clone(),
                short,
                person.roles.words().join(" "),
            ]
        };
        let mut lines = table(&persons.persons.iter().map(line).collect::<Vec<_>>());
        if !persons.own.listed {
            lines.push("Nobody is listed yet, so you have every role.".into());
        }
        lines
    });
    Ok(0)
}

fn show(person: &Person, own: &Standing, output: &Output) {
    output.answer(&document(person, Some(own)), || {
        let line = |name: &str, value: String| vec![name.to_owned(), value];
        table(&[
            line("name", person.name.clone()),
            line("roles", person.roles.words().join(" ")),
            line("fingerprint", person.fingerprint()),
            line("public key", person.public_key.clone()),
        ])
    });
}

fn document(person: &Person, own: Option<&Standing>) -> Value {
    json!({
        "name": person.name,
        "public_key": person.public_key,
        "fingerprint": person.fingerprint(),
        "roles": person.roles.words(),
        "own": own.is_some_and(|own| own.key_id == person.key_id()),
    })
}
