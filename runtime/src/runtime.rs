//! The Tokio runtime in which calls run.

use std::cell::Cell;
use std::net::{Ipv4Addr, UdpSocket};
use std::panic::catch_unwind;
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;

use crate::error::Error;
use crate::role::BoxFuture;

thread_local! {
    /// The last runtime of this thread that had all that a call needs.
    static CHECKED: Cell<Option<Id>> = const { Cell::new(None) };
}

/// Returns an error if the code does not run in a Tokio runtime with a timer and I/O, without which Tokio panics.
pub(crate) fn check() -> Result<(), Error> {
    let Ok(runtime) = Handle::try_current() else {
        return Err(Error::configuration(
            "no Tokio runtime; `.await` the call in a task of one, such as `#[tokio::main]`, or use `rolecall::blocking`",
        ));
    };
    if CHECKED.get() == Some(runtime.id()) {
        return Ok(());
    }
    if !has_timer() {
        return Err(without("timer; call `enable_time`"));
    }
    if !has_io() {
        return Err(without("I/O; call `enable_io`"));
    }
    CHECKED.set(Some(runtime.id()));
    Ok(())
}

/// Spawns the task in the current runtime. Without one, the task is dropped.
pub(crate) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Option<JoinHandle<()>> {
    spawn_boxed(Box::pin(task))
}

/// All tasks have one type, so that Tokio's state machine of a task is compiled once for all of them.
fn spawn_boxed(task: BoxFuture<'static, ()>) -> Option<JoinHandle<()>> {
    Some(Handle::try_current().ok()?.spawn(task))
}

fn without(what: &str) -> Error {
    Error::configuration(format!("Tokio runtime has no {what}, or `enable_all`, on its builder"))
}

/// Tokio reports a missing driver by a panic alone.
fn has_timer() -> bool {
    catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_ok()
}

fn has_io() -> bool {
    let Ok(socket) = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)) else { return true };
    let registered = socket.set_nonblocking(true).is_ok();
    !registered || catch_unwind(|| drop(tokio::net::UdpSocket::from_std(socket))).is_ok()
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use tokio::runtime::Builder;

    use super::*;

    fn checked_in(runtime: &mut Builder) -> String {
        runtime
            .build()
            .unwrap()
            .block_on(async { check() })
            .map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn a_runtime_without_timer_or_io_is_named_with_what_it_lacks() {
        let new = Builder::new_current_thread;
        assert_eq!(checked_in(new().enable_all()), "ok");
        assert_eq!(
            checked_in(&mut new()),
            "Tokio runtime has no timer; call `enable_time`, or `enable_all`, on its builder"
        );
        assert_eq!(
            checked_in(new().enable_time()),
            "Tokio runtime has no I/O; call `enable_io`, or `enable_all`, on its builder"
        );
        assert!(checked_in(new().enable_io()).contains("enable_time"));
        assert_eq!(checked_in(Builder::new_multi_thread().worker_threads(1).enable_all()), "ok");
        let mut outside = pin!(async { check() });
        let Poll::Ready(error) = outside.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
        assert!(error.unwrap_err().to_string().contains("no Tokio runtime"));
    }
}
