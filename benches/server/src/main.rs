//! The server as a process of its own, one thread, on 127.0.0.1.
//!
//! ```text
//! server [--port P] [--check]
//! ```
//!
//! It prints `port=P` once it listens. `--check`: see [`server::serve`].

fn main() {
    let (mut port, mut check) = (0u16, false);
    let mut it = std::env::args().skip(1);
    while let Some(flag) = it.next() {
        match flag.as_str() {
            "--port" => port = it.next().and_then(|v| v.parse().ok()).expect("--port P"),
            "--check" => check = true,
            _ => {
                eprintln!("server [--port P] [--check]");
                std::process::exit(2);
            }
        }
    }
    let rt = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("runtime");
    rt.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("bind");
        println!("port={}", listener.local_addr().expect("address").port());
        server::serve(listener, check).await;
    });
}
