//! The faults, one by one.

use std::process::ExitCode;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::api::Api;
use super::fleet::{Fleet, HOLD, LIMIT, OWN, Outcome, PROCESSES, WINDOW};
use super::server::{self, RedisServer};
use super::topology::{self, Servers, Skipped};

pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// When the fault begins.
    before: Duration,
    time: Duration,
    servers: fn() -> Result<Servers, Skipped>,
    /// What is different from the start on.
    prepare: fn(&mut Fleet),
    /// Returns when the fault is over, if the pool has to come back then.
    fault: fn(&mut Fleet) -> Option<Instant>,
    /// How long the pool may take to come back.
    back_within: Duration,
    /// The most fetches of a token.
    fetches: usize,
    /// Whether all members want the same, and have to get it, give or take 15 %.
    equal: bool,
    /// The longest that a call of the last member may take.
    last_within: Option<Duration>,
}

const CASE: Case = Case {
    name: "",
    before: Duration::from_secs(4),
    time: Duration::from_secs(14),
    servers: topology::single,
    prepare: |fleet| fleet.start(PROCESSES),
    fault: |_| None,
    back_within: Duration::from_secs(4),
    fetches: 1,
    equal: false,
    last_within: None,
};

/// The hold, the window, and the second in which a client reports.
const AFTER_LOSS: Duration = HOLD.saturating_add(WINDOW).saturating_add(Duration::from_secs(1));
const LONG: Duration = Duration::from_secs(22);

