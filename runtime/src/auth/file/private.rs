//! Files that only their owner can read, opened without trusting what is at their path.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::random;

#[cfg(unix)]
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
pub(super) fn create_private_directory(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
pub(super) fn create_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(path)
}

/// Opens the regular file at this path. Returns `None` if there is no file, or if it is not a regular file.
///
/// A link is not followed, and a pipe without another end is not waited for: that would block a thread of the runtime
/// forever.
pub(super) fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<Option<(File, Metadata)>> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        // A link, a socket, or another file that cannot be opened this way.
        Err(_) if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) => return Ok(None),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    Ok(metadata.is_file().then_some((file, metadata)))
}

/// Reads up to a few hundred bytes of a regular file. Returns an empty string if there is no such file.
pub(super) fn read_short(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    if let Some((file, _)) = open_regular(path, File::options().read(true))? {
        file.take(256).read_to_string(&mut text)?;
    }
    Ok(text)
}

/// The user that owns newly created files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner(#[cfg(unix)] pub(super) u32);

impl Owner {
    /// Returns the owner of the files that this process creates in the directory.
    ///
    /// The owner is determined by creating a file: it differs from the process's own user on a file system that maps
    /// users, as NFS does with root.
    #[cfg(unix)]
    pub(super) fn of_new_files(directory: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let path = directory.join(format!(".owner.{:016x}.tmp", random::number()));
        let owner = create_private(&path)?.metadata().map(|metadata| Self(metadata.uid()));
        let _ = fs::remove_file(&path);
        owner
    }

    #[cfg(not(unix))]
    pub(super) fn of_new_files(_: &Path) -> io::Result<Self> {
        Ok(Self())
    }

    /// Returns `true` if the file belongs to this user, and no other user can read or write it.
    #[cfg(unix)]
    pub(super) fn has_alone(self, metadata: &Metadata) -> bool {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        metadata.uid() == self.0 && metadata.permissions().mode().trailing_zeros() >= 6
    }

    #[cfg(not(unix))]
    pub(super) fn has_alone(self, _: &Metadata) -> bool {
        true
    }
}
