//! What `ENDPOINTS` has for tools, and that a program which does not read it does not contain it.

use std::collections::BTreeMap;
use std::{env, fs};

use rolecall::{BodyKind, Client, Conditional, Error, ListStyle, Multipart, Public, ResponseKind, Text, api, endpoint};

/// Notes.
///
/// These are written down.
#[api]
pub trait NotesApi {
    /// Changes a note.
    ///
    /// It has to be there.
    #[deprecated]
    #[endpoint(method = PUT, path = "/notes/{*path}", role = Public)]
    async fn change(
        &self,
        path: &str,
        #[query] tags: &[&str],
        #[query(list = "pipe")] days: Option<&[u8]>,
        #[body] lines: &[&str],
    ) -> Result<Conditional<Vec<String>>, Error>;

    #[endpoint(method = POST, path = "/form", role = Public)]
    async fn form(
        &self,
        #[body(form, content_type = "application/x-note")] note: Option<&BTreeMap<String, String>>,
    ) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/text", role = Public)]
    async fn text(&self, #[body(text)] note: &str) -> Result<Option<Text>, Error>;

    #[endpoint(method = POST, path = "/bytes", role = Public)]
    async fn bytes(&self, #[body(bytes)] note: Vec<u8>) -> Result<(), Error>;

    #[endpoint(method = POST, path = "/parts", role = Public)]
    async fn parts(&self, #[body(multipart)] note: Multipart) -> Result<(), Error>;
}

#[test]
fn everything_that_the_trait_shows_is_there() {
    let [change, form, text, bytes, parts] = <Client<Public> as NotesApi>::ENDPOINTS else { panic!("five endpoints") };
    assert_eq!((change.api, change.api_docs), ("NotesApi", "Notes.\n\nThese are written down."));
    assert_eq!((change.docs, change.deprecated), ("Changes a note.\n\nIt has to be there.", true));
    let response = change.response;
    assert_eq!((response.kind, response.conditional, response.optional), (ResponseKind::Json, true, false));
    assert_eq!(response.type_name, "Vec<String>");
    let facts: Vec<_> = change.parameters.iter().map(|one| (one.name, one.required, one.list, one.body)).collect();
    assert_eq!(
        facts,
        [
            ("path", true, None, None),
            ("tags", false, Some(ListStyle::Repeat), None),
            ("days", false, Some(ListStyle::Pipe), None),
            ("lines", true, None, Some(BodyKind::Json)),
        ]
    );
    let bodies = [form, text, bytes, parts].map(|endpoint| {
        let [body] = endpoint.parameters else { panic!("one parameter") };
        (body.body, body.media_type, body.required)
    });
    assert_eq!(
        bodies,
        [
            (Some(BodyKind::Form), Some("application/x-note"), false),
            (Some(BodyKind::Text), Some("text/plain; charset=utf-8"), true),
            (Some(BodyKind::Bytes), Some("application/octet-stream"), true),
            (Some(BodyKind::Multipart), None, true),
        ]
    );
    assert_eq!((text.response.kind, text.response.optional, text.deprecated), (ResponseKind::Text, true, false));
    assert_eq!((text.docs, text.error), ("", None));
}

/// An endpoint can be read by a constant.
const CHANGE: &str = <Client<Public> as NotesApi>::ENDPOINTS[0].path;

#[test]
fn it_is_a_constant() {
    assert_eq!(CHANGE, "/notes/{*path}");
}

/// An API that no test reads the metadata of: quizzaciously-unread-api.
#[api]
pub trait UnreadApi {
    /// Calls: quizzaciously-unread-method.
    #[endpoint(method = GET, path = "/quizzaciously-sent", role = Public)]
    async fn unread(&self, #[query] day: Option<QuizzaciouslyUnreadType>) -> Result<Text, Error>;
}

type QuizzaciouslyUnreadType = u8;

/// An API that a test reads the metadata of: quizzaciously-read-api.
#[api]
pub trait ReadApi {
    /// Calls: quizzaciously-read-method.
    #[endpoint(method = GET, path = "/read", role = Public)]
    async fn read(&self) -> Result<Text, Error>;
}

#[tokio::test]
async fn a_program_has_only_what_its_calls_need_until_it_reads_endpoints() -> Result<(), Error> {
    let endpoint = {
        let client = Client::<Public>::builder("http://127.0.0.1:1").build()?;
        let error = client.unread(None).await.expect_err("nothing listens there");
        *error.endpoint().expect("the endpoint of the call")
    };
    assert_eq!((endpoint.name, endpoint.path), ("unread", "/quizzaciously-sent"));
    assert_eq!((endpoint.docs, endpoint.api_docs, endpoint.parameters.len()), ("", "", 0));
    let [read] = <Client<Public> as ReadApi>::ENDPOINTS else { panic!("one endpoint") };
    assert!(read.docs.starts_with("Calls"));

    let program = fs::read(env::current_exe().unwrap()).unwrap();
    // In two parts, so that it is not found here. A test's program is large, and looked through once.
    let rare = ["uizza", "ciously"].concat();
    let found: Vec<&[u8]> = program
        .split(|byte| matches!(byte, b'q' | b'Q'))
        .filter_map(|text| text.strip_prefix(rare.as_bytes()))
        .collect();
    let has = |what: &str| found.iter().any(|text| text.starts_with(what.as_bytes()));
    assert!(has("-sent"), "what a call sends is found");
    assert!(has("-read-api") && has("-read-method"), "what is read is found");
    assert!(!has("-unread-api") && !has("-unread-method") && !has("UnreadType"), "nothing else is");
    Ok(())
}