pub(crate) const ALL: &[Case] = &[
    Case { name: "none", equal: true, ..CASE },
    Case {
        name: "none-without-own-shares",
        prepare: |fleet| {
            fleet.plan.own = 0;
            fleet.start(PROCESSES);
        },
        equal: true,
        ..CASE
    },
    Case {
        name: "one-modest",
        prepare: |fleet| {
            fleet.plan.own = 0;
            fleet.start(PROCESSES - 1);
        },
        // Seven have fifty callers, the eighth has one, and that one pauses.
        fault: |fleet| {
            fleet.add(|plan| (plan.callers, plan.every) = (1, 300));
            None
        },
        last_within: Some(WINDOW.saturating_add(WINDOW.checked_div(5).expect("a fifth"))),
        ..CASE
    },
    // To compare with: one process, with all of the limit.
    Case {
        name: "one-process",
        prepare: |fleet| {
            fleet.plan.redis = None;
            fleet.plan.callers = 400;
            fleet.start(1);
        },
        ..CASE
    },
    Case {
        name: "cancel",
        prepare: |fleet| {
            fleet.plan.cancels = true;
            fleet.start(PROCESSES);
        },
        ..CASE
    },
    Case {
        name: "delay",
        fault: |fleet| {
            fleet.proxy.mood().delay = Duration::from_millis(40);
            None
        },
        ..CASE
    },
    Case {
        name: "too-slow",
        fault: |fleet| {
            fleet.proxy.mood().delay = Duration::from_millis(150);
            sleep(Duration::from_secs(4));
            fleet.proxy.mood().delay = Duration::ZERO;
            Some(Instant::now())
        },
        ..CASE
    },
    Case {
        name: "swallow",
        fault: |fleet| {
            fleet.proxy.mood().swallows = true;
            sleep(Duration::from_secs(4));
            fleet.proxy.mood().swallows = false;
            Some(Instant::now())
        },
        ..CASE
    },
    Case {
        name: "refuse",
        fault: |fleet| {
            fleet.proxy.mood().refuses = true;
            fleet.proxy.cut();
            sleep(Duration::from_secs(4));
            fleet.proxy.mood().refuses = false;
            Some(Instant::now())
        },
        ..CASE
    },
    Case { name: "cut", fault: cut, ..CASE },
    Case {
        name: "client-pause",
        fault: |fleet| {
            fleet.redis.command(&["CLIENT", "PAUSE", "3000", "ALL"]);
            sleep(Duration::from_secs(3));
            Some(Instant::now())
        },
        ..CASE
    },
    Case {
        name: "debug-sleep",
        fault: |fleet| {
            let _: Option<String> = fleet.redis.query(&["DEBUG", "SLEEP", "3"]);
            sleep(Duration::from_secs(2));
            Some(Instant::now())
        },
        ..CASE
    },
    Case {
        name: "restart",
        time: LONG,
        fault: |fleet| {
            fleet.redis.command(&["SHUTDOWN", "NOSAVE"]);
            let port = fleet.redis.port;
            fleet.redis.kill();
            fleet.redis = RedisServer::start_at(port, &[]).expect("a server");
            Some(Instant::now())
        },
        back_within: AFTER_LOSS,
        ..CASE
    },
    Case { name: "flushall", time: LONG, fault: |fleet| lose(fleet, &["FLUSHALL"]), back_within: AFTER_LOSS, ..CASE },
    Case {
        name: "del",
        time: LONG,
        fault: |fleet| lose(fleet, &["DEL", "rolecall:{limit:fleet}:pool"]),
        back_within: AFTER_LOSS,
        ..CASE
    },
    Case {
        name: "eviction",
        time: LONG,
        fault: |fleet| {
            fleet.redis.command(&["CONFIG", "SET", "maxmemory-policy", "allkeys-random"]);
            fleet.redis.command(&["CONFIG", "SET", "maxmemory", "1"]);
            for number in 0..20 {
                fleet.redis.command(&["SET", &format!("filler{number}"), "x"]);
                sleep(Duration::from_millis(50));
            }
            fleet.redis.command(&["CONFIG", "SET", "maxmemory", "0"]);
            Some(Instant::now())
        },
        back_within: AFTER_LOSS,
        fetches: 2,
        ..CASE
    },
    Case {
        name: "failover",
        time: LONG,
        fault: |fleet| {
            // The replica is two seconds behind, and does not know.
            let link = super::proxy::Proxy::start(fleet.redis.port);
            let replica = RedisServer::start(&["--replicaof", &format!("127.0.0.1 {}", link.port)]).expect("a replica");
            sleep(Duration::from_secs(2));
            link.mood().swallows = true;
            sleep(Duration::from_secs(2));
            replica.command(&["REPLICAOF", "NO", "ONE"]);
            fleet.proxy.mood().backend = replica.port;
            fleet.proxy.cut();
            fleet.redis = replica;
            Some(Instant::now())
        },
        back_within: AFTER_LOSS,
        fetches: 2,
        ..CASE
    },
    Case {
        name: "clock-ahead",
        servers: topology::with_clock,
        time: LONG,
        fault: |fleet| jump(fleet, 30),
        back_within: AFTER_LOSS,
        ..CASE
    },
    Case {
        name: "clock-a-second-ahead",
        servers: topology::with_clock,
        time: LONG,
        fault: |fleet| jump(fleet, 1),
        back_within: AFTER_LOSS,
        ..CASE
    },
    Case {
        name: "clock-back",
        servers: topology::with_clock,
        time: LONG,
        fault: |fleet| jump(fleet, -30),
        back_within: AFTER_LOSS,
        ..CASE
    },
    Case { name: "clock-a-second-back", servers: topology::with_clock, fault: |fleet| jump(fleet, -1), ..CASE },
    Case {
        name: "kill-three",
        fault: |fleet| {
            (0..3).for_each(|member| fleet.kill_member(member));
            None
        },
        ..CASE
    },
    Case {
        name: "kill-and-restart-three",
        fault: |fleet| {
            for member in 0..3 {
                fleet.kill_member(member);
                fleet.add(|_| {});
            }
            None
        },
        ..CASE
    },
    Case {
        name: "stop-three",
        time: LONG,
        fault: |fleet| {
            (0..3).for_each(|member| fleet.signal(member, "-STOP"));
            sleep(HOLD + WINDOW + Duration::from_secs(1));
            (0..3).for_each(|member| fleet.signal(member, "-CONT"));
            None
        },
        ..CASE
    },
    Case {
        name: "stop-and-replace-three",
        time: Duration::from_secs(26),
        // The new ones take the shares of those that stand still, which go on later, and are too many then.
        fault: |fleet| {
            (0..3).for_each(|member| fleet.signal(member, "-STOP"));
            (0..3).for_each(|_| fleet.add(|_| {}));
            sleep(HOLD + WINDOW + Duration::from_secs(4));
            (0..3).for_each(|member| fleet.signal(member, "-CONT"));
            None
        },
        ..CASE
    },
    Case {
        name: "script-flush",
        fault: |fleet| {
            for _ in 0..50 {
                fleet.redis.command(&["SCRIPT", "FLUSH"]);
                sleep(Duration::from_millis(50));
            }
            None
        },
        ..CASE
    },
    Case {
        name: "disagree",
        prepare: |fleet| {
            fleet.start(0);
            for member in 0..PROCESSES {
                fleet.add(|plan| {
                    if member % 2 == 0 {
                        (plan.limit, plan.own) = (30, 1);
                    }
                });
            }
        },
        ..CASE
    },
    Case { name: "four-more", prepare: |fleet| fleet.start(PROCESSES + 4), ..CASE },
    Case {
        name: "acl-without-evalsha",
        prepare: |fleet| {
            fleet.redis.command(&["ACL", "SETUSER", "app", "on", ">pw", "~*", "+@all", "-evalsha", "-info"]);
            fleet.plan.redis = Some(format!("redis://app:pw@127.0.0.1:{}/", fleet.proxy.port));
            fleet.start(PROCESSES);
        },
        ..CASE
    },
    Case {
        name: "acl-without-rights",
        prepare: |fleet| {
            fleet.redis.command(&["ACL", "SETUSER", "app", "on", ">pw", "~*", "+ping"]);
            fleet.plan.redis = Some(format!("redis://app:pw@127.0.0.1:{}/", fleet.proxy.port));
            fleet.start(PROCESSES);
        },
        // Each process fetches its own token.
        fetches: PROCESSES as usize,
        ..CASE
    },
    Case { name: "tls", servers: topology::with_tls, equal: true, ..CASE },
    Case { name: "tls-cut", servers: topology::with_tls, fault: cut, ..CASE },
    Case { name: "sentinel", servers: topology::with_sentinels, equal: true, ..CASE },
    Case {
        name: "sentinel-failover",
        servers: topology::with_sentinels,
        time: LONG.saturating_add(Duration::from_secs(6)),
        fault: failover,
        back_within: AFTER_LOSS,
        fetches: 2,
        ..CASE
    },
    Case { name: "cluster", servers: topology::cluster, equal: true, ..CASE },
    Case {
        name: "cluster-failover",
        servers: topology::cluster,
        time: LONG.saturating_add(Duration::from_secs(6)),
        fault: failover,
        back_within: AFTER_LOSS,
        fetches: 2,
        ..CASE
    },
];

