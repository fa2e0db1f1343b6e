//! A timer that several futures share, one after the other.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::task::{Unconstrained, unconstrained};
use tokio::time::{Instant, Sleep, sleep_until};

/// The maximum wait, regardless of the settings.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A timer that ends on time even in a busy task.
pub(crate) type Timer = Unconstrained<Sleep>;

pub(crate) fn at(end: Instant) -> Timer {
    unconstrained(sleep_until(end))
}

/// Like [`run_until`], except that the work is not polled once more after the `limit`, if there is one.
pub(crate) fn run_strictly<T>(
    limit: Option<Instant>,
    mut timer: Pin<&mut Timer>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> impl Future<Output = Option<T>> {
    poll_fn(move |context| {
        if limit.is_some_and(|limit| Instant::now() >= limit) {
            return Poll::Ready(None);
        }
        match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => timer.as_mut().poll(context).map(|()| None),
        }
    })
}

/// Runs the work, and returns its output, or `None` if the timer ends first. The caller pins the work, because an
/// `async fn` would reserve space for it twice.
pub(crate) fn run_until<T>(
    mut timer: Pin<&mut Timer>,
    mut work: Pin<&mut impl Future<Output = T>>,
) -> impl Future<Output = Option<T>> {
    poll_fn(move |context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use tokio::task::consume_budget;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn work_that_never_rests_does_not_outlast_its_timer() {
        let timer = pin!(at(Instant::now() + Duration::from_millis(5)));
        let restless = async {
            loop {
                consume_budget().await;
            }
        };
        let ended = timeout(Duration::from_secs(10), run_until::<()>(timer, pin!(restless))).await;
        assert_eq!(ended, Ok(None));
    }

    #[tokio::test(start_paused = true)]
    async fn one_timer_serves_several_in_turn() {
        let mut timer = pin!(at(Instant::now() + Duration::from_secs(3)));
        let second = || Box::pin(tokio::time::sleep(Duration::from_secs(2)));
        assert_eq!(run_until(timer.as_mut(), second().as_mut()).await, Some(()));
        assert_eq!(run_until(timer.as_mut(), second().as_mut()).await, None);
        assert_eq!(run_until(timer, pin!(async { 7 })).await, Some(7), "what is ready needs no time");
    }
}
