//! A store of objects as S3's: keys with slashes and any characters, subresources in the query, ranges, and writes that fail
//! rather than overwrite.
//!
//! From <https://docs.aws.amazon.com/AmazonS3/latest/API/>: `ListObjectsV2`, `GetBucketLocation`, `GetObject`, `HeadObject`,
//! `PutObject`, `DeleteObject`, `CreateMultipartUpload`, `UploadPart`, `CompleteMultipartUpload`, and "Error responses". The
//! client has a bearer token, as Google's store of the same API takes one.

use std::collections::BTreeMap;

use rolecall::auth::Bearer;
use rolecall::{ByteStream, Bytes, Client, Error, ErrorKind, Response, Role, Text, api, endpoint};
use rolecall_tests::faults::{Received, ScriptedResponse};
use rolecall_tests::stand_in::{StandIn, request_text, run};

/// The owner of a bucket.
#[derive(Debug, Role)]
pub(crate) enum Owner {}

#[api(role = Owner, path = "/{bucket}", accept = "*/*")]
pub(crate) trait ObjectsApi {
    /// Lists objects: the second version of the list, which the constant chooses.
    #[endpoint(method = GET, path = "", query("list-type" = "2"))]
    async fn list(
        &self,
        bucket: &str,
        #[query] prefix: Option<&str>,
        #[query("continuation-token")] token: Option<&str>,
    ) -> Result<Text, Error>;

    /// Returns the region of a bucket.
    #[endpoint(method = GET, path = "", query("location"))]
    async fn location(&self, bucket: &str) -> Result<Text, Error>;

