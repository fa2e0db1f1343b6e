//! Simulates a world around a state, millisecond by millisecond.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use super::*;

mod cases;
mod properties;

struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

struct Waiting {
    waiter: WaiterId,
    deadline: Instant,
    alarm: Instant,
    bell: Arc<Bell>,
}

struct Sent {
    waiter: WaiterId,
    taken: Issued,
    at: Instant,
}

/// A world around one state: it polls only callers that are woken or whose timer fires.
struct World {
    state: State,
    now: Instant,
    waiting: Vec<Waiting>,
    sent: Vec<Sent>,
    /// Every request that may have reached a server: its earliest and latest possible arrival.
    arrivals: Vec<(Instant, Instant)>,
    late: usize,
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

impl World {
    fn new(requests: u32, window: u64) -> Self {
        Self {
            state: State::new(RateLimit::new(requests, ms(window))),
            now: Instant::now(),
            waiting: Vec::new(),
            sent: Vec::new(),
            arrivals: Vec::new(),
            late: 0,
        }
    }

    fn sends(&mut self, waiter: WaiterId, taken: Issued) {
        self.sent.push(Sent { waiter, taken, at: self.now });
    }

    fn ask(&mut self, patience: u64) {
        self.ask_at(None, patience);
    }

    /// A request ends, and its caller asks for the next one at its place.
    fn again(&mut self, index: usize, patience: u64) {
        if !self.sent.is_empty() {
            let index = index % self.sent.len();
            let waiter = self.sent[index].waiter;
            self.end(index, None);
            self.ask_at(Some(waiter), patience);
        }
    }

    fn ask_at(&mut self, mut place: Option<WaiterId>, patience: u64) {
        let deadline = self.now + ms(patience);
        let asked = self.state.ask(&mut place, self.now, deadline);
        let waiter = place.unwrap();
        match asked {
            Acquire::Acquired(taken) => {
                let ahead = self.waiting.iter().any(|other| other.waiter < waiter);
                assert!(!ahead, "somebody in the line was passed");
                self.sends(waiter, taken);
            }
            Acquire::PastDeadline(at) => {
                assert!(at > deadline);
                self.late += 1;
            }
            Acquire::Queued(waiter, alarm) => {
                let bell = Arc::new(Bell(AtomicBool::new(true)));
                self.waiting.push(Waiting { waiter, deadline, alarm, bell });
            }
        }
        self.settle();
    }

    fn end(&mut self, index: usize, told: Option<Remaining>) {
        if !self.sent.is_empty() {
            let sent = self.sent.remove(index % self.sent.len());
            self.arrivals.push((sent.at, self.now));
            self.state.end(sent.taken, self.now, told);
            self.settle();
        }
    }

    fn give_back(&mut self, index: usize) {
        if !self.sent.is_empty() {
            let sent = self.sent.remove(index % self.sent.len());
            self.state.give_back(sent.taken, self.now);
            self.settle();
        }
    }

    fn cancel(&mut self, index: usize) {
        if !self.waiting.is_empty() {
            let gone = self.waiting.remove(index % self.waiting.len());
            self.state.leave(gone.waiter, self.now);
            self.settle();
        }
    }

    fn pause(&mut self, long: u64) {
        self.state.pause(self.now, self.now + ms(long));
        self.settle();
    }

    fn pass(&mut self, long: u64) {
        for _ in 0..long {
            self.now += ms(1);
            self.settle();
        }
    }

    /// Polls until no caller is due, then checks that this was sufficient.
    fn settle(&mut self) {
        let mut turns = 0;
        loop {
            for waker in self.state.wakers().due {
                waker.wake();
            }
            let due = |waiting: &Waiting| waiting.bell.0.load(Ordering::Relaxed) || waiting.alarm <= self.now;
            let Some(index) = self.waiting.iter().position(due) else { break };
            turns += 1;
            assert!(turns < 10_000, "somebody is polled without end");
            let waiting = &mut self.waiting[index];
            waiting.bell.0.store(false, Ordering::Relaxed);
            let waker = Waker::from(Arc::clone(&waiting.bell));
            match self.state.poll(waiting.waiter, self.now, waiting.deadline, &waker) {
                PollWaiter::Queued(alarm) => {
                    assert!(alarm > self.now && alarm <= waiting.deadline);
                    waiting.alarm = alarm;
                    continue;
                }
                PollWaiter::Acquired(taken) => {
                    let waiter = self.waiting.remove(index).waiter;
                    assert!(self.state.line.keys().all(|other| *other > waiter), "somebody was passed in the line");
                    self.state.leave(waiter, self.now);
                    self.sends(waiter, taken);
                }
                PollWaiter::PastDeadline(at) => {
                    let gone = self.waiting.remove(index);
                    assert!(at > gone.deadline || gone.deadline <= self.now, "nobody gives up early");
                    self.state.leave(gone.waiter, self.now);
                    self.late += 1;
                }
            }
        }
        let waits = !self.state.line.is_empty();
        assert!(!waits || self.state.free(self.now) == 0, "a permit is free and somebody waits");
        let out = self.state.out as usize;
        assert_eq!(out, self.sent.len() + self.state.granted.len(), "a permit was lost or made");
        assert!(self.state.granted.is_empty(), "who has a permit was not woken");
    }

    /// Checks that no window contains more requests than the limit, whenever they arrived.
    fn check(mut self, pick: &[bool]) {
        self.arrivals.extend(self.sent.iter().map(|sent| (sent.at, self.now)));
        let mut pick = pick.iter().cycle();
        let mut arrived: Vec<_> =
            self.arrivals.iter().map(|(a, b)| if *pick.next().unwrap() { *a } else { *b }).collect();
        arrived.sort();
        for pair in arrived.windows(self.state.limit as usize + 1) {
            let apart = *pair.last().unwrap() - pair[0];
            assert!(apart >= self.state.window, "{} in {apart:?}", pair.len());
        }
    }
}
