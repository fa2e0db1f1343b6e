//! Credentials of calls: one client, many users.

use std::time::Instant;

use rolecall::auth::{ApiKey, Bearer, ClientCredentials, Credentials};
use rolecall::{CallSettings, Client, ErrorKind, RateLimit};
use rolecall_tests::faults::{
    CLIENT_ID, CLIENT_SECRET, DEADLINE, Expect, FaultsApi, Script, ScriptedResponse, Server, TIMEOUT, Took, case,
};
use rolecall_tests::roles::User;

use crate::{fine, refused, seconds};

fn client(server: &Server) -> Client<User> {
    let builder = Client::builder(server.url()).credentials(Credentials::per_call());
    builder.timeout(TIMEOUT).deadline(DEADLINE).build().unwrap()
}

fn bearer(token: &str) -> CallSettings {
    CallSettings::new().credentials(Bearer::new(token.to_owned()))
}

#[test]
fn the_tokens_of_a_hundred_users_are_never_mixed_up() {
    case(async |world| {
        // The response's id is that of the token, which has to be that of the path.
        let server = world.server(Script::by(|request| {
            let token = request.header("authorization").unwrap_or_default().to_owned();
            let user = token.strip_prefix("Bearer t0ken-of-the-user-").unwrap_or("nobody").to_owned();
            ScriptedResponse::json(&format!(r#"{{"id":"{user}","count":1}}"#))
        }));
        let client = client(&server);
        let calls = (0..1000).map(|number| {
            let (client, user) = (client.clone(), number % 100);
            async move {
                let item = client.with(bearer(&format!("t0ken-of-the-user-{user}"))).get_item("1").await?;
                assert_eq!(item.id, user.to_string());
                Ok(item)
            }
        });
        let mut proven = None;
        for seen in &world.calls(calls).await {
            proven = Some(seen.is(Expect { took: Took::UpTo(seconds(4)), ..fine(&[1000]) }));
        }
        let seen = world.call(client.get_item("1")).await;
        assert!(seen.line().contains("missing credentials"), "{}", seen.line());
        seen.is(refused(&[1000], ErrorKind::Authorization));
        proven.unwrap()
    });
}

#[test]
fn a_calls_credentials_replace_those_of_the_client_in_the_same_place() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
        let base = world.client_with(&api, &auth).credentials(ApiKey::header("x-api-key", "the-key-of-the-API"));
        let base = base.build().unwrap();
        let user = base.with(bearer("the-token-of-a-user"));
        world.call(user.get_item("1")).await.is(fine(&[1, 0]));
        // Settings on top of settings.
        let other = user.with(CallSettings::new().credentials(ApiKey::header("x-api-key", "the-key-of-a-user")));
        world.call(other.get_item("1")).await.is(fine(&[2, 0]));
        let proven = world.call(base.get_item("1")).await.is(fine(&[3, 1]));
        let sent = |request: usize, name: &str| api.request(request).header(name).unwrap().to_owned();
        assert_eq!(
            [0, 1, 2].map(|request| sent(request, "x-api-key")),
            ["the-key-of-the-API", "the-key-of-a-user", "the-key-of-the-API"]
        );
        assert_eq!(sent(0, "authorization"), "Bearer the-token-of-a-user");
        assert_eq!(sent(1, "authorization"), "Bearer the-token-of-a-user");
        assert_eq!(sent(2, "authorization"), format!("Bearer {}", ScriptedResponse::issued(1)));
        proven
    });
}

#[test]
fn a_calls_token_that_is_rejected_costs_no_token_of_the_clients() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::status(401)), world.server(Script::tokens(3600)));
        let client = world.client_with(&api, &auth).build().unwrap();
        let seen = world.call(client.with(bearer("the-token-of-a-user")).get_item("1")).await;
        seen.is(crate::fails(&[1, 0], ErrorKind::Status))
    });
}

#[test]
fn a_calls_own_client_credentials_are_fetched_once_and_kept_from_others() {
    case(async |world| {
        let (api, auth) = (world.server(ScriptedResponse::item()), world.server(Script::tokens(3600)));
        let own = || ClientCredentials::new(auth.url() + "/oauth2/token", CLIENT_ID, CLIENT_SECRET);
        let client = world.client_with(&api, &auth).build().unwrap();
        let settings = CallSettings::new().credentials(own());
        for requests in 1..=3 {
            world.call(client.with(settings.clone()).get_item("1")).await.is(fine(&[requests, 1]));
        }
        // The same id, given by somebody else: they have to prove it.
        let other = CallSettings::new().credentials(own());
        world.call(client.with(other).get_item("1")).await.is(fine(&[4, 2]));
        world.call(client.get_item("1")).await.is(fine(&[5, 3]))
    });
}

#[test]
fn users_share_connections_and_the_rate_limit() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let builder = Client::<User>::builder(server.url()).credentials(Credentials::per_call());
        let client = builder.rate_limit(RateLimit::new(2, seconds(10))).deadline(DEADLINE).build().unwrap();
        world.call(client.with(bearer("one")).get_item("1")).await.is(fine(&[1]));
        world.call(client.with(bearer("two")).get_item("1")).await.is(fine(&[2]));
        let seen = world.call(client.with(bearer("three")).get_item("1")).await;
        assert_eq!(server.connections(), 1);
        seen.is(Expect { took: Took::Between(seconds(9), seconds(11)), ..fine(&[3]) })
    });
}

#[test]
fn a_client_for_a_users_calls_costs_microseconds() {
    case(async |world| {
        let server = world.server(ScriptedResponse::item());
        let client = client(&server);
        let proven = world.call(client.with(bearer("one")).get_item("1")).await.is(fine(&[1]));
        let started = Instant::now();
        for _ in 0..1000 {
            drop(client.with(bearer("another")));
        }
        // A client of its own costs 16 ms and more; this is a bound that no busy machine breaks.
        let each = started.elapsed() / 1000;
        assert!(each < std::time::Duration::from_micros(500), "{each:?}");
        proven
    });
}
