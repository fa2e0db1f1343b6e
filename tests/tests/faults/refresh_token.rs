//! Refresh tokens: rotation, the store before the first use, and consent that ends.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rolecall::auth::RefreshToken;
use rolecall::{
    CallSettings, Client, ErrorKind, ExposeSecret, FileTokenStore, StoreFuture, StoredToken, TokenKey, TokenStore,
};
use rolecall_tests::faults::{
    DEADLINE, Expect, FaultsApi, Gate, Script, ScriptedResponse, Server, TIMEOUT, Took, World, case, case_in_real_time,
};
use rolecall_tests::roles::User;

use crate::{fine, refused, seconds};

/// The refresh token of that generation; 0 is the one that the user's consent gave.
fn refresh_token(generation: usize) -> String {
    format!("r3fresh/t0ken+{generation:03}~of.a-user==")
}

/// An authorization server that rotates refresh tokens, and accepts none but the newest.
fn rotating(expires_in: u64) -> Script {
    let mut newest = 0;
    Script::by(move |request| {
        let form = request.text();
        assert!(form.contains("grant_type=refresh_token"), "{form}");
        if !form.contains(&format!("t0ken%2B{newest:03}%7E")) {
            return ScriptedResponse::status(400)
                .body(r#"{"error":"invalid_grant","error_description":"used before"}"#);
        }
        newest += 1;
        issued(newest, expires_in)
    })
}

fn issued(number: usize, expires_in: u64) -> ScriptedResponse {
    let (access, refresh) = (ScriptedResponse::issued(number), refresh_token(number));
    ScriptedResponse::json(&format!(
        r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":{expires_in},"refresh_token":"{refresh}"}}"#
    ))
}

/// A store that outlives its clients. Its clock can be put forward, for that of a case is not the one on the wall.
#[derive(Clone, Default)]
struct Drawer(Arc<Inside>);

#[derive(Default)]
struct Inside {
    tokens: Mutex<HashMap<TokenKey, StoredToken>>,
    /// How much older all tokens are than they say.
    older: AtomicU64,
    fails: AtomicUsize,
}

impl Drawer {
    fn pass(&self, seconds: u64) {
        self.0.older.fetch_add(seconds, Ordering::SeqCst);
    }

    fn generations(&self) -> Vec<u64> {
        self.0.tokens.lock().unwrap().values().map(StoredToken::generation).collect()
    }
}

impl TokenStore for Drawer {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        let token = self.0.tokens.lock().unwrap().get(key).map(|token| {
            let issued_at = token.issued_at() - Duration::from_secs(self.0.older.load(Ordering::SeqCst));
            let older = StoredToken::new(token.access_token().clone(), issued_at, token.lifetime());
            older.with_refresh_token(token.refresh_token().unwrap().clone(), token.generation())
        });
        let fails = self.0.fails.load(Ordering::SeqCst) > 0;
        Box::pin(async move { if fails { Err("no load".into()) } else { Ok(token) } })
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        let fails = self.0.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if !fails {
            self.0.tokens.lock().unwrap().insert(key.clone(), token.clone());
        }
        Box::pin(async move { if fails { Err("no save".into()) } else { Ok(()) } })
    }
}

fn credentials(auth: &Server) -> RefreshToken {
    RefreshToken::new(auth.url() + "/oauth2/token", "an-app", refresh_token(0))
}

fn client(api: &Server, credentials: RefreshToken, store: impl TokenStore) -> Client<User> {
    let builder = Client::builder(api.url()).credentials(credentials).token_store(store);
    builder.timeout(TIMEOUT).deadline(DEADLINE).build().unwrap()
}

fn keep_secret(world: &World) {
    for generation in 0..9 {
        world.secret("a refresh token", &refresh_token(generation));
    }
}

