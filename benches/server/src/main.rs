//! The server as a process of its own, one thread, on 127.0.0.1.
//!
//! ```text
//! server [--port P] [--check] [--tls FILE --alpn http/1.1|h2]
//! ```
//!
//! It prints `port=P` once it listens. `--check`: see [`server::serve`]. `--tls`: it speaks TLS as `localhost`, with a
//! certificate by an authority that it makes and writes to the file.

use std::io::Error;

fn main() -> Result<(), Error> {
    let (mut port, mut check, mut authority, mut alpn) = (0u16, false, None, "http/1.1".to_owned());
    let mut it = std::env::args().skip(1);
    while let Some(flag) = it.next() {
        let mut value = || it.next().ok_or_else(|| Error::other(format!("{flag} needs a value")));
        match flag.as_str() {
            "--port" => port = value()?.parse().map_err(Error::other)?,
            "--check" => check = true,
            "--tls" => authority = Some(value()?),
            "--alpn" => alpn = value()?,
            _ => return Err(Error::other("server [--port P] [--check] [--tls FILE --alpn http/1.1|h2]")),
        }
    }
    let tls = authority.map(|file| server::tls::acceptor(&file, &alpn)).transpose()?;
    let rt = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    rt.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        println!("port={}", listener.local_addr()?.port());
        server::serve(listener, check, tls).await;
        Ok(())
    })
}
