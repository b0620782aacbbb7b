//! Whether a Linux desktop has something that would open the default browser, found by looking at files alone.
//!
//! It follows the program that hands an address over (`xdg-open`, else `gio`, else a desktop's own) and the files that name the handler
//! of `http` (freedesktop.org: MIME applications 1.0). It refuses only what certainly fails: what it cannot tell, passes. Deliberately
//! absent: starting a program, and reading the environment; the variables come in with the [`Desktop`].

use std::path::{Path, PathBuf};

use super::browser::executable;
use crate::network::Desktop;
use crate::problem::{ErrorCode, Problem, ways};

/// The programs that hand over an address, in the order in which they are tried.
const LAUNCHERS: [&str; 6] = ["xdg-open", "gio", "gnome-open", "kde-open6", "kde-open5", "kde-open"];
/// Browsers that `xdg-open` starts by itself where no handler is named.
const KNOWN_TO_XDG_OPEN: [&str; 9] = [
    "x-www-browser",
    "firefox",
    "iceweasel",
    "seamonkey",
    "mozilla",
    "epiphany",
    "konqueror",
    "chromium",
    "google-chrome",
];

/// Refuses a desktop whose default browser certainly cannot be opened.
///
/// # Errors
/// `browser_failed`.
pub(super) fn preflight(desktop: &Desktop) -> Result<(), Problem> {
    let by_others = desktop.variable("WSL_DISTRO_NAME").is_some() || Path::new("/.flatpak-info").exists();
    let (false, true, Some(path)) = (by_others, cfg!(target_os = "linux"), desktop.variable("PATH")) else {
        return Ok(());
    };
    let folders: Vec<PathBuf> = std::env::split_paths(path).collect();
    let in_path = |name: &str| folders.iter().any(|folder| executable(&folder.join(name)));
    let Some(launcher) = LAUNCHERS.into_iter().find(|name| in_path(name)) else {
        return Err(refused(
            "No program here hands an address to the default browser.",
            "Install xdg-open (package xdg-utils)",
        ));
    };
    let by_itself = launcher == "xdg-open"
        && (desktop.variable("BROWSER").is_some() || KNOWN_TO_XDG_OPEN.iter().any(|name| in_path(name)));
    if by_itself || Handlers::of(desktop).any() {
        return Ok(());
    }
    Err(refused(
        "No default browser is set here.",
        "Install a browser, or set one with `xdg-settings set default-web-browser NAME.desktop`",
    ))
}

fn refused(message: &str, cure: &str) -> Problem {
    Problem::new(
        ErrorCode::BrowserFailed,
        format!("{message} No link was made."),
        ways(
            format!("{cure}; or choose a program with `gatehouse profile set --browser`, or use --print-url."),
            format!("{cure}; or choose a program under Browser in the settings.").replace('`', ""),
        ),
    )
}

/// Where the files are that name handlers and describe programs.
struct Handlers {
    /// Folders of `mimeapps.list`.
    lists: Vec<PathBuf>,
    /// Folders of `.desktop` files, which may hold lists too.
    applications: Vec<PathBuf>,
    /// The names of lists: the desktop's own, then everybody's.
    names: Vec<String>,
    /// The kinds of content whose handler is asked.
    kinds: &'static [&'static str],
}

