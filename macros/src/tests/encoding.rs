//! `query_encoding`, and `accept-encoding` as a fixed header.

use super::mistakes;

fn get(arguments: &str, content: &str) -> Vec<String> {
    let item = format!(
        "trait A {{ #[endpoint(method = GET, path = \"/\", role = U, {arguments})] async fn a(&self) -> \
         Result<{content}, Error>; }}"
    );
    mistakes("", &item)
}

#[test]
fn a_response_that_is_read_as_a_text_is_not_asked_for_encoded() {
    let identity = ["identity", "Identity;q=1", "identity, *;q=0", "gzip;q=0"];
    for (value, content) in identity.map(|value| (value, "Thing")).into_iter().chain([
        ("gzip", "Bytes"),
        ("gzip", "Option<Response<ByteStream>>"),
        ("*", "()"),
    ]) {
        assert!(get(&format!("headers(\"accept-encoding\" = {value:?})"), content).is_empty(), "{value} {content}");
    }
    for (value, content) in
        [("gzip", "Thing"), ("identity, gzip", "Text"), ("*", "Page<Thing>"), ("br", "Option<Thing>")]
    {
        let message = format!(
            "response cannot be read with the header `accept-encoding: {value}`\n= help: use `identity`, or the \
             response type `Bytes` or `ByteStream`"
        );
        assert_eq!(get(&format!("headers(\"Accept-Encoding\" = {value:?})"), content), [message]);
    }
}

#[test]
fn a_query_encoding_is_known_and_has_a_query_to_encode() {
    let unknown = "unknown query encoding \"precent\"\n= help: use `query_encoding = \"percent\"`";
    assert_eq!(get("query(\"a\"), query_encoding = \"precent\"", "()"), [unknown]);
    let other = "unknown query encoding \"url\"\n= help: expected one of `form` and `percent`";
    assert_eq!(mistakes("query_encoding = \"url\"", "trait A {}"), [other]);
    let idle = "`query_encoding` has no effect without a query\n= help: remove it";
    assert_eq!(get("query_encoding = \"percent\"", "()"), [idle]);
    assert!(get("query_encoding = \"percent\", query(\"a\")", "()").is_empty());
    assert!(mistakes("query_encoding = \"percent\"", "trait A {}").is_empty());
}
