//! Servers that run as long as a check needs them.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::run::Failure;

/// A server's process, which ends with this value.
pub(crate) struct Server(Child);

/// The output in which a server prints where it listens.
pub(crate) enum Output {
    Stdout,
    Stderr,
}

impl Server {
    /// Starts a server, and returns it with the first URL or address of 127.0.0.1 that it prints, as a URL.
    pub(crate) fn start(command: &mut Command, output: Output) -> Result<(Self, String), Failure> {
        let mut server = match output {
            Output::Stdout => Self(command.stdout(Stdio::piped()).spawn()?),
            Output::Stderr => Self(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?),
        };
        let pipe: Option<Box<dyn Read + Send>> = match output {
            Output::Stdout => server.0.stdout.take().map(|pipe| Box::new(pipe) as _),
            Output::Stderr => server.0.stderr.take().map(|pipe| Box::new(pipe) as _),
        };
        let mut lines = BufReader::new(pipe.ok_or_else(|| Failure::new("the server has no output"))?);
        let mut all = String::new();
        let url = loop {
            let start = all.len();
            if lines.read_line(&mut all)? == 0 {
                return Err(Failure::new(format!("the server did not start:\n{all}")));
            }
            if let Some(url) = all.get(start..).and_then(url) {
                break url;
            }
        };
        // A server that cannot write its log waits until it can.
        std::thread::spawn(move || io::copy(&mut lines, &mut io::sink()));
        Ok((server, url))
    }
}

/// Returns the URL in a line, of which some servers print no more than the address.
fn url(line: &str) -> Option<String> {
    let at = line.find("127.0.0.1:").or_else(|| line.find("localhost:"))?;
    let end = |character: char| !(character.is_ascii_alphanumeric() || ".:/".contains(character));
    let address = line[at..].split(end).next()?;
    Some(format!("http://{}", address.trim_end_matches('/')))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
