//! `#[body] body: impl Into<Option<&T>>`: a body that callers may leave out without a `Some`.

use std::sync::Arc;

use rolecall::testing::TestServer;
use rolecall::{Body, Bytes, Caller, Client, Error, ParameterLocation, api, endpoint};
use rolecall_tests::everything::Thing;
use rolecall_tests::faults::{ScriptedResponse, case};
use rolecall_tests::roles::User;

use crate::{fine, whole};

#[api(dyn = DynLinksApi)]
trait LinksApi {
    #[endpoint(method = POST, path = "/links/{id}", role = User)]
    async fn link(&self, id: &str, #[body] body: impl Into<Option<&Thing>>) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/form", role = User)]
    async fn form<'b>(&self, #[body(form)] body: impl Into<Option<&'b Thing>> + Send) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/text", role = User)]
    async fn text(&self, #[body(text)] body: impl Into<Option<&str>>) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/bytes", role = User)]
    async fn bytes(&self, #[body(bytes)] body: impl Into<Option<Bytes>>) -> Result<(), Error>;

    #[endpoint(method = PUT, path = "/stream", role = User)]
    async fn stream<'x>(&'x self, #[body(stream)] body: impl Into<Option<Body>>) -> Result<(), Error>;
}

fn thing() -> Thing {
    Thing { name: "a".to_owned() }
}

#[test]
fn a_body_is_passed_as_it_is_as_some_or_as_none() {
    case(async |world| {
        let server = world.server(ScriptedResponse::status(204));
        let client = world.client(&server).build().unwrap();
        world.call(client.link("1", &thing())).await.is(fine(&[1]));
        world.call(client.link("1", Some(&thing()))).await.is(fine(&[2]));
        world.call(client.link("1", None)).await.is(fine(&[3]));
        world.call(client.form(&thing())).await.is(fine(&[4]));
        world.call(client.text("x")).await.is(fine(&[5]));
        world.call(client.bytes(Bytes::from_static(b"x"))).await.is(fine(&[6]));
        world.call(client.bytes(None)).await.is(fine(&[7]));
        let proven = world.call(client.stream(Body::from("x"))).await.is(fine(&[8]));
        let common = "accept: application/json\naccept-encoding: gzip\nauthorization\ncontent-length: ";
        let with = |length: usize, media_type: &str, body: &str| {
            format!("{common}{length}\ncontent-type: {media_type}\nhost\nuser-agent\n\n{body}")
        };
        let without = format!("{common}0\nhost\nuser-agent\n\n");
        let json = with(12, "application/json", "{\"name\":\"a\"}");
        assert_eq!(whole(&server, 0), format!("POST /links/1\n{json}"));
        assert_eq!(whole(&server, 1), whole(&server, 0));
        assert_eq!(whole(&server, 2), format!("POST /links/1\n{without}"));
        assert_eq!(whole(&server, 3), format!("PUT /form\n{}", with(6, "application/x-www-form-urlencoded", "name=a")));
        assert_eq!(whole(&server, 4), format!("PUT /text\n{}", with(1, "text/plain; charset=utf-8", "x")));
        assert_eq!(whole(&server, 5), format!("PUT /bytes\n{}", with(1, "application/octet-stream", "x")));
        assert_eq!(whole(&server, 6), format!("PUT /bytes\n{without}"));
        assert_eq!(whole(&server, 7), format!("PUT /stream\n{}", with(1, "application/octet-stream", "x")));
        proven
    });
}

#[test]
fn the_metadata_has_it_as_an_option() {
    let [link, form, ..] = <Client<User> as LinksApi>::ENDPOINTS else { panic!("five endpoints") };
    let body = &link.parameters[1];
    assert_eq!((body.location, body.required, body.type_name), (ParameterLocation::Body, false, "Option<&Thing>"));
    assert_eq!((form.parameters[0].required, form.parameters[0].type_name), (false, "Option<&'b Thing>"));
}

/// A double, which is as a client would be.
struct Double;

impl Caller for Double {
    type Role = User;
}

impl LinksApi for Double {
    async fn link<'a>(&'a self, _: &str, body: impl Into<Option<&'a Thing>> + Send) -> Result<(), Error> {
        assert_eq!(body.into().map(|thing| thing.name.as_str()), Some("a"));
        Ok(())
    }

    async fn form<'b>(&self, _: impl Into<Option<&'b Thing>> + Send) -> Result<(), Error> {
        Ok(())
    }

    async fn text<'b>(&self, _: impl Into<Option<&'b str>> + Send) -> Result<(), Error> {
        Ok(())
    }

    async fn bytes(&self, _: impl Into<Option<Bytes>> + Send) -> Result<(), Error> {
        Ok(())
    }

    async fn stream(&self, _: impl Into<Option<Body>> + Send) -> Result<(), Error> {
        Ok(())
    }
}

async fn link(links: Arc<dyn DynLinksApi<User>>) -> Result<(), Error> {
    let thing = thing();
    links.link("1", &thing).await?;
    links.link("1", Some(&thing)).await?;
    links.bytes(None).await?;
    links.form(None).await
}

#[tokio::test]
async fn the_dyn_form_takes_it_alike_from_a_client_and_a_double() -> Result<(), Error> {
    let server = TestServer::start(<Client<User> as LinksApi>::ENDPOINTS).await?;
    for name in ["link", "bytes", "form"] {
        server.respond(name, 204, &())?;
    }
    tokio::spawn(link(Arc::new(server.client::<User>()?))).await.unwrap()?;
    let bodies: Vec<usize> = server.calls().iter().map(|call| call.body.len()).collect();
    assert_eq!(bodies, [12, 12, 0, 0]);
    tokio::spawn(link(Arc::new(Double))).await.unwrap()
}
