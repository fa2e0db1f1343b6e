//! Prism, which answers from a document, and validates what it is sent.

use std::error::Error;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Large documents take a while, and more on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(1200);

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
        let mut process = Command::new(program)
            .args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--multiprocess", "false", "--verboseLevel", "silent"])
            .arg(document)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            let has_ended = process.try_wait()?.is_some();
            if has_ended || start.elapsed() > START_TIMEOUT {
                let _ = process.kill();
                return Err("Prism does not serve the document".into());
            }
            sleep(Duration::from_millis(200));
        }
        Ok(Self { process, url: format!("http://127.0.0.1:{port}") })
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
