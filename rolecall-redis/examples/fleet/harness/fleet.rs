//! A fleet under way: its API, its Redis, its processes; and what came of it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::api::{Api, most_in};
use super::member::Plan;
use super::proxy::Proxy;
use super::server::RedisServer;
use super::topology::Servers;

pub(crate) const LIMIT: u32 = 50;
pub(crate) const WINDOW: Duration = Duration::from_secs(2);
pub(crate) const PROCESSES: u32 = 8;
/// Of the limit, for each process: 8 · 3 + 26 = 50.
pub(crate) const OWN: u32 = 3;
/// What a lent permit may be in use, with the members' timeout of a second.
pub(crate) const HOLD: Duration = Duration::from_millis(6500);

pub(crate) struct Fleet {
    pub(crate) api: Api,
    pub(crate) redis: RedisServer,
    pub(crate) more: Vec<RedisServer>,
    pub(crate) proxy: Proxy,
    trusted: Option<PathBuf>,
    pub(crate) processes: Vec<Child>,
    pub(crate) plan: Plan,
    pub(crate) started: Instant,
}

/// What was seen of a run.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) most: usize,
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    /// The longest call of each member.
    pub(crate) longest_ms: Vec<u64>,
    pub(crate) over_deadline_ms: u64,
    /// The longest that a thread of a member waited for a core, beyond 2 ms: what the machine adds to any call.
    pub(crate) machine_ms: u64,
    /// What a turn cost the server on the average.
    pub(crate) micros_per_turn: Option<f64>,
    pub(crate) turns: u64,
    pub(crate) fetches: usize,
    /// The most and the least that a member sent.
    pub(crate) spread: (usize, usize),
}

impl Fleet {
    /// Starts everything but the processes.
    pub(crate) fn prepare(time: Duration, servers: Servers) -> Self {
        let api = Api::start(40, 3600);
        let proxy = Proxy::start(servers.backend.unwrap_or(servers.main.port));
        let address = servers.address.replace("PROXY", &format!("127.0.0.1:{}", proxy.port));
        let plan = Plan {
            name: String::new(),
            api: api.port,
            redis: Some(address),
            limit: LIMIT,
            window: 2000,
            processes: PROCESSES,
            own: OWN,
            callers: 50,
            time: u64::try_from(time.as_millis()).unwrap_or(0),
            every: 0,
            deadline: 5000,
            cancels: false,
            limited: true,
        };
        let Servers { main: redis, more, trusted, .. } = servers;
        Self { api, redis, more, proxy, trusted, processes: Vec::new(), plan, started: Instant::now() }
    }

    pub(crate) fn start(&mut self, members: u32) {
        self.started = Instant::now();
        for _ in 0..members {
            self.add(|_| {});
        }
    }

    pub(crate) fn add(&mut self, differs: impl FnOnce(&mut Plan)) {
        let mut plan = self.plan.clone();
        plan.name = self.api.member(self.processes.len());
        plan.time = plan.time.saturating_sub(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(0));
        differs(&mut plan);
        self.processes.push(member_process(&plan, self.trusted.as_deref()));
    }

    pub(crate) fn signal(&self, member: usize, signal: &str) {
        let id = self.processes[member].id().to_string();
        let _ = Command::new("kill").args([signal, &id]).status();
    }

    /// Waits for all processes.
    pub(crate) fn finish(mut self) -> (Outcome, Api) {
        let mut outcome = Outcome::default();
        for mut process in self.processes.drain(..) {
            let mut text = String::new();
            if let Some(mut output) = process.stdout.take() {
                let _ = output.read_to_string(&mut text);
            }
            let _ = process.wait();
            // The test harness of a quick run writes lines of its own.
            let numbers = text.lines().find_map(|line| {
                let numbers: Option<Vec<u64>> = line.split(' ').map(|word| word.parse().ok()).collect();
                numbers.filter(|numbers| numbers.len() == 8)
            });
            let Some(numbers) = numbers else { continue };
            outcome.longest_ms.push(numbers[2]);
            outcome.over_deadline_ms = outcome.over_deadline_ms.max(numbers[3]);
            outcome.turns += numbers[4];
            outcome.machine_ms = outcome.machine_ms.max(numbers[7]);
        }
        outcome.micros_per_turn = self.redis.micros_per_script();
        let (requests, strange) = (self.api.requests(), self.api.strange_requests());
        if let Some((_, who)) = strange.first() {
            eprintln!("{} requests are of another program, the first of `{who}`", strange.len());
        }
        outcome.most = most_in(&requests, Duration::from_millis(self.plan.window));
        outcome.requests = requests.len();
        outcome.seconds = match (requests.first(), requests.last()) {
            (Some(first), Some(last)) => (last.0 - first.0).as_secs_f64(),
            _ => 0.0,
        };
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for (_, who) in &requests {
            *counts.entry(who).or_default() += 1;
        }
        outcome.spread = (counts.values().copied().max().unwrap_or(0), counts.values().copied().min().unwrap_or(0));
        outcome.fetches = self.api.fetches().len();
        (outcome, self.api.clone())
    }

    pub(crate) fn kill_member(&mut self, member: usize) {
        let _ = self.processes[member].kill();
        let _ = self.processes[member].wait();
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// This program again, as a member.
fn member_process(plan: &Plan, trusted: Option<&Path>) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    if std::env::var_os("FLEET_TEST").is_some() {
        command.args(["--exact", "a_member", "--ignored", "--nocapture", "--test-threads=1"]);
        command.env("FLEET_MEMBER", plan.to_string());
    } else {
        command.arg("member").args(plan.to_string().split(' '));
    }
    if let Some(file) = trusted {
        command.env("SSL_CERT_FILE", file);
    }
    command.stdout(Stdio::piped()).spawn().expect("a process")
}
