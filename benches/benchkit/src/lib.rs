//! What every subject shares: the command line, the loop, the checksum, the
//! printing. A subject only says how to make its client and its three calls.
//!
//! ```text
//! SUBJECT --port P --calls N [--concurrency C] [--endpoint me|link|disconnect|mix|big]
//!         [--warmup W] [--token-len L] [--host http://127.0.0.1] [--threads 1]
//! ```

#[cfg(feature = "count-alloc")]
mod count;
pub mod types;

use std::future::Future;
use std::process::exit;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use types::{LinkRequest, LinkResponse, Me, Price, UserLanguage};
use types::{LinkLanguage, Scope};

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// One client under measurement. Each call gives the checksum of its answer,
/// from [`sum_me`], [`sum_link`] or [`SUM_DISCONNECT`].
pub trait Subject: Send + Sync + Sized + 'static {
    /// The client's own type of the link body, made before the clock starts.
    type Body: Send + Sync + 'static;
    fn body(plain: LinkRequest) -> Self::Body;

    fn new(base: &str, token: &str) -> Result<Self, BoxError>;
    fn me(&self) -> impl Future<Output = Result<u64, BoxError>> + Send;
    fn link(&self, body: &Self::Body) -> impl Future<Output = Result<u64, BoxError>> + Send;
    fn disconnect(
        &self,
        external_user_id: &str,
    ) -> impl Future<Output = Result<u64, BoxError>> + Send;

    /// What is done once, before anything is measured.
    fn warm_up(&self) -> impl Future<Output = Result<(), BoxError>> + Send {
        async { Ok(()) }
    }

    /// An answer of 1 MB, for those who offer it.
    fn big(&self) -> impl Future<Output = Result<u64, BoxError>> + Send {
        async { Err("this subject has no big answer".into()) }
    }
}

fn sum_str(s: &str) -> u64 {
    let b = s.as_bytes();
    let last = b.last().copied().unwrap_or(0) as u64;
    b.len() as u64 * 131 + last
}

pub fn sum_me(email: &str, first_name: &str, last_name: &str, german: bool) -> u64 {
    sum_str(email)
        + 3 * sum_str(first_name)
        + 5 * sum_str(last_name)
        + if german { 7 } else { 11 }
}

impl Me {
    pub fn sum(&self) -> u64 {
        sum_me(
            &self.email,
            &self.first_name,
            &self.last_name,
            self.language == UserLanguage::German,
        )
    }
}

pub fn sum_link(link_url: &str) -> u64 {
    13 * sum_str(link_url)
}

impl LinkResponse {
    pub fn sum(&self) -> u64 {
        sum_link(&self.link_url)
    }
}

pub fn sum_prices(prices: &[Price]) -> u64 {
    prices.iter().map(|price| sum_str(&price.date) + price.net_kwh_price.to_bits()).fold(0, u64::wrapping_add)
}

pub const SUM_DISCONNECT: u64 = 17;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Me,
    Link,
    Disconnect,
    Mix,
    Big,
}

struct Args {
    port: u16,
    calls: u64,
    concurrency: u64,
    endpoint: Endpoint,
    warmup: u64,
    token_len: usize,
    /// Scheme and host of the server.
    host: String,
    /// One is a `current_thread` runtime.
    threads: usize,
}

fn args() -> Args {
    let mut out = Args {
        port: 0,
        calls: 1000,
        concurrency: 1,
        endpoint: Endpoint::Mix,
        warmup: 3,
        token_len: 700,
        host: "http://127.0.0.1".to_owned(),
        threads: 1,
    };
    let mut it = std::env::args().skip(1);
    while let Some(flag) = it.next() {
        let value = it.next().unwrap_or_default();
        let ok = match flag.as_str() {
            "--port" => value.parse().map(|v| out.port = v).is_ok(),
            "--calls" => value.parse().map(|v| out.calls = v).is_ok(),
            "--concurrency" => value.parse().map(|v| out.concurrency = v).is_ok(),
            "--warmup" => value.parse().map(|v| out.warmup = v).is_ok(),
            "--token-len" => value.parse().map(|v| out.token_len = v).is_ok(),
            "--threads" => {
                value.parse().map(|v| out.threads = v).is_ok() && (out.threads == 1 || cfg!(feature = "threads"))
            }
            "--host" => {
                out.host = value.clone();
                true
            }
            "--endpoint" => match value.as_str() {
                "me" => Some(Endpoint::Me),
                "link" => Some(Endpoint::Link),
                "disconnect" => Some(Endpoint::Disconnect),
                "mix" => Some(Endpoint::Mix),
                "big" => Some(Endpoint::Big),
                _ => None,
            }
            .map(|v| out.endpoint = v)
            .is_some(),
            _ => false,
        };
        if !ok {
            eprintln!("bad argument: {flag} {value}");
            exit(2);
        }
    }
    if out.port == 0 || out.concurrency == 0 || out.threads == 0 {
        eprintln!("--port, and --concurrency and --threads above 0, are needed");
        exit(2);
    }
    out
}

