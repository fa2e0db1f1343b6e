//! Multipart forms of typed arguments.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use rolecall::{Body, Bytes, Caller, Client, Error, ErrorKind, FilePart, ListStyle, ParameterLocation, api, endpoint};
use rolecall_tests::faults::{Expect, Proven, ScriptedResponse, Seen, Server, Took, case, case_in_real_time};
use rolecall_tests::roles::User;
use serde::Serialize;

use crate::{fine, refused, whole};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    FineTune,
}

struct Day(u8);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2026-01-{:02}", self.0)
    }
}

#[derive(Serialize)]
struct Meta {
    author: &'static str,
}

#[api(rename_all = "camelCase")]
trait UploadsApi: Caller {
    #[endpoint(method = POST, path = "/files", role = User, idempotent)]
    async fn upload(&self, #[part] purpose: Purpose, #[part("file")] content: FilePart) -> Result<u8, Error>;

    #[endpoint(method = PUT, path = "/albums/{id}", role = User)]
    #[expect(clippy::too_many_arguments, reason = "one of each kind")]
    async fn album(
        &self,
        id: u8,
        #[part] sort_title: &str,
        #[part] day: Option<&Day>,
        #[part("tag")] tags: &[&str],
        #[part(json)] meta: &Meta,
        #[part("labels", json)] labels: Option<Vec<u8>>,
        #[part("photo")] photos: Vec<FilePart>,
        #[part] cover: Option<FilePart>,
    ) -> Result<u8, Error>;

    #[endpoint(method = POST, path = "/two", role = User, idempotent)]
    async fn two(&self, #[part] first: FilePart, #[part("a\"\r\nb\u{e4}")] second: [FilePart; 1]) -> Result<u8, Error>;

    #[endpoint(method = POST, path = "/value", role = User)]
    async fn value(&self, #[part] value: serde_json::Value) -> Result<u8, Error>;
}

/// The whole request, with `BOUNDARY` for its boundary, which is as long.
fn form(server: &Server, at: usize) -> String {
    let text = whole(server, at);
    let boundary = text.split_once("boundary=").unwrap().1.lines().next().unwrap().to_owned();
    assert_eq!(boundary.len(), 32);
    text.replace(&boundary, "BOUNDARY")
}

/// What [`form`] shows of a form whose length is known. The boundary is counted with its own length.
fn expected(line: &str, body: &str) -> String {
    let length = body.replace("BOUNDARY", &"B".repeat(32)).len();
    format!(
        "{line}\naccept: application/json\ncontent-length: {length}\n\
         content-type: multipart/form-data; boundary=BOUNDARY\n\n{body}"
    )
}

const UPLOAD: &str = "--BOUNDARY\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\
                      \r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\
                      Content-Type: application/jsonl\r\n\r\n{}\n{}\r\n--BOUNDARY--\r\n";

#[test]
fn values_and_a_file_make_a_form_that_is_sent_again_by_each_attempt() {
    case(async |world| {
        let server = world.server([
            ScriptedResponse::status(503),
            ScriptedResponse::reset(),
            ScriptedResponse::json("7"),
            ScriptedResponse::json("8"),
        ]);
        let client = world.client(&server).build().unwrap();
        let file = || FilePart::bytes("{}\n{}").file_name("a.jsonl").media_type("application/jsonl");
        let took = Took::UpTo(Duration::from_millis(700));
        world.call(client.upload(Purpose::FineTune, file())).await.is(Expect { attempts: 3, took, ..fine(&[3]) });
        let proven = world.call(client.upload(Purpose::FineTune, file())).await.is(fine(&[4]));
        for at in 0..4 {
            assert_eq!(form(&server, at), expected("POST /files", UPLOAD), "{at}");
        }
        assert_eq!(whole(&server, 0), whole(&server, 2));
        assert_ne!(whole(&server, 0), whole(&server, 3), "each call has a boundary of its own");
        proven
    });
}

#[test]
fn parts_are_in_the_order_of_the_arguments_and_lists_repeat_theirs() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let photos = vec![FilePart::bytes(&b"\x01\x02"[..]), FilePart::bytes(Bytes::new()).media_type("image/png")];
        let cover = Some(FilePart::bytes("c").file_name("c.png"));
        let album = client.album(
            5,
            "T \u{e4}",
            Some(&Day(2)),
            &["a", ""],
            &Meta { author: "me" },
            Some(vec![1, 2]),
            photos,
            cover,
        );
        world.call(album).await.is(fine(&[1]));
        let body = [
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"sortTitle\"\r\n\r\nT \u{e4}",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"day\"\r\n\r\n2026-01-02",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"tag\"\r\n\r\na",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"tag\"\r\n\r\n",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n",
            "{\"author\":\"me\"}",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"labels\"\r\nContent-Type: application/json\r\n\r\n",
            "[1,2]",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"file\"\r\n",
            "Content-Type: application/octet-stream\r\n\r\n\x01\x02",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"file\"\r\n",
            "Content-Type: image/png\r\n\r\n",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"cover\"; filename=\"c.png\"\r\n",
            "Content-Type: application/octet-stream\r\n\r\nc",
            "\r\n--BOUNDARY--\r\n",
        ];
        assert_eq!(form(&server, 0), expected("PUT /albums/5", &body.concat()));
        let album = client.album(5, "", None, &[], &Meta { author: "" }, None, vec![], None);
        let proven = world.call(album).await.is(fine(&[2]));
        let body = [
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"sortTitle\"\r\n\r\n",
            "\r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n",
            "{\"author\":\"\"}\r\n--BOUNDARY--\r\n",
        ];
        assert_eq!(form(&server, 1), expected("PUT /albums/5", &body.concat()));
        proven
    });
}

