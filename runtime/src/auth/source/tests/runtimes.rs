//! Tests of a client that outlives its runtime.

use super::*;

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}

#[test]
fn a_runtime_shut_down_in_the_middle_of_a_fetch_wedges_nothing() {
    let script = Script::new([Act::Hang, Act::Token("t", 0, 3600)]);
    let source = script.source();
    let first = runtime();
    first.block_on(async {
        assert!(source.bearer(Instant::now() + s(1)).await.is_err());
    });
    drop(first);
    let bearer = runtime().block_on(async { source.bearer(soon()).await }).unwrap();
    assert_eq!((sent(&bearer), script.requests()), ("Bearer t", 2));
}

#[test]
fn a_runtime_that_stands_still_is_not_waited_for_without_end() {
    let script = Script::new([Act::Hang, Act::Token("t", 0, 3600)]);
    let source = script.source();
    let first = runtime();
    first.block_on(async {
        assert!(source.bearer(Instant::now() + s(1)).await.is_err());
    });
    // The task is alive, but is not polled.
    let bearer = runtime().block_on(async {
        let start = Instant::now();
        let bearer = source.bearer(soon()).await;
        assert!(start.elapsed() <= s(35), "{:?}", start.elapsed());
        bearer
    });
    assert_eq!((sent(&bearer.unwrap()), script.requests()), ("Bearer t", 2));
    drop(first);
}

#[test]
fn a_token_serves_in_any_runtime() {
    let script = Script::new([Act::Token("t", 0, 3600)]);
    let source = script.source();
    for _ in 0..3 {
        assert_eq!(sent(&runtime().block_on(async { source.bearer(soon()).await }).unwrap()), "Bearer t");
    }
    assert_eq!(script.requests(), 1);
}

#[test]
fn a_poisoned_lock_wedges_nothing() {
    let script = Script::new([Act::Token("t", 0, 3600)]);
    let source = script.source();
    let inner = Arc::clone(&source.inner);
    let panicked = std::thread::spawn(move || inner.with(|_| panic!("on purpose"))).join();
    assert!(panicked.is_err());
    assert_eq!(sent(&runtime().block_on(async { source.bearer(soon()).await }).unwrap()), "Bearer t");
}
