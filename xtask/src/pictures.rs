//! `cargo xtask pictures`: the pictures of `docs/pictures`, made anew from the running app on a fresh sandbox.
//!
//! Absent on purpose: retouching. What the documents show is what the app paints.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Doing, Outcome};
use crate::options::Options;
use crate::report::Report;
use crate::session::{Parts, Session};
use crate::setup::{build, packages};
use crate::start::{end, picture};
use crate::{paths, process};

/// One picture: the file's name, the GTK theme (it decides light or dark), and the keys pressed before it.
struct Picture {
    name: &'static str,
    theme: &'static str,
    keys: &'static [&'static str],
}

const PICTURES: [Picture; 3] = [
    Picture {
        name: "merchants-light",
        theme: "Adwaita",
        keys: &[],
    },
    Picture {
        name: "merchants-dark",
        theme: "Adwaita:dark",
        keys: &[],
    },
    Picture {
        name: "palette-light",
        theme: "Adwaita",
        keys: &["ctrl+k"],
    },
];

/// Runs the task.
pub fn pictures(options: &Options) -> Outcome {
    let mut report = Report::default();
    build::prepare(&mut report, &[packages::SECRETS, packages::DISPLAY])?;
    build::programs(&mut report, options.release)?;
    let folder = paths::root().join("docs/pictures");
    fs::create_dir_all(&folder).doing("make docs/pictures")?;
    let program = paths::built(if options.release { "release" } else { "debug" }, "gatehouse-desktop");
    for picture in &PICTURES {
        report.check(picture.name, || take(picture, &program, &folder));
    }
    report.close("pictures")
}

fn take(wanted: &Picture, program: &Path, folder: &Path) -> Outcome {
    let place = paths::scratch("pictures-session");
    if place.exists() {
        fs::remove_dir_all(&place).doing(format!("remove {}", place.display()))?;
    }
    let session = Session::start(Parts::ALL, &place)?;
    let mut command = Command::new(program);
    session
        .enter(command.arg("--try-sandbox").env("GTK_THEME", wanted.theme))
        .stdin(Stdio::null());
    let mut app = command.spawn().doing(format!("start {}", program.display()))?;
    let file = folder.join(format!("{}.png", wanted.name));
    let taken = picture::when_painted(&session, &mut app, &file).and_then(|()| {
        if wanted.keys.is_empty() {
            return Ok(());
        }
        press(&session, wanted.keys)?;
        picture::when_painted(&session, &mut app, &file)
    });
    end(&mut app)?;
    taken
}

fn press(session: &Session, keys: &[&str]) -> Outcome {
    let mut xdotool = Command::new("xdotool");
    xdotool.args([
        "search",
        "--onlyvisible",
        "--name",
        "Gatehouse",
        "windowfocus",
        "--sync",
        "key",
        "--delay",
        "100",
    ]);
    process::run(session.enter(xdotool.args(keys)))
}
