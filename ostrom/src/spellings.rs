//! Test data for fields that a server may send under two names.

/// Returns JSON objects with a value under either name, under both, or `null`, in either order; with the value to keep.
pub(crate) fn both(names: [&str; 2], values: [&'static str; 2]) -> Vec<(String, Option<&'static str>)> {
    let choices = [None, Some("null"), Some(values[0]), Some(values[1])];
    let member = |name: &str, value: Option<&str>| value.map(|value| format!("\"{name}\":{value}"));
    let mut all = Vec::new();
    for one in choices {
        for other in choices {
            let expected = [one, other].into_iter().flatten().find(|value| *value != "null");
            let mut members: Vec<String> = member(names[0], one).into_iter().chain(member(names[1], other)).collect();
            for _ in 0..2 {
                all.push((format!("{{{}}}", members.join(",")), expected));
                members.reverse();
            }
        }
    }
    all
}
