//! One process of a fleet.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rolecall::{Client, Error, RateLimit, Retry, Role, api, endpoint};
use rolecall_redis::Redis;

#[derive(Debug)]
pub(crate) enum User {}

impl Role for User {
    const NAME: &'static str = "USER";
}

/// The API.
#[api]
pub(crate) trait ThingApi {
    /// A thing.
    #[endpoint(method = GET, path = "/thing/{who}", role = User)]
    async fn thing(&self, who: &str) -> Result<(), Error>;
}

/// What a member does. Its text is the process's arguments.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) api: u16,
    /// A URL, or `sentinel=` or `cluster=` and several. Without one the member is alone.
    pub(crate) redis: Option<String>,
    pub(crate) limit: u32,
    pub(crate) window: u64,
    pub(crate) processes: u32,
    pub(crate) own: u32,
    pub(crate) callers: u64,
    /// How long it runs, and how long each caller pauses between calls, and a call's deadline; in milliseconds.
    pub(crate) time: u64,
    pub(crate) every: u64,
    pub(crate) deadline: u64,
    /// Every third caller gives up on its calls.
    pub(crate) cancels: bool,
    pub(crate) limited: bool,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {} {} {} {} {} {} {} {} {} {}",
            self.name,
            self.api,
            self.redis.as_deref().unwrap_or("-"),
            self.limit,
            self.window,
            self.processes,
            self.own,
            self.callers,
            self.time,
            self.every,
            self.deadline,
            u8::from(self.cancels),
            u8::from(self.limited)
        )
    }
}

impl Plan {
    pub(crate) fn parse(words: &[&str]) -> Self {
        fn number<T: FromStr>(words: &[&str], at: usize) -> T {
            words.get(at).and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("argument {at} of a member"))
        }
        Self {
            name: number(words, 0),
            api: number(words, 1),
            redis: Some(number(words, 2)).filter(|address| address != "-"),
            limit: number(words, 3),
            window: number(words, 4),
            processes: number(words, 5),
            own: number(words, 6),
            callers: number(words, 7),
            time: number(words, 8),
            every: number(words, 9),
            deadline: number(words, 10),
            cancels: number::<u8>(words, 11) == 1,
            limited: number::<u8>(words, 12) == 1,
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    done: AtomicU64,
    failed: AtomicU64,
    longest: AtomicU64,
    over: AtomicU64,
}

pub(crate) fn main(words: &[&str]) {
    let plan = Plan::parse(words);
    let machine = Arc::new(AtomicU64::new(0));
    watch_the_machine(Arc::clone(&machine));
    if std::env::var_os("FLEET_LOG").is_some() {
        tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_writer(std::io::stderr).init();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(plan, &machine));
}

async fn run(plan: Plan, machine: &AtomicU64) {
    let base = format!("http://127.0.0.1:{}", plan.api);
    let limit = RateLimit::new(plan.limit, Duration::from_millis(plan.window));
    let mut client = Client::<User>::builder(&base)
        .client_credentials(format!("{base}/token"), "fleet", "secret")
        .retry(Retry::never())
        .timeout(Duration::from_millis(1000))
        .deadline(Duration::from_millis(plan.deadline));
    if plan.limited {
        client = client.rate_limit(limit);
    }
    let mut pool = None;
    if let Some(address) = &plan.redis {
        let redis = connect(address);
        client = client.token_store(redis.token_store());
        if plan.limited {
            let shared = redis.rate_limit("fleet").processes(plan.processes).own_share(plan.own);
            client = client.rate_limit_pool(shared.clone());
            pool = Some(shared);
        }
    }
    let client = client.build().expect("a client");
    let counts = Arc::new(Counts::default());
    let end = Instant::now() + Duration::from_millis(plan.time);
    let callers: Vec<_> = (0..plan.callers)
        .map(|number| tokio::spawn(caller(client.clone(), plan.clone(), number, end, Arc::clone(&counts))))
        .collect();
    for caller in callers {
        let _ = caller.await;
    }
    let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let counters = pool.map(|pool| pool.counters());
    println!(
        "\n{} {} {} {} {} {} {} {}",
        read(&counts.done),
        read(&counts.failed),
        read(&counts.longest),
        read(&counts.over),
        counters.map_or(0, |counters| counters.turns),
        counters.map_or(0, |counters| counters.lent),
        counters.map_or(0, |counters| counters.failed),
        read(machine),
    );
}

fn connect(address: &str) -> Redis {
    let (how, urls) = address.split_once('=').unwrap_or(("", address));
    let urls: Vec<&str> = urls.split(',').collect();
    let redis = match how {
        #[cfg(feature = "sentinel")]
        "sentinel" => rolecall_redis::sentinel("fleet", &urls),
        #[cfg(feature = "cluster")]
        "cluster" => rolecall_redis::cluster(&urls),
        _ => rolecall_redis::connect_lazily(urls[0]),
    };
    redis.expect("a URL")
}

/// A thread of its own sleeps, and records by how much too long: for so long no thread of the process has a core. A call
/// that is later than that is late by its own fault.
fn watch_the_machine(longest: Arc<AtomicU64>) {
    const NAP: Duration = Duration::from_millis(2);
    std::thread::spawn(move || {
        loop {
            let start = Instant::now();
            std::thread::sleep(NAP);
            let late = u64::try_from((start.elapsed() - NAP).as_millis()).unwrap_or(u64::MAX);
            longest.fetch_max(late, Ordering::Relaxed);
        }
    });
}

async fn caller(client: Client<User>, plan: Plan, number: u64, end: Instant, counts: Arc<Counts>) {
    let add = |count: &AtomicU64| count.fetch_add(1, Ordering::Relaxed);
    while Instant::now() < end {
        let asked = Instant::now();
        let call = client.thing(&plan.name);
        let result = if plan.cancels && number.is_multiple_of(3) {
            let patience = Duration::from_millis(7 + number * 37 % 400);
            match tokio::time::timeout(patience, call).await {
                Ok(result) => result,
                Err(_) => continue,
            }
        } else {
            call.await
        };
        let took = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
        counts.longest.fetch_max(took, Ordering::Relaxed);
        counts.over.fetch_max(took.saturating_sub(plan.deadline), Ordering::Relaxed);
        match result {
            Ok(()) => add(&counts.done),
            Err(error) => {
                if add(&counts.failed) == 0 && std::env::var_os("FLEET_LOG").is_some() {
                    eprintln!("{}: {error} after {took} ms", plan.name);
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                0
            }
        };
        tokio::time::sleep(Duration::from_millis(plan.every)).await;
    }
}
