//! A `redis-server` of one's own, or another server that `REDIS_SERVER` names, such as a `valkey-server`.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use redis::{Cmd, FromRedisValue};

pub(crate) struct RedisServer {
    pub(crate) port: u16,
    process: Child,
    clock: Option<Clock>,
}

/// What a library that is preloaded into the server adds to its clock, in a file.
enum Clock {
    /// `clock.c`, which works with any server.
    Own(PathBuf),
    /// The libfaketime that `LIBFAKETIME` names. With jemalloc, as in Redis, it does not start.
    Faketime(PathBuf),
}

impl Clock {
    fn new(port: u16) -> Result<Self, String> {
        let file = temporary(&format!("fleet-clock-{port}"));
        let clock = match std::env::var_os("LIBFAKETIME") {
            Some(_) => Self::Faketime(file),
            None => Self::Own(file),
        };
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/fleet/clock.c");
        if let Self::Own(_) = clock {
            let built =
                Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(library(port)).args([source, "-ldl"]).status();
            if !built.is_ok_and(|status| status.success()) {
                return Err("`cc` is needed to set the clock of the server".to_owned());
            }
        }
        clock.set(0);
        Ok(clock)
    }

    fn preload(&self, port: u16, command: &mut Command) {
        match self {
            Self::Own(file) => command.env("LD_PRELOAD", library(port)).env("FLEET_CLOCK", file),
            Self::Faketime(file) => command
                .env("LD_PRELOAD", std::env::var_os("LIBFAKETIME").unwrap_or_default())
                .env("FAKETIME_TIMESTAMP_FILE", file)
                .env("FAKETIME_NO_CACHE", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        };
    }

    fn set(&self, seconds: i64) {
        match self {
            Self::Own(file) => {
                // In place: the server has mapped it.
                let file = std::fs::File::options().create(true).truncate(false).write(true).open(file);
                file.and_then(|mut file| file.write_all(&seconds.to_ne_bytes())).expect("a file");
            }
            // Renamed, so that the server reads it whole.
            Self::Faketime(file) => {
                let next = file.with_extension("next");
                std::fs::write(&next, format!("{seconds:+}\n")).expect("a file");
                std::fs::rename(&next, file).expect("a file");
            }
        }
    }
}

fn program() -> String {
    std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned())
}

/// Whether there is a server; says so aloud if not.
pub(crate) fn is_installed() -> bool {
    let installed = Command::new(program()).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !installed {
        eprintln!("SKIPPED: there is no `{}` (apt-get install redis-server)", program());
    }
    installed
}

/// Returns a port that is free, that has not been returned before, and that the system gives to no connection: a server
/// that restarts finds it free again, and a client of it finds no stranger there.
pub(crate) fn free_port() -> u16 {
    const PORTS: std::ops::Range<u32> = 12_000..32_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Processes begin apart from each other.
    let start = std::process::id().wrapping_mul(97);
    for _ in PORTS {
        let next = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PORTS.len() as u32;
        let port = u16::try_from(PORTS.start + next).expect("a port");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}

fn temporary(name: &str) -> PathBuf {
    std::env::temp_dir().join(name)
}

fn library(port: u16) -> PathBuf {
    temporary(&format!("fleet-clock-{port}.so"))
}

impl RedisServer {
    pub(crate) fn start(arguments: &[&str]) -> Result<Self, String> {
        Self::start_at(free_port(), arguments)
    }

    /// With a clock that [`set_clock`](Self::set_clock) sets.
    pub(crate) fn with_clock(arguments: &[&str]) -> Result<Self, String> {
        let port = free_port();
        Self::start_with(port, arguments, Some(Clock::new(port)?))
    }

    pub(crate) fn start_at(port: u16, arguments: &[&str]) -> Result<Self, String> {
        Self::start_with(port, arguments, None)
    }

    fn start_with(port: u16, arguments: &[&str], clock: Option<Clock>) -> Result<Self, String> {
        let fixed = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--dir", "/tmp"];
        let more = ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--dbfilename"];
        let mut command = Command::new(program());
        command.args(fixed).args(more).arg(format!("fleet-{port}.rdb")).arg("--port").arg(port.to_string());
        command.args(arguments);
        if let Some(clock) = &clock {
            clock.preload(port, &mut command);
        }
        Self::spawn(command, port, clock)
    }

    /// A Sentinel of the primary at this port, which it calls `fleet`.
    pub(crate) fn sentinel(primary: u16) -> Result<Self, String> {
        let port = free_port();
        let file = temporary(&format!("fleet-{port}-sentinel.conf"));
        let text = format!(
            "port {port}\nbind 127.0.0.1\ndir /tmp\nsentinel monitor fleet 127.0.0.1 {primary} 2\n\
             sentinel down-after-milliseconds fleet 1000\nsentinel failover-timeout fleet 5000\n"
        );
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        let mut command = Command::new(program());
        command.arg(&file).arg("--sentinel");
        Self::spawn(command, port, None)
    }

    fn spawn(mut command: Command, port: u16, clock: Option<Clock>) -> Result<Self, String> {
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut server = Self { port, process: process.map_err(|error| error.to_string())?, clock };
        let until = Instant::now() + Duration::from_secs(20);
        while server.query::<String>(&["PING"]).is_none() {
            let ended = server.process.try_wait().is_ok_and(|status| status.is_some());
            if ended || Instant::now() > until {
                return Err(format!("`{}` does not start with {:?}", program(), command.get_args()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Sets the server's clock ahead, or back.
    pub(crate) fn set_clock(&self, seconds: i64) {
        if let Some(clock) = &self.clock {
            clock.set(seconds);
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

    pub(crate) fn info(&self, section: &str) -> String {
        self.query(&["INFO", section]).unwrap_or_default()
    }

    /// How long the scripts took on the average, in microseconds of the server.
    pub(crate) fn micros_per_script(&self) -> Option<f64> {
        let stats = self.info("commandstats");
        let line = stats.lines().find(|line| line.starts_with("cmdstat_evalsha:"))?;
        line.split(',').find_map(|field| field.strip_prefix("usec_per_call="))?.parse().ok()
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
        let port = self.port;
        let _ = std::fs::remove_file(temporary(&format!("fleet-clock-{port}")));
        let _ = std::fs::remove_file(temporary(&format!("fleet-clock-{port}.so")));
        for file in ["-nodes.conf", "-sentinel.conf", ".rdb", ".cnf", ".key", ".pem"] {
            let _ = std::fs::remove_file(temporary(&format!("fleet-{port}{file}")));
        }
    }
}
