//! The command-line options.

use std::ffi::OsString;
use std::time::Duration;

use jiff::Timestamp;
use lexopt::{Arg, Parser, ValueExt};
use ostrom_sandbox::{Failure, Sandbox, SandboxBuilder};

pub(crate) const HELP: &str = "\
A local sandbox server for the Ostrom API.

Usage: ostrom-sandbox [OPTIONS]

Options:
  --api-port PORT            Port of the API (default: a free port)
  --auth-port PORT           Port of the authorization server (default: a free port)
  --clock TIME               Time of prices and meter readings, such as 2025-07-01T13:00:00Z
                             (default: the system's time)
  --seed NUMBER              Seed of the invented data (default: 1)
  --spelling document|field  Responses as in the API specification, or as observed from the live API
                             (default: document)
  --linked-user ID           A user who is linked and has consented; repeatable
  --token-status 200|201     Status of token responses (default: 200)
  --token-lifetime DURATION  Lifetime of a token (default: 3599s)
  --rate-limit N/DURATION    API requests per client, or `none` (default: 50/60s)
  --token-rate-limit N/DURATION
                             Token requests per client, or `none` (default: none)
  --fail ENDPOINT=FAILURE[xN]
                             Makes the first N requests to an endpoint fail (default: all); repeatable.
                             ENDPOINT: `GET /me`, `POST /oauth2/token`, …, or `*` for all
                             FAILURE: a status such as 503, `html` (a gateway's 502), `truncated`, `disconnect`,
                             or `delay:2s`
  -h, --help                 Print this help
  -V, --version              Print the version

Durations have a unit: ms, s, m, or h.

Example:
  ostrom-sandbox --api-port 8080 --auth-port 8081 --fail 'GET /contracts=503x2'
";

/// What the program should do.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Version,
    Serve(Box<SandboxBuilder>),
}

/// Parses the arguments.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = Parser::from_args(arguments);
    let mut builder = Sandbox::builder();
    while let Some(argument) = parser.next()? {
        let Arg::Long(option) = argument else {
            match argument {
                Arg::Short('h') => return Ok(Command::Help),
                Arg::Short('V') => return Ok(Command::Version),
                _ => return Err(argument.unexpected()),
            }
        };
        let option = option.to_owned();
        if option == "help" {
            return Ok(Command::Help);
        }
        if option == "version" {
            return Ok(Command::Version);
        }
        if !OPTIONS.contains(&option.as_str()) {
            return Err(argument_error(&option));
        }
        let value = parser.value()?.string()?;
        builder = apply(builder, &option, &value).map_err(|expected| invalid(&option, &value, &expected))?;
    }
    Ok(Command::Serve(Box::new(builder)))
}

const OPTIONS: [&str; 11] = [
    "api-port",
    "auth-port",
    "clock",
    "seed",
    "spelling",
    "linked-user",
    "token-status",
    "token-lifetime",
    "rate-limit",
    "token-rate-limit",
    "fail",
];

/// Applies an option. The error says what is expected.
fn apply(builder: SandboxBuilder, option: &str, value: &str) -> Result<SandboxBuilder, String> {
    Ok(match option {
        "api-port" => builder.api_port(port(value)?),
        "auth-port" => builder.auth_port(port(value)?),
        "clock" => builder.now(value.parse::<Timestamp>().map_err(|_| "a time such as 2025-07-01T13:00:00Z")?),
        "seed" => builder.seed(value.parse().map_err(|_| "a whole number")?),
        "spelling" => match value {
            "document" => builder,
            "field" => builder.live_api_quirks(),
            _ => return Err("`document` or `field`".to_owned()),
        },
        "linked-user" if value.is_empty() => return Err("an external user id".to_owned()),
        "linked-user" => builder.linked_user(value),
        "token-status" => match value.parse() {
            Ok(status @ 200..=299) => builder.token_status(status),
            _ => return Err("a success status, such as 200 or 201".to_owned()),
        },
        "token-lifetime" => builder.token_lifetime(duration(value).ok_or("a duration such as 60s")?),
        "rate-limit" => match rate(value)? {
            Some((requests, window)) => builder.rate_limit(requests, window),
            None => builder.no_rate_limit(),
        },
        "token-rate-limit" => match rate(value)? {
            Some((requests, window)) => builder.token_rate_limit(requests, window),
            None => builder,
        },
        _ => {
            let (endpoint, failure, times) = failure(value)?;
            builder.fail(endpoint, failure, times)
        }
    })
}

fn port(value: &str) -> Result<u16, String> {
    value.parse().map_err(|_| "a port from 0 to 65535".to_owned())
}

/// Parses `50/60s`, or `none`.
fn rate(value: &str) -> Result<Option<(u32, Duration)>, String> {
    if value == "none" {
        return Ok(None);
    }
    let rate = value.split_once('/').and_then(|(requests, window)| requests.parse().ok().zip(duration(window)));
    match rate {
        Some((requests, window)) if !window.is_zero() => Ok(Some((requests, window))),
        _ => Err("requests per duration, such as 50/60s, or `none`".to_owned()),
    }
}

/// Parses a whole number with a unit.
fn duration(text: &str) -> Option<Duration> {
    match format!("delay:{text}").parse() {
        Ok(Failure::Delay(duration)) => Some(duration),
        _ => None,
    }
}

/// Parses `ENDPOINT=FAILURE[xN]`.
fn failure(value: &str) -> Result<(String, Failure, usize), String> {
    let expected = || {
        "ENDPOINT=FAILURE[xN], such as `GET /me=503x2`, where FAILURE is a status from 400 to 599, `html`, `truncated`, \
         `disconnect`, or `delay:2s`"
            .to_owned()
    };
    let (endpoint, failure) = value.rsplit_once('=').ok_or_else(expected)?;
    let (failure, times) = match failure.rsplit_once('x') {
        Some((failure, times)) if !times.is_empty() => (failure, times.parse().map_err(|_| expected())?),
        _ => (failure, usize::MAX),
    };
    let failure = failure.parse().map_err(|_| expected())?;
    Ok((endpoint.to_owned(), failure, times))
}

fn argument_error(option: &str) -> lexopt::Error {
    format!("unknown option `--{option}`").into()
}

fn invalid(option: &str, value: &str, expected: &str) -> lexopt::Error {
    format!("invalid value `{value}` for `--{option}`; expected {expected}").into()
}