/// For tests that have no time: with three processes.
#[allow(dead_code)]
pub(crate) const SHORT: &[Case] = &[
    Case { name: "none-short", time: Duration::from_secs(7), prepare: three, ..CASE },
    Case {
        name: "refuse-short",
        before: Duration::from_secs(3),
        time: Duration::from_secs(9),
        prepare: three,
        fault: |fleet| {
            fleet.proxy.mood().refuses = true;
            fleet.proxy.cut();
            sleep(Duration::from_secs(2));
            fleet.proxy.mood().refuses = false;
            Some(Instant::now())
        },
        ..CASE
    },
    Case {
        name: "flushall-short",
        before: Duration::from_secs(3),
        time: Duration::from_millis(13_500),
        prepare: |fleet| {
            fleet.plan.cancels = true;
            three(fleet);
        },
        fault: |fleet| lose(fleet, &["FLUSHALL"]),
        back_within: AFTER_LOSS,
        ..CASE
    },
];

/// Three processes that own as much as eight do otherwise.
#[allow(dead_code)]
fn three(fleet: &mut Fleet) {
    (fleet.plan.processes, fleet.plan.own) = (3, 8);
    fleet.start(3);
}

/// Fetches of a token, of fleets without a limit.
pub(crate) const TOKENS: &[Case] = &[
    Case {
        name: "tokens",
        prepare: |fleet| tokens(fleet, PROCESSES, 3600),
        // Most calls wait for nothing.
        ..CASE
    },
    Case {
        name: "tokens-that-expire",
        prepare: |fleet| tokens(fleet, PROCESSES, 6),
        // One at the start, and one in the last quarter of each: 0 s, 4.5 s, 9 s, 13.5 s, and perhaps the last is early.
        fetches: 4,
        ..CASE
    },
    Case {
        name: "tokens-holder-killed",
        prepare: |fleet| {
            // The first is alone, and fetches; that takes 300 ms.
            tokens(fleet, 1, 3600);
            let until = Instant::now() + Duration::from_secs(5);
            while fleet.api.fetches().is_empty() && Instant::now() < until {
                sleep(Duration::from_millis(5));
            }
            fleet.kill_member(0);
            (0..PROCESSES).for_each(|_| fleet.add(|_| {}));
        },
        fetches: 2,
        ..CASE
    },
    Case {
        name: "tokens-holder-stopped",
        time: LONG,
        prepare: |fleet| {
            tokens(fleet, 1, 3600);
            let until = Instant::now() + Duration::from_secs(5);
            while fleet.api.fetches().is_empty() && Instant::now() < until {
                sleep(Duration::from_millis(5));
            }
            fleet.signal(0, "-STOP");
            (1..PROCESSES).for_each(|_| fleet.add(|_| {}));
        },
        fault: |fleet| {
            sleep(Duration::from_secs(4));
            fleet.signal(0, "-CONT");
            None
        },
        fetches: 2,
        ..CASE
    },
    Case {
        name: "tokens-429",
        time: Duration::from_secs(64),
        prepare: |fleet| {
            fleet.api.token_status(429);
            tokens(fleet, PROCESSES, 3600);
        },
        fault: |_| {
            sleep(Duration::from_secs(56));
            None
        },
        fetches: 3,
        ..CASE
    },
    Case {
        name: "tokens-redis-hangs",
        prepare: |fleet| {
            fleet.proxy.mood().swallows = true;
            tokens(fleet, PROCESSES, 3600);
        },
        // Each for itself.
        fetches: PROCESSES as usize,
        ..CASE
    },
];