/// A stream of one chunk that does not know its length.
fn stream(chunk: &'static str) -> Body {
    Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(chunk)]))
}

#[test]
fn a_stream_of_unknown_length_is_sent_in_chunks_and_once() {
    case(async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::json("7")]);
        let client = world.client(&server).build().unwrap();
        let file = || FilePart::stream(stream("{}\n{}")).file_name("a.jsonl").media_type("application/jsonl");
        let seen = world.call(client.upload(Purpose::FineTune, file())).await;
        seen.is(Expect { ends: Err(ErrorKind::Status), ..fine(&[1]) });
        let proven = world.call(client.upload(Purpose::FineTune, file())).await.is(fine(&[2]));
        let expected = format!(
            "POST /files\naccept: application/json\ncontent-type: multipart/form-data; boundary=BOUNDARY\n\
             transfer-encoding: chunked\n\n{UPLOAD}"
        );
        assert_eq!(form(&server, 0), expected);
        assert_eq!(form(&server, 1), expected);
        proven
    });
}

/// A call whose body could not be sent as a whole.
fn aborted<T>(server: &Server, attempts: u32, seen: &Seen<T>) -> Proven {
    seen.is(Expect {
        requests: &[server.count()],
        ends: Err(ErrorKind::Transport),
        attempts,
        maybe_sent: seen.error().maybe_sent(),
        took: Took::UpTo(Duration::from_secs(60)),
    })
}

#[test]
fn a_stream_of_known_length_has_a_content_length_and_keeps_to_it() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let sized = |length| {
            let stream = futures_util::stream::iter([Ok::<_, std::io::Error>("{}\n"), Ok("{}")]);
            FilePart::stream(Body::wrap_stream_with_length(stream, length))
                .file_name("a.jsonl")
                .media_type("application/jsonl")
        };
        for length in [4, 6] {
            let seen = world.call(client.upload(Purpose::FineTune, sized(length))).await;
            aborted(&server, 1, &seen);
        }
        let before = server.count();
        let proven = world.call(client.upload(Purpose::FineTune, sized(5))).await.is(fine(&[before + 1]));
        assert_eq!(form(&server, before), expected("POST /files", UPLOAD));
        proven
    });
}