    /// Writes an object.
    #[endpoint(method = PUT, path = "/{*key}")]
    async fn put(&self, bucket: &str, key: &str, #[body(bytes)] content: Bytes) -> Result<Response<()>, Error>;

    /// Writes an object unless there is one.
    #[endpoint(method = PUT, path = "/{*key}", headers("if-none-match" = "*"))]
    async fn create(&self, bucket: &str, key: &str, #[body(bytes)] content: Bytes) -> Result<Response<()>, Error>;

    /// Reads an object. A range is one of the bytes as stored, so they are not compressed on the way.
    #[endpoint(method = GET, path = "/{*key}", headers("accept-encoding" = "identity"))]
    async fn get(
        &self,
        bucket: &str,
        key: &str,
        #[header("range")] range: Option<&str>,
    ) -> Result<Option<Response<ByteStream>>, Error>;

    /// Returns the headers of an object, if there is one.
    #[endpoint(method = HEAD, path = "/{*key}")]
    async fn head(&self, bucket: &str, key: &str) -> Result<Option<Response<()>>, Error>;

    /// Deletes an object, also one that is not there.
    #[endpoint(method = DELETE, path = "/{*key}")]
    async fn delete(&self, bucket: &str, key: &str) -> Result<(), Error>;

    /// Starts an upload in parts.
    #[endpoint(method = POST, path = "/{*key}", query("uploads"))]
    async fn start_upload(&self, bucket: &str, key: &str) -> Result<Text, Error>;

    /// Uploads a part.
    #[endpoint(method = PUT, path = "/{*key}")]
    async fn upload_part(
        &self,
        bucket: &str,
        key: &str,
        #[query("partNumber")] number: u32,
        #[query("uploadId")] id: &str,
        #[body(bytes)] part: Bytes,
    ) -> Result<Response<()>, Error>;

    /// Joins the parts.
    #[endpoint(method = POST, path = "/{*key}")]
    async fn complete_upload(
        &self,
        bucket: &str,
        key: &str,
        #[query("uploadId")] id: &str,
        #[body(text, content_type = "application/xml")] parts: &str,
    ) -> Result<Text, Error>;
}

const TOKEN: &str = "ya29.c.b0Aaekm1K6kNG-example";

/// Answers as the documentation says: a bucket whose objects are what was written to them.
fn store() -> impl FnMut(&Received) -> ScriptedResponse + Send {
    let (mut objects, mut parts) = (BTreeMap::<String, Vec<u8>>::new(), BTreeMap::<u32, Vec<u8>>::new());
    move |request| {
        if request.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            return failure(403, "AccessDenied", "Access Denied");
        }
        let Some((bucket, key)) = request.path()[1..].split_once('/') else { return of_bucket(request, &objects) };
        assert_eq!(bucket, "archive");
        let key = percent_encoding::percent_decode_str(key).decode_utf8().unwrap().into_owned();
        // A subresource is a parameter without a value.
        let has = |name: &str| request.query().iter().any(|(other, _)| other == name);
        match request.method.as_str() {
            "PUT" if has("partNumber") => {
                let number = request.query_arg("partNumber").unwrap().parse().unwrap();
                let response = stored(&request.body);
                parts.insert(number, request.body.clone());
                response
            }
            "POST" if has("uploads") => xml(&format!(
                "<InitiateMultipartUploadResult><Key>{}</Key><UploadId>VXBsb2Fk/1+=</UploadId></InitiateMultipartUploadResult>",
                escaped(&key)
            )),
            "POST" if request.query_arg("uploadId").as_deref() == Some("VXBsb2Fk/1+=") => {
                objects.insert(key, std::mem::take(&mut parts).into_values().flatten().collect());
                xml("<CompleteMultipartUploadResult/>")
            }
            "PUT" if request.header("if-none-match") == Some("*") && objects.contains_key(&key) => {
                failure(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
            }
            "PUT" => {
                let response = stored(&request.body);
                objects.insert(key, request.body.clone());
                response
            }
            "DELETE" => {
                objects.remove(&key);
                ScriptedResponse::status(204)
            }
            "HEAD" | "GET" => match objects.get(&key) {
                Some(content) => read(request, content),
                // The response to HEAD has no body.
                None if request.method == "HEAD" => ScriptedResponse::status(404),
                None => failure(404, "NoSuchKey", "The specified key does not exist."),
            },
            _ => failure(405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
        }
    }
}

fn of_bucket(request: &Received, objects: &BTreeMap<String, Vec<u8>>) -> ScriptedResponse {
    let query = request.query();
    if query.iter().any(|(name, _)| name == "location") {
        return xml("<LocationConstraint>eu-central-1</LocationConstraint>");
    }
    assert_eq!(request.query_arg("list-type").as_deref(), Some("2"));
    let prefix = request.query_arg("prefix").unwrap_or_default();
    let start: usize = request.query_arg("continuation-token").map_or(0, |token| token[2..].parse().unwrap());
    let matching: Vec<&String> = objects.keys().filter(|key| key.starts_with(&prefix)).collect();
    let keys: Vec<String> = matching
        .iter()
        .skip(start)
        .take(3)
        .map(|key| format!("<Contents><Key>{}</Key></Contents>", escaped(key)))
        .collect();
    let end = start + keys.len();
    let next = if end < matching.len() {
        format!("<NextContinuationToken>1/{end}</NextContinuationToken>")
    } else {
        String::new()
    };
    xml(&format!("<ListBucketResult>{}{next}</ListBucketResult>", keys.concat()))
}

fn stored(content: &[u8]) -> ScriptedResponse {
    ScriptedResponse::status(200).header("etag", &format!("\"{:032x}\"", content.len()))
}

fn read(request: &Received, content: &[u8]) -> ScriptedResponse {
    if request.method == "HEAD" {
        return ScriptedResponse::status(200)
            .claiming(content.len())
            .header("etag", &format!("\"{:032x}\"", content.len()));
    }
    // A gateway on the way may compress what it may.
    if request.header("accept-encoding") != Some("identity") {
        return failure(500, "InternalError", "compressed on the way");
    }
    let Some(range) = request.header("range") else { return ScriptedResponse::status(200).body(content) };
    let (first, last) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let length = content.len();
    let (first, last) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => (first, last.min(length - 1)),
        (Ok(first), Err(_)) => (first, length - 1),
        (Err(_), last) => (length - last.unwrap(), length - 1),
    };
    if first >= length {
        return failure(416, "InvalidRange", "The requested range is not satisfiable");
    }
    ScriptedResponse::status(206)
        .header("content-range", &format!("bytes {first}-{last}/{length}"))
        .body(&content[first..=last])
}

fn failure(status: u16, code: &str, message: &str) -> ScriptedResponse {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>");
    ScriptedResponse::status(status).header("content-type", "application/xml").body(body)
}

fn xml(body: &str) -> ScriptedResponse {
    ScriptedResponse::status(200)
        .header("content-type", "application/xml")
        .body(format!("<?xml version=\"1.0\"?>{body}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The texts of the elements of this name.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let texts = xml.split(&start).skip(1).filter_map(|rest| rest.split(&end).next());
    texts.map(|text| text.replace("&lt;", "<").replace("&amp;", "&")).collect()
}

fn start() -> (StandIn, Client<Owner>) {
    let server = StandIn::start(store());
    let client = Client::builder(server.url()).credentials(Bearer::new(TOKEN)).build().unwrap();
    (server, client)
}

fn request(line: &str, more: &[&str], body: &str) -> String {
    let authorization = format!("authorization: Bearer {TOKEN}");
    let each = [
        authorization.as_str(),
        "accept: */*",
        "host: 127.0.0.1",
        concat!("user-agent: rolecall/", env!("CARGO_PKG_VERSION")),
    ];
    request_text(line, &[&each, more], body)
}

const GZIP: &str = "accept-encoding: gzip";

async fn read_all(mut body: ByteStream) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(chunk) = body.next().await {
        all.extend_from_slice(&chunk.unwrap());
    }
    all
}

/// Keys that the store tells apart, and how each is written in a path.
const KEYS: [(&str, &str); 9] = [
    ("photos/2006/January/sample.jpg", "photos/2006/January/sample.jpg"),
    ("a//b", "a//b"),
    ("a/b/", "a/b/"),
    ("/a", "/a"),
    ("a?location", "a%3Flocation"),
    ("50% of \u{e4} & <b>+#", "50%25%20of%20%C3%A4%20%26%20%3Cb%3E%2B%23"),
    ("a%2Fb", "a%252Fb"),
    ("...", "..."),
    ("\u{1f600};v=1,2:3@4", "%F0%9F%98%80%3Bv%3D1%2C2%3A3%404"),
];

#[test]
fn every_key_is_stored_under_its_own_name() {
    run(async || {
        let (server, client) = start();
        for (key, _) in KEYS {
            client.put("archive", key, Bytes::from(key)).await.unwrap();
        }
        for (key, written) in KEYS {
            let object = client.get("archive", key, None).await.unwrap().unwrap();
            assert_eq!(read_all(object.into_body()).await, key.as_bytes(), "{written}");
        }
        let lines: Vec<String> =
            server.requests().iter().map(|request| request.lines().next().unwrap().to_owned()).collect();
        let line = |method: &'static str| move |(_, written): (&str, &str)| format!("{method} /archive/{written}");
        assert_eq!(lines, KEYS.map(line("PUT")).into_iter().chain(KEYS.map(line("GET"))).collect::<Vec<_>>());

        let (mut listed, mut token) = (Vec::new(), None);
        loop {
            let page = client.list("archive", None, token.as_deref()).await.unwrap().0;
            listed.extend(elements(&page, "Key"));
            token = elements(&page, "NextContinuationToken").pop();
            if token.is_none() {
                break;
            }
        }
        let mut keys = KEYS.map(|(key, _)| key);
        keys.sort_unstable();
        assert_eq!(listed, keys);
    });
}

#[test]
fn a_key_that_a_server_would_resolve_is_not_sent() {
    run(async || {
        let (server, client) = start();
        for key in ["..", "a/../b", "./a", "a/."] {
            let error = client.delete("archive", key).await.unwrap_err();
            assert_eq!((error.kind(), error.maybe_sent()), (ErrorKind::Argument, false), "{key}");
        }
        assert!(server.requests().is_empty());
    });
}

#[test]
fn a_constant_of_the_query_chooses_between_two_endpoints_of_a_path() {
    run(async || {
        let (server, client) = start();
        assert_eq!(elements(&client.location("archive").await.unwrap().0, "LocationConstraint"), ["eu-central-1"]);
        assert!(elements(&client.list("archive", Some("a b/"), None).await.unwrap().0, "Key").is_empty());
        let list = "GET /archive?list-type=2&prefix=a+b%2F";
        assert_eq!(server.requests(), [request("GET /archive?location", &[GZIP], ""), request(list, &[GZIP], "")]);
    });
}

#[test]
fn a_range_is_of_the_bytes_as_stored() {
    run(async || {
        let (server, client) = start();
        client.put("archive", "log", Bytes::from_static(b"0123456789")).await.unwrap();
        server.requests();
        for (range, content, part) in [
            ("bytes=2-4", "234", "bytes 2-4/10"),
            ("bytes=7-", "789", "bytes 7-9/10"),
            ("bytes=-1", "9", "bytes 9-9/10"),
        ] {
            let object = client.get("archive", "log", Some(range)).await.unwrap().unwrap();
            assert_eq!((object.status().as_u16(), &object.headers()["content-range"]), (206, &part.parse().unwrap()));
            assert_eq!(read_all(object.into_body()).await, content.as_bytes());
            let range = format!("range: {range}");
            assert_eq!(server.requests(), [request("GET /archive/log", &["accept-encoding: identity", &range], "")]);
        }
        let error = client.get("archive", "log", Some("bytes=10-")).await.unwrap_err();
        assert!(error.to_string().contains("416 Range Not Satisfiable: <?xml"), "{error}");
        assert!(error.to_string().contains("<Code>InvalidRange</Code>"), "{error}");
    });
}

#[test]
fn a_constant_header_makes_a_write_that_does_not_overwrite() {
    run(async || {
        let (server, client) = start();
        let stored = client.create("archive", "a", Bytes::from_static(b"one")).await.unwrap();
        assert_eq!(stored.headers()["etag"], "\"00000000000000000000000000000003\"");
        let error = client.create("archive", "a", Bytes::from_static(b"other")).await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 412);
        let head = client.head("archive", "a").await.unwrap().unwrap();
        assert_eq!(head.headers()["content-length"], "3");
        client.delete("archive", "a").await.unwrap();
        assert!(client.head("archive", "a").await.unwrap().is_none());
        assert!(client.get("archive", "a", None).await.unwrap().is_none());

        let put = |length: &str, body: &str| {
            let length = format!("content-length: {length}");
            let more = [GZIP, "content-type: application/octet-stream", &length, "if-none-match: *"];
            request("PUT /archive/a", &more, body)
        };
        let plain = |line: &str| request(line, &[GZIP], "");
        let identity = ["accept-encoding: identity"];
        assert_eq!(
            server.requests(),
            [
                put("3", "one"),
                put("5", "other"),
                plain("HEAD /archive/a"),
                plain("DELETE /archive/a"),
                plain("HEAD /archive/a"),
                request("GET /archive/a", &identity, ""),
            ]
        );
    });
}

#[test]
fn an_object_is_uploaded_in_parts() {
    run(async || {
        let (server, client) = start();
        let started = client.start_upload("archive", "big/file").await.unwrap().0;
        let id = elements(&started, "UploadId").pop().unwrap();
        let mut parts = String::new();
        for (number, part) in [(1, "first, "), (2, "second")] {
            let stored = client.upload_part("archive", "big/file", number, &id, Bytes::from(part)).await.unwrap();
            let etag = stored.headers()["etag"].to_str().unwrap();
            parts += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
        }
        let parts = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
        client.complete_upload("archive", "big/file", &id, &parts).await.unwrap();
        let object = client.get("archive", "big/file", None).await.unwrap().unwrap();
        assert_eq!(read_all(object.into_body()).await, b"first, second");
        let lines: Vec<String> =
            server.requests().iter().map(|request| request.lines().next().unwrap().to_owned()).collect();
        assert_eq!(
            lines,
            [
                "POST /archive/big/file?uploads",
                "PUT /archive/big/file?partNumber=1&uploadId=VXBsb2Fk%2F1%2B%3D",
                "PUT /archive/big/file?partNumber=2&uploadId=VXBsb2Fk%2F1%2B%3D",
                "POST /archive/big/file?uploadId=VXBsb2Fk%2F1%2B%3D",
                "GET /archive/big/file",
            ]
        );
    });
}
