//! Tokens in files, so that a restarted program does not need a new one.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use super::lease::Claim;
use super::store::{StoreFuture, StoredToken, TokenKey, TokenStore, wiped};
use crate::random;
use private::{Owner, create_private, create_private_directory, open_regular};

mod lock;
mod private;

const VERSION: u32 = 1;

/// The maximum size of an entry: a token has at most 64 KiB, and each of its characters takes at most two bytes in
/// JSON.
const FILE_LIMIT: u64 = 256 * 1024;

/// The age from which a temporary file is considered abandoned by a process that died while writing it.
const LEFT_BEHIND: Duration = Duration::from_secs(600);

/// Stores tokens in the files of a directory, one file per set of credentials.
///
/// Only the owner can read the files (mode 0600 from creation; the directory has mode 0700 if it is created). The files
/// contain the token in plain text, so use a directory that is not backed up.
///
/// Several processes can share the directory; only one of them fetches a token at a time. A file is written under a
/// temporary name and then renamed, so that a reader sees either the old or the new token. A file that is damaged,
/// expired without a refresh token, readable by other users, owned by another user, or written for other credentials is
/// ignored, and overwritten by the next save. So is anything else at its path: links are not followed, and pipes are
/// not waited for.
#[derive(Debug, Clone)]
pub struct FileTokenStore {
    directory: PathBuf,
    /// The user whose files are trusted, determined when the first file is read.
    owner: Arc<OnceLock<Owner>>,
}

impl FileTokenStore {
    /// Stores tokens in this directory, which is created when the first token is saved.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), owner: Arc::default() }
    }

    fn path(&self, key: &TokenKey) -> PathBuf {
        self.directory.join(file_name(key))
    }
}

impl TokenStore for FileTokenStore {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        let (path, key, owner) = (self.path(key), key.clone(), Arc::clone(&self.owner));
        Box::pin(async move { Ok(spawn_blocking(move || read(&path, &key, &owner)).await??) })
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        let (path, key, token, owner) = (self.path(key), key.clone(), token.clone(), Arc::clone(&self.owner));
        Box::pin(async move { Ok(spawn_blocking(move || write(&path, &key, &token, &owner)).await??) })
    }

    fn claim<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Claim> {
        let path = self.path(key);
        Box::pin(async move {
            let create = move || create_private_directory(path.parent().unwrap_or(Path::new("."))).map(|()| path);
            lock::claim(spawn_blocking(create).await??).await
        })
    }
}

/// The contents of a file.
#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    version: u32,
    #[serde(borrow)]
    token_url: Cow<'a, str>,
    #[serde(borrow)]
    client_id: Cow<'a, str>,
    #[serde(borrow)]
    scope: Option<Cow<'a, str>>,
    #[serde(default)]
    parameters: Vec<(String, String)>,
    /// Milliseconds since 1970.
    issued_at: u64,
    /// Milliseconds.
    lifetime: u64,
    #[serde(borrow)]
    access_token: Cow<'a, str>,
    #[serde(borrow, default)]
    refresh_token: Option<Cow<'a, str>>,
    #[serde(default)]
    generation: u64,
}

/// Returns a readable name, made unique by a hash. If two keys had the same hash, they would share a file, and each
/// would ignore the token of the other.
fn file_name(key: &TokenKey) -> String {
    let (scheme, rest) = key.token_url().split_once("://").unwrap_or(("", key.token_url()));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let mut name: String = host
        .chars()
        .map(|shown| if shown.is_ascii_alphanumeric() || shown == '.' || shown == '-' { shown } else { '_' })
        .take(64)
        .collect();
    let parameters = key.parameters().flat_map(|(name, value)| [name, value]);
    let parts = [scheme, rest, key.client_id(), key.scope().unwrap_or_default()].into_iter().chain(parameters);
    let number = parts.fold(FNV_START, |sum, part| {
        let sum = part.bytes().fold(sum, |sum, byte| fnv(sum, u64::from(byte)));
        // No byte has this value, so it separates the parts unambiguously.
        fnv(sum, 0x100)
    });
    // Writing to a string cannot fail.
    let _ = write!(name, "-{number:016x}.token");
    // The name is neither hidden nor `..`, whatever the host.
    name.insert_str(0, "oauth2-");
    name
}

