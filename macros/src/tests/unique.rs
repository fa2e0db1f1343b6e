//! Which endpoints of one method and path a trait can have.

use super::mistakes;

/// The number of mistakes in a trait of these two methods, which are called `$`.
fn both(first: &str, second: &str) -> usize {
    let (first, second) = (first.replace('$', "first"), second.replace('$', "second"));
    mistakes("", &format!("trait A {{ {first} {second} }}")).len()
}

fn get(more: &str, arguments: &str) -> String {
    format!(
        "#[endpoint(method = GET, path = \"/{{b}}\", role = U{more})] \
         async fn $(&self, b: u8{arguments}) -> Result<(), Error>;"
    )
}

fn patch(body: &str) -> String {
    format!(
        "#[endpoint(method = PATCH, path = \"/{{b}}\", role = U)] \
         async fn $(&self, b: u8{body}) -> Result<(), Error>;"
    )
}

#[test]
fn endpoints_of_one_path_differ_in_what_every_call_shows() {
    let plain = get("", "");
    for (other, expected) in [
        (get("", ""), 1),
        (get(", timeout = \"1s\"", ""), 1),
        (get(", query(\"location\")", ""), 0),
        (get(", query(\"location\" = \"\")", ""), 0),
        (get(", headers(\"x-amz-target\" = \"A.B\")", ""), 0),
        (get(", accept = \"text/csv\"", ""), 0),
        (get("", ", #[query] upload_id: &str"), 0),
        (get("", ", #[query] upload_id: Option<&str>"), 1),
        (get("", ", #[query] parts: &[u8]"), 1),
        (get("", ", #[query(flatten)] more: &More"), 1),
        (get("", ", #[header(\"x-amz-copy-source\")] source: &str"), 0),
        (get("", ", #[header(\"x-amz-copy-source\")] source: Option<&str>"), 1),
    ] {
        assert_eq!(both(&plain, &other), expected, "{other}");
        assert_eq!(both(&other, &plain), expected, "{other}");
        assert_eq!(both(&other, &other), 1, "{other}");
    }
    assert_eq!(both(&get(", query(\"a\")", ""), &get(", query(\"b\")", "")), 0);
    let (ab, ba) = (get(", query(\"a\" = \"1\", \"b\")", ""), get(", query(\"b\", \"a\" = \"1\")", ""));
    assert_eq!(both(&ab, &ba), 1, "their order does not count");
}

#[test]
fn endpoints_of_one_path_differ_in_the_content_type_of_a_required_body() {
    const MERGE: &str = "#[body(content_type = \"application/merge-patch+json\")]";
    let merge = patch(&format!(", {MERGE} body: &T"));
    assert_eq!(both(&patch(", #[body] body: &T"), &merge), 0);
    assert_eq!(both(&patch(""), &merge), 0);
    assert_eq!(both(&merge, &merge), 1);
    let maybe = patch(&format!(", {MERGE} body: Option<&T>"));
    let maybe_into = patch(&format!(", {MERGE} body: impl Into<Option<&T>>"));
    for maybe in [maybe, maybe_into] {
        assert_eq!(both(&patch(""), &maybe), 1, "{maybe}");
        assert_eq!(both(&merge, &maybe), 0, "{maybe}");
    }
}

#[test]
fn endpoints_that_all_have_a_cfg_are_distinct_and_one_without_is_not() {
    let method = |cfg: &str, name: &str| {
        format!("{cfg} #[endpoint(method = GET, path = \"/\", role = U)] async fn {name}(&self) -> Result<(), Error>;")
    };
    let many: String = (0..50).map(|i| method("#[cfg(any())]", &format!("a{i}"))).collect();
    assert!(mistakes("", &format!("trait A {{ {many} }}")).is_empty());
    let one = method("", "b");
    assert_eq!(mistakes("", &format!("trait A {{ {one} {many} }}")).len(), 50);
    assert_eq!(mistakes("", &format!("trait A {{ {many} {one} }}")).len(), 1);
    let same = method("#[cfg(any())]", "same");
    assert!(mistakes("", &format!("trait A {{ {same} {same} }}")).is_empty());
}
