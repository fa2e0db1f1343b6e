//! Prism, which answers from a document, and validates what it is sent.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Large documents take a while, and more on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(1200);

/// How long an answer is waited for before it is asked for again.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A running Prism, which ends with this value.
#[derive(Debug)]
pub(crate) struct Prism {
    process: Child,
    pub(crate) url: String,
}

impl Prism {
    /// Starts it for a document.
    pub(crate) fn start(program: &Path, document: &Path) -> Result<Self, Box<dyn Error>> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let process = Command::new(program)
            .args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--multiprocess", "false", "--verboseLevel", "silent"])
            .arg(document)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut started = Self { process, url: format!("http://127.0.0.1:{port}") };
        let start = Instant::now();
        while !is_prism(port) {
            let has_ended = started.process.try_wait()?.is_some();
            if has_ended || start.elapsed() > START_TIMEOUT {
                return Err("Prism does not serve the document".into());
            }
            sleep(Duration::from_millis(200));
        }
        Ok(started)
    }
}

/// Whether Prism has the port, which another program may have taken meanwhile.
fn is_prism(port: u16) -> bool {
    let ask = || {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT))?;
        stream.write_all(b"GET /no-such-path HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    };
    ask().is_ok_and(|answer| answer.contains("stoplight.io/prism"))
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
