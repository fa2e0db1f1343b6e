//! Reads the delays and limits in the headers of a response.
//!
//! Delays are capped at 24 hours: a longer one is more likely a server bug than intended, and no client should stop for
//! longer without sending another request.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, StatusCode, header};

/// The maximum delay that is honored.
pub(crate) const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// From this value on, a reset is a Unix time in seconds (9 September 2001); below it, a number of seconds from now.
const UNIX_TIME: u64 = 1_000_000_000;

static RATE_LIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
static RATE_LIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
static RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");
/// The headers of the drafts of `draft-ietf-httpapi-ratelimit-headers`: one field since the seventh draft, one field
/// per value before.
static RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
static DRAFT_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
static DRAFT_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// The remaining part of the server's limit, as reported by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Remaining {
    /// The number of requests that the server accepts before the reset.
    pub(crate) requests: u32,
    /// The time until the server's count restarts.
    pub(crate) reset: Duration,
}

/// Returns the delay in `Retry-After` (RFC 9110, section 10.2.3), as seconds or as a date, capped at
/// [`MAX_RETRY_AFTER`].
///
/// A date is compared with the response's own `Date`, if there is one, so that the two clocks need not agree.
pub(crate) fn retry_after(headers: &HeaderMap, wall: SystemTime) -> Option<Duration> {
    // OpenAI and Azure send this header in addition to the standard one, which has whole seconds only.
    if let Some(millis) = text(headers, &RETRY_AFTER_MS).and_then(seconds) {
        return Some(Duration::from_millis(millis).min(MAX_RETRY_AFTER));
    }
    let value = text(headers, &header::RETRY_AFTER)?;
    if let Some(seconds) = seconds(value) {
        return Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(server_now(headers, wall)).unwrap_or_default().min(MAX_RETRY_AFTER))
}

/// Returns `true` if a response reports that the server's limit was reached: with status 429, or with status 403 (as
/// GitHub does) and a delay.
pub(crate) fn is_limit(status: StatusCode, headers: &HeaderMap) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::FORBIDDEN => {
            headers.contains_key(header::RETRY_AFTER)
                || headers.contains_key(&RETRY_AFTER_MS)
                || rate_limit(headers, SystemTime::now).is_some_and(|left| left.requests == 0)
        }
        _ => false,
    }
}

/// Returns the time until the server's count restarts, from `X-RateLimit-Reset` or the fields of the IETF drafts.
/// Returns `None` if that exceeds [`MAX_RETRY_AFTER`].
pub(crate) fn rate_limit_reset(headers: &HeaderMap, wall: SystemTime) -> Option<Duration> {
    if let Some(value) = text(headers, &RATE_LIMIT_RESET).or_else(|| text(headers, &DRAFT_RESET)) {
        return reset(seconds(value)?, headers, wall);
    }
    most_restrictive(text(headers, &RATE_LIMIT)?).map(|remaining| remaining.reset)
}

/// Interprets a reset as seconds from now or as a Unix time.
fn reset(value: u64, headers: &HeaderMap, wall: SystemTime) -> Option<Duration> {
    let reset = if value > UNIX_TIME {
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(value))?;
        at.duration_since(server_now(headers, wall)).unwrap_or_default()
    } else {
        Duration::from_secs(value)
    };
    (reset <= MAX_RETRY_AFTER).then_some(reset)
}

/// Returns the remaining part of the server's limit, from `X-RateLimit-Remaining` and `X-RateLimit-Reset` or the fields
/// of the IETF drafts. One without the other is ignored.
pub(crate) fn rate_limit(headers: &HeaderMap, wall: impl FnOnce() -> SystemTime) -> Option<Remaining> {
    // Most responses have none of these headers: that is cheaper to see from the names than by a lookup for each.
    let is_limit = |name: &str| name.strip_prefix("x-").unwrap_or(name).starts_with("ratelimit");
    if !headers.keys().any(|name| is_limit(name.as_str())) {
        return None;
    }
    if let Some(value) = text(headers, &RATE_LIMIT_REMAINING).or_else(|| text(headers, &DRAFT_REMAINING)) {
        let requests = seconds(value)?;
        let reset = rate_limit_reset(headers, wall())?;
        return Some(Remaining { requests: u32::try_from(requests).unwrap_or(u32::MAX), reset });
    }
    most_restrictive(text(headers, &RATE_LIMIT)?)
}

