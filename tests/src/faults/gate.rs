//! A gate in a script: what comes to it waits until the test opens it.

use std::sync::Arc;

use tokio::sync::watch;

/// A gate, closed at first. Its clones are the same gate.
#[derive(Debug, Clone)]
pub struct Gate {
    open: Arc<watch::Sender<bool>>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { open: Arc::new(watch::Sender::new(false)) }
    }
}

impl Gate {
    /// A closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens it for good.
    pub fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until it is open.
    pub(crate) async fn pass(&self) {
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }
}