fn tokens(fleet: &mut Fleet, members: u32, lifetime: u64) {
    fleet.api.token_lifetime(lifetime);
    (fleet.plan.limited, fleet.plan.every) = (false, 20);
    fleet.start(members);
}

fn cut(fleet: &mut Fleet) -> Option<Instant> {
    for _ in 0..40 {
        sleep(Duration::from_millis(100));
        fleet.proxy.cut();
    }
    Some(Instant::now())
}

/// Kills the primary, and waits for another.
fn failover(fleet: &mut Fleet) -> Option<Instant> {
    fleet.redis.kill();
    Some(topology::promoted(&fleet.more))
}

fn lose(fleet: &mut Fleet, words: &[&str]) -> Option<Instant> {
    fleet.redis.command(words);
    Some(Instant::now())
}

fn jump(fleet: &mut Fleet, seconds: i64) -> Option<Instant> {
    fleet.redis.set_clock(seconds);
    Some(Instant::now())
}

/// What one run came to, and what of it breaks a promise.
pub(crate) struct Seen {
    pub(crate) outcome: Outcome,
    pub(crate) back: Option<Duration>,
    pub(crate) broken: Vec<String>,
}

pub(crate) fn run_case(case: &Case) -> Option<Seen> {
    let servers = match (case.servers)() {
        Ok(servers) => servers,
        Err(why) => {
            eprintln!("SKIPPED: {}: {why}", case.name);
            return None;
        }
    };
    let mut fleet = Fleet::prepare(case.time, servers);
    (case.prepare)(&mut fleet);
    sleep(case.before);
    let over = (case.fault)(&mut fleet);
    let fleet_is_limited = fleet.plan.limited;
    let (outcome, api) = fleet.finish();
    let back = over.map(|over| back_after(&api, over));
    let mut broken = Vec::new();
    if fleet_is_limited && outcome.most > LIMIT as usize {
        broken.push(format!("{} requests in a window of {LIMIT}", outcome.most));
    }
    if outcome.fetches > case.fetches {
        broken.push(format!("{} fetches of a token", outcome.fetches));
    }
    // Processes that are stopped by a signal can't keep a deadline.
    if outcome.over_deadline_ms > 50 && !case.name.contains("stop") {
        let machine = outcome.machine_ms;
        broken.push(format!(
            "{} ms past the deadline; the machine stood still for {machine} ms",
            outcome.over_deadline_ms
        ));
    }
    let (most, least) = outcome.spread;
    let mean = outcome.requests as f64 / f64::from(PROCESSES);
    if case.equal && (most as f64 > mean * 1.15 || (least as f64) < mean * 0.85) {
        broken.push(format!("members got from {least} to {most}"));
    }
    let last = outcome.longest_ms.last().copied().map(Duration::from_millis);
    if let Some((last, within)) = last.zip(case.last_within).filter(|(last, within)| last > within) {
        broken.push(format!("the last member waited {last:?}, longer than {within:?}"));
    }
    if let Some(back) = back.filter(|back| back.is_none_or(|back| back > case.back_within)) {
        broken.push(format!("the pool is back after {back:?}"));
    }
    Some(Seen { outcome, back: back.flatten(), broken })
}

