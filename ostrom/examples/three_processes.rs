//! Three processes with one client id: first each for itself, then with one token and one limit that they share through
//! Redis.
//!
//! Each process wants to make 40 calls at once. Ostrom allows 50 requests per minute, for all three together. The example
//! starts a `redis-server`, unless `REDIS_URL` names one, and a sandbox.

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use ostrom::users::UsersApi;
use ostrom::{Environment, User};
use ostrom_sandbox::Sandbox;
use rolecall::Retry;

const CALLS: usize = 40;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = env::args().collect();
    let result = match words.get(1).map(String::as_str) {
        Some("member") => member(&words[2..]).await,
        _ => fleet().await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("three_processes: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn fleet() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let redis = Redis::start()?;
    writeln!(out, "Three processes, {CALLS} calls each, and a limit of 50 requests per minute for their client id.")?;
    for (title, url) in [("Each for itself", ""), ("With Redis", redis.url.as_str())] {
        let sandbox = Sandbox::builder().start().await?;
        let members = (0..3).map(|_| start(&sandbox, url)).collect::<io::Result<Vec<_>>>()?;
        writeln!(out, "\n{title}:\n\n{:>9}  {:>6}  {:>11}  {:>8}", "", "served", "refused 429", "not sent")?;
        let mut total = [0; 3];
        for (i, member) in members.into_iter().enumerate() {
            let output = tokio::task::spawn_blocking(|| member.wait_with_output()).await??;
            let text = String::from_utf8(output.stdout)?;
            let counts: Vec<u32> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            let [served, refused, held] = counts[..] else { return Err("a process failed".into()) };
            writeln!(out, "process {}  {served:>6}  {refused:>11}  {held:>8}", i + 1)?;
            total = [total[0] + served, total[1] + refused, total[2] + held];
        }
        let [served, refused, held] = total;
        writeln!(out, "    total  {served:>6}  {refused:>11}  {held:>8}")?;
        writeln!(out, "\ntokens fetched: {}", sandbox.tokens_issued())?;
    }
    writeln!(out, "\nWhat is not sent within its deadline fails in the program, which knows when to try again.")?;
    Ok(())
}

/// One process: prints how many of its calls were served, refused by the server, and not sent.
async fn member(words: &[String]) -> Result<(), Box<dyn Error>> {
    let [api, auth, id, secret, redis] = words else { return Err("a process takes five arguments".into()) };
    let mut client = Environment::custom(api, auth)
        .client::<User>(id.clone(), secret.clone())
        .retry(Retry::never())
        .queue_timeout(Duration::from_secs(6));
    if !redis.is_empty() {
        let redis = rolecall_redis::connect(redis).await?;
        // What the server counts: its API and the client ID.
        let limit = redis.rate_limit(&format!("{api} {id}")).processes(3);
        client = client.token_store(redis.token_store()).rate_limit_pool(limit);
    }
    let client = client.build()?;
    let calls: Vec<_> = (0..CALLS)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.get_me().await })
        })
        .collect();
    let (mut served, mut refused, mut held) = (0, 0, 0);
    for call in calls {
        match call.await? {
            Ok(_) => served += 1,
            Err(error) if error.status().is_some() => refused += 1,
            Err(error) if error.is_rate_limited() => held += 1,
            Err(error) => return Err(error.into()),
        }
    }
    println!("{served} {refused} {held}");
    Ok(())
}

/// This program again, as one of the processes.
fn start(sandbox: &Sandbox, redis: &str) -> io::Result<Child> {
    let known = sandbox.user_credentials();
    Command::new(env::current_exe()?)
        .args(["member", sandbox.api_url(), sandbox.auth_url(), &known.client_id, &known.client_secret, redis])
        .stdout(Stdio::piped())
        .spawn()
}

/// The Redis of the environment, or one of the example's own.
struct Redis {
    url: String,
    process: Option<Child>,
}

impl Redis {
    fn start() -> Result<Self, Box<dyn Error>> {
        if let Ok(url) = env::var("REDIS_URL") {
            return Ok(Self { url, process: None });
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let arguments = ["--save", "", "--bind", "127.0.0.1", "--port", &port.to_string()];
        let started = Command::new("redis-server").args(arguments).stdout(Stdio::null()).spawn();
        let process = started.map_err(|error| {
            format!(
                "no `redis-server` ({error}); install it, or set REDIS_URL to a server such as redis://localhost:6379/"
            )
        })?;
        let redis = Self { url: format!("redis://127.0.0.1:{port}/"), process: Some(process) };
        let started = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        if started { Ok(redis) } else { Err("`redis-server` does not start".into()) }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
