//! The time of a case: tokio's paused clock, moved on only while nothing happens on the wire.
//!
//! Tokio's own way, to jump to the next timer as soon as every task waits, is unsound with sockets: it looks for
//! bytes once, and jumps even if some have come. A time-out of 30 s then ends a call whose response lies in the
//! socket's buffer. So the jump is switched off (tokio does that while a blocking task runs, and one runs as long as
//! the case), and a task of the harness moves the clock instead, by [`STEP`], each time that the wire is quiet:
//! every task has been polled and the sockets have been looked at several times over, and no server has accepted,
//! read or written anything meanwhile.
//!
//! On loopback the kernel hands bytes over while the sender still writes, so quiet means quiet. Should it be late for
//! once, under load, the clock has moved on by a step or two; the times of the cases are seconds.
//! A second of a case takes about 10 ms.

use std::cell::Cell;
use std::time::Duration;

use tokio::task::{AbortHandle, yield_now};

/// How far the clock moves at once: how exactly a case measures.
const STEP: Duration = Duration::from_millis(20);

/// How often the sockets are looked at, in vain, before the wire counts as quiet.
const QUIET: u32 = 8;

/// How long the kernel gets besides, in real time.
const GRACE: Duration = Duration::from_micros(100);

thread_local! {
    static ACTIVITY: Cell<u64> = const { Cell::new(0) };
}

/// Something has happened on the wire.
pub(crate) fn touch() {
    ACTIVITY.set(ACTIVITY.get().wrapping_add(1));
}

/// Waits until the wire is quiet.
pub(crate) async fn settle() {
    let mut quiet = 0;
    while quiet < QUIET {
        let before = ACTIVITY.get();
        yield_now().await;
        quiet = if ACTIVITY.get() == before { quiet + 1 } else { 0 };
    }
}

/// Moves the clock as long as it lives; to be made inside a runtime of one thread whose clock is paused.
#[derive(Debug)]
pub(crate) struct Clock {
    mover: AbortHandle,
    /// The blocking task ends with it.
    _no_jumps: std::sync::mpsc::Sender<()>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let (no_jumps, end) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || end.recv());
        let mover = tokio::spawn(async {
            loop {
                settle().await;
                std::thread::sleep(GRACE);
                settle().await;
                tokio::time::advance(STEP).await;
            }
        });
        Self { mover: mover.abort_handle(), _no_jumps: no_jumps }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.mover.abort();
    }
}