#[test]
fn a_refresh_token_rotates_through_renewals_and_restarts() {
    case(async |world| {
        keep_secret(world);
        let (api, auth, store) =
            (world.server(ScriptedResponse::item()), world.server(rotating(1000)), Drawer::default());
        let mut calls = 0;
        for restart in 0..3 {
            // With the token that the consent gave.
            let client = client(&api, credentials(&auth), store.clone());
            for renewal in 1..=2 {
                calls += 1;
                world.call(client.get_item("1")).await.is(fine(&[calls, restart * 2 + renewal]));
                calls += 1;
                world.call(client.get_item("1")).await.is(fine(&[calls, restart * 2 + renewal]));
                world.pass(seconds(1001)).await;
                store.pass(1001);
            }
        }
        let request = auth.request(0);
        assert_eq!(request.header("authorization"), None, "a public client");
        let form = "grant_type=refresh_token&refresh_token=r3fresh%2Ft0ken%2B000%7Eof.a-user%3D%3D&client_id=an-app";
        assert_eq!(request.text(), form);
        let client = client(&api, credentials(&auth), store.clone());
        world.capture().add(&format!("{client:?} {:?}", credentials(&auth)));
        let proven = world.call(client.get_item("1")).await.is(fine(&[calls + 1, 7]));
        assert_eq!(store.generations(), [7]);
        proven
    });
}

/// A backup that is restored, or a machine whose disk was behind: the client knows better than its store.
#[test]
fn a_store_that_goes_back_to_an_older_refresh_token_costs_no_consent() {
    case(async |world| {
        keep_secret(world);
        let (api, auth, store) =
            (world.server(ScriptedResponse::item()), world.server(rotating(1000)), Drawer::default());
        let client = client(&api, credentials(&auth), store.clone());
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        let older = store.0.tokens.lock().unwrap().clone();
        for generation in 2..=4 {
            world.pass(seconds(1001)).await;
            store.pass(1001);
            world.call(client.get_item("1")).await.is(fine(&[generation, generation]));
            assert_eq!(store.generations(), [generation as u64]);
            store.0.tokens.lock().unwrap().clone_from(&older);
        }
        world.pass(seconds(1001)).await;
        store.pass(1001);
        let proven = world.call(client.get_item("1")).await.is(fine(&[5, 5]));
        assert_eq!(store.generations(), [5]);
        proven
    });
}

#[test]
fn the_new_refresh_token_is_stored_before_its_access_token_is_used() {
    case(async |world| {
        keep_secret(world);
        let (store, auth) = (Drawer::default(), world.server(rotating(1000)));
        let seen = store.clone();
        let api = world.server(Script::by(move |request| {
            let number = (1..9)
                .find(|number| request.header("authorization").unwrap().ends_with(&ScriptedResponse::issued(*number)));
            let kept: Vec<String> = {
                let tokens = seen.0.tokens.lock().unwrap();
                tokens.values().map(|token| token.refresh_token().unwrap().expose_secret().to_owned()).collect()
            };
            if kept == [refresh_token(number.unwrap())] {
                ScriptedResponse::item()
            } else {
                ScriptedResponse::status(500)
            }
        }));
        let client = client(&api, credentials(&auth), store.clone());
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        world.pass(seconds(1001)).await;
        store.pass(1001);
        // A store that fails to keep it at first is given it again.
        let client = client.clone();
        world.call(client.get_item("1")).await.is(fine(&[2, 2]))
    });
}

#[test]
fn a_thousand_cold_calls_use_the_refresh_token_once() {
    case(async |world| {
        keep_secret(world);
        let (api, gate) = (world.server(ScriptedResponse::item()), Gate::new());
        let auth = world.server(issued(1, 1000).after(&gate));
        let client = client(&api, credentials(&auth), Drawer::default());
        let calls = (0..1000).map(|_| {
            let client = client.clone();
            async move { client.get_item("1").await }
        });
        let open = async {
            auth.has_received(1).await;
            gate.open();
        };
        let (all, ()) = tokio::join!(world.calls(calls), open);
        let mut proven = None;
        for seen in &all {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(4)), ..fine(&[1000, 1]) }));
        }
        proven.unwrap()
    });
}

