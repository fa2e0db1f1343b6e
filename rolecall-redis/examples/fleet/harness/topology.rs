//! The servers of a case: one, one with TLS, a primary with Sentinels, or a cluster.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::server::{RedisServer, free_port};

/// Servers, and how members reach them.
pub(crate) struct Servers {
    /// The one that faults act on, and the proxy is before.
    pub(crate) main: RedisServer,
    pub(crate) more: Vec<RedisServer>,
    /// Where the proxy connects to, if that is not the main server's port.
    pub(crate) backend: Option<u16>,
    /// How members reach them. `PROXY` stands for the proxy's host and port.
    pub(crate) address: String,
    /// A file of certificates that members trust.
    pub(crate) trusted: Option<PathBuf>,
}

/// Why a case is skipped.
pub(crate) type Skipped = String;

pub(crate) fn single() -> Result<Servers, Skipped> {
    Ok(alone(RedisServer::start(&[])?))
}

pub(crate) fn with_clock() -> Result<Servers, Skipped> {
    Ok(alone(RedisServer::with_clock(&[])?))
}

fn alone(main: RedisServer) -> Servers {
    Servers { main, more: Vec::new(), backend: None, address: "redis://PROXY/".to_owned(), trusted: None }
}

pub(crate) fn with_tls() -> Result<Servers, Skipped> {
    let (port, encrypted) = (free_port(), free_port());
    let tls_port = encrypted.to_string();
    let path = |what: &str| std::env::temp_dir().join(format!("fleet-{port}.{what}"));
    let (config, key, certificate) = (path("cnf"), path("key"), path("pem"));
    let text = "[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n\
                [ext]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=IP:127.0.0.1\n";
    std::fs::write(&config, text).map_err(|error| error.to_string())?;
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=fleet", "-config"]);
    openssl.arg(&config).arg("-keyout").arg(&key).arg("-out").arg(&certificate).stderr(Stdio::null());
    if !openssl.status().is_ok_and(|status| status.success()) {
        return Err("`openssl` is needed to create a certificate".to_owned());
    }
    let (key, certificate) = (key.display().to_string(), certificate.display().to_string());
    let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &certificate];
    let arguments = [&["--tls-port", &tls_port, "--tls-auth-clients", "no"][..], &files].concat();
    let main = RedisServer::start_at(port, &arguments);
    let main = main.map_err(|_| "the server is built without TLS".to_owned())?;
    let (backend, trusted) = (Some(encrypted), Some(PathBuf::from(certificate)));
    Ok(Servers { backend, trusted, address: "rediss://PROXY/".to_owned(), ..alone(main) })
}

/// A primary, a replica, and three Sentinels.
pub(crate) fn with_sentinels() -> Result<Servers, Skipped> {
    if !cfg!(feature = "sentinel") {
        return Err("built without the feature `sentinel`".to_owned());
    }
    let main = RedisServer::start(&[])?;
    let mut more = vec![RedisServer::start(&["--replicaof", &format!("127.0.0.1 {}", main.port)])?];
    wait_for("the replica", || more[0].info("replication").contains("master_link_status:up"));
    for _ in 0..3 {
        more.push(RedisServer::sentinel(main.port)?);
    }
    let knows_all = |sentinel: &RedisServer| {
        let info = sentinel.info("sentinel");
        info.contains("slaves=1,sentinels=3") && info.contains("status=ok")
    };
    wait_for("the Sentinels", || more[1..].iter().all(knows_all));
    let address = format!("sentinel={}", urls(&more[1..]));
    Ok(Servers { more, address, ..alone(main) })
}

/// Waits until the replica, the first of these, is the primary, and the Sentinels among them name it.
pub(crate) fn promoted(servers: &[RedisServer]) -> Instant {
    let replica = servers[0].port.to_string();
    let names_it = |server: &RedisServer| {
        let named: Option<Vec<String>> = server.query(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "fleet"]);
        named.is_none_or(|address| address.last() == Some(&replica))
    };
    wait_for("a failover", || {
        servers[0].info("replication").contains("role:master") && servers[1..].iter().all(names_it)
    });
    Instant::now()
}

/// Three primaries, and a replica of the one with the limit's keys, which is the main one.
pub(crate) fn cluster() -> Result<Servers, Skipped> {
    if !cfg!(feature = "cluster") {
        return Err("built without the feature `cluster`".to_owned());
    }
    let mut nodes = Vec::new();
    for _ in 0..4 {
        let (port, bus) = (free_port(), free_port().to_string());
        let file = format!("fleet-{port}-nodes.conf");
        let cluster = ["--cluster-enabled", "yes", "--cluster-config-file", &file, "--cluster-port", &bus];
        nodes.push(RedisServer::start_at(port, &[&cluster[..], &["--cluster-node-timeout", "1500"]].concat())?);
        if let Some(first) = nodes.first().filter(|_| nodes.len() > 1) {
            first.command(&["CLUSTER", "MEET", "127.0.0.1", &port.to_string(), &bus]);
        }
    }
    for (i, [first, last]) in [["0", "5460"], ["5461", "10922"], ["10923", "16383"]].into_iter().enumerate() {
        nodes[i].command(&["CLUSTER", "ADDSLOTSRANGE", first, last]);
    }
    let is_ok = |node: &RedisServer| {
        let info: String = node.query(&["CLUSTER", "INFO"]).unwrap_or_default();
        info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:4")
    };
    wait_for("the cluster", || nodes.iter().all(is_ok));
    let slot: usize = nodes[0].query(&["CLUSTER", "KEYSLOT", "{limit:fleet}"]).ok_or("no key slot")?;
    let owner = [0..5461, 5461..10923, 10923..16384].iter().position(|slots| slots.contains(&slot)).unwrap_or(0);
    let id: String = nodes[owner].query(&["CLUSTER", "MYID"]).ok_or("no ID")?;
    nodes[3].command(&["CLUSTER", "REPLICATE", &id]);
    wait_for("the replica", || nodes[3].info("replication").contains("master_link_status:up"));
    let address = format!("cluster={}", urls(&nodes));
    let main = nodes.remove(owner);
    // The replica first.
    nodes.reverse();
    Ok(Servers { more: nodes, address, ..alone(main) })
}

fn urls(servers: &[RedisServer]) -> String {
    servers.iter().map(|server| format!("redis://127.0.0.1:{}/", server.port)).collect::<Vec<_>>().join(",")
}

fn wait_for(what: &str, happens: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !happens() {
        assert!(Instant::now() < until, "{what} takes too long");
        sleep(Duration::from_millis(50));
    }
}
