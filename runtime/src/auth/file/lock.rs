//! Ensures one fetch at a time among all processes of a machine, with a lock file next to the token's file, and a hold
//! file that records how long no process may fetch.
//!
//! A lock is touched every second. A lock that has not been touched for five seconds belongs to a dead process, and is
//! taken over.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::sleep;

use super::super::lease::{Claim, Lease};
use super::super::store::StoreError;
use super::private::{create_private, open_regular, read_short};
use crate::{random, runtime};

const TOUCHED_EVERY: Duration = Duration::from_secs(1);
const DEAD_AFTER: Duration = Duration::from_secs(5);
/// The interval at which the store is polled for another process's token.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// The maximum duration of a hold; a longer one is not honored.
const MAX_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Clone)]
struct Lock {
    path: PathBuf,
    hold: PathBuf,
    owner: String,
}

/// `token` is the path of the token's file.
pub(super) async fn claim(token: PathBuf) -> Result<Claim, StoreError> {
    let beside = |suffix: &str| {
        let mut name = token.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        token.with_file_name(name)
    };
    let lock = Lock { path: beside(".lock"), hold: beside(".hold"), owner: format!("{:016x}", random::number()) };
    let tried = lock.clone();
    let other = spawn_blocking(move || tried.take()).await??;
    Ok(other.unwrap_or_else(|| {
        let touches = lock.touches();
        Claim::Granted(Lease::new(move |failed| {
            if let Some(touches) = &touches {
                touches.abort();
            }
            lock.release(failed);
        }))
    }))
}

impl Lock {
    /// Acquires the lock, or returns why it cannot be acquired.
    fn take(&self) -> io::Result<Option<Claim>> {
        if let Some(hold) = held(&self.hold) {
            return Ok(Some(Claim::Refused(hold)));
        }
        if self.create(&self.path)? || (is_dead(&self.path) && self.take_over()?) {
            return Ok(None);
        }
        Ok(Some(Claim::Held(LOOK_AGAIN)))
    }

