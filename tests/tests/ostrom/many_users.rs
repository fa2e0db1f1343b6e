//! A partner with a thousand users, on the settings of `Environment::client`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use ostrom::contracts::ContractsApi;
use ostrom::{Environment, Partner};
use ostrom_sandbox::Sandbox;
use rolecall::{Client, ClientBuilder};
use tokio::time::Instant;

const USERS: usize = 1000;
const LIMIT: usize = 50;
const WINDOW: Duration = Duration::from_secs(60);

/// When each request arrived at the server.
type Arrivals = Arc<Mutex<Vec<Instant>>>;

/// Replaces the network by a server that responds soon and enforces Ostrom's limit, so that time can be paused. The
/// token is fetched from a sandbox before.
fn simulated(builder: ClientBuilder<Partner>, arrivals: &Arrivals) -> Client<Partner> {
    let arrivals = Arc::clone(arrivals);
    let respond = move |_| {
        let now = Instant::now();
        let mut arrivals = arrivals.lock().unwrap();
        let recent = arrivals.iter().rev().take_while(|at| now.duration_since(**at) < WINDOW).count();
        arrivals.push(now);
        let (status, body) = if recent < LIMIT { (200, r#"{"data":[{"id":1}]}"#) } else { (429, "{}") };
        let response = http::Response::builder().status(status).header("content-type", "application/json").body(body);
        async move {
            // A permit is in use until the response arrives, so without a queue timeout even a user after the other is late.
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok::<_, reqwest::Error>(reqwest::Response::from(response.unwrap()))
        }
    };
    builder.transport(respond).build().unwrap()
}

/// Returns a client whose clock is paused after it has fetched its token with a first call.
async fn client(arrivals: &Arrivals) -> (Client<Partner>, Sandbox) {
    let sandbox = Sandbox::start().await.unwrap();
    let credentials = sandbox.partner_credentials();
    let builder = Environment::custom(sandbox.api_url(), sandbox.auth_url())
        .client::<Partner>(credentials.client_id, credentials.client_secret);
    let client = simulated(builder, arrivals);
    client.get_contracts_by_external_user_id("user-0").await.unwrap();
    tokio::time::pause();
    (client, sandbox)
}

/// Checks that no window holds more than the limit. Returns the time of all requests.
fn check(arrivals: &Arrivals) -> Duration {
    let arrivals = arrivals.lock().unwrap();
    assert_eq!(arrivals.len(), USERS);
    for pair in arrivals.windows(LIMIT + 1) {
        let time = pair[LIMIT].duration_since(pair[0]);
        assert!(time >= WINDOW, "{} requests within {time:?}", LIMIT + 1);
    }
    arrivals[USERS - 1].duration_since(arrivals[0])
}

#[tokio::test]
async fn a_thousand_users_one_after_the_other_lose_none() {
    let arrivals = Arrivals::default();
    let (client, _sandbox) = client(&arrivals).await;
    for user in 1..USERS {
        client.get_contracts_by_external_user_id(&format!("user-{user}")).await.unwrap();
    }
    let time = check(&arrivals);
    // 19 windows have to pass before the last 50.
    assert!((WINDOW * 19..WINDOW * 20).contains(&time), "{time:?}");
}

#[tokio::test]
async fn a_thousand_users_at_once_lose_none_and_are_served_in_order() {
    let arrivals = Arrivals::default();
    let (client, _sandbox) = client(&arrivals).await;
    let done = Arc::new(Mutex::new(Vec::new()));
    let calls = (1..USERS).map(|user| {
        let (client, done) = (client.clone(), Arc::clone(&done));
        async move {
            client.get_contracts_by_external_user_id(&format!("user-{user}")).await.unwrap();
            done.lock().unwrap().push((user, Instant::now()));
        }
    });
    let watch = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        client.queued_calls()
    };
    let (queued, _) = tokio::join!(watch, join_all(calls));
    assert_eq!((queued, client.queued_calls()), (USERS - LIMIT, 0));
    let time = check(&arrivals);
    assert!((WINDOW * 19..WINDOW * 20).contains(&time), "{time:?}");
    let mut done = done.lock().unwrap();
    done.sort_unstable();
    assert_eq!(done.len(), USERS - 1);
    assert!(done.is_sorted_by_key(|(_, at)| *at), "{done:?}");
}
