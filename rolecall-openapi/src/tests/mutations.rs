//! Every change of a document is named, once.

use std::collections::BTreeMap;
use std::path::Path;

use crate::check::{Declares, check};
use crate::document::Document;
use crate::document::node::{Node, Value};
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

/// Changes the value with a number: a word gets another, an entry of a map or list goes.
fn change(node: &mut Node, number: &mut usize) -> bool {
    if *number == 0 {
        match &mut node.value {
            Value::String(text) => text.push_str("Changed"),
            Value::Number(number) => number.push('1'),
            Value::Bool(flag) => *flag = !*flag,
            Value::Map(entries) if !entries.is_empty() => {
                entries.remove(0);
            }
            Value::List(items) if !items.is_empty() => {
                items.remove(0);
            }
            _ => return false,
        }
        return true;
    }
    *number -= 1;
    let mut children: Vec<&mut Node> = match &mut node.value {
        Value::Map(entries) => entries.iter_mut().map(|(_, node)| node).collect(),
        Value::List(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    for child in &mut children {
        let below = count(child);
        if *number < below {
            return change(child, number);
        }
        *number -= below;
    }
    false
}

fn changed(document: &Document, mut number: usize) -> Option<Document> {
    let mut files: Vec<_> = document.files().map(|(path, root)| (path.to_owned(), root.clone())).collect();
    let (_, root) = files.first_mut()?;
    change(root, &mut number).then(|| Document::from_files(files))
}

/// Makes every `step`th change to a document, and checks the findings about it.
fn names_changes(path: &Path, step: usize) -> usize {
    let document = Document::open(path).unwrap();
    let (scaffold, source) = written(&document);
    let skip: BTreeMap<String, String> = scaffold.skipped.into_iter().collect();
    let declares = Declares::Source(&source);
    let size = document.files().next().map_or(0, |(_, root)| count(root));
    let mut tried = 0;
    for number in (1..size).step_by(step) {
        let Some(other) = changed(&document, number) else { continue };
        let findings = check(&declares, &other, Some(&document), &options(), &skip);
        // A list's first item may be `null`, which has no meaning, or be listed twice.
        let is_silent = findings.is_empty();
        assert!(findings.len() <= 2, "{} change {number}: {findings:#?}", path.display());
        assert!(!is_silent || lost_nothing(&document, &other), "{} change {number} is not named", path.display());
        tried += 1;
    }
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
fn every_change_of_the_projects_own_documents_is_named() {
    for path in own() {
        assert!(names_changes(&path, 1) > 20);
    }
}

#[test]
fn changes_of_the_documents_of_real_apis_are_named() {
    for path in real("mutations") {
        let document = Document::open(&path).unwrap();
        let size = document.files().next().map_or(0, |(_, root)| count(root));
        let tried = names_changes(&path, (size / 12).max(1));
        println!("{}: {tried} changes", path.display());
    }
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
