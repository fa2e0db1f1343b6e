//! Responses by status.

use rolecall::{ByStatus, Bytes, Error, ErrorKind, Location, Response, Text, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fails, fine};

#[derive(Debug, ByStatus)]
enum Report {
    #[status(200, 203)]
    Done(u32),
    #[status(202)]
    Pending(Response<Text>),
    #[status(204)]
    Nothing,
    #[status(302)]
    Elsewhere(Location),
    #[status(409)]
    Conflict(Bytes),
}

#[api]
trait ReportsApi {
    #[endpoint(method = GET, path = "/report", role = User)]
    async fn report(&self) -> Result<Report, Error>;

    #[endpoint(method = GET, path = "/maybe", role = User)]
    async fn maybe(&self) -> Result<Option<Report>, Error>;
}

#[test]
fn each_status_has_its_variant() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::json("7"),
            ScriptedResponse::status(203).body("8"),
            ScriptedResponse::status(202).header("retry-after", "5").body("soon"),
            ScriptedResponse::status(204),
            ScriptedResponse::status(302).header("location", "/elsewhere?x=1"),
            ScriptedResponse::status(409).body("x".repeat(100_000)),
        ]);
        let client = world.client(&server).build().unwrap();
        let mut shown = Vec::new();
        let mut proven = None;
        for requests in 1..=6 {
            let seen = world.call(client.report()).await;
            shown.push(match seen.value() {
                Report::Done(rows) => format!("done {rows}"),
                Report::Pending(response) => {
                    format!("pending {} {}", response.body().0, response.headers()["retry-after"].to_str().unwrap())
                }
                Report::Nothing => "nothing".to_owned(),
                Report::Elsewhere(location) => format!("elsewhere {}", location.0),
                Report::Conflict(body) => format!("conflict {}", body.len()),
            });
            proven = Some(seen.is(fine(&[requests])));
        }
        let expected = ["done 7", "done 8", "pending soon 5", "nothing", "elsewhere /elsewhere?x=1", "conflict 100000"];
        assert_eq!(shown, expected);
        proven.unwrap()
    });
}

#[test]
fn other_statuses_are_errors() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::status(206).body("7"),
            ScriptedResponse::status(410),
            ScriptedResponse::status(302),
            ScriptedResponse::json("{"),
            ScriptedResponse::status(404),
            ScriptedResponse::status(204),
        ]);
        let client = world.client(&server).build().unwrap();
        let seen = world.call(client.report()).await;
        assert_eq!(seen.line(), "report (GET /report) failed: unexpected status 206 Partial Content");
        seen.is(fails(&[1], ErrorKind::Decode));
        world.call(client.report()).await.is(fails(&[2], ErrorKind::Status));
        let seen = world.call(client.report()).await;
        assert!(seen.line().contains("no valid `Location`"), "{}", seen.line());
        seen.is(fails(&[3], ErrorKind::Decode));
        world.call(client.report()).await.is(fails(&[4], ErrorKind::Decode));
        let seen = world.call(client.maybe()).await;
        assert!(seen.value().is_none());
        seen.is(fine(&[5]));
        let seen = world.call(client.maybe()).await;
        assert!(matches!(seen.value(), Some(Report::Nothing)), "a variant comes before `None`");
        seen.is(fine(&[6]))
    });
}