#[test]
fn a_rejected_refresh_token_is_final_and_the_program_is_reported_once() {
    case(async |world| {
        keep_secret(world);
        let body = r#"{"error":"invalid_grant","error_description":"revoked by the user"}"#;
        let (api, auth) =
            (world.server(ScriptedResponse::item()), world.server(ScriptedResponse::status(400).body(body)));
        let told = Arc::new(Mutex::new(Vec::new()));
        let hook = Arc::clone(&told);
        let credentials = credentials(&auth).on_consent_required(move |problem| {
            hook.lock().unwrap().push(problem.to_string());
        });
        let client = client(&api, credentials, Drawer::default());
        for _ in 0..20 {
            let seen = world.call(client.get_item("1")).await;
            assert!(seen.line().contains("the user must give consent again"), "{}", seen.line());
            assert!(seen.line().contains("revoked by the user"), "{}", seen.line());
            assert_eq!(seen.error().problem().unwrap().kind(), "invalid_grant");
            assert!(!seen.error().is_retryable() && seen.error().is_authorization());
            seen.is(refused(&[0, 1], ErrorKind::Authorization));
            world.pass(seconds(90)).await;
        }
        assert_eq!(*told.lock().unwrap(), ["invalid_grant: revoked by the user"]);
        world.call(client.get_item("1")).await.is(refused(&[0, 1], ErrorKind::Authorization))
    });
}

