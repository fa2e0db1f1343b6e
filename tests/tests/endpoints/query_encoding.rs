//! `query_encoding = "percent"`: `%20` for spaces, and `$` as it is.

use std::collections::BTreeMap;

use rolecall::testing::TestServer;
use rolecall::{Client, Error, QueryEncoding, api, endpoint};
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::fine;

#[api(query_encoding = "percent", query("$format" = "json lines", "plain"))]
trait ODataApi {
    #[endpoint(method = GET, path = "/Products", role = User, query("api version" = "4*~"))]
    async fn fixed(&self) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/Products({id})", role = User)]
    async fn query(
        &self,
        id: u32,
        #[query("$filter")] filter: Option<&str>,
        #[query("$select", list = "comma")] select: &[&str],
        #[query("$orderby")] orders: &[&str],
        #[query(flatten)] rest: &BTreeMap<&str, &str>,
    ) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/form", role = User, query_encoding = "form")]
    async fn form(&self, #[query("$filter")] filter: &str) -> Result<(), Error>;
}

#[api]
trait PlainApi {
    #[endpoint(method = GET, path = "/percent", role = User, query_encoding = "percent")]
    async fn percent(&self, #[query("$filter")] filter: &str) -> Result<(), Error>;

    #[endpoint(method = GET, path = "/plain", role = User)]
    async fn plain(&self, #[query("$filter")] filter: &str) -> Result<(), Error>;
}

const FILTER: &str = "Name eq 'M\u{fc}ller & +*~%20'";

#[test]
fn a_query_is_percent_encoded_where_its_author_asks_for_it() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        world.call(client.fixed()).await.is(fine(&[1]));
        let rest = BTreeMap::from([("$count", "true"), ("a b", "c d")]);
        world.call(client.query(7, Some(FILTER), &["Name", "a,b"], &["a b", "c"], &rest)).await.is(fine(&[2]));
        world.call(client.query(7, None, &[], &[], &BTreeMap::new())).await.is(fine(&[3]));
        world.call(client.percent("a b")).await.is(fine(&[4]));
        world.call(client.form("a b")).await.is(fine(&[5]));
        let proven = world.call(client.plain("a b")).await.is(fine(&[6]));
        let target = |at: usize| server.request(at).target;
        assert_eq!(target(0), "/Products?$format=json%20lines&plain&api%20version=4%2A~");
        assert_eq!(
            target(1),
            "/Products(7)?$format=json%20lines&plain\
             &$filter=Name%20eq%20%27M%C3%BCller%20%26%20%2B%2A~%2520%27&$select=Name,a%2Cb\
             &$orderby=a%20b&$orderby=c&$count=true&a%20b=c%20d"
        );
        assert_eq!(target(2), "/Products(7)?$format=json%20lines&plain");
        assert_eq!(target(3), "/percent?$filter=a%20b");
        assert_eq!(target(4), "/form?%24format=json+lines&plain&%24filter=a+b");
        assert_eq!(target(5), "/plain?%24filter=a+b");
        proven
    });
}

#[tokio::test]
async fn a_test_server_reads_it_and_the_metadata_says_it() -> Result<(), Error> {
    let endpoints = <Client<User> as ODataApi>::ENDPOINTS;
    let encodings: Vec<QueryEncoding> = endpoints.iter().map(|endpoint| endpoint.query_encoding).collect();
    assert_eq!(encodings, [QueryEncoding::Percent, QueryEncoding::Percent, QueryEncoding::Form]);
    let server = TestServer::start(endpoints).await?;
    server.respond("query", 204, &())?;
    server.client::<User>()?.query(7, Some(FILTER), &[], &[], &BTreeMap::new()).await?;
    assert_eq!(server.calls()[0].query_arg("$filter"), Some(FILTER));
    Ok(())
}
