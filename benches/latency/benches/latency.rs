//! How long one call takes, by criterion: over loopback, from a client that is warm to a server in a thread of its own.

#![allow(dead_code, unexpected_cfgs)]

#[path = "../../subjects/handwritten/src/main.rs"]
mod by_hand;
#[path = "../../subjects/hyper/src/main.rs"]
mod by_hyper;
#[path = "../../subjects/rolecall/src/main.rs"]
mod by_rolecall;

use std::net::TcpListener;
use std::thread;

use benchkit::{Subject, inputs, token};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Starts the server, and says where it is.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("a listener for tokio");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(|| {
        runtime().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            server::serve(listener, false, None).await;
        });
    });
    base
}

fn calls<S: Subject>(criterion: &mut Criterion, name: &str, base: &str) {
    let runtime = runtime();
    let subject = runtime.block_on(async { S::new(base, &token(700)) }).expect("a client");
    let inputs = inputs(S::body);
    let mut group = criterion.benchmark_group(name);
    group.bench_function("me", |b| b.to_async(&runtime).iter(|| async { subject.me().await.expect("me") }));
    group.bench_function("link", |b| {
        b.to_async(&runtime).iter(|| async { subject.link(&inputs.bodies[0]).await.expect("link") });
    });
    group.bench_function("disconnect", |b| {
        b.to_async(&runtime).iter(|| async { subject.disconnect(&inputs.ids[0]).await.expect("disconnect") });
    });
    group.finish();
}

fn all(criterion: &mut Criterion) {
    let base = serve();
    calls::<by_hand::Client>(criterion, "handwritten", &base);
    calls::<by_rolecall::Client>(criterion, "rolecall", &base);
    calls::<by_hyper::Client>(criterion, "hyper", &base);
}

criterion_group!(latency, all);
criterion_main!(latency);
