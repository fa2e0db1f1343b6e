//! A world around a ledger that does what it likes, millisecond by millisecond.

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
    ticket: Ticket,
    deadline: Instant,
    alarm: Instant,
    bell: Arc<Bell>,
}

struct Sent {
    taken: Taken,
    at: Instant,
}

/// A world around one ledger: it polls who is woken or whose alarm rings, and nobody else.
struct World {
    ledger: Ledger,
    now: Instant,
    waiting: Vec<Waiting>,
    sent: Vec<Sent>,
    /// Every request that may have reached a server: the earliest and the latest time it can have.
    arrivals: Vec<(Instant, Instant)>,
    late: usize,
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

impl World {
    fn new(requests: u32, window: u64) -> Self {
        Self {
            ledger: Ledger::new(RateLimit::new(requests, ms(window))),
            now: Instant::now(),
            waiting: Vec::new(),
            sent: Vec::new(),
            arrivals: Vec::new(),
            late: 0,
        }
    }

    fn sends(&mut self, taken: Taken) {
        self.sent.push(Sent { taken, at: self.now });
    }

    fn ask(&mut self, patience: u64) {
        let deadline = self.now + ms(patience);
        match self.ledger.ask(self.now, deadline) {
            Asked::Taken(taken) => {
                assert!(self.waiting.is_empty(), "a newcomer passed somebody in the line");
                self.sends(taken);
            }
            Asked::Late(at) => {
                assert!(at > deadline);
                self.late += 1;
            }
            Asked::Wait(ticket, alarm) => {
                let bell = Arc::new(Bell(AtomicBool::new(true)));
                self.waiting.push(Waiting { ticket, deadline, alarm, bell });
            }
        }
        self.settle();
    }

    fn end(&mut self, index: usize, told: Option<Remaining>) {
        if !self.sent.is_empty() {
            let sent = self.sent.remove(index % self.sent.len());
            self.arrivals.push((sent.at, self.now));
            self.ledger.end(sent.taken, self.now, told);
            self.settle();
        }
    }

    fn give_back(&mut self, index: usize) {
        if !self.sent.is_empty() {
            let sent = self.sent.remove(index % self.sent.len());
            self.ledger.give_back(sent.taken, self.now);
            self.settle();
        }
    }

    fn cancel(&mut self, index: usize) {
        if !self.waiting.is_empty() {
            let gone = self.waiting.remove(index % self.waiting.len());
            self.ledger.leave(gone.ticket, self.now);
            self.settle();
        }
    }

    fn pause(&mut self, long: u64) {
        self.ledger.pause(self.now, self.now + ms(long));
        self.settle();
    }

    fn pass(&mut self, long: u64) {
        for _ in 0..long {
            self.now += ms(1);
            self.settle();
        }
    }

    /// Polls until nobody is due, then looks whether that was enough.
    fn settle(&mut self) {
        let mut turns = 0;
        loop {
            for waker in self.ledger.wakers().due {
                waker.wake();
            }
            let due = |waiting: &Waiting| waiting.bell.0.load(Ordering::Relaxed) || waiting.alarm <= self.now;
            let Some(index) = self.waiting.iter().position(due) else { break };
            turns += 1;
            assert!(turns < 10_000, "somebody is polled without end");
            let waiting = &mut self.waiting[index];
            waiting.bell.0.store(false, Ordering::Relaxed);
            let waker = Waker::from(Arc::clone(&waiting.bell));
            match self.ledger.poll(waiting.ticket, self.now, waiting.deadline, &waker) {
                Polled::Wait(alarm) => {
                    assert!(alarm > self.now && alarm <= waiting.deadline);
                    waiting.alarm = alarm;
                    continue;
                }
                Polled::Taken(taken) => {
                    let ticket = self.waiting.remove(index).ticket;
                    assert!(self.ledger.line.keys().all(|other| *other > ticket), "somebody was passed in the line");
                    self.ledger.leave(ticket, self.now);
                    self.sends(taken);
                }
                Polled::Late(at) => {
                    let gone = self.waiting.remove(index);
                    assert!(at > gone.deadline || gone.deadline <= self.now, "nobody gives up early");
                    self.ledger.leave(gone.ticket, self.now);
                    self.late += 1;
                }
            }
        }
        let waits = !self.ledger.line.is_empty();
        assert!(!waits || self.ledger.free(self.now) == 0, "a slot is free and somebody waits");
        let out = self.ledger.out as usize;
        assert_eq!(out, self.sent.len() + self.ledger.granted.len(), "a slot was lost or made");
        assert!(self.ledger.granted.is_empty(), "who has a slot was not woken");
    }

    /// Whatever the moments at which the requests arrived, no window holds more than the limit.
    fn check(mut self, pick: &[bool]) {
        self.arrivals.extend(self.sent.iter().map(|sent| (sent.at, self.now)));
        let mut pick = pick.iter().cycle();
        let mut arrived: Vec<_> =
            self.arrivals.iter().map(|(a, b)| if *pick.next().unwrap() { *a } else { *b }).collect();
        arrived.sort();
        for pair in arrived.windows(self.ledger.limit as usize + 1) {
            let apart = *pair.last().unwrap() - pair[0];
            assert!(apart >= self.ledger.window, "{} in {apart:?}", pair.len());
        }
    }
}
