//! Many callers for a long time, against servers that fail a fifth of the time in every way.
//!
//! What comes out is a [`Report`]; [`Report::check`] asserts that no call was lost or answered with another's answer,
//! that every request which the server saw is an attempt that its caller knows of, and that neither memory nor
//! connections have leaked.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use rolecall::{Client, Error, ErrorKind};
use tokio::time::{Instant, timeout};

use crate::faults::{CLIENT_ID, CLIENT_SECRET, FaultsApi, NewItem, Received, Script, ScriptedResponse, Server};
use crate::roles::User;

mod told;

pub use told::Told;

/// The time of an attempt: short, since some are never answered.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The deadline of a call.
const DEADLINE: Duration = Duration::from_secs(5);

/// What marks a call that its caller drops.
const DROPPED: &str = "dropped";

/// How much is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Soak {
    /// How many callers there are, each with one call at a time.
    pub callers: usize,
    /// For how long.
    pub time: Duration,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Report {
    /// How the calls ended: `ok`, or the kind of the error.
    pub ends: BTreeMap<String, u64>,
    /// Calls that were begun, and not dropped by their callers.
    pub calls: u64,
    /// Calls that their callers have dropped on the way.
    pub dropped: u64,
    /// Answers that belonged to another call.
    pub mixed_up: u64,
    /// The attempts that the callers know of.
    pub attempts: u64,
    /// Of these, those that never left.
    pub unsent: u64,
    /// Of these, those that were given up before a response came, and so perhaps before the server saw them.
    pub given_up: u64,
    /// The requests that the server saw, without those of dropped calls.
    pub hits: u64,
    /// The requests for a token that the authorization server saw.
    pub tokens: u64,
    /// The furthest that a call went past its deadline.
    pub overshoot: Duration,
    /// Resident memory after a fifth of the time, and at the end, in MiB.
    pub memory: (u64, u64),
    /// The most connections that were open at once, and those that were when all calls had ended and the client was
    /// gone.
    pub connections: (usize, usize),
    /// Open file descriptors before anything began, and at the end.
    pub files: (usize, usize),
}

impl Report {
    /// Asserts what is promised.
    ///
    /// # Panics
    ///
    /// If any of it doesn't hold.
    pub fn check(&self) {
        assert_eq!(self.ends.values().sum::<u64>(), self.calls, "a call was lost: {self:#?}");
        assert_eq!(self.mixed_up, 0, "a call got the answer of another: {self:#?}");
        let sent = self.attempts - self.unsent;
        assert!(self.hits <= sent, "a request was sent of which no caller knows: {self:#?}");
        assert!(self.hits + self.given_up >= sent, "an attempt was no request: {self:#?}");
        assert!(self.overshoot < Duration::from_secs(1), "a call outlived its deadline: {self:#?}");
        assert!(self.memory.1 <= self.memory.0 + 32, "memory has leaked: {self:#?}");
        assert_eq!(self.connections.1, 0, "connections have leaked: {self:#?}");
        assert!(self.files.1 <= self.files.0, "file descriptors have leaked: {self:#?}");
        assert!(self.ends.len() > 5, "not all went wrong that should have: {self:#?}");
    }
}

/// Makes the calls, and reports.
///
/// `told` has to be the subscriber of the whole program: it alone knows how often a call that went well was sent.
pub fn run(soak: Soak, told: &Told) -> Report {
    // What tokio opens once for all runtimes is no leak.
    drop(tokio::runtime::Builder::new_current_thread().enable_all().build());
    let files = open_files();
    let servers =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let callers =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let dropped_hits = Arc::new(AtomicU64::new(0));
    let (api, auth) = servers.block_on(async {
        let dropped_hits = Arc::clone(&dropped_hits);
        (Server::counting(Script::by(move |request| api(request, &dropped_hits))), Server::counting(tokens()))
    });
    let client = Client::<User>::builder(api.url())
        .client_credentials(auth.url(), CLIENT_ID, CLIENT_SECRET)
        .timeout(TIMEOUT)
        .deadline(DEADLINE)
        .max_response_size(64 << 10)
        .build()
        .expect("a client");
    let mut report = callers.block_on(call_all(soak, client, &api));
    callers.shutdown_timeout(Duration::from_secs(5));
    servers.block_on(async {
        let _ = timeout(Duration::from_secs(5), api.has_open(0)).await;
        let _ = timeout(Duration::from_secs(5), auth.has_open(0)).await;
    });
    report.attempts += told.resends();
    report.unsent += told.unsent();
    report.given_up += told.timeouts();
    report.hits = api.count() as u64 - dropped_hits.load(Ordering::Relaxed);
    report.tokens = auth.count() as u64;
    report.connections.1 = api.open_connections() + auth.open_connections();
    report.memory.1 = memory();
    drop((api, auth));
    servers.shutdown_timeout(Duration::from_secs(5));
    report.files = (files, open_files());
    report
}

