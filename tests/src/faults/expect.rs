//! What a case has to say of every call.

use std::fmt;
use std::time::Duration;

use rolecall::{Error, ErrorKind};

use super::world::{DEADLINE, World};

/// The most that a call may overshoot its deadline, and that a time may be more than what was expected.
const OVERSHOOT: Duration = Duration::from_millis(250);

/// What is true once a call has ended. No field can be left out.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// How many requests each server of the case has seen so far, in the order in which they were started.
    pub requests: &'a [usize],
    /// How the call ended.
    pub ends: Result<(), ErrorKind>,
    /// How often its request was sent, or tried to be.
    pub attempts: u32,
    /// Whether the request may have reached the server.
    pub maybe_sent: bool,
    /// How long the call took, by the clock of the case.
    pub took: Took,
}

/// How long a call took.
#[derive(Debug, Clone, Copy)]
pub enum Took {
    /// It didn't wait for anything.
    AtOnce,
    /// So long, or up to 250 ms longer.
    About(Duration),
    /// Not longer.
    UpTo(Duration),
    /// Not less than the first and not more than the second.
    Between(Duration, Duration),
}

impl Took {
    fn range(self) -> (Duration, Duration) {
        match self {
            Self::AtOnce => (Duration::ZERO, OVERSHOOT),
            Self::About(time) => (time, time + OVERSHOOT),
            Self::UpTo(most) => (Duration::ZERO, most),
            Self::Between(least, most) => (least, most),
        }
    }
}

/// That a call was checked. Nothing but [`Seen::is`] makes one.
#[derive(Debug)]
pub struct Proven(());

/// A call that has ended.
pub struct Seen<T> {
    pub(crate) result: Result<T, Error>,
    pub(crate) took: Duration,
    /// As the call's span tells it; none where there was no call.
    pub(crate) attempts: Option<u32>,
    pub(crate) world: World,
}

impl<T> fmt::Debug for Seen<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen").field("error", &self.result.as_ref().err()).finish_non_exhaustive()
    }
}

impl<T> Seen<T> {
    /// What the call returned.
    #[must_use]
    pub fn value(&self) -> &T {
        match &self.result {
            Ok(value) => value,
            Err(error) => panic!("the call failed: {error:?}"),
        }
    }

    /// What the call returned, or the kind of its error.
    ///
    /// # Errors
    ///
    /// The kind of the call's error.
    pub fn result(&self) -> Result<&T, ErrorKind> {
        self.result.as_ref().map_err(Error::kind)
    }

    /// What the call returned, for good.
    #[must_use]
    pub fn into_value(self) -> T {
        match self.result {
            Ok(value) => value,
            Err(error) => panic!("the call failed: {error:?}"),
        }
    }

    /// The error that the call ended with.
    #[must_use]
    pub fn error(&self) -> &Error {
        self.result.as_ref().err().expect("the call should have failed")
    }

    /// The one line that the error is shown as.
    #[must_use]
    pub fn line(&self) -> String {
        self.error().to_string()
    }

    /// The line with the sources of the error behind it.
    #[must_use]
    pub fn chain(&self) -> String {
        format!("{:#}", self.error())
    }

    /// How long the call took, by the clock of the case.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }

    /// How often the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        match &self.result {
            Ok(_) => self.attempts.unwrap_or_default(),
            Err(error) => error.attempts(),
        }
    }

    /// Asserts all that is said of the call, and what holds of every call: the deadline, and that error and span tell
    /// the same.
    pub fn is(&self, expect: Expect<'_>) -> Proven {
        let ends = self.result().map(|_| ());
        assert_eq!(ends, expect.ends, "how the call ended: {:?}", self.result.as_ref().err());
        assert_eq!(self.world.counts(), expect.requests, "the requests that the servers saw");
        assert_eq!(self.attempts(), expect.attempts, "the attempts");
        if let (Err(_), Some(told)) = (&self.result, self.attempts) {
            assert_eq!(told.max(1), expect.attempts.max(1), "the attempts that the span tells of");
        }
        let maybe_sent = self.result.as_ref().map_or_else(Error::maybe_sent, |_| expect.attempts > 0);
        assert_eq!(maybe_sent, expect.maybe_sent, "whether the request may have arrived");
        let (least, most) = expect.took.range();
        assert!((least..=most).contains(&self.took), "took {:?}, expected {:?}", self.took, expect.took);
        assert!(self.took <= DEADLINE + OVERSHOOT, "{:?} is past the deadline", self.took);
        self.world.proven();
        Proven(())
    }
}
