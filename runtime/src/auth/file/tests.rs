//! Tests of the file store, alone and with concurrent threads and processes.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A separate directory for each test, removed at the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("rolecall-{}-{number}", std::process::id()));
        Self(path.join("tokens"))
    }

    fn store(&self) -> FileTokenStore {
        FileTokenStore::new(&self.0)
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(self.0.parent().unwrap());
    }
}

fn key() -> TokenKey {
    TokenKey::new("https://auth.sandbox.example/oauth2/token", "client", None)
}

fn token(secret: &str) -> StoredToken {
    StoredToken::new(secret, SystemTime::now() - Duration::from_secs(1), Duration::from_secs(3600))
}

async fn loaded(store: &FileTokenStore, key: &TokenKey) -> Option<String> {
    store.load(key).await.unwrap().map(|token| token.access_token().expose_secret().to_owned())
}

#[tokio::test]
async fn a_token_comes_back_as_it_was_kept() {
    let directory = Directory::new();
    let store = directory.store();
    assert!(store.load(&key()).await.unwrap().is_none(), "neither directory nor file");
    let kept = token("a\"\\b~");
    store.save(&key(), &kept).await.unwrap();
    let read = store.load(&key()).await.unwrap().unwrap();
    assert_eq!(read.access_token().expose_secret(), "a\"\\b~");
    assert_eq!(read.lifetime(), kept.lifetime());
    let apart = kept.issued_at().duration_since(read.issued_at()).unwrap();
    assert!(apart < Duration::from_millis(1));
    assert_eq!(directory.files().len(), 1, "nothing is left beside it: {:?}", directory.files());
}

#[tokio::test]
async fn a_token_is_written_through_one_buffer_whatever_has_to_be_escaped() {
    let directory = Directory::new();
    let store = directory.store();
    let odd = "\u{1}".repeat(500);
    let key = TokenKey::new("https://auth.sandbox.example/oauth2/token", odd.as_str(), Some(odd.clone()));
    let secret = "\"".repeat(500);
    store.save(&key, &token(&secret)).await.unwrap();
    assert_eq!(loaded(&store, &key).await, Some(secret));
}

#[tokio::test]
async fn other_credentials_never_get_the_token() {
    let directory = Directory::new();
    let store = directory.store();
    store.save(&key(), &token("a")).await.unwrap();
    let others = [
        TokenKey::new("https://auth.production.example/oauth2/token", "client", None),
        TokenKey::new("http://auth.sandbox.example/oauth2/token", "client", None),
        TokenKey::new("https://auth.sandbox.example/oauth2/token", "client2", None),
        TokenKey::new("https://auth.sandbox.example/oauth2/token", "client", Some("read".to_owned())),
    ];
    let path = |key: &TokenKey| store.path(key);
    for other in &others {
        assert_eq!(loaded(&store, other).await, None);
        // Not even if the file is at the path of the other key.
        assert_ne!(path(other), path(&key()));
        fs::copy(path(&key()), path(other)).unwrap();
        assert_eq!(loaded(&store, other).await, None);
    }
    assert_eq!(loaded(&store, &key()).await.as_deref(), Some("a"));
}