impl Handlers {
    fn of(desktop: &Desktop) -> Self {
        let home = |rest: &str| desktop.variable("HOME").map(|home| Path::new(home).join(rest));
        let own = |name: &str, rest: &str| desktop.variable(name).map(PathBuf::from).or_else(|| home(rest));
        let shared = |name: &str, usual: &'static str| {
            let text = desktop.variable(name).unwrap_or(usual);
            std::env::split_paths(text).collect::<Vec<PathBuf>>()
        };
        let current = desktop
            .variable("XDG_CURRENT_DESKTOP")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let lists = own("XDG_CONFIG_HOME", ".config")
            .into_iter()
            .chain(shared("XDG_CONFIG_DIRS", "/etc/xdg"));
        let data = own("XDG_DATA_HOME", ".local/share")
            .into_iter()
            .chain(shared("XDG_DATA_DIRS", "/usr/local/share:/usr/share"));
        let own_lists = current.split(':').filter(|name| !name.is_empty());
        let own_lists = own_lists.map(|name| format!("{name}-mimeapps.list"));
        let usual = ["mimeapps.list", "defaults.list", "mimeinfo.cache"].map(str::to_owned);
        Self {
            lists: lists.collect(),
            applications: data.map(|folder| folder.join("applications")).collect(),
            names: own_lists.chain(usual).collect(),
            kinds: if current.contains("kde") {
                &["x-scheme-handler/http", "text/html"]
            } else {
                &["x-scheme-handler/http"]
            },
        }
    }

    /// Whether some list names a program that is there.
    fn any(&self) -> bool {
        let folders = self.lists.iter().chain(&self.applications);
        folders
            .flat_map(|folder| self.names.iter().map(move |name| folder.join(name)))
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .any(|list| self.named(&list).any(|id| self.is_there(id)))
    }

    /// The programs that a list names for our kinds, without those it takes away.
    fn named<'a>(&'a self, list: &'a str) -> impl Iterator<Item = &'a str> {
        let removed = |line: &&str| line.trim() == "[Removed Associations]";
        let mut is_removed = false;
        list.lines()
            .filter(move |line| {
                if line.starts_with('[') {
                    is_removed = removed(line);
                }
                !is_removed
            })
            .filter_map(|line| line.split_once('='))
            .filter(|(kind, _)| self.kinds.contains(&kind.trim()))
            .flat_map(|(_, ids)| ids.split(';'))
            .map(str::trim)
            .filter(|id| !id.is_empty())
    }

    /// Whether a program is described; a dash in its name may stand for a folder.
    fn is_there(&self, id: &str) -> bool {
        let names = [id.to_owned(), id.replacen('-', "/", 1)];
        let mut files = self
            .applications
            .iter()
            .flat_map(|folder| names.iter().map(|name| folder.join(name)));
        files.any(|file| file.is_file())
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;
    use crate::network::ProxyTexts;

    /// A desktop whose every folder is in one place.
    struct Place(TempDir);

    impl Place {
        fn with(launchers: &[&str]) -> Self {
            let place = Self(tempfile::tempdir().unwrap());
            for name in launchers {
                place.write(&format!("bin/{name}"), "#!/bin/sh\n");
                let file = place.0.path().join("bin").join(name);
                fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
            }
            place
        }

        fn write(&self, name: &str, text: &str) {
            let file = self.0.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }

        fn desktop(&self, more: &[(&str, &str)]) -> Desktop {
            let at = |name: &str| self.0.path().join(name).display().to_string();
            let mut variables = BTreeMap::from([
                ("PATH".to_owned(), at("bin")),
                ("HOME".to_owned(), at("home")),
                ("XDG_CONFIG_DIRS".to_owned(), at("etc")),
                ("XDG_DATA_DIRS".to_owned(), at("share")),
            ]);
            variables.extend(
                more.iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            );
            Desktop::saying(variables, ProxyTexts::default())
        }

        #[track_caller]
        fn refused(&self, more: &[(&str, &str)], cause: &str) {
            let told = preflight(&self.desktop(more)).unwrap_err();
            assert_eq!(told.code, ErrorCode::BrowserFailed, "{told}");
            assert!(told.message.contains(cause), "it names {cause:?}: {told}");
        }
    }

    #[test]
    fn a_desktop_without_a_launcher_is_refused() {
        Place::with(&[]).refused(&[], "hands an address");
    }

    #[test]
    fn a_desktop_without_a_handler_is_refused_until_one_is_there() {
        let place = Place::with(&["xdg-open"]);
        place.refused(&[], "No default browser");
        place.write(
            "home/.config/mimeapps.list",
            "[Default Applications]\nx-scheme-handler/http=b.desktop;\n",
        );
        place.refused(&[], "No default browser");
        place.write("share/applications/b.desktop", "[Desktop Entry]\n");
        preflight(&place.desktop(&[])).expect("the list names a program that is described");
        place.write(
            "home/.config/mimeapps.list",
            "[Removed Associations]\nx-scheme-handler/http=b.desktop;\n",
        );
        place.refused(&[], "No default browser");
        place.write(
            "share/applications/mimeinfo.cache",
            "[MIME Cache]\nx-scheme-handler/http=b.desktop;\n",
        );
        preflight(&place.desktop(&[])).expect("the cache names it too");
    }

    #[test]
    fn what_xdg_open_starts_by_itself_is_no_help_to_gio() {
        let browser = [("BROWSER", "some-browser")];
        preflight(&Place::with(&["xdg-open"]).desktop(&browser)).expect("xdg-open takes the variable");
        preflight(&Place::with(&["xdg-open", "firefox"]).desktop(&[])).expect("xdg-open knows it");
        Place::with(&["gio"]).refused(&browser, "No default browser");
        Place::with(&["gio", "firefox"]).refused(&[], "No default browser");
    }

    #[test]
    fn what_cannot_be_told_passes() {
        preflight(&Desktop::default()).expect("no PATH, no judgement");
        let elsewhere = [("WSL_DISTRO_NAME", "Debian")];
        preflight(&Place::with(&[]).desktop(&elsewhere)).expect("Windows opens it");
    }

    #[test]
    fn the_look_costs_next_to_nothing() {
        let place = Place::with(&["xdg-open"]);
        place.write("share/applications/b.desktop", "[Desktop Entry]\n");
        place.write(
            "home/.config/mimeapps.list",
            "[Default Applications]\nx-scheme-handler/http=b.desktop;\n",
        );
        let desktop = place.desktop(&[]);
        let began = std::time::Instant::now();
        for _ in 0..100 {
            preflight(&desktop).unwrap();
        }
        let each = began.elapsed() / 100;
        assert!(each.as_millis() < 5, "one look took {each:?}");
    }
}