#[test]
fn another_refusal_is_not_final() {
    case(async |world| {
        keep_secret(world);
        let api = world.server(ScriptedResponse::item());
        let auth = world.server([ScriptedResponse::status(401).body(r#"{"error":"invalid_client"}"#), issued(1, 1000)]);
        let client = client(&api, credentials(&auth).client_secret("an-app's-secret-value"), Drawer::default());
        world.call(client.get_item("1")).await.is(refused(&[0, 1], ErrorKind::Authorization));
        world.pass(seconds(40)).await;
        let proven = world.call(client.get_item("1")).await.is(fine(&[1, 2]));
        assert!(auth.request(1).header("authorization").unwrap().starts_with("Basic "));
        assert!(!auth.request(1).text().contains("client_id"), "{}", auth.request(1).text());
        proven
    });
}

#[test]
fn a_refresh_token_that_another_process_has_used_is_replaced_by_that_ones() {
    case(async |world| {
        keep_secret(world);
        let (api, auth, store) =
            (world.server(ScriptedResponse::item()), world.server(rotating(1000)), Drawer::default());
        let (one, two) =
            (client(&api, credentials(&auth), store.clone()), client(&api, credentials(&auth), store.clone()));
        world.call(one.get_item("1")).await.is(fine(&[1, 1]));
        world.call(two.get_item("1")).await.is(fine(&[2, 1]));
        let mut proven = None;
        for n in 1..=4 {
            world.pass(seconds(1001)).await;
            store.pass(1001);
            let user = if n % 2 == 0 { &one } else { &two };
            proven = Some(world.call(user.get_item("1")).await.is(fine(&[2 + n, 1 + n])));
        }
        proven.unwrap()
    });
}

/// A store into which another process puts the next token just after it was looked into.
struct Late(Drawer, Mutex<Option<StoredToken>>);

impl TokenStore for Late {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        let found = self.0.load(key);
        if let Some(next) = self.1.lock().unwrap().take() {
            self.0.0.tokens.lock().unwrap().insert(key.clone(), next);
        }
        found
    }

    fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
        self.0.save(key, token)
    }
}

#[test]
fn a_refresh_token_that_was_used_in_the_meantime_costs_one_request_and_no_consent() {
    case(async |world| {
        keep_secret(world);
        let api = world.server(ScriptedResponse::item());
        let auth = world.server([ScriptedResponse::status(400).body(r#"{"error":"invalid_grant"}"#), issued(2, 1000)]);
        let expired = StoredToken::with_age("an-old-token", seconds(100), seconds(50));
        let next = expired.with_refresh_token(refresh_token(1), 1);
        let told = Arc::new(AtomicUsize::new(0));
        let hook = Arc::clone(&told);
        let credentials = credentials(&auth).on_consent_required(move |_| {
            hook.fetch_add(1, Ordering::SeqCst);
        });
        let client = client(&api, credentials, Late(Drawer::default(), Mutex::new(Some(next))));
        let proven = world.call(client.get_item("1")).await.is(fine(&[1, 2]));
        assert!(auth.request(1).text().contains("t0ken%2B001"), "{}", auth.request(1).text());
        assert_eq!(told.load(Ordering::SeqCst), 0);
        proven
    });
}

#[test]
fn without_its_store_a_refresh_token_is_not_used() {
    case(async |world| {
        keep_secret(world);
        let (api, auth, store) =
            (world.server(ScriptedResponse::item()), world.server(rotating(1000)), Drawer::default());
        store.0.fails.store(1000, Ordering::SeqCst);
        let client = client(&api, credentials(&auth), store.clone());
        let quick = client.with(CallSettings::new().deadline(seconds(1)));
        let seen = world.call(quick.get_item("1")).await;
        assert!(seen.line().contains("token store failed") && seen.error().is_retryable(), "{}", seen.line());
        seen.is(refused(&[0, 0], ErrorKind::Authorization));
        // Twice it cannot keep the new one; it is given it again.
        store.0.fails.store(0, Ordering::SeqCst);
        world.pass(seconds(3)).await;
        let proven = world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        assert_eq!(store.generations(), [1]);
        proven
    });
}

#[test]
fn a_server_that_does_not_rotate_is_sent_the_same_refresh_token() {
    case(async |world| {
        keep_secret(world);
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(1000)));
        let client = client(&api, credentials(&auth), Drawer::default());
        world.call(client.get_item("1")).await.is(fine(&[1, 1]));
        world.pass(seconds(1001)).await;
        let proven = world.call(client.get_item("1")).await.is(fine(&[2, 2]));
        assert_eq!(auth.request(0).text(), auth.request(1).text());
        proven
    });
}

#[test]
fn each_user_of_one_client_has_a_refresh_token_that_rotates_apart() {
    case(async |world| {
        keep_secret(world);
        let (api, store) = (world.server(ScriptedResponse::item()), Drawer::default());
        let mut number = 0;
        let auth = world.server(Script::by(move |request| {
            number += 1;
            let user = if request.text().contains("0ne-user") { 4 } else { 6 };
            issued(user + number % 2, 1000)
        }));
        let base = Client::<User>::builder(api.url()).credentials(rolecall::auth::Credentials::per_call());
        let base = base.token_store(store.clone()).build().unwrap();
        let of = |token: &str| {
            let credentials = RefreshToken::new(auth.url() + "/oauth2/token", "an-app", token.to_owned());
            CallSettings::new().credentials(credentials)
        };
        let (one, two) = (of("refresh-token-of-0ne-user"), of("refresh-token-of-another"));
        let mut proven = None;
        for n in 1..=3 {
            world
                .call(base.with(one.clone()).get_item("1"))
                .await
                .is(fine(&[2 * n - 1, n.min(1) + usize::from(n > 1)]));
            proven = Some(world.call(base.with(two.clone()).get_item("1")).await.is(fine(&[2 * n, 2])));
        }
        let token = |request: usize| api.request(request).header("authorization").unwrap().to_owned();
        for n in 0..3 {
            assert_eq!((token(2 * n), token(2 * n + 1)), (token(0), token(1)));
        }
        assert_ne!(token(0), token(1));
        assert_eq!(store.generations(), [1, 1]);
        proven.unwrap()
    });
}

/// A directory that is removed in the end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("rolecall-refresh-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A file store that, in a process to be killed, never gets to write.
struct Stuck(FileTokenStore);

impl TokenStore for Stuck {
    fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
        self.0.load(key)
    }

    fn save<'a>(&'a self, _: &'a TokenKey, _: &'a StoredToken) -> StoreFuture<'a, ()> {
        std::fs::write(std::env::var("ROLECALL_SAVING").unwrap(), "").unwrap();
        Box::pin(std::future::pending())
    }
}