/// FNV-1a, which is stable across versions of the standard library.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(sum: u64, value: u64) -> u64 {
    (sum ^ value).wrapping_mul(0x0000_0100_0000_01b3)
}

fn read(path: &Path, key: &TokenKey, trusted: &OnceLock<Owner>) -> io::Result<Option<StoredToken>> {
    let Some((file, metadata)) = open_regular(path, File::options().read(true))? else { return Ok(None) };
    let owner = match trusted.get() {
        Some(owner) => *owner,
        None => *trusted.get_or_init({
            let owner = Owner::of_new_files(path.parent().unwrap_or(Path::new(".")))?;
            move || owner
        }),
    };
    if !owner.has_alone(&metadata) || metadata.len() > FILE_LIMIT {
        return Ok(None);
    }
    // Allocated up front: a buffer that grows leaves copies that are not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1));
    file.take(metadata.len()).read_to_end(&mut bytes)?;
    // An expired token is still useful if it can be refreshed.
    let of_use = |token: &StoredToken| token.refresh_token().is_some() || token.remaining(SystemTime::now()).is_some();
    Ok(parse(&bytes, key).filter(of_use))
}

fn parse(bytes: &[u8], key: &TokenKey) -> Option<StoredToken> {
    // serde's message about a damaged entry may quote it, so it is discarded.
    let entry: Entry<'_> = serde_json::from_slice(bytes).ok()?;
    let (token, refresh_token) = (wiped(entry.access_token), entry.refresh_token.map(wiped));
    let ours = entry.version == VERSION
        && entry.token_url == key.token_url()
        && entry.client_id == key.client_id()
        && entry.scope.as_deref() == key.scope()
        && entry.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(key.parameters());
    let issued_at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(entry.issued_at))?;
    let token = StoredToken::new(token, issued_at, Duration::from_millis(entry.lifetime));
    ours.then(|| match refresh_token {
        Some(refresh_token) => token.with_refresh_token(refresh_token, entry.generation),
        None => token,
    })
}

fn write(path: &Path, key: &TokenKey, token: &StoredToken, trusted: &OnceLock<Owner>) -> io::Result<()> {
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let kept = if token.generation() > 0 { read(path, key, trusted).ok().flatten() } else { None };
    if kept.is_some_and(|kept| kept.generation() > token.generation()) {
        return Ok(());
    }
    let secret = token.access_token().expose_secret();
    let refresh_token = token.refresh_token().map(ExposeSecret::expose_secret);
    let entry = Entry {
        version: VERSION,
        token_url: key.token_url().into(),
        client_id: key.client_id().into(),
        scope: key.scope().map(Cow::from),
        parameters: key.parameters().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        issued_at: millis(token.issued_at().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()),
        lifetime: millis(token.lifetime()),
        access_token: secret.into(),
        refresh_token: refresh_token.map(Cow::from),
        generation: token.generation(),
    };
    // JSON escapes a character as up to six. A buffer that grows leaves copies that are not wiped.
    let parameters: usize = key.parameters().map(|(name, value)| name.len() + value.len() + 3).sum();
    let secrets = secret.len() + refresh_token.map_or(0, str::len);
    let text = secrets + key.token_url().len() + key.client_id().len() + key.scope().map_or(0, str::len) + parameters;
    let room = 256 + 6 * text;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *bytes, &entry)?;
    debug_assert!(bytes.len() <= room, "the buffer has grown");

    let directory = path.parent().unwrap_or(Path::new("."));
    create_private_directory(directory)?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    remove_left_behind(directory, name);
    let aside = directory.join(format!(".{name}.{:016x}.tmp", random::number()));
    let written = create_private(&aside).and_then(|mut file| {
        file.write_all(&bytes)?;
        // Synced before it is renamed: a power failure could otherwise leave an empty file.
        file.sync_all()?;
        fs::rename(&aside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

fn remove_left_behind(directory: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let file_name = file_name.to_string_lossy();
        let ours =
            file_name.strip_prefix('.').is_some_and(|rest| rest.starts_with(name)) && file_name.ends_with(".tmp");
        let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|modified| modified.elapsed());
        if ours && matches!(age, Ok(Ok(age)) if age > LEFT_BEHIND) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
