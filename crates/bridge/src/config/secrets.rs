//! Secrets by reference: the configuration says where one is, never what it is.
//!
//! A systemd credential, a line of an environment file, or a file of its own. What others on the machine may read is refused.

use std::fs;
use std::path::{Path, PathBuf};

use gatehouse_core::key_store::SecretBytes;

use super::reader::Section;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretRef {
    /// A credential that systemd hands to the service (`LoadCredential=`).
    Credential(String),
    /// The line `NAME=value` of an environment file.
    EnvFile {
        /// The file.
        file: PathBuf,
        /// The name.
        name: String,
    },
    /// A file that holds nothing else.
    File(PathBuf),
    /// The key store of the data directory.
    KeyStore,
}

const FORMS: &str =
    "{ credential = \"NAME\" }, { env_file = \"FILE\", name = \"NAME\" }, { file = \"FILE\" } or { key_store = true }";

/// Reads a reference; anything else than a reference is refused without being quoted, since it may be the secret itself.
pub(super) fn reference(section: &Section<'_>, name: &str) -> Option<SecretRef> {
    let inner = section.section(name);
    if !inner.is_there() {
        return None;
    }
    let found = (
        inner.text("credential"),
        inner.text("env_file"),
        inner.text("name"),
        inner.text("file"),
        inner.flag("key_store", false),
    );
    inner.end();
    match found {
        (Some(name), None, None, None, false) => Some(SecretRef::Credential(name)),
        (None, Some(file), Some(name), None, false) => Some(SecretRef::EnvFile {
            file: file.into(),
            name,
        }),
        (None, None, None, Some(file), false) => Some(SecretRef::File(file.into())),
        (None, None, None, None, true) => Some(SecretRef::KeyStore),
        _ => {
            section.flaw(name, format!("must be one of {FORMS}."));
            None
        }
    }
}

impl SecretRef {
    /// Reads the secret; `credentials` is the folder that systemd made for the service.
    ///
    /// # Errors
    /// A sentence that says what to do, without the secret.
    pub fn read(&self, credentials: Option<&Path>) -> Result<SecretBytes, String> {
        match self {
            Self::Credential(name) => {
                let folder = credentials.ok_or_else(|| {
                    format!("names the credential {name:?}, but CREDENTIALS_DIRECTORY is not set. Start the bridge by systemd with LoadCredential={name}:FILE.")
                })?;
                if name.contains(['/', '\\']) || name.starts_with('.') {
                    return Err(format!("names the credential {name:?}, which is no name."));
                }
                whole(&folder.join(name))
            }
            Self::File(file) => {
                private(file)?;
                whole(file)
            }
            Self::EnvFile { file, name } => {
                private(file)?;
                line(file, name)
            }
            Self::KeyStore => Err("lies in the key store, which is asked elsewhere.".into()),
        }
    }
}

fn whole(file: &Path) -> Result<SecretBytes, String> {
    let secret = fs::File::open(file)
        .and_then(gatehouse_core::read_secret)
        .map_err(|cause| unreadable(file, &cause))?;
    if secret.expose().is_empty() {
        return Err(format!("names {}, which is empty.", file.display()));
    }
    Ok(secret)
}

fn line(file: &Path, name: &str) -> Result<SecretBytes, String> {
    let text = SecretBytes::new(fs::read(file).map_err(|cause| unreadable(file, &cause))?);
    let text = text.expose_str().unwrap_or_default();
    let value = text.lines().find_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("export ").unwrap_or(line);
        line.strip_prefix(name)?.trim_start().strip_prefix('=')
    });
    let value = value.map(unquoted).filter(|value| !value.is_empty());
    value
        .map(|value| SecretBytes::from_slice(value.as_bytes()))
        .ok_or_else(|| {
            format!(
                "names {name} in {}, which has no such line. Add {name}=VALUE.",
                file.display()
            )
        })
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}

fn unreadable(file: &Path, cause: &std::io::Error) -> String {
    format!(
        "names {}, which cannot be read: {cause}. Check the path and its rights.",
        file.display()
    )
}

#[cfg(unix)]
fn private(file: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file)
        .map_err(|cause| unreadable(file, &cause))?
        .permissions()
        .mode();
    if mode & 0o007 != 0 {
        return Err(format!(
            "names {}, which everybody on this machine may use. Run chmod 600 on it, and change the secret.",
            file.display()
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn private(_file: &Path) -> Result<(), String> {
    Ok(())
}
