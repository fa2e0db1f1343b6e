//! What one number says that no loop of calls does: start-up, and the memory of a call that waits.
//!
//! ```text
//! probe startup    ms to build a client, and of its first and second call, against a server in this process
//! probe memory X   bytes of a waiting call: its future, and all that it holds on the heap, that future among it; X is
//!                  `rolecall` or `handwritten` (both wait for an answer, and have a connection), or `in-line` (waits
//!                  for a slot of the pace)
//! ```

mod heap;

use std::future::poll_fn;
use std::mem::size_of_val;
use std::task::Poll;
use std::time::{Duration, Instant};

use benchkit::{BoxError, Me};
use rolecall::{Client, Error, RateLimit, Role, api, endpoint};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[derive(Debug)]
pub enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// The call.
#[api]
pub trait Users {
    /// The user's information.
    #[endpoint(method = GET, path = "/me", role = User)]
    async fn get_me(&self) -> Result<Me, Error>;
}

const TOKEN: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 74\r\n\r\n\
    {\"email\":\"a@b.example\",\"firstName\":\"A\",\"lastName\":\"B\",\"language\":\"GERMAN\"}";

/// How many calls wait.
const CALLS: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    match std::env::args().nth(1).as_deref() {
        Some("startup") => startup().await,
        Some("memory") => memory(&std::env::args().nth(2).unwrap_or_default()).await,
        _ => Err("probe startup, or probe memory rolecall|in-line|handwritten".into()),
    }
}

/// A server that answers every request, or none.
async fn server(answers: bool) -> Result<String, BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        let mut silent = Vec::with_capacity(CALLS + 1);
        while let Ok((mut socket, _)) = listener.accept().await {
            if !answers {
                silent.push(socket);
                continue;
            }
            tokio::spawn(async move {
                let mut request = [0; 4096];
                while socket.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let _ = socket.write_all(ANSWER).await;
                }
            });
        }
    });
    Ok(base)
}

fn client(base: &str) -> Result<Client<User>, Error> {
    Client::builder(base).bearer_token(TOKEN).build()
}

async fn by_hand(http: &reqwest::Client, base: &str) -> Result<Me, reqwest::Error> {
    http.get(format!("{base}/me")).bearer_auth(TOKEN).send().await?.error_for_status()?.json().await
}

async fn startup() -> Result<(), BoxError> {
    let base = server(true).await?;
    for round in 0..2 {
        let mut at = Instant::now();
        let mut lap = |name: &str| {
            println!("{name}_{round}={:.3}", at.elapsed().as_secs_f64() * 1000.0);
            at = Instant::now();
        };
        let client = client(&base)?;
        lap("rolecall_build");
        client.get_me().await?;
        lap("rolecall_first");
        client.get_me().await?;
        lap("rolecall_second");
        let http = reqwest::Client::new();
        lap("handwritten_build");
        by_hand(&http, &base).await?;
        lap("handwritten_first");
        by_hand(&http, &base).await?;
        lap("handwritten_second");
    }
    Ok(())
}

/// Live heap bytes a call, once all of them wait; its future, boxed, is one of them.
async fn held<F: Future>(make: impl Fn() -> F) -> usize {
    let mut calls = Vec::with_capacity(CALLS);
    let before = heap::live();
    calls.extend((0..CALLS).map(|_| Box::pin(make())));
    let all = poll_fn(|context| {
        for call in &mut calls {
            assert!(call.as_mut().poll(context).is_pending(), "a call has ended");
        }
        Poll::<()>::Pending
    });
    let _ = tokio::time::timeout(Duration::from_secs(1), all).await;
    (heap::live() - before) / CALLS
}

async fn memory(whose: &str) -> Result<(), BoxError> {
    let base = server(false).await?;
    let http = reqwest::Client::new();
    let (future, total) = match whose {
        "rolecall" => {
            let client = client(&base)?;
            (size_of_val(&client.get_me()), held(|| client.get_me()).await)
        }
        "in-line" => {
            let limit = RateLimit::new(1, Duration::from_millis(1));
            let client = Client::<User>::builder(&base).bearer_token(TOKEN).rate_limit(limit).build()?;
            // The first takes the only slot, and is never answered.
            let mut first = Box::pin(client.get_me());
            let _ = tokio::time::timeout(Duration::from_millis(10), first.as_mut()).await;
            (size_of_val(&client.get_me()), held(|| client.get_me()).await)
        }
        _ => (size_of_val(&by_hand(&http, &base)), held(|| by_hand(&http, &base)).await),
    };
    println!("{whose}: {future} bytes of future, {total} bytes in all");
    Ok(())
}