/// How long it takes until the API sees in a window more than the processes own, by half of what is lent.
fn back_after(api: &Api, over: Instant) -> Option<Duration> {
    let used = (OWN * PROCESSES + (LIMIT - OWN * PROCESSES) / 2) as usize;
    let requests = api.requests();
    let since: Vec<Instant> = requests.iter().map(|(at, _)| *at).filter(|at| *at > over).collect();
    let found = since.windows(used).find(|some| some[used - 1] - some[0] < WINDOW)?;
    Some(found[used - 1] - over)
}

pub(crate) fn run(name: &str, runs: usize) -> ExitCode {
    if !server::is_installed() {
        return ExitCode::SUCCESS;
    }
    let cases: Vec<&Case> = ALL.iter().chain(TOKENS).filter(|case| name == "all" || case.name == name).collect();
    if cases.is_empty() {
        eprintln!("there is no case `{name}`; see `fleet list`");
        return ExitCode::FAILURE;
    }
    println!(
        "case: runs | most in a window of {LIMIT} | requests per s | ms past the deadline (of the machine) | pool back"
    );
    println!(
        "    | fetches | most and least of a member | µs of the server per turn | longest call of the last member"
    );
    let mut failed = false;
    for case in cases {
        let seen: Vec<Seen> = (0..runs).map_while(|_| run_case(case)).collect();
        if seen.is_empty() {
            continue;
        }
        let of = |value: fn(&Seen) -> f64| {
            let values = || seen.iter().map(value);
            (values().fold(f64::MAX, f64::min), values().fold(0.0, f64::max))
        };
        let most = of(|seen| seen.outcome.most as f64).1;
        let (slowest, fastest) = of(|seen| seen.outcome.requests as f64 / seen.outcome.seconds.max(1.0));
        let over = seen.iter().map(|seen| (seen.outcome.over_deadline_ms, seen.outcome.machine_ms)).max();
        let (over, machine) = over.unwrap_or_default();
        let back = of(|seen| seen.back.unwrap_or_default().as_secs_f64());
        let fetches = of(|seen| seen.outcome.fetches as f64).1;
        let spread: Vec<_> = seen.iter().map(|seen| seen.outcome.spread).collect();
        let micros = of(|seen| seen.outcome.micros_per_turn.unwrap_or_default()).1;
        let last = of(|seen| seen.outcome.longest_ms.last().copied().unwrap_or_default() as f64).1;
        println!(
            "{}: {} | {most} | {slowest:.1} to {fastest:.1} | {over} ({machine}) | {:.1} to {:.1} s | {fetches} | \
             {spread:?} | {micros:.1} | {last}",
            case.name,
            seen.len(),
            back.0,
            back.1,
        );
        for broken in seen.iter().flat_map(|seen| &seen.broken) {
            println!("    BROKEN: {broken}");
            failed = true;
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// 50 requests per minute, as Ostrom counts, for ten minutes.
pub(crate) fn run_long() -> ExitCode {
    if !server::is_installed() {
        return ExitCode::SUCCESS;
    }
    let mut fleet = Fleet::prepare(Duration::from_secs(600), topology::single().expect("a server"));
    (fleet.plan.window, fleet.plan.deadline) = (60_000, 90_000);
    fleet.start(PROCESSES);
    let (outcome, _) = fleet.finish();
    println!("{outcome:#?}");
    if outcome.most > LIMIT as usize { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