    /// Writes the owner into a new file, unless there is one.
    fn create(&self, path: &Path) -> io::Result<bool> {
        match create_private(path) {
            Ok(mut file) => file.write_all(self.owner.as_bytes()).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Replaces a dead process's lock by one that only one process at a time can prepare: whoever has prepared it finds
    /// out whether another was faster, and the path of the lock is never free.
    fn take_over(&self) -> io::Result<bool> {
        let next = self.path.with_extension("next");
        if !self.create(&next)? {
            // Its process may have died, too.
            if is_dead(&next) {
                fs::remove_file(&next).or_else(ignore_absent)?;
            }
            return Ok(false);
        }
        if !is_dead(&self.path) {
            return fs::remove_file(&next).or_else(ignore_absent).map(|()| false);
        }
        fs::rename(&next, &self.path).or_else(ignore_absent)?;
        Ok(self.is_mine())
    }

    fn is_mine(&self) -> bool {
        read_short(&self.path).is_ok_and(|owner| owner == self.owner)
    }

    fn touches(&self) -> Option<JoinHandle<()>> {
        let lock = self.clone();
        runtime::spawn(async move {
            loop {
                sleep(TOUCHED_EVERY).await;
                let lock = lock.clone();
                let touched = spawn_blocking(move || lock.is_mine() && touch(&lock.path).is_ok()).await;
                if !touched.unwrap_or_default() {
                    return;
                }
            }
        })
    }

    /// Writes the hold before it removes the lock. Errors leave a lock that counts as dead after a few seconds.
    fn release(&self, failed: Option<Duration>) {
        if !self.is_mine() {
            return;
        }
        match failed {
            Some(hold) => {
                let until = (SystemTime::now() + hold).duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
                // Recreated, because the existing file may be a link.
                let _ = fs::remove_file(&self.hold);
                let _ = create_private(&self.hold)
                    .and_then(|mut file| file.write_all(until.as_millis().to_string().as_bytes()));
            }
            None => drop(fs::remove_file(&self.hold)),
        }
        let _ = fs::remove_file(&self.path);
    }
}

/// Another process was faster.
fn ignore_absent(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn touch(path: &Path) -> io::Result<()> {
    match open_regular(path, File::options().write(true))? {
        Some((file, _)) => file.set_modified(SystemTime::now()),
        None => Err(io::ErrorKind::NotFound.into()),
    }
}

/// A time far in the future comes from a clock that has been set back since.
fn is_dead(path: &Path) -> bool {
    let Ok(touched) = fs::symlink_metadata(path).and_then(|metadata| metadata.modified()) else { return true };
    match SystemTime::now().duration_since(touched) {
        Ok(age) => age > DEAD_AFTER,
        Err(ahead) => ahead.duration() > DEAD_AFTER,
    }
}

fn held(path: &Path) -> Option<Duration> {
    let until: u64 = read_short(path).ok()?.parse().ok()?;
    let until = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(until))?;
    until.duration_since(SystemTime::now()).ok().filter(|hold| !hold.is_zero() && *hold <= MAX_HOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("rolecall-lock-{name}-{:016x}", random::number()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn lease(claim: Claim) -> Lease {
        match claim {
            Claim::Granted(lease) => lease,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn one_of_several_has_the_lock_until_it_ends() {
        let folder = folder("one");
        let token = folder.join("t.token");
        let first = lease(claim(token.clone()).await.unwrap());
        assert!(matches!(claim(token.clone()).await.unwrap(), Claim::Held(_)));
        drop(first);
        let second = lease(claim(token.clone()).await.unwrap());
        second.failed(Duration::from_secs(30));
        match claim(token).await.unwrap() {
            Claim::Refused(hold) => assert!(hold > Duration::from_secs(25) && hold <= Duration::from_secs(30)),
            other => panic!("{other:?}"),
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_dead_processs_lock_is_taken_over_by_one_of_many() {
        let folder = folder("dead");
        let token = folder.join("t.token");
        let lock = folder.join("t.token.lock");
        for age in [Duration::from_secs(6), Duration::from_secs(3600)] {
            for future in [false, true] {
                fs::write(&lock, "dead").unwrap();
                let touched = if future { SystemTime::now() + age } else { SystemTime::now() - age };
                File::options().write(true).open(&lock).unwrap().set_modified(touched).unwrap();
                let claims: Vec<_> = (0..16).map(|_| tokio::spawn(claim(token.clone()))).collect();
                let mut granted = Vec::new();
                for claim in claims {
                    match claim.await.unwrap().unwrap() {
                        Claim::Granted(lease) => granted.push(lease),
                        Claim::Held(_) => {}
                        other => panic!("{other:?}"),
                    }
                }
                assert_eq!(granted.len(), 1);
            }
        }
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.is_empty(), "{left:?}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_takeover_whose_process_died_delays_the_next_by_one_look() {
        let folder = folder("next");
        let token = folder.join("t.token");
        for file in ["t.token.lock", "t.token.next"] {
            fs::write(folder.join(file), "dead").unwrap();
            let file = File::options().write(true).open(folder.join(file)).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(6)).unwrap();
        }
        assert!(matches!(claim(token.clone()).await.unwrap(), Claim::Held(_)));
        drop(lease(claim(token).await.unwrap()));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_pipe_or_a_link_in_the_place_of_a_lock_or_a_hold_is_neither_waited_for_nor_followed() {
        let folder = folder("pipe");
        let token = folder.join("t.token");
        let (lock, hold, other) = (folder.join("t.token.lock"), folder.join("t.token.hold"), folder.join("other"));
        let pipe = |path: &Path| {
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        };
        pipe(&lock);
        pipe(&hold);
        // A separate runtime, because one with a thread that waits for a pipe would never shut down.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let within = Duration::from_secs(5);
        let at = token.clone();
        let claimed = std::thread::spawn(move || {
            let claimed = runtime.block_on(async { tokio::time::timeout(within, claim(at)).await });
            runtime.shutdown_background();
            claimed
        });
        let claimed = claimed.join().unwrap();
        let claimed = claimed.expect("a pipe was waited for").unwrap();
        assert!(matches!(claimed, Claim::Held(_)), "it is as young as a living process's");
        fs::remove_file(&lock).unwrap();
        lease(claim(token.clone()).await.unwrap()).failed(Duration::from_secs(9));
        assert!(matches!(claim(token.clone()).await.unwrap(), Claim::Refused(_)));

        fs::write(&other, "keep").unwrap();
        fs::remove_file(&hold).unwrap();
        std::os::unix::fs::symlink(&other, &hold).unwrap();
        lease(claim(token).await.unwrap()).failed(Duration::from_secs(9));
        assert_eq!(fs::read_to_string(&other).unwrap(), "keep");
        fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn a_lease_that_was_taken_over_takes_nothing_away_in_the_end() {
        let folder = folder("over");
        let token = folder.join("t.token");
        let lock = folder.join("t.token.lock");
        let first = lease(claim(token).await.unwrap());
        fs::write(&lock, "another").unwrap();
        first.failed(Duration::from_secs(9));
        assert_eq!(fs::read_to_string(&lock).unwrap(), "another");
        assert!(!folder.join("t.token.hold").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