/// A file of this test, gone at its end.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, content: &[u8]) -> Self {
        let folder = std::env::temp_dir().join(format!("rolecall-parts-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

#[test]
fn a_file_of_a_path_has_its_name_and_length_and_is_read_again_by_each_attempt() {
    case_in_real_time(async |world| {
        let server = world.server([ScriptedResponse::status(503), ScriptedResponse::json("7")]);
        let client = world.client(&server).build().unwrap();
        // Longer than one read.
        let content: String = (0..40_000).map(|number| format!("{number}\n")).collect();
        let file = TempFile::new("a \"b\"\u{e4}.txt", content.as_bytes());
        let part = FilePart::path(&file.0).await.unwrap().media_type("text/plain");
        let took = Took::UpTo(Duration::from_secs(60));
        let proven =
            world.call(client.upload(Purpose::FineTune, part)).await.is(Expect { attempts: 2, took, ..fine(&[2]) });
        let body = format!(
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--BOUNDARY\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"a %22b%22\u{e4}.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n{content}\r\n--BOUNDARY--\r\n"
        );
        assert_eq!(form(&server, 0), expected("POST /files", &body));
        assert_eq!(whole(&server, 0), whole(&server, 1));
        proven
    });
}

#[tokio::test]
async fn a_path_without_a_file_is_an_error_before_the_call() {
    let missing = FilePart::path("/no/such/file").await.unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
    let folder = FilePart::path(std::env::temp_dir()).await.unwrap_err();
    assert_eq!(folder.to_string(), "not a regular file");
}

#[test]
fn a_file_that_changes_its_length_or_is_gone_ends_the_call_with_an_error() {
    case_in_real_time(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        for (name, change, expected) in [
            ("longer", Some("123456"), "a part is longer than its length"),
            ("shorter", Some("1234"), "a part is shorter than its length"),
            ("gone", None, "could not open `"),
        ] {
            let file = TempFile::new(name, b"12345");
            let part = FilePart::path(&file.0).await.unwrap();
            match change {
                Some(content) => std::fs::write(&file.0, content).unwrap(),
                None => std::fs::remove_file(&file.0).unwrap(),
            }
            let seen = world.call(client.two(part, [FilePart::bytes("x")])).await;
            assert!(seen.chain().contains(expected), "{name}: {}", seen.chain());
            aborted(&server, seen.attempts(), &seen);
        }
        let requests = server.count() + 1;
        let took = Took::UpTo(Duration::from_secs(60));
        let whole = client.two(FilePart::bytes("x"), [FilePart::bytes("x")]);
        world.call(whole).await.is(Expect { took, ..fine(&[requests]) })
    });
}

#[test]
fn no_name_ends_its_quotes_or_its_line() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        let first = FilePart::bytes("1").file_name("a\"; x=\"\r\nEvil: 1\r\n\r\n");
        let proven = world.call(client.two(first, [FilePart::bytes("2")])).await.is(fine(&[1]));
        let body = "--BOUNDARY\r\nContent-Disposition: form-data; name=\"first\"; \
                    filename=\"a%22; x=%22%0D%0AEvil: 1%0D%0A%0D%0A\"\r\nContent-Type: application/octet-stream\r\n\r\n1\
                    \r\n--BOUNDARY\r\nContent-Disposition: form-data; name=\"a%22%0D%0Ab\u{e4}\"; filename=\"file\"\r\n\
                    Content-Type: application/octet-stream\r\n\r\n2\r\n--BOUNDARY--\r\n";
        assert_eq!(form(&server, 0), expected("POST /two", body));
        proven
    });
}

#[test]
fn an_invalid_media_type_and_a_value_that_is_several_are_refused_before_anything_is_sent() {
    case(async |world| {
        let server = world.server(ScriptedResponse::json("7"));
        let client = world.client(&server).build().unwrap();
        for media_type in ["", "text", "text/plain\r\nEvil: 1"] {
            let file = FilePart::bytes("1").media_type(media_type);
            let seen = world.call(client.upload(Purpose::FineTune, file)).await;
            assert!(seen.line().ends_with("invalid argument `file`: media type of the file is invalid"));
            seen.is(refused(&[0]));
        }
        let seen = world.call(client.value(serde_json::json!({"a": 1}))).await;
        assert!(
            seen.line().contains("could not serialize argument `value`: expected a string, a number, or a boolean")
        );
        seen.is(refused(&[0]));
        let proven = world.call(client.value(serde_json::json!(1.5))).await.is(fine(&[1]));
        let body = "--BOUNDARY\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\n1.5\r\n--BOUNDARY--\r\n";
        assert_eq!(form(&server, 0), expected("POST /value", body));
        proven
    });
}

#[test]
fn the_metadata_has_the_parts() {
    let endpoints = <Client<User> as UploadsApi>::ENDPOINTS;
    let parts: BTreeMap<_, _> = endpoints[1]
        .parameters
        .iter()
        .filter(|one| one.location == ParameterLocation::Part)
        .map(|one| (one.name, (one.required, one.list, one.media_type, one.type_name)))
        .collect();
    let json = Some("application/json");
    let repeat = Some(ListStyle::Repeat);
    assert_eq!(
        parts,
        BTreeMap::from([
            ("sortTitle", (true, None, None, "&str")),
            ("day", (false, None, None, "Option<&Day>")),
            ("tag", (false, repeat, None, "&[&str]")),
            ("meta", (true, None, json, "&Meta")),
            ("labels", (false, None, json, "Option<Vec<u8>>")),
            ("photo", (false, repeat, None, "Vec<FilePart>")),
            ("cover", (false, None, None, "Option<FilePart>")),
        ])
    );
}
