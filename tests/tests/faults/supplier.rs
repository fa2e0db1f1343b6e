//! Tokens from a function of the program: the life of all tokens.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rolecall::auth::{AccessToken, Bearer, FetchReason, TokenSupplier};
use rolecall::{Client, ErrorKind, MemoryTokenStore, StoreFuture, StoredToken, TokenKey, TokenStore};
use rolecall_tests::faults::{DEADLINE, Expect, FaultsApi, ScriptedResponse, Server, TIMEOUT, Took, case};
use rolecall_tests::roles::User;

use crate::token::token_of;
use crate::{fine, refused, seconds};

/// Supplies the tokens of [`ScriptedResponse::issued`] one after the other, and keeps why it was asked.
#[derive(Clone, Default)]
struct Vault(Arc<Mutex<Vec<FetchReason>>>);

impl Vault {
    fn supplier(&self, after: Duration, lifetime: Option<Duration>) -> TokenSupplier {
        let asked = Arc::clone(&self.0);
        Bearer::supplied_by(move |why| {
            let number = {
                let mut asked = asked.lock().unwrap();
                asked.push(why);
                asked.len()
            };
            async move {
                tokio::time::sleep(after).await;
                let token = AccessToken::new(ScriptedResponse::issued(number));
                Ok::<_, std::io::Error>(match lifetime {
                    Some(lifetime) => token.expires_in(lifetime),
                    None => token,
                })
            }
        })
    }

    fn asked(&self) -> Vec<FetchReason> {
        self.0.lock().unwrap().clone()
    }
}

fn client(api: &Server, supplier: TokenSupplier) -> Client<User> {
    Client::builder(api.url()).credentials(supplier).timeout(TIMEOUT).deadline(DEADLINE).build().unwrap()
}

#[test]
fn a_thousand_cold_calls_are_one_fetch_of_the_supplier() {
    case(async |world| {
        let (api, vault) = (world.server(ScriptedResponse::item()), Vault::default());
        let client = client(&api, vault.supplier(seconds(1), None));
        let calls = (0..1000).map(|_| {
            let client = client.clone();
            async move { client.get_item("1").await }
        });
        let mut proven = None;
        for seen in &world.calls(calls).await {
            proven = Some(seen.is(Expect { took: Took::Between(seconds(1), seconds(4)), ..fine(&[1000]) }));
        }
        assert_eq!(vault.asked(), [FetchReason::Missing]);
        proven.unwrap()
    });
}

#[test]
fn a_supplied_token_is_renewed_ahead_and_one_of_unknown_lifetime_when_it_is_rejected() {
    case(async |world| {
        let (api, vault) = (world.server(ScriptedResponse::item()), Vault::default());
        let client = client(&api, vault.supplier(seconds(0), Some(seconds(1000))));
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.pass(seconds(800)).await;
        world.call(client.get_item("1")).await.is(fine(&[2]));
        let proven = world.call(client.get_item("1")).await.is(fine(&[3]));
        assert_eq!([0, 1, 2].map(|request| token_of(&api, request)), [1, 1, 2]);
        assert_eq!(vault.asked(), [FetchReason::Missing, FetchReason::Expiring]);
        proven
    });
    case(async |world| {
        let api = world.server([
            ScriptedResponse::item(),
            ScriptedResponse::item(),
            ScriptedResponse::status(401),
            ScriptedResponse::item(),
        ]);
        let vault = Vault::default();
        let client = client(&api, vault.supplier(seconds(0), None));
        world.call(client.get_item("1")).await.is(fine(&[1]));
        world.pass(seconds(60 * 60)).await;
        world.call(client.get_item("1")).await.is(fine(&[2]));
        let proven = world.call(client.get_item("1")).await.is(Expect { attempts: 2, ..fine(&[4]) });
        assert_eq!([1, 2, 3].map(|request| token_of(&api, request)), [1, 1, 2]);
        assert_eq!(vault.asked(), [FetchReason::Missing, FetchReason::Rejected]);
        proven
    });
}

#[test]
fn a_supplier_that_fails_hangs_or_panics_is_asked_as_seldom_as_a_server() {
    #[derive(Clone, Copy, Debug)]
    enum How {
        Fails,
        Hangs,
        Panics,
        SuppliesNothing,
    }
    for how in [How::Fails, How::Hangs, How::Panics, How::SuppliesNothing] {
        case(async |world| {
            let (api, asked) = (world.server(ScriptedResponse::item()), Arc::new(AtomicUsize::new(0)));
            let count = Arc::clone(&asked);
            let supplier = Bearer::supplied_by(move |_| {
                count.fetch_add(1, Ordering::SeqCst);
                async move {
                    match how {
                        How::Fails => Err("the vault is sealed"),
                        How::Hangs => std::future::pending().await,
                        How::Panics => panic!("on purpose"),
                        How::SuppliesNothing => Ok(""),
                    }
                }
            });
            let client = Client::<User>::builder(api.url())
                .credentials(supplier)
                .timeout(seconds(1))
                .deadline(seconds(3))
                .build()
                .unwrap();
            for _ in 0..60 {
                let seen = world.call(client.get_item("1")).await;
                let kind = seen.error().kind();
                assert!(matches!(kind, ErrorKind::Authorization | ErrorKind::Timeout), "{}", seen.line());
                assert!(seen.error().is_retryable(), "{}", seen.line());
                seen.is(Expect { took: Took::UpTo(seconds(4)), ..refused(&[0], kind) });
                world.pass(seconds(1)).await;
            }
            let seen = world.call(client.get_item("1")).await;
            let (asked, kind) = (asked.load(Ordering::SeqCst), seen.error().kind());
            assert!((2..=14).contains(&asked), "{how:?}: {asked}");
            seen.is(Expect { took: Took::UpTo(seconds(4)), ..refused(&[0], kind) })
        });
    }
}

#[test]
fn a_named_supplier_shares_its_tokens_through_the_store_and_another_does_not() {
    #[derive(Clone, Default)]
    struct Shared(Arc<MemoryTokenStore>);
    impl TokenStore for Shared {
        fn load<'a>(&'a self, key: &'a TokenKey) -> StoreFuture<'a, Option<StoredToken>> {
            self.0.load(key)
        }
        fn save<'a>(&'a self, key: &'a TokenKey, token: &'a StoredToken) -> StoreFuture<'a, ()> {
            self.0.save(key, token)
        }
    }
    for (name, fetches) in [(Some("vault"), 1), (None, 2)] {
        case(async |world| {
            let (api, vault, store) = (world.server(ScriptedResponse::item()), Vault::default(), Shared::default());
            let client = || {
                let supplier = vault.supplier(seconds(0), Some(seconds(1000)));
                let supplier = match name {
                    Some(name) => supplier.stored_as(name),
                    None => supplier,
                };
                Client::<User>::builder(api.url()).credentials(supplier).token_store(store.clone()).build().unwrap()
            };
            world.call(client().get_item("1")).await.is(fine(&[1]));
            let proven = world.call(client().get_item("1")).await.is(fine(&[2]));
            assert_eq!(vault.asked().len(), fetches);
            proven
        });
    }
}
