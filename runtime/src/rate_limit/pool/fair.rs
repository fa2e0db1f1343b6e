//! Which client gets how many of the permits that are available: each permit goes to the client that has been lent the
//! fewest, of those that want more.

use std::collections::HashMap;
use std::time::Duration;

/// The time after its last turn for which a client is expected to come for the permits that it wants: twice the interval
/// of the turns of a client that waits.
const EXPECTED_FOR: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(super) struct Fair {
    clients: HashMap<u64, Client>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Client {
    /// The number of permits lent, less those returned unused. A client that starts to want permits is set to the number
    /// of those that it competes with, so that the past neither helps nor harms it.
    served: u64,
    /// The number of permits that it still wanted after its last turn.
    wants: u64,
    seen: Duration,
}

impl Client {
    fn competes(&self, now: Duration) -> bool {
        self.wants > 0 && self.seen + EXPECTED_FOR > now
    }
}

/// The competitors of one client in one turn.
#[derive(Debug)]
pub(super) struct Competition {
    served: u64,
    others: Vec<Client>,
}

impl Fair {
    /// Records what a client wants and how many permits it returned unused, and forgets clients that were not seen for
    /// `longest`.
    pub(super) fn ask(
        &mut self,
        client: u64,
        wanted: u32,
        unused: u64,
        now: Duration,
        longest: Duration,
    ) -> Competition {
        let mut me = self.clients.remove(&client).unwrap_or_default();
        self.clients.retain(|_, other| other.seen + longest >= now);
        let others: Vec<Client> = self.clients.values().filter(|other| other.competes(now)).copied().collect();
        me.served = me.served.saturating_sub(unused);
        if wanted > 0 && !me.competes(now) {
            let least = others.iter().map(|other| other.served).min();
            let most = || self.clients.values().map(|other| other.served).max();
            me.served = me.served.max(least.or_else(most).unwrap_or_default());
        }
        (me.wants, me.seen) = (u64::from(wanted), now);
        self.clients.insert(client, me);
        Competition { served: me.served, others }
    }

    pub(super) fn lend(&mut self, client: u64, permits: u64) {
        if let Some(client) = self.clients.get_mut(&client) {
            client.served += permits;
            client.wants = client.wants.saturating_sub(permits);
        }
    }
}

impl Competition {
    /// Returns the number of permits, of those available, that the client may have. The others are for its competitors.
    /// Of clients that have been lent the same number, the one that asks is first.
    pub(super) fn part(&self, wanted: u64, available: u64) -> u64 {
        let (mut part, mut too_many) = (0, wanted.min(available) + 1);
        while too_many - part > 1 {
            let middle = part.midpoint(too_many);
            if middle + self.before(middle) <= available {
                part = middle;
            } else {
                too_many = middle;
            }
        }
        part
    }

    /// Returns the number of permits that go to competitors before the client gets its n-th, counted from 1.
    pub(super) fn before(&self, nth: u64) -> u64 {
        let level = self.served + nth - 1;
        self.others.iter().map(|other| level.saturating_sub(other.served).min(other.wants)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);
    const LONGEST: Duration = Duration::from_secs(90);

    /// Each client in turn gets its part of those available.
    fn parts(fair: &mut Fair, wants: &[(u64, u32)], mut available: u64) -> Vec<u64> {
        let turn = |(client, wanted): &(u64, u32)| {
            let part = fair.ask(*client, *wanted, 0, NOW, LONGEST).part(u64::from(*wanted), available);
            fair.lend(*client, part);
            available -= part;
            part
        };
        wants.iter().map(turn).collect()
    }

    #[test]
    fn equal_clients_get_equal_parts_and_the_remainder_goes_round() {
        let mut fair = Fair::default();
        // Before there is anything, all say what they want.
        assert_eq!(parts(&mut fair, &[(1, 40), (2, 40), (3, 40)], 0), [0, 0, 0]);
        assert_eq!(parts(&mut fair, &[(1, 40), (2, 40), (3, 40)], 20), [7, 7, 6]);
        assert_eq!(parts(&mut fair, &[(2, 40), (1, 40), (3, 40)], 1), [0, 0, 1]);
        assert_eq!(parts(&mut fair, &[(1, 40), (2, 40), (3, 40)], 20), [7, 7, 6]);
        assert_eq!(parts(&mut fair, &[(1, 40), (2, 40), (3, 40)], 20), [7, 6, 7]);
    }

    #[test]
    fn what_a_modest_client_leaves_is_for_the_others() {
        let mut fair = Fair::default();
        assert_eq!(parts(&mut fair, &[(1, 40), (2, 3), (3, 40)], 0), [0, 0, 0]);
        assert_eq!(parts(&mut fair, &[(1, 40), (2, 3), (3, 40)], 21), [9, 3, 9]);
        assert_eq!(parts(&mut fair, &[(1, 40)], 20), [10], "the third is expected to come for the others");
    }

    #[test]
    fn the_past_of_a_client_that_wanted_nothing_neither_helps_nor_harms_it() {
        let mut fair = Fair::default();
        assert_eq!(parts(&mut fair, &[(1, 100)], 100), [100], "alone");
        assert_eq!(parts(&mut fair, &[(2, 20), (1, 20), (2, 20)], 10), [10, 0, 0], "both start level");
        assert_eq!(parts(&mut fair, &[(1, 20), (2, 20)], 10), [5, 5]);
        assert_eq!(parts(&mut fair, &[(3, 1)], 1), [1], "a newcomer is level with the least served");
    }

    #[test]
    fn permits_returned_unused_do_not_count() {
        let mut fair = Fair::default();
        assert_eq!(parts(&mut fair, &[(1, 10), (2, 10), (1, 10)], 0), [0, 0, 0]);
        assert_eq!(parts(&mut fair, &[(1, 10)], 12), [6]);
        assert_eq!(fair.ask(1, 10, 6, NOW, LONGEST).part(10, 12), 6);
    }

    #[test]
    fn a_client_that_is_gone_is_not_waited_for() {
        let mut fair = Fair::default();
        assert_eq!(parts(&mut fair, &[(1, 10), (2, 10)], 0), [0, 0]);
        let soon = NOW + EXPECTED_FOR - Duration::from_millis(1);
        assert_eq!(fair.ask(1, 10, 0, soon, LONGEST).part(10, 10), 5);
        assert_eq!(fair.ask(1, 10, 0, NOW + EXPECTED_FOR, LONGEST).part(10, 10), 10);
        fair.ask(1, 10, 0, NOW + LONGEST + Duration::from_millis(1), LONGEST);
        assert_eq!(fair.clients.len(), 1);
    }
}