/// The process that is killed; started by the tests below.
#[tokio::test]
#[ignore = "a part of other tests, which start it as a process"]
async fn a_process_that_is_killed() {
    let (Ok(api), Ok(auth)) = (std::env::var("ROLECALL_API"), std::env::var("ROLECALL_AUTH")) else { return };
    let store = FileTokenStore::new(std::env::var("ROLECALL_TOKENS").unwrap());
    let builder = Client::<User>::builder(api).credentials(RefreshToken::new(auth, "an-app", refresh_token(0)));
    let client = match std::env::var("ROLECALL_SAVING") {
        Ok(_) => builder.token_store(Stuck(store)).build().unwrap(),
        Err(_) => builder.token_store(store).build().unwrap(),
    };
    let _ = client.get_item("1").await;
}

fn process(api: &Server, auth: &Server, tokens: &Path, saving: Option<&Path>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "refresh_token::a_process_that_is_killed", "--ignored"]);
    command.env("ROLECALL_API", api.url()).env("ROLECALL_AUTH", auth.url() + "/oauth2/token");
    command.env("ROLECALL_TOKENS", tokens).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(saving) = saving {
        command.env("ROLECALL_SAVING", saving);
    }
    command.spawn().unwrap()
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} within 30 s");
}

#[test]
fn a_process_that_dies_between_response_and_store_has_used_no_token_and_the_next_one_tries_again() {
    let directory = Directory::new("unsaved");
    case_in_real_time(async |world| {
        keep_secret(world);
        // A server that forgives the second use of a refresh token whose successor was never used.
        let mut number = 0;
        let auth = world.server(Script::by(move |request| {
            assert!(request.text().contains("t0ken%2B000%7E"), "{}", request.text());
            number += 1;
            issued(number, 1000)
        }));
        let api = world.server(ScriptedResponse::item());
        let saving = directory.0.join("saving");
        std::fs::create_dir_all(&directory.0).unwrap();
        let mut killed = process(&api, &auth, &directory.0.join("tokens"), Some(&saving));
        until("the process saves", || saving.exists()).await;
        assert_eq!(api.count(), 0, "no token is used before it is stored");
        killed.kill().unwrap();
        killed.wait().unwrap();
        // The dead process's lease on the next fetch has to end by itself.
        let client = client(&api, credentials(&auth), FileTokenStore::new(directory.0.join("tokens")));
        let proven = world.call(client.get_item("1")).await;
        proven.is(Expect { took: Took::UpTo(DEADLINE), ..fine(&[2, 1]) })
    });
}

#[test]
fn a_process_that_dies_at_its_first_call_leaves_the_new_refresh_token_to_the_next() {
    let directory = Directory::new("saved");
    case_in_real_time(async |world| {
        keep_secret(world);
        let (auth, api) =
            (world.server(rotating(11)), world.server([ScriptedResponse::silence(), ScriptedResponse::item()]));
        let mut killed = process(&api, &auth, &directory.0, None);
        until("the process calls", || api.count() == 1).await;
        killed.kill().unwrap();
        killed.wait().unwrap();
        // The access token has expired by then; the consent's refresh token would be refused.
        tokio::time::sleep(Duration::from_secs(11)).await;
        let client = client(&api, credentials(&auth), FileTokenStore::new(&directory.0));
        let seen = world.call(client.get_item("1")).await;
        seen.is(Expect { took: Took::UpTo(DEADLINE), ..fine(&[2, 2]) })
    });
}
