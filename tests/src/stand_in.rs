//! Servers that stand in for real APIs, each written from the API's documentation, and the requests that they got.

use std::sync::Mutex;

use crate::faults::{Received, Script, ScriptedResponse, Server, Tls, clock};

/// A server that answers as an API's documentation says.
#[derive(Debug)]
pub struct StandIn {
    server: Server,
    shown: Mutex<usize>,
}

impl StandIn {
    /// Starts a server that answers each request by this function.
    pub fn start(response: impl FnMut(&Received) -> ScriptedResponse + Send + 'static) -> Self {
        Self { server: Server::start(Script::by(response)), shown: Mutex::default() }
    }

    /// Starts a server that speaks TLS.
    pub fn start_tls(response: impl FnMut(&Received) -> ScriptedResponse + Send + 'static, tls: Tls) -> Self {
        Self { server: Server::start_tls(Script::by(response), tls), shown: Mutex::default() }
    }

    /// The base URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The requests since the last call of this function, whole: request line, headers by name, an empty line, body. The
    /// server's port, which differs from run to run, is left out of `host`.
    pub fn requests(&self) -> Vec<String> {
        let requests = self.server.requests();
        let mut shown = self.shown.lock().expect("no test panics here");
        let new = requests.iter().skip(*shown).map(written).collect();
        *shown = requests.len();
        new
    }
}

fn written(request: &Received) -> String {
    let headers = request.headers.iter().map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let value = if name == "host" { value.split(':').next().unwrap_or_default() } else { value };
        format!("{name}: {value}")
    });
    let headers: Vec<String> = headers.collect();
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    request_text(&format!("{} {}", request.method, request.target), &[&headers], &request.text())
}

/// A request as [`StandIn::requests`] shows it.
#[must_use]
pub fn request_text(line: &str, headers: &[&[&str]], body: &str) -> String {
    let mut headers = headers.concat();
    headers.sort_unstable();
    format!("{line}\n{}\n\n{body}", headers.join("\n"))
}

/// Runs a test on a clock that stands still unless the wire is quiet, so that waits take no time.
pub fn run(test: impl AsyncFnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let _clock = clock::Clock::start();
        test().await;
    });
}
