//! A separate `redis-server` for each test.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(super) struct RedisServer {
    port: u16,
    process: Child,
}

impl RedisServer {
    /// Returns `None`, and prints a message, if there is no `redis-server`.
    pub(super) fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let arguments = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", "/tmp", "--port"];
        let started = Command::new("redis-server")
            .args(arguments)
            .arg(port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(process) = started else {
            eprintln!("SKIPPED: there is no `redis-server` (apt-get install redis-server)");
            return None;
        };
        let server = Self { port, process };
        let until = Instant::now() + Duration::from_secs(10);
        while server.try_command(&["PING"]).is_none() {
            assert!(Instant::now() < until, "redis-server does not respond");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    pub(super) fn command(&self, words: &[&str]) -> redis::Value {
        self.try_command(words).unwrap_or_else(|| panic!("{words:?} failed"))
    }

    pub(super) fn restore(&self, key: &str, dump: &[u8]) {
        let mut connection = redis::Client::open(self.url()).unwrap().get_connection().unwrap();
        redis::cmd("RESTORE").arg(key).arg(0).arg(dump).exec(&mut connection).unwrap();
    }

    fn try_command(&self, words: &[&str]) -> Option<redis::Value> {
        let mut connection = redis::Client::open(self.url()).ok()?.get_connection().ok()?;
        let mut command = redis::Cmd::new();
        command.arg(words);
        command.query(&mut connection).ok()
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
