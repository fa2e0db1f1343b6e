//! Tests of the events that report what a pool does.

use std::fmt::Debug;
use std::sync::Mutex;

use super::*;

/// The level and the fields of each event.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().ends_with("rate_limit::driver")
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn event(&self, event: &tracing::Event<'_>) {
        struct Write(String);
        impl tracing::field::Visit for Write {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn Debug) {
                self.0.push_str(&format!(" {field}={value:?}"));
            }
        }
        let mut line = Write(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn turns_loans_closings_and_being_alone_are_logged() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let pool = Fickle::new(0);
    let client = client(&pool, limit());
    client.acquire(&mut None, far(), ATTEMPT).await.unwrap().release_unused();
    assert_eq!(log.take(), ["DEBUG message=rate limit pool: turn wanted=1 lent=1 returned=0"]);
    tokio::time::sleep(ms(100)).await;
    assert_eq!(log.take(), ["DEBUG message=rate limit pool: turn wanted=0 lent=0 returned=1"]);

    pool.hangs.store(true, Ordering::SeqCst);
    assert!(client.acquire(&mut None, Instant::now() + s(5), ATTEMPT).await.is_err());
    let lines = log.take();
    assert!(lines[0].starts_with("WARN") && lines[0].contains("has its own share only"), "{lines:?}");
    assert!(lines[0].contains("it took too long"), "{lines:?}");
    assert!(lines.len() > 2 && lines[1..].iter().all(|line| line.starts_with("DEBUG")), "once is enough: {lines:?}");

    pool.hangs.store(false, Ordering::SeqCst);
    *pool.closed.lock().unwrap() = Some(s(30));
    assert!(client.acquire(&mut None, Instant::now() + s(3), ATTEMPT).await.is_err());
    let lines = log.take();
    assert!(lines[0].starts_with("INFO") && lines[0].contains("reached again"), "{lines:?}");
    assert!(
        lines[1].starts_with("WARN") && lines[1].contains("closed") && lines[1].contains("closed_s=30.0"),
        "{lines:?}"
    );
}
