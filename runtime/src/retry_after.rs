//! When the server says that another try can help.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header};

/// A number above this is a point in time (seconds since 1970), not a wait.
const UNIX_TIME: f64 = 1e9;

/// The wait that a failure asks for: `Retry-After` (RFC 9110, section 10.2.3: seconds or a date), else, where the
/// limit is reached, the time until its window resets (`X-RateLimit-Reset`, seconds or a Unix time).
pub(crate) fn read(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    text(header::RETRY_AFTER.as_str())
        .and_then(|value| wait(value).or_else(|| date(value, headers)))
        .or_else(|| text("x-ratelimit-reset").filter(|_| status == StatusCode::TOO_MANY_REQUESTS).and_then(wait))
}

/// Seconds, whole or not, or a Unix time.
fn wait(value: &str) -> Option<Duration> {
    let seconds: f64 = value.parse().ok().filter(|seconds: &f64| seconds.is_finite() && *seconds >= 0.0)?;
    let from_now = if seconds > UNIX_TIME {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        (seconds - now.as_secs_f64()).max(0.0)
    } else {
        seconds
    };
    Duration::try_from_secs_f64(from_now).ok()
}

/// A date, measured against the server's own clock where the answer shows it.
fn date(value: &str, headers: &HeaderMap) -> Option<Duration> {
    let at = httpdate::parse_http_date(value).ok()?;
    let now = headers
        .get(header::DATE)
        .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
        .unwrap_or_else(SystemTime::now);
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        read(StatusCode::TOO_MANY_REQUESTS, &headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_read() {
        assert_eq!(asked(&[("retry-after", "7")]), Some(7));
        assert_eq!(asked(&[("retry-after", " 1.9 ")]), Some(1));
        assert_eq!(asked(&[("x-ratelimit-reset", "12")]), Some(12));
        assert_eq!(asked(&[("retry-after", "7"), ("x-ratelimit-reset", "12")]), Some(7));
    }

    #[test]
    fn a_date_is_measured_by_the_servers_clock() {
        let date = ("date", "Tue, 15 Nov 1994 08:12:31 GMT");
        assert_eq!(asked(&[date, ("retry-after", "Tue, 15 Nov 1994 08:12:41 GMT")]), Some(10));
        assert_eq!(asked(&[date, ("retry-after", "Tue, 15 Nov 1994 08:12:21 GMT")]), Some(0));
    }

    #[test]
    fn a_unix_time_is_no_wait_of_fifty_years() {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        let wait = asked(&[("x-ratelimit-reset", &(now + 30).to_string())]).unwrap();
        assert!((28..=30).contains(&wait), "{wait}");
        assert_eq!(asked(&[("x-ratelimit-reset", "1000000001")]), Some(0));
    }

    #[test]
    fn the_reset_of_a_window_concerns_a_reached_limit_alone() {
        let headers =
            [("x-ratelimit-reset", "12")].map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        assert_eq!(read(StatusCode::SERVICE_UNAVAILABLE, &HeaderMap::from_iter(headers)), None);
    }

    #[test]
    fn nonsense_is_passed_over() {
        for value in ["", "soon", "-1", "NaN", "inf", "1e999"] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(asked(&[("retry-after", "soon"), ("x-ratelimit-reset", "3")]), Some(3));
    }
}
