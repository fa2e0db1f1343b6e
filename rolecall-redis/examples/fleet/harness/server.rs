//! A `redis-server` of one's own.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redis::{Cmd, FromRedisValue};

pub(crate) struct RedisServer {
    pub(crate) port: u16,
    process: Child,
    clock: Option<PathBuf>,
}

/// Whether there is a `redis-server`; says so aloud if not.
pub(crate) fn is_installed() -> bool {
    let installed = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !installed {
        eprintln!("SKIPPED: there is no `redis-server` (apt-get install redis-server)");
    }
    installed
}

impl RedisServer {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        Self::start_at(port, arguments, None)
    }

    /// With a clock that [`set_clock`](Self::set_clock) sets. `None` if that can't be built.
    pub(crate) fn with_clock(arguments: &[&str]) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        let library = std::env::temp_dir().join(format!("fleet-clock-{port}.so"));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/fleet/clock.c");
        let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl"]).status();
        built.ok()?.success().then(|| Self::start_at(port, arguments, Some(&library)))
    }

    pub(crate) fn start_at(port: u16, arguments: &[&str], clock: Option<&Path>) -> Self {
        let fixed = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", "/tmp"];
        let more = ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--dbfilename"];
        let mut command = Command::new("redis-server");
        command.args(fixed).args(more).arg(format!("fleet-{port}.rdb")).arg("--port").arg(port.to_string());
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let clock = clock.map(|library| {
            let file = std::env::temp_dir().join(format!("fleet-clock-{port}"));
            std::fs::write(&file, 0_i64.to_ne_bytes()).expect("a file");
            command.env("LD_PRELOAD", library).env("FLEET_CLOCK", &file);
            file
        });
        let process = command.spawn().expect("redis-server starts");
        let server = Self { port, process, clock };
        let until = Instant::now() + Duration::from_secs(10);
        while server.query::<String>(&["PING"]).is_none() {
            assert!(Instant::now() < until, "redis-server does not respond");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// Sets the server's clock ahead, or back.
    pub(crate) fn set_clock(&self, seconds: i64) {
        if let Some(file) = &self.clock {
            // In place: the server has mapped it.
            let file = std::fs::File::options().write(true).open(file);
            file.and_then(|mut file| file.write_all(&seconds.to_ne_bytes())).expect("a file");
        }
    }

    pub(crate) fn query<T: FromRedisValue>(&self, words: &[&str]) -> Option<T> {
        let client = redis::Client::open(format!("redis://127.0.0.1:{}/", self.port)).ok()?;
        let mut connection = client.get_connection_with_timeout(Duration::from_secs(1)).ok()?;
        let mut command = Cmd::new();
        command.arg(words);
        command.query(&mut connection).ok()
    }

    pub(crate) fn command(&self, words: &[&str]) {
        let _: Option<redis::Value> = self.query(words);
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
        if let Some(file) = &self.clock {
            let _ = (std::fs::remove_file(file), std::fs::remove_file(file.with_extension("so")));
        }
    }
}
