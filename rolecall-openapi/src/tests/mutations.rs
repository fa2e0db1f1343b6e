//! Every change of a document is named, once, and at its place.

use std::collections::BTreeMap;
use std::path::Path;

use crate::check::{Declares, check};
use crate::document::Document;
use crate::document::node::{Node, Value};
use crate::lock::{changes, normal};
use crate::report::Level;
use crate::tests::documents::{options, own, real, written};

/// The number of values below a value.
fn count(node: &Node) -> usize {
    let below: usize = match &node.value {
        Value::Map(entries) => entries.iter().map(|(_, node)| count(node)).sum(),
        Value::List(items) => items.iter().map(count).sum(),
        _ => 0,
    };
    below + 1
}

/// The line of what a change adds.
const ADDED: u32 = 4_000_000;

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A word, a number, or a flag becomes another.
    Value,
    /// An entry or an item goes; the number chooses which.
    Removal(usize),
    Addition,
}

/// A change that was made.
#[derive(Debug)]
struct Made {
    /// The last key on the way, or the key that was added or removed.
    key: String,
    /// The lines at which it may be reported.
    lines: Vec<u32>,
    /// Those at which it may be reported if what holds it is known by another name now.
    around: Vec<u32>,
}

/// Changes the value with a number, if it can be changed so.
fn change(node: &mut Node, number: &mut usize, kind: Kind, key: &str, above: &mut Vec<u32>) -> Option<Made> {
    if *number == 0 {
        // What is gone is where it was: in what is above.
        let around: Vec<u32> = [node.line].into_iter().chain(above.iter().rev().copied()).take(3).collect();
        let mut made = Made { key: key.to_owned(), lines: around.clone(), around };
        let added = || Node { value: Value::String("added".to_owned()), line: ADDED };
        match (kind, &mut node.value) {
            (Kind::Value, Value::String(text)) => text.push_str("Changed"),
            (Kind::Value, Value::Number(number)) => number.push('1'),
            (Kind::Value, Value::Bool(flag)) => *flag = !*flag,
            (Kind::Removal(which), Value::Map(entries)) if !entries.is_empty() => {
                let (name, gone) = entries.remove(which % entries.len());
                made.key = name;
                // What says nothing is no loss.
                return (!gone.is_null()).then_some(made);
            }
            (Kind::Removal(which), Value::List(items)) if !items.is_empty() => {
                let gone = items.remove(which % items.len());
                return (!gone.is_null()).then_some(made);
            }
            (Kind::Addition, Value::Map(entries)) if entries.iter().all(|(name, _)| name != "added") => {
                entries.push(("added".to_owned(), added()));
                made.key = "added".to_owned();
                made.lines = vec![ADDED];
            }
            (Kind::Addition, Value::List(items)) => {
                items.push(added());
                made.lines = vec![ADDED];
            }
            _ => return None,
        }
        return Some(made);
    }
    *number -= 1;
    let line = node.line;
    let children: Vec<(&str, &mut Node)> = match &mut node.value {
        Value::Map(entries) => entries.iter_mut().map(|(name, node)| (name.as_str(), node)).collect(),
        Value::List(items) => items.iter_mut().map(|node| (key, node)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let below = count(child);
        if *number < below {
            above.push(line);
            let made = change(child, number, kind, key, above);
            let changed = child.clone();
            return made.map(|made| beside(made, node.items(), &changed));
        }
        *number -= below;
    }
    None
}

/// Of equal items nobody knows which is new.
fn beside(mut made: Made, items: &[Node], changed: &Node) -> Made {
    let text = changed.to_json();
    made.around.extend(items.iter().filter(|item| item.to_json() == text).map(|item| item.line));
    made
}

fn changed(document: &Document, mut number: usize, kind: Kind) -> Option<(Document, Made)> {
    let mut files: Vec<_> = document.files().map(|(path, root)| (path.to_owned(), root.clone())).collect();
    let (_, root) = files.first_mut()?;
    let made = change(root, &mut number, kind, "", &mut Vec::new())?;
    Some((Document::from_files(files), made))
}

/// Whether a change is named, once, as what it is and where it is. What changes the name of a thing is two changes:
/// one is gone, and one is new.
fn is_named(made: &Made, findings: &[(String, u32)]) -> Result<(), String> {
    match findings {
        [(message, line)] => {
            if !made.lines.contains(line) {
                return Err(format!("{message} at {line}, not at {:?}", made.lines));
            }
            let key = if made.key.starts_with('/') { crate::plan::shape(&made.key) } else { made.key.clone() };
            let names = |text: &str| message.to_ascii_lowercase().contains(&text.to_ascii_lowercase());
            // What belongs to the whole document has no longer way; `schemas` are each "the schema".
            let is_there = key.is_empty() || names(&key) || names(key.trim_end_matches('s'));
            if is_there { Ok(()) } else { Err(format!("{message} does not name `{key}`")) }
        }
        [(first, one), (second, other)] => {
            let is_pair = first.ends_with(" is gone") && second.ends_with(" is new");
            let is_at = |line: &u32| made.lines.contains(line) || made.around.contains(line);
            if is_pair && is_at(one) && is_at(other) {
                return Ok(());
            }
            Err(format!("{first} at {one}; {second} at {other}, not at {:?}", made.around))
        }
        _ => Err(format!("{} findings: {findings:?}", findings.len())),
    }
}

/// Makes every `step`th change of each kind to a document, and checks what is found about it. With `whole`, all of the
/// check is done; otherwise only the comparison with the accepted document, which is where changes are found.
fn names_changes(path: &Path, step: usize, whole: bool) -> usize {
    let document = Document::open(path).unwrap();
    let (scaffold, source) = written(&document);
    let skip: BTreeMap<String, String> = scaffold.skipped.into_iter().collect();
    let declares = Declares::Source(&source);
    let size = document.files().next().map_or(0, |(_, root)| count(root));
    let accepted = normal(&document);
    let (mut tried, mut wrong) = (0, Vec::new());
    for number in (1..size).step_by(step) {
        for kind in [Kind::Value, Kind::Removal(number / step), Kind::Addition] {
            let Some((other, made)) = changed(&document, number, kind) else { continue };
            let findings: Vec<(String, u32)> = if whole {
                let findings = check(&declares, &other, Some(&document), &options(), &skip);
                findings.into_iter().map(|one| (one.message, one.document.map_or(0, |place| place.line))).collect()
            } else {
                changes(&accepted, &normal(&other)).iter().map(|one| (one.message(), one.place.line)).collect()
            };
            if findings.is_empty() && lost_nothing(&document, &other) {
                continue;
            }
            if let Err(message) = is_named(&made, &findings) {
                wrong.push(format!("change {number}, {kind:?}: {message}"));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{}: {} of {tried}:\n{}", path.display(), wrong.len(), wrong.join("\n"));
    tried
}

/// Returns `true` if two documents are equal except for `null`s, which have no meaning.
fn lost_nothing(one: &Document, other: &Document) -> bool {
    fn without_nulls(node: &Node) -> String {
        match &node.value {
            Value::Map(entries) => {
                let entries = entries.iter().filter(|(_, node)| !node.is_null());
                entries.map(|(key, node)| format!("{key}:{},", without_nulls(node))).collect()
            }
            _ => node.to_json(),
        }
    }
    let text = |document: &Document| document.files().map(|(_, root)| without_nulls(root)).collect::<String>();
    text(one) == text(other)
}

#[test]
fn every_change_of_the_projects_own_documents_is_named_once_and_where_it_is() {
    for path in own() {
        let size = Document::open(&path).unwrap().files().next().map_or(0, |(_, root)| count(root));
        // Each value is changed in at least one way, but for those without a meaning.
        assert!(names_changes(&path, 1, true) > size, "{}: {size}", path.display());
    }
}

/// How many values of a real document are changed in each way; the whole check is done for the second number of them.
const SAMPLE: (usize, usize) = (40, 3);

#[test]
fn changes_of_the_documents_of_real_apis_are_named_once_and_where_they_are() {
    let (mut compared, mut checked) = (0, 0);
    for path in real("mutations") {
        let document = Document::open(&path).unwrap();
        let size = document.files().next().map_or(0, |(_, root)| count(root));
        // A number without small factors meets all depths of a document.
        compared += names_changes(&path, (size / SAMPLE.0) | 1, false);
        checked += names_changes(&path, (size / SAMPLE.1) | 1, true);
    }
    println!("{compared} changes compared, {checked} checked");
}

/// Returns the findings about a change of the text.
fn said(from: &str, to: &str) -> Vec<(Level, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/features.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(from).count(), 1, "{from}");
    let document = Document::from_text(&text, &path).unwrap();
    let other = Document::from_text(&text.replace(from, to), &path).unwrap();
    let (scaffold, source) = written(&document);
    let skip: BTreeMap<String, String> = scaffold.skipped.into_iter().collect();
    let findings = check(&Declares::Source(&source), &other, Some(&document), &options(), &skip);
    findings.into_iter().map(|finding| (finding.level, finding.message)).collect()
}

#[test]
fn a_change_is_named_as_what_it_is() {
    for (from, to, expected) in [
        (
            "name: limit, in: query",
            "name: limit, required: true, in: query",
            "`GET /plants`: `parameters › query limit › required` is new",
        ),
        (
            "format: int32",
            "format: int64",
            "`GET /plants`: `parameters › query limit › schema › format` was \"int32\" and is \"int64\"",
        ),
        ("    delete:\n", "    patch:\n", "`DELETE /plants/{}` is gone|`PATCH /plants/{}` is new"),
        ("required: [id, kind]", "required: [kind]", "the schema `Plant`: `allOf › 1 › required › id` is gone"),
        (
            "enum: [name, -name, plantedAt]",
            "enum: [name, -name, plantedAt, size]",
            "the schema `Sort`: `enum › size` is new",
        ),
        ("\"201\":", "\"200\":", "`POST /plants`: `responses › 201` is gone|`POST /plants`: `responses › 200` is new"),
        (
            "expires_in: { type: integer }",
            "expires_in: { type: string }",
            "the schema `Token`: `properties › expires_in › type` was \"integer\" and is \"string\"",
        ),
    ] {
        let said: Vec<String> = said(from, to)
            .into_iter()
            .map(|(level, message)| {
                assert_eq!(level, Level::Error);
                message
            })
            .collect();
        assert_eq!(said.join("|"), expected, "{from}");
    }
}

#[test]
fn words_for_people_are_no_disagreement() {
    let said = said("summary: Lists plants", "summary: Lists all plants");
    assert_eq!(said.len(), 1);
    assert!(said.iter().all(|(level, _)| *level == Level::Note));
}

#[test]
fn renamed_placeholders_are_no_change_of_the_path() {
    let said = said("/plants/{plant-id}/photo:", "/plants/{id}/photo:");
    assert_eq!(said, []);
}

#[test]
fn items_that_share_a_name_are_each_what_they_were() {
    let document = |names: &[&str]| {
        let items = names.iter().map(|what| format!("{{\"name\":\"a\",\"what\":\"{what}\"}}")).collect::<Vec<_>>();
        let text = format!("{{\"openapi\":\"3.1.0\",\"x-list\":[{}]}}", items.join(","));
        Document::from_text(&text, "document.json").unwrap()
    };
    let said = |before: &[&str], after: &[&str]| {
        let changes = changes(&normal(&document(before)), &normal(&document(after)));
        changes.iter().map(crate::lock::Change::message).collect::<Vec<_>>().join("|")
    };
    assert_eq!(said(&["x", "y", "z"], &["y", "z"]), "the document: `x-list › a › 0` is gone");
    assert_eq!(said(&["x", "y"], &["x", "z", "y"]), "the document: `x-list › a › 1` is new");
    assert_eq!(said(&["x"], &["y", "x"]), "the document: `x-list › a › 0` is new");
    assert_eq!(said(&["x", "y"], &["y"]), "the document: `x-list › a › 0` is gone");
    assert_eq!(said(&["x", "y"], &["x", "w"]), "the document: `x-list › a › 1 › what` was \"y\" and is \"w\"");
}
