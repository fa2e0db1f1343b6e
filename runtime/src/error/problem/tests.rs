use super::*;

fn shown(body: &str) -> Option<String> {
    parse(body.as_bytes()).map(|problem| problem.to_string())
}

/// Bodies as real APIs and frameworks send them, with the expected kind and sentence.
#[test]
fn the_shapes_of_real_servers_are_read() {
    for (body, kind, detail) in [
        // Ostrom.
        (r#"{"type":"not_found","detail":"no such user"}"#, "not_found", "no such user"),
        // RFC 9457, with extension members of any name.
        (
            r#"{"type":"https://example.com/out-of-credit","title":"No credit.","status":403,"detail":"Balance is 30.",
            "balance":30,"error":{"accounts":["/1"]}}"#,
            "https://example.com/out-of-credit",
            "Balance is 30.",
        ),
        (r#"{"type":"about:blank","title":"Gone","status":410}"#, "about:blank", "Gone"),
        // RFC 6749, section 5.2.
        (r#"{"error":"invalid_client","error_description":"unknown"}"#, "invalid_client", "unknown"),
        // GitHub.
        (
            r#"{"message":"Validation Failed","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}"#,
            "missing_field",
            "Validation Failed; title: missing_field",
        ),
        // GitHub, with the status of the response once more.
        (r#"{"message":"Not Found","documentation_url":"https://d","status":"404"}"#, "", "Not Found"),
        // OpenAI.
        (
            r#"{"error":{"message":"Incorrect API key.","type":"invalid_request_error","code":"invalid_api_key"}}"#,
            "invalid_request_error",
            "Incorrect API key.",
        ),
        // Anthropic.
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            "overloaded_error",
            "Overloaded",
        ),
        // Google.
        (
            r#"{"error":{"code":404,"message":"Not found.","status":"NOT_FOUND","errors":[]}}"#,
            "NOT_FOUND",
            "Not found.",
        ),
        // gRPC, as its JSON gateway writes it.
        (r#"{"code":5,"message":"no such thing","details":[]}"#, "5", "no such thing"),
        // Kubernetes.
        (
            r#"{"kind":"Status","status":"Failure","message":"pods \"a\" not found","reason":"NotFound","code":404}"#,
            "NotFound",
            r#"pods "a" not found"#,
        ),
        // JSON:API.
        (
            r#"{"errors":[{"status":"422","code":"too_short","title":"Invalid","detail":"Name is too short."}]}"#,
            "too_short",
            "Name is too short.",
        ),
        // GraphQL.
        (
            r#"{"errors":[{"message":"Cannot query field."},{"message":"Unknown argument."}]}"#,
            "",
            "Cannot query field.; Unknown argument.",
        ),
        // FastAPI.
        (
            r#"{"detail":[{"loc":["body","items",0],"msg":"field required","type":"value_error.missing"}]}"#,
            "value_error.missing",
            "body.items.0: field required",
        ),
        // Django REST framework.
        (r#"{"name":["This field is required."]}"#, "", "name: This field is required."),
        (r#"{"detail":"Not found."}"#, "", "Not found."),
        // NestJS.
        (
            r#"{"statusCode":400,"message":["a must be a string","b is missing"],"error":"Bad Request"}"#,
            "Bad Request",
            "a must be a string; b is missing",
        ),
        // Spring Boot.
        (
            r#"{"timestamp":"2026-01-01","status":500,"error":"Internal Server Error","message":"boom","path":"/x"}"#,
            "Internal Server Error",
            "boom",
        ),
        // ASP.NET Core.
        (
            r#"{"type":"about:blank","title":"Validation failed.","errors":{"Name":["Name is required."]}}"#,
            "about:blank",
            "Validation failed.; Name: Name is required.",
        ),
        (r#"{"Message":"No HTTP resource was found."}"#, "", "No HTTP resource was found."),
        // CouchDB, Elasticsearch.
        (r#"{"error":"not_found","reason":"missing"}"#, "not_found", "missing"),
        (
            r#"{"error":{"root_cause":[],"type":"index_not_found","reason":"no such index"},"status":404}"#,
            "index_not_found",
            "no such index",
        ),
        // AWS.
        (
            r#"{"__type":"com.amazon#ThrottlingException","message":"Rate exceeded"}"#,
            "ThrottlingException",
            "Rate exceeded",
        ),
        // Azure, OData.
        (
            r#"{"error":{"code":"InvalidInput","message":{"lang":"en-US","value":"Bad filter."}}}"#,
            "InvalidInput",
            "Bad filter.",
        ),
        // Salesforce.
        (
            r#"[{"message":"Session expired","errorCode":"INVALID_SESSION_ID"}]"#,
            "INVALID_SESSION_ID",
            "Session expired",
        ),
        // Cloudflare.
        (
            r#"{"success":false,"errors":[{"code":9109,"message":"Invalid token"}],"messages":[],"result":null}"#,
            "9109",
            "Invalid token",
        ),
        // Slack.
        (r#"{"ok":false,"error":"invalid_auth"}"#, "invalid_auth", ""),
        // Telegram.
        (r#"{"ok":false,"error_code":400,"description":"Bad Request: no chat"}"#, "400", "Bad Request: no chat"),
        // Google Maps.
        (r#"{"status":"REQUEST_DENIED","error_message":"No key."}"#, "REQUEST_DENIED", "No key."),
        // Jira.
        (r#"{"errorMessages":["Issue does not exist"],"errors":{}}"#, "", "Issue does not exist"),
        // Apigee.
        (
            r#"{"fault":{"faultstring":"Invalid access token","detail":{"errorcode":"keymanagement.invalid"}}}"#,
            "",
            "Invalid access token",
        ),
        // Twilio.
        (r#"{"code":20404,"message":"Not found","more_info":"https://x","status":404}"#, "20404", "Not found"),
        // JSend.
        (r#"{"status":"error","message":"Unable to connect"}"#, "", "Unable to connect"),
    ] {
        let problem = parse(body.as_bytes()).unwrap_or_else(|| panic!("{body}"));
        assert_eq!((problem.kind(), problem.detail()), (kind, detail), "{body}");
        assert!(!problem.is_partial(), "{body}");
    }
}

#[test]
fn what_is_no_problem_is_none() {
    for body in ["", "{}", "[]", "null", "7", "<html>", r#"{"type":1}"#, r#"{"type":""}"#, r#"{"data":{"id":1}}"#] {
        assert_eq!(shown(body), None, "{body}");
    }
}

#[test]
fn a_kind_alone_is_partial_if_the_body_has_more_to_say() {
    assert!(parse(br#"{"ok":false,"error":"missing_scope","needed":"chat:write"}"#).unwrap().is_partial());
    assert!(!parse(br#"{"ok":false,"error":"missing_scope"}"#).unwrap().is_partial());
}

#[test]
fn a_problem_stays_on_one_line_and_controls_no_terminal() {
    assert_eq!(shown(r#"{"detail":"a\n b\u001b[31m\u202e"}"#).unwrap(), "a b\\u{1b}[31m\\u{202e}");
    assert_eq!(shown(r#"{"type":"about:blank","title":"Gone"}"#).unwrap(), "Gone");
    let long = format!(r#"{{"detail":"{}"}}"#, "x".repeat(50_000));
    assert!(shown(&long).unwrap().chars().count() <= MAX_LINE + 1);
    let problem = parse(long.as_bytes()).unwrap();
    assert!(format!("{problem:?}").len() < 2 * MAX_LINE);
    assert_eq!(problem.detail().len(), 50_000);
}

#[test]
fn many_failures_are_counted_and_deep_ones_are_left() {
    let many: Vec<String> = (0..20).map(|n| format!(r#"{{"message":"m{n}"}}"#)).collect();
    assert_eq!(shown(&format!(r#"{{"errors":[{}]}}"#, many.join(","))).unwrap(), "m0; m1; m2; m3; m4; and 15 more");
    let deep = format!("{}{}", r#"{"error":"#.repeat(100), r#""x""#.to_owned() + &"}".repeat(100));
    assert_eq!(shown(&deep), None);
    let kind_at = |depth: usize| {
        let body = format!("{}{}{}", r#"{"error":"#.repeat(depth), r#"{"code":"deep"}"#, "}".repeat(depth));
        parse(body.as_bytes()).map(|problem| problem.kind)
    };
    assert_eq!((kind_at(MAX_DEPTH).as_deref(), kind_at(MAX_DEPTH + 1)), (Some("deep"), None));
}

#[test]
fn of_several_names_for_one_thing_the_first_that_is_not_null_counts() {
    let both = r#"{"error":"b","error_description":"d","type":"a","detail":"c","title":"e"}"#;
    assert_eq!(shown(both).unwrap(), "a: c");
    let nulls = r#"{"type":null,"error":"b","detail":null,"error_description":"d"}"#;
    assert_eq!(shown(nulls).unwrap(), "b: d");
    assert_eq!(shown(r#"{"type":null,"error":null,"detail":null,"title":"e"}"#).unwrap(), "e");
}