#[test]
fn a_files_name_stays_in_the_directory_and_from_version_to_version() {
    assert_eq!(file_name(&key()), "oauth2-auth.sandbox.example-b08424428629f6fe.token");
    for url in ["https://../x", "..", "", "https://a:1@[::1]:80/", "x\\y", &"y".repeat(999)] {
        let name = file_name(&TokenKey::new(url, "../../etc", None));
        assert!(!name.contains(['/', '\\', ':']) && name.starts_with("oauth2-") && name.len() < 100, "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_and_a_file_that_others_can_read_is_no_file() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new();
    let store = directory.store();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for _ in 0..2 {
        store.save(&key(), &token("a")).await.unwrap();
        assert_eq!((mode(&store.path(&key())), mode(&directory.0)), (0o600, 0o700));
    }
    for open in [0o640, 0o604, 0o660, 0o620, 0o601] {
        fs::set_permissions(store.path(&key()), fs::Permissions::from_mode(open)).unwrap();
        assert_eq!(loaded(&store, &key()).await, None, "{open:o}");
    }
    store.save(&key(), &token("b")).await.unwrap();
    assert_eq!(mode(&store.path(&key())), 0o600);
    assert_eq!(loaded(&store, &key()).await.as_deref(), Some("b"));
}

#[cfg(unix)]
#[test]
fn a_file_of_another_user_is_no_file_whoever_reads_it() {
    use std::os::unix::fs::MetadataExt;
    let directory = Directory::new();
    let store = directory.store();
    let path = store.path(&key());
    write(&path, &key(), &token("a"), &OnceLock::new()).unwrap();
    let owner = fs::metadata(&path).unwrap().uid();
    assert_eq!(Owner::of_new_files(&directory.0).unwrap(), Owner(owner));
    assert_eq!(directory.files().len(), 1, "nothing is left of asking: {:?}", directory.files());
    for (trusted, is_read) in [(owner, true), (owner + 1, false)] {
        let trusted = OnceLock::from(Owner(trusted));
        assert_eq!(read(&path, &key(), &trusted).unwrap().is_some(), is_read);
    }
}

/// Only root can give a file away; other users are covered by the test above.
#[cfg(unix)]
#[tokio::test]
async fn root_does_not_use_the_file_of_another_user() {
    use std::os::unix::fs::chown;
    let directory = Directory::new();
    let store = directory.store();
    store.save(&key(), &token("a")).await.unwrap();
    if chown(store.path(&key()), Some(12_345), None).is_ok() {
        assert_eq!(loaded(&store, &key()).await, None);
        store.save(&key(), &token("b")).await.unwrap();
    }
    assert!(loaded(&store, &key()).await.is_some());
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_neither_followed_nor_waited_for_and_is_replaced() {
    let directory = Directory::new();
    let store = directory.store();
    let path = store.path(&key());
    write(&path, &key(), &token("a"), &OnceLock::new()).unwrap();
    let elsewhere = directory.0.join("elsewhere");
    fs::rename(&path, &elsewhere).unwrap();
    let makes: [&dyn Fn(); 4] = [
        &|| std::os::unix::fs::symlink(&elsewhere, &path).unwrap(),
        &|| std::os::unix::fs::symlink("nowhere", &path).unwrap(),
        &|| assert!(Command::new("mkfifo").arg(&path).status().unwrap().success()),
        &|| drop(std::os::unix::net::UnixListener::bind(&path).unwrap()),
    ];
    for (number, make) in makes.iter().enumerate() {
        make();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let within = Duration::from_secs(5);
        let load = async { tokio::time::timeout(within, store.load(&key())).await };
        let Ok(loaded) = runtime.block_on(load) else {
            runtime.shutdown_background();
            panic!("a pipe was waited for");
        };
        let loaded = loaded.unwrap();
        assert!(loaded.is_none(), "{number}");
        // Dropping it would wait for a blocked thread.
        drop(runtime);
        write(&path, &key(), &token("b"), &OnceLock::new()).unwrap();
        let read = read(&path, &key(), &store.owner).unwrap().unwrap();
        assert_eq!(read.access_token().expose_secret(), "b");
        fs::remove_file(&path).unwrap();
    }
    assert!(fs::read_to_string(&elsewhere).unwrap().contains("\"a\""), "nothing was written through the link");
}

#[cfg(unix)]
#[test]
fn a_file_is_private_from_its_creation_on() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new();
    create_private_directory(&directory.0).unwrap();
    let path = directory.0.join("x");
    let file = create_private(&path).unwrap();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert!(create_private(&path).is_err(), "what is there already is neither opened nor followed");
}

#[tokio::test]
async fn a_damaged_file_is_no_file_and_is_replaced() {
    let directory = Directory::new();
    let store = directory.store();
    store.save(&key(), &token("secret")).await.unwrap();
    let path = store.path(&key());
    let whole = fs::read_to_string(&path).unwrap();
    // Writing in place keeps the mode.
    for end in 0..whole.len() {
        fs::write(&path, &whole[..end]).unwrap();
        assert_eq!(loaded(&store, &key()).await, None, "cut off after {end} bytes");
    }
    let others = [
        whole.replace(r#""version":1"#, r#""version":2"#),
        whole.replace(r#""version":1"#, r#""version":-1"#),
        whole.replace("lifetime", "life"),
        format!("{whole}x"),
        "[]".to_owned(),
        "\0".repeat(100),
        whole.replace("\"secret\"", "null"),
        whole.replace("\"secret\"", &format!("\"{}\"", "x".repeat(300 * 1024))),
    ];
    for other in others {
        assert_ne!(other, whole);
        fs::write(&path, other).unwrap();
        assert_eq!(loaded(&store, &key()).await, None);
    }
    fs::write(&path, [0xff; 50]).unwrap();
    assert_eq!(loaded(&store, &key()).await, None);
    store.save(&key(), &token("new")).await.unwrap();
    assert_eq!(loaded(&store, &key()).await.as_deref(), Some("new"));
}

#[tokio::test]
async fn clocks_that_jump_make_no_token_live_longer() {
    let directory = Directory::new();
    let store = directory.store();
    let now = SystemTime::now();
    for (issued, lifetime, lives) in [
        (now - Duration::from_secs(3601), 3600, false),
        (now - Duration::from_secs(3590), 3600, true),
        (now + Duration::from_secs(3600), 3600, false),
        (SystemTime::UNIX_EPOCH, 3600, false),
        (now - Duration::from_secs(86_390), u64::MAX / 1000, true),
        (now - Duration::from_secs(86_410), u64::MAX / 1000, false),
    ] {
        let token = StoredToken::new("t", issued, Duration::from_secs(lifetime));
        store.save(&key(), &token).await.unwrap();
        assert_eq!(loaded(&store, &key()).await.is_some(), lives, "{issued:?} {lifetime}");
    }
    // Another program may write what this crate would not.
    let whole = fs::read_to_string(store.path(&key())).unwrap();
    let (before, rest) = whole.split_once(r#""issued_at":"#).unwrap();
    let (_, rest) = rest.split_once(',').unwrap();
    for issued in ["18446744073709551615", "99999999999999999999", "-1"] {
        fs::write(store.path(&key()), format!(r#"{before}"issued_at":{issued},{rest}"#)).unwrap();
        assert_eq!(loaded(&store, &key()).await, None);
    }
}

#[tokio::test]
async fn failures_are_errors_without_the_token() {
    let directory = Directory::new();
    fs::create_dir_all(directory.0.parent().unwrap()).unwrap();
    fs::write(&directory.0, "a file where the directory should be").unwrap();
    let store = directory.store();
    let error = store.save(&key(), &token("s3cret")).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cret"));
    assert!(store.load(&key()).await.is_err());
    fs::remove_file(&directory.0).unwrap();
    fs::create_dir_all(store.path(&key())).unwrap();
    assert!(store.save(&key(), &token("s3cret")).await.is_err());
    assert_eq!(loaded(&store, &key()).await, None);
    assert_eq!(directory.files().len(), 1, "nothing is left aside: {:?}", directory.files());
}

#[tokio::test]
async fn what_a_dead_process_left_is_removed_in_time() {
    let directory = Directory::new();
    let store = directory.store();
    store.save(&key(), &token("a")).await.unwrap();
    let name = file_name(&key());
    let old = SystemTime::now() - LEFT_BEHIND - Duration::from_secs(10);
    for (left, modified) in [
        (format!(".{name}.1.tmp"), old),
        (format!(".{name}.2.tmp"), SystemTime::now()),
        (".other.3.tmp".to_owned(), old),
        (format!("{name}.bak"), old),
    ] {
        let file = create_private(&directory.0.join(left)).unwrap();
        file.set_modified(modified).unwrap();
    }
    store.save(&key(), &token("b")).await.unwrap();
    let mut files = directory.files();
    files.sort();
    let mut expected = vec![name.clone(), format!(".{name}.2.tmp"), ".other.3.tmp".to_owned(), format!("{name}.bak")];
    expected.sort();
    assert_eq!(files, expected);
}

const ENV: &str = "ROLECALL_TEST_TOKENS";

/// The other process of the test below; alone, it does nothing.
#[tokio::test]
async fn another_process() {
    if let Some(directory) = std::env::var_os(ENV) {
        let store = FileTokenStore::new(directory);
        for number in 0..100 {
            let secret = format!("{}-{number}-", std::process::id()).repeat(200);
            store.save(&key(), &token(&secret)).await.unwrap();
            assert_whole(&loaded(&store, &key()).await.unwrap());
        }
    }
}

fn assert_whole(secret: &str) {
    let (unit, _) = secret.split_at(secret.len() / 200);
    assert_eq!(unit.repeat(200), secret, "a token is torn");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_and_threads_never_tear_a_token() {
    let directory = Directory::new();
    let store = directory.store();
    store.save(&key(), &token(&"0-".repeat(200))).await.unwrap();
    let name = format!("{}::another_process", module_path!().split_once("::").unwrap().1);
    let mut processes: Vec<_> = (0..3)
        .map(|_| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args([&name, "--exact"]).env(ENV, &directory.0).stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut reads = 0;
    let mut seen = std::collections::HashSet::new();
    while processes.iter_mut().any(|process| process.try_wait().unwrap().is_none()) {
        let others = (0..4).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { loaded(&store, &key()).await })
        });
        for read in others.collect::<Vec<_>>() {
            let secret = read.await.unwrap().expect("there always is a token");
            assert_whole(&secret);
            seen.insert(secret);
            reads += 1;
        }
    }
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    }
    assert!(reads > 4 && seen.len() > 1, "{reads} reads of {} tokens", seen.len());
    assert_eq!(directory.files().len(), 1);
}

#[tokio::test]
async fn a_refresh_token_outlives_its_access_token_and_is_never_replaced_by_an_earlier_one() {
    let directory = Directory::new();
    let store = directory.store();
    let issued = |access: &str, refresh: &str, generation| {
        let long_ago = SystemTime::now() - Duration::from_secs(7200);
        StoredToken::new(access, long_ago, Duration::from_secs(3600)).with_refresh_token(refresh, generation)
    };
    let kept = async |store: &FileTokenStore| {
        let token = store.load(&key()).await.unwrap().unwrap();
        let refresh_token = token.refresh_token().unwrap().expose_secret().to_owned();
        (refresh_token, token.generation())
    };
    store.save(&key(), &issued("a", "third", 3)).await.unwrap();
    assert_eq!(kept(&store).await, ("third".to_owned(), 3));
    store.save(&key(), &issued("b", "second", 2)).await.unwrap();
    assert_eq!(kept(&store).await, ("third".to_owned(), 3), "an earlier generation comes late");
    store.save(&key(), &issued("c", "fourth\"\\", 4)).await.unwrap();
    assert_eq!(kept(&store).await, ("fourth\"\\".to_owned(), 4));
    let memory = crate::MemoryTokenStore::new();
    for (refresh, generation) in [("third", 3), ("second", 2)] {
        memory.save(&key(), &issued("a", refresh, generation)).await.unwrap();
        assert_eq!(memory.load(&key()).await.unwrap().unwrap().generation(), 3);
    }
}
