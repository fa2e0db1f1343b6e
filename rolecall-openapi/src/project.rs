//! `rolecall.toml`: which document and which source belong together.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;

use crate::document::node::quoted;
use crate::document::normal;

/// The name of the file.
pub(crate) const NAME: &str = "rolecall.toml";

/// The content of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) document: PathBuf,
    pub(crate) source: PathBuf,
    #[serde(default)]
    pub(crate) lock: Option<PathBuf>,
    #[serde(default)]
    pub(crate) roles: Option<PathBuf>,
    #[serde(default)]
    pub(crate) default_role: Option<String>,
    #[serde(default)]
    pub(crate) only: Vec<String>,
    /// Operations that are not declared, with the reason.
    #[serde(default)]
    pub(crate) skip: BTreeMap<String, String>,
}

/// A configuration and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub(crate) path: PathBuf,
    pub(crate) config: Config,
}

impl Project {
    /// Reads a configuration file.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let config = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { path: path.to_owned(), config })
    }

    /// Finds the file in a folder or one above it.
    pub(crate) fn find(folder: &Path) -> Option<PathBuf> {
        folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
    }

    /// A path of the configuration, which is relative to it.
    pub(crate) fn path_of(&self, path: &Path) -> PathBuf {
        normal(&self.path.parent().unwrap_or(Path::new("")).join(path))
    }

    /// Returns `true` if it is about a document and a folder of source.
    pub(crate) fn is_of(&self, document: &Path, source: &Path) -> bool {
        let is = |own: &Path, other: &Path| absolute(&self.path_of(own)) == absolute(other);
        is(&self.config.document, document) && is(&self.config.source, source)
    }

    /// Names another document, and changes no other part. Returns `false` if it names this one already.
    pub(crate) fn name(&self, document: &Path) -> io::Result<bool> {
        if absolute(&self.path_of(&self.config.document)) == absolute(document) {
            return Ok(false);
        }
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let path = relative(folder, document);
        let is_name = |line: &str| line.split_once('=').is_some_and(|(key, _)| key.trim() == "document");
        let line =
            |line: &str| if is_name(line) { format!("document = {}\n", written(&path)) } else { line.to_owned() };
        let text: String = fs::read_to_string(&self.path)?.split_inclusive('\n').map(line).collect();
        fs::write(&self.path, text)?;
        Ok(true)
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path_of(self.config.lock.as_deref().unwrap_or(Path::new("rolecall.lock")))
    }

    /// Adds operations under `[skip]`, and changes no other part.
    pub(crate) fn skip(&self, operations: &[(String, String)]) -> io::Result<()> {
        if operations.is_empty() {
            return Ok(());
        }
        let mut text = fs::read_to_string(&self.path)?;
        let lines = skip_lines(operations);
        let header = text.lines().scan(0, |at, line| {
            *at += line.len() + 1;
            Some((*at, line))
        });
        let after = header.filter(|(_, line)| line.trim_start().starts_with("[skip]")).map(|(at, _)| at).last();
        match after {
            Some(at) if at <= text.len() => text.insert_str(at, &lines),
            Some(_) => {
                text.push('\n');
                text.push_str(&lines);
            }
            None => {
                let _ = write!(text, "\n[skip]\n{lines}");
            }
        }
        fs::write(&self.path, text)
    }
}

/// The text of a new configuration.
pub(crate) fn text(config: &Config) -> String {
    let mut out = String::from("# What `cargo rolecall check` compares.\n");
    let path = written;
    // Writing to a string is infallible.
    let _ = writeln!(out, "document = {}\nsource = {}", path(&config.document), path(&config.source));
    if let Some(lock) = &config.lock {
        let _ = writeln!(out, "lock = {}", path(lock));
    }
    if let Some(roles) = &config.roles {
        let _ = writeln!(out, "roles = {}", path(roles));
    }
    if let Some(role) = &config.default_role {
        let _ = writeln!(out, "default-role = {}", quoted(role));
    }
    if !config.only.is_empty() {
        let list: Vec<String> = config.only.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(out, "only = [{}]", list.join(", "));
    }
    out.push_str("\n# Operations that are not declared, and why.\n[skip]\n");
    let skip: Vec<(String, String)> = config.skip.iter().map(|(name, reason)| (name.clone(), reason.clone())).collect();
    out.push_str(&skip_lines(&skip));
    out
}

/// A path as the file has it.
fn written(path: &Path) -> String {
    quoted(&path.to_string_lossy().replace('\\', "/"))
}

fn skip_lines(operations: &[(String, String)]) -> String {
    operations.iter().map(|(name, reason)| format!("{} = {}\n", quoted(name), quoted(reason))).collect()
}

/// A path from a folder to a file, without going through the file system.
pub(crate) fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to) = (absolute(from), absolute(to));
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| "..");
    up.map(PathBuf::from).chain(to.components().skip(common).map(|part| PathBuf::from(part.as_os_str()))).collect()
}

fn absolute(path: &Path) -> PathBuf {
    fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