/// A bearer token of the size and alphabet of an OAuth2 access token (a JWT).
pub fn token(len: usize) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut s = String::with_capacity(len);
    for i in 0..len {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        if i == 36 || i + 343 == len {
            s.push('.');
        } else {
            s.push(ALPHABET[(state >> 58) as usize] as char);
        }
    }
    s
}

/// The arguments of the calls, made before the clock starts; eight of each so
/// that no client can answer from one cached URL or body.
pub struct Inputs<B> {
    pub ids: Vec<String>,
    pub bodies: Vec<B>,
}

pub fn inputs<B>(body: fn(LinkRequest) -> B) -> Inputs<B> {
    let ids: Vec<String> = (0..8).map(|i| format!("partner-user-{:06}", 417_000 + i * 131)).collect();
    let bodies = ids
        .iter()
        .map(|id| {
            body(LinkRequest {
                external_user_id: id.clone(),
                language: LinkLanguage::DeDe,
                redirect_url: "https://app.partner.example/ostrom/linked".to_owned(),
                scopes: vec![Scope::OrderReadData, Scope::ContractReadData],
            })
        })
        .collect();
    Inputs { ids, bodies }
}

fn fail(e: &dyn std::fmt::Display) -> ! {
    eprintln!("call failed: {e}");
    exit(1)
}

fn pick(endpoint: Endpoint, k: u64) -> Endpoint {
    match endpoint {
        Endpoint::Mix => match k % 3 {
            0 => Endpoint::Me,
            1 => Endpoint::Link,
            _ => Endpoint::Disconnect,
        },
        other => other,
    }
}

/// How many of `n` calls task `t` of `c` does.
fn share(n: u64, c: u64, t: u64) -> u64 {
    n / c + u64::from(t < n % c)
}

async fn task<S: Subject>(s: Arc<S>, inputs: Arc<Inputs<S::Body>>, endpoint: Endpoint, first: u64, n: u64) -> u64 {
    let mut sum = 0u64;
    for k in first..first + n {
        let i = (k & 7) as usize;
        let answer = match pick(endpoint, k) {
            Endpoint::Me => s.me().await,
            Endpoint::Link => s.link(&inputs.bodies[i]).await,
            Endpoint::Big => s.big().await,
            Endpoint::Disconnect | Endpoint::Mix => s.disconnect(&inputs.ids[i]).await,
        };
        match answer {
            Ok(v) => sum = sum.wrapping_add(v),
            Err(e) => fail(&e),
        }
    }
    sum
}

async fn run<S: Subject>(s: &Arc<S>, inputs: &Arc<Inputs<S::Body>>, endpoint: Endpoint, c: u64, n: u64) -> u64 {
    let tasks: Vec<_> = (0..c)
        .map(|t| tokio::spawn(task(s.clone(), inputs.clone(), endpoint, t, share(n, c, t))))
        .collect();
    let mut sum = 0u64;
    for t in tasks {
        sum = sum.wrapping_add(t.await.expect("task"));
    }
    sum
}

/// User and system CPU time of this process so far.
fn cpu() -> (f64, f64) {
    // Fields 14 and 15 of /proc/self/stat, in clock ticks of 1/100 s.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = stat.rsplit(')').next().unwrap_or_default();
    let f: Vec<f64> = rest.split_whitespace().skip(11).take(2).map(|v| v.parse().unwrap_or(0.0)).collect();
    match f[..] {
        [user, system] => (user / 100.0, system / 100.0),
        _ => (0.0, 0.0),
    }
}

fn report(calls: u64, took: Duration, cpu0: (f64, f64), cpu1: (f64, f64), sum: u64) {
    println!("calls/s={:.1}", calls as f64 / took.as_secs_f64());
    println!("user_us/call={:.2}", (cpu1.0 - cpu0.0) * 1e6 / calls as f64);
    println!("sys_us/call={:.2}", (cpu1.1 - cpu0.1) * 1e6 / calls as f64);
    println!("checksum={sum:016x}");
    #[cfg(feature = "count-alloc")]
    count::print();
}

/// `main` of an asynchronous subject: C tasks on a runtime of one thread, or of as many as are asked for.
pub fn main<S: Subject>() {
    let a = args();
    let mut builder = match a.threads {
        #[cfg(feature = "threads")]
        threads @ 2.. => {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(threads);
            builder
        }
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let rt = builder.enable_all().build().expect("runtime");
    let base = format!("{}:{}", a.host, a.port);
    rt.block_on(async {
        let s = Arc::new(S::new(&base, &token(a.token_len)).unwrap_or_else(|e| fail(&e)));
        let inputs = Arc::new(inputs(S::body));
        s.warm_up().await.unwrap_or_else(|e| fail(&e));
        run(&s, &inputs, a.endpoint, a.concurrency, a.warmup * a.concurrency).await;
        let (c0, t0) = (cpu(), Instant::now());
        let sum = run(&s, &inputs, a.endpoint, a.concurrency, a.calls).await;
        report(a.calls, t0.elapsed(), c0, cpu(), sum);
    });
}