/// Parses the field `RateLimit`: `"default";r=50;t=30` with an item per policy, or, as of the seventh draft,
/// `limit=100, remaining=50, reset=30`. Of several policies, the one with the fewest remaining requests is used.
fn most_restrictive(field: &str) -> Option<Remaining> {
    let parameter = |item: &str, name: &str, separator: char| {
        let mut parts = item.split(separator).filter_map(|part| part.split_once('='));
        parts.find(|(other, _)| other.trim().eq_ignore_ascii_case(name)).and_then(|(_, value)| seconds(value.trim()))
    };
    let remaining = |requests: u64, seconds: u64| {
        let reset = Duration::from_secs(seconds);
        let requests = u32::try_from(requests).unwrap_or(u32::MAX);
        (reset <= MAX_RETRY_AFTER).then_some(Remaining { requests, reset })
    };
    if let (Some(requests), Some(reset)) = (parameter(field, "remaining", ','), parameter(field, "reset", ',')) {
        return remaining(requests, reset);
    }
    let policies =
        field.split(',').filter_map(|item| remaining(parameter(item, "r", ';')?, parameter(item, "t", ';')?));
    policies.min_by_key(|policy| (policy.requests, std::cmp::Reverse(policy.reset)))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// Parses a number of seconds, rounded up. A number that is too large is saturated.
fn seconds(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    let more = part.bytes().any(|byte| byte != b'0');
    Some(whole.parse().unwrap_or(u64::MAX).saturating_add(u64::from(more)))
}

fn server_now(headers: &HeaderMap, wall: SystemTime) -> SystemTime {
    text(headers, &header::DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or(wall)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Tue, 15 Nov 1994 08:12:31 GMT";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn wall() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
    }

    fn after(value: &str) -> Option<u64> {
        retry_after(&headers(&[("retry-after", value)]), wall()).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(after("0"), Some(0));
        assert_eq!(after(" 120 "), Some(120));
        assert_eq!(after("1.5"), Some(2));
        assert_eq!(after("1.0"), Some(1));
        assert_eq!(after("Tue, 14 Nov 2023 22:13:30 GMT"), Some(10));
        assert_eq!(after(DATE), Some(0), "the past is now");
    }

    #[test]
    fn retry_after_is_bounded_and_nonsense_is_ignored() {
        assert_eq!(after("86401"), Some(86400));
        assert_eq!(after("99999999999999999999999"), Some(86400));
        assert_eq!(after("Fri, 31 Dec 9999 23:59:59 GMT"), Some(86400));
        for value in ["", "-1", "soon", "1e3", ".", "1.", ".5", "1.x", "+1", "0x10"] {
            assert_eq!(after(value), None, "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), wall()), None);
    }

    #[test]
    fn dates_are_measured_by_the_servers_own_clock() {
        let told = headers(&[("retry-after", "Tue, 15 Nov 1994 08:12:36 GMT"), ("date", DATE)]);
        assert_eq!(retry_after(&told, wall()), Some(Duration::from_secs(5)));
        let told = headers(&[("x-ratelimit-reset", "1700000007"), ("date", "Tue, 14 Nov 2023 22:13:20 GMT")]);
        let far_off = wall() - Duration::from_secs(3000);
        assert_eq!(rate_limit_reset(&told, far_off), Some(Duration::from_secs(7)));
    }

    #[test]
    fn a_reset_is_seconds_or_a_unix_time() {
        let reset = |value: &str| rate_limit_reset(&headers(&[("x-ratelimit-reset", value)]), wall());
        assert_eq!(reset("60"), Some(Duration::from_secs(60)));
        assert_eq!(reset("1700000030"), Some(Duration::from_secs(30)));
        assert_eq!(reset("1600000000"), Some(Duration::ZERO), "the past is now");
        assert_eq!(reset("86400"), Some(MAX_RETRY_AFTER));
        for value in ["86401", "1000000000", "1800000000", "18446744073709551615", "-5", "", "x"] {
            assert_eq!(reset(value), None, "{value}");
        }
    }

    #[test]
    fn remaining_needs_both_headers() {
        let told = |pairs| rate_limit(&headers(pairs), wall);
        let both = told(&[("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "9")]).unwrap();
        assert_eq!(both, Remaining { requests: 3, reset: Duration::from_secs(9) });
        assert_eq!(told(&[("x-ratelimit-remaining", "3")]), None);
        assert_eq!(told(&[("x-ratelimit-reset", "3")]), None);
        assert_eq!(told(&[("x-ratelimit-remaining", "x"), ("x-ratelimit-reset", "9")]), None);
        let many = told(&[("x-ratelimit-remaining", "99999999999"), ("x-ratelimit-reset", "9")]).unwrap();
        assert_eq!(many.requests, u32::MAX);
    }

    fn map(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_drafts_of_the_ietf_are_read() {
        let left = |requests, seconds| Some(Remaining { requests, reset: Duration::from_secs(seconds) });
        for (pairs, expected) in [
            (&[("ratelimit", "\"default\";r=50;t=30")][..], left(50, 30)),
            (&[("ratelimit", "\"burst\";r=0;t=10, \"daily\";r=0;t=600;pk=:abc=:, \"hourly\";r=7;t=900")], left(0, 600)),
            (&[("ratelimit", "limit=100, remaining=3, reset=60")], left(3, 60)),
            (&[("ratelimit-remaining", "4"), ("ratelimit-reset", "5")], left(4, 5)),
            (&[("ratelimit", "\"default\";r=50")], None),
            (&[("ratelimit", "nonsense")], None),
            (&[("ratelimit-remaining", "4")], None),
        ] {
            let headers = map(pairs);
            assert_eq!(rate_limit(&headers, SystemTime::now), expected, "{pairs:?}");
            assert_eq!(rate_limit_reset(&headers, SystemTime::now()), expected.map(|left| left.reset), "{pairs:?}");
        }
    }

    #[test]
    fn milliseconds_come_before_seconds() {
        let wait = |pairs: &[(&'static str, &str)]| retry_after(&map(pairs), SystemTime::now());
        assert_eq!(wait(&[("retry-after-ms", "1500"), ("retry-after", "2")]), Some(Duration::from_millis(1500)));
        assert_eq!(wait(&[("retry-after-ms", "soon"), ("retry-after", "2")]), Some(Duration::from_secs(2)));
    }

    #[test]
    fn a_forbidden_request_is_a_limit_only_with_a_time_to_come_back() {
        let limit =
            |status: u16, pairs: &[(&'static str, &str)]| is_limit(StatusCode::from_u16(status).unwrap(), &map(pairs));
        assert!(limit(429, &[]) && limit(403, &[("retry-after", "60")]));
        assert!(limit(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "60")]));
        assert!(!limit(403, &[]) && !limit(403, &[("x-ratelimit-remaining", "9"), ("x-ratelimit-reset", "60")]));
        assert!(!limit(404, &[("retry-after", "60")]));
    }
}