async fn call_all(soak: Soak, client: Client<User>, api: &Server) -> Report {
    let (end, most) = (Instant::now() + soak.time, Arc::new(AtomicUsize::new(0)));
    let callers: Vec<_> = (0..soak.callers).map(|caller| tokio::spawn(call(client.clone(), caller, end))).collect();
    drop(client);
    let watch = tokio::spawn({
        let (api, most) = (api.clone(), Arc::clone(&most));
        async move {
            loop {
                most.fetch_max(api.open_connections(), Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    });
    tokio::time::sleep(soak.time / 5).await;
    let mut report = Report { memory: (memory(), 0), ..Report::default() };
    for caller in callers {
        let part = caller.await.expect("a caller doesn't panic");
        for (end, count) in part.ends {
            *report.ends.entry(end).or_default() += count;
        }
        report.calls += part.calls;
        report.dropped += part.dropped;
        report.mixed_up += part.mixed_up;
        report.attempts += part.attempts;
        report.unsent += part.unsent;
        report.given_up += part.given_up;
        report.overshoot = report.overshoot.max(part.overshoot);
    }
    watch.abort();
    report.connections.0 = most.load(Ordering::Relaxed);
    report
}

/// One caller: a call after another.
async fn call(client: Client<User>, caller: usize, end: Instant) -> Report {
    let mut report = Report::default();
    for turn in 0_u64.. {
        if Instant::now() >= end {
            break;
        }
        let id = format!("{caller}-{turn}");
        if (turn + caller as u64) % 50 == 49 {
            let patience = Duration::from_millis(turn % 7);
            let _ = timeout(patience, client.search(&id, DROPPED)).await;
            report.dropped += 1;
            continue;
        }
        // A caller has something else to do too, some longer than others.
        tokio::time::sleep(Duration::from_millis((turn * 37 + caller as u64 * 101) % 400)).await;
        let (started, body) = (Instant::now(), NewItem { count: 1, note: id.clone() });
        let result = match turn % 5 {
            0 => client.create_item(&body).await.map(|item| item.id),
            1 => client.create_item_once(&body).await.map(|item| item.id),
            2 => client.find_item(&id).await.map(|item| item.map_or_else(|| id.clone(), |item| item.id)),
            _ => client.get_item(&id).await.map(|item| item.id),
        };
        report.calls += 1;
        report.overshoot = report.overshoot.max(started.elapsed().saturating_sub(DEADLINE));
        report.end(&id, result);
    }
    report
}

impl Report {
    fn end(&mut self, id: &str, result: Result<String, Error>) {
        // What was sent more than once is added in the end.
        self.attempts += result.as_ref().map_or_else(|error| u64::from(error.attempts().min(1)), |_| 1);
        if let Err(error) = &result {
            let sent = error.attempts() > 0;
            self.unsent += u64::from(sent && error.is_connect());
            self.given_up += u64::from(sent && error.is_timeout());
        }
        let end = match result {
            Ok(other) => {
                self.mixed_up += u64::from(other != id);
                "ok".to_owned()
            }
            Err(error) if error.kind() == ErrorKind::Status => {
                format!("status {}", error.status().expect("a status").as_u16())
            }
            Err(error) => format!("{:?}", error.kind()),
        };
        *self.ends.entry(end).or_default() += 1;
    }
}

/// Four of five answers are right.
fn api(request: &Received, dropped: &AtomicU64) -> ScriptedResponse {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    if request.header("x-trace") == Some(DROPPED) {
        dropped.fetch_add(1, Ordering::Relaxed);
    }
    let id = match request.method.as_str() {
        "POST" => request.text().split('"').nth(5).unwrap_or_default().to_owned(),
        _ => request.target.rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let right = ScriptedResponse::json(&format!(r#"{{"id":"{id}","count":1}}"#));
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    if !turn.is_multiple_of(5) {
        return right;
    }
    match turn / 5 % 16 {
        0 => ScriptedResponse::status(503),
        1 => ScriptedResponse::status(502).header("connection", "close").body("<html>").then_close(),
        2 => ScriptedResponse::status(429).header("retry-after", "1"),
        3 => ScriptedResponse::reset(),
        4 => ScriptedResponse::close(),
        5 => right.claiming(1000).then_close(),
        6 => right.chunked_without_end().then_reset(),
        7 => ScriptedResponse::raw("nonsense\r\n\r\n").then_close(),
        8 => ScriptedResponse::status(500).body("x".repeat(100_000)),
        9 => ScriptedResponse::json("{").header("content-encoding", "gzip"),
        10 => ScriptedResponse::json(r#"{"id":1}"#),
        11 => ScriptedResponse::json("[").claiming(100_000).then_close(),
        12 => ScriptedResponse::status(401),
        13 => right.byte_by_byte(Duration::from_millis(1)),
        // Not more often: a caller waits two seconds for it.
        14 if turn.is_multiple_of(3) => ScriptedResponse::silence(),
        14 => ScriptedResponse::status(404),
        _ => ScriptedResponse::status(200).body(" ".repeat(100_000)).chunked(),
    }
}

/// An authorization server that fails as often.
fn tokens() -> Script {
    let mut number = 0;
    Script::by(move |_| {
        number += 1;
        match number % 5 {
            0 => ScriptedResponse::status(503),
            _ => ScriptedResponse::token(number, 8),
        }
    })
}

fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0) / 1024
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
