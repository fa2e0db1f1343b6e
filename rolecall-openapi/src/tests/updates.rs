//! An update adds what is new, and leaves every line as it was.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::check::{Declares, check};
use crate::document::Document;
use crate::report::Level;
use crate::source::{Source, of_files};
use crate::tests::documents::{options, written};
use crate::update::{Update, applied, update};

fn features() -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/features.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

/// The files after an update.
fn updated(source: &Source, update: &Update) -> Vec<(PathBuf, String)> {
    let files = source.files.iter().enumerate();
    let mut files: Vec<_> = files.map(|(i, file)| (file.path.clone(), applied(&file.text, &update.edits, i))).collect();
    files.extend(update.files.iter().cloned());
    files
}

/// Updates what was written for a document to a changed one.
fn after(
    changes: &[(&str, &str)],
    apply: bool,
    edit: impl Fn(&mut String),
) -> (Source, Update, Vec<(PathBuf, String)>, Document) {
    let (path, mut text) = features();
    let document = Document::from_text(&text, &path).unwrap();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    let other = Document::from_text(&text, &path).unwrap();
    let (mut scaffold, _) = written(&document);
    scaffold.files.iter_mut().for_each(|(_, text)| edit(text));
    let source = of_files(&scaffold.files);
    let skip: BTreeMap<String, String> = scaffold.skipped.into_iter().collect();
    let update = update(&source, Path::new(""), &other, Some(&document), &options(), &skip, apply);
    let files = updated(&source, &update);
    let findings = check(&Declares::Source(&of_files(&files)), &other, Some(&other), &options(), &skip);
    let errors: Vec<_> = findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
    if apply || changes.iter().all(|(from, to)| to.contains(from)) {
        assert_eq!(errors, []);
    }
    (source, update, files, other)
}

const NEW: &[(&str, &str)] = &[
    ("enum: [name, -name, plantedAt]", "enum: [name, -name, plantedAt, size]"),
    (
        "properties: { access_token: { type: string }, ",
        "properties: { access_token: { type: string }, scope: { type: array, items: { $ref: '#/components/schemas/Sort' } }, ",
    ),
    (
        "  /live:\n",
        "  /pots:\n    get:\n      operationId: pots\n      tags: [pots]\n      responses: { \"200\": { description: OK, content: { application/json: { schema: { type: array, items: { type: object, properties: { liters: { type: number } } } } } } } }\n  /live:\n",
    ),
    (
        "    delete:\n",
        "    patch:\n      operationId: changePlant\n      tags: [plants]\n      requestBody: { content: { text/plain: {} } }\n      responses: { \"204\": { description: Done } }\n    delete:\n",
    ),
];

#[test]
fn what_is_new_is_added_and_no_line_is_touched() {
    let (source, _, files, _) = after(NEW, false, |_| {});
    for file in &source.files {
        let (_, text) = files.iter().find(|(path, _)| *path == file.path).unwrap();
        let mut lines = text.lines();
        for line in file.text.lines() {
            assert!(lines.any(|other| other == line), "{}: {line:?} is there, and in its place", file.path.display());
        }
    }
    let all: String = files.iter().map(|(_, text)| text.as_str()).collect();
    for new in [
        "async fn change_plant(",
        "async fn pots(",
        "pub mod pots;",
        "    Size,",
        "pub scope: Option<Vec<Sort>>",
        "pub liters:",
    ] {
        assert!(all.contains(new), "{new}");
    }
}

#[test]
fn an_unchanged_document_changes_nothing() {
    let (_, update, ..) = after(&[], false, |_| {});
    assert_eq!(update.edits, []);
    assert_eq!(update.files, []);
}

#[test]
fn a_changed_method_is_written_again_only_if_nobody_edited_it_and_only_if_asked_to() {
    let change = &[(
        "name: limit, in: query, schema: { type: integer, format: int32 }",
        "name: X-Trace-Id, in: header, schema: { type: integer }",
    )];
    let is_new = |files: &[(PathBuf, String)]| files.iter().any(|(_, text)| text.contains("#[header(\"x-trace-id\")]"));
    let (_, done, files, _) = after(change, false, |_| {});
    assert!(!is_new(&files));
    assert!(
        done.findings.iter().any(|finding| finding.help.as_deref().is_some_and(|help| help.contains("x-trace-id")))
    );

    let (path, text) = features();
    let document = Document::from_text(&text, &path).unwrap();
    let other = Document::from_text(&text.replace(change[0].0, change[0].1), &path).unwrap();
    for (edited, expected) in [(false, true), (true, false)] {
        let (mut scaffold, _) = written(&document);
        if edited {
            scaffold.files.iter_mut().for_each(|(_, text)| *text = text.replace("fn list_plants(", "fn all_plants("));
        }
        let source = of_files(&scaffold.files);
        let skip: BTreeMap<String, String> = scaffold.skipped.into_iter().collect();
        let update = update(&source, Path::new(""), &other, Some(&document), &options(), &skip, true);
        assert_eq!(is_new(&updated(&source, &update)), expected, "edited: {edited}");
    }
}

#[test]
fn a_removed_operation_is_reported_and_left() {
    let (_, update, ..) = after(&[("  /token:\n", "  /other:\n")], false, |_| {});
    assert!(update.findings.iter().any(|finding| finding.message == "`POST /token` is gone from the document"));
}

/// A document with a method for each letter; those after `a` return a map.
fn lettered(letters: &[char]) -> Document {
    let path = |letter: &char| {
        let schema = match letter {
            'a' => "{ type: object, properties: { x: { type: string } } }".to_owned(),
            _ => "{ type: object, properties: { x: { type: object, additionalProperties: { type: string } } } }"
                .to_owned(),
        };
        format!(
            "  /{letter}:\n    get:\n      operationId: {letter}\n      tags: [t]\n      responses:\n        \"200\":\n          \
             description: OK\n          content: {{ application/json: {{ schema: {schema} }} }}\n"
        )
    };
    let paths: String = letters.iter().map(path).collect();
    let text = format!("openapi: 3.1.0\ninfo: {{ title: Letters, version: \"1\" }}\npaths:\n{paths}");
    Document::from_text(&text, "letters.yaml").unwrap()
}

#[test]
fn what_is_new_imports_what_it_needs_once() {
    let (before, after) = (lettered(&['a']), lettered(&['a', 'b', 'c']));
    let (_, source) = written(&before);
    let update = update(&source, Path::new(""), &after, Some(&before), &options(), &BTreeMap::new(), false);
    let files = updated(&source, &update);
    let (_, models) = files.iter().find(|(path, _)| path.ends_with("models.rs")).unwrap();
    assert_eq!(models.matches("use std::collections::BTreeMap;").count(), 1, "{models}");
    let findings = check(&Declares::Source(&of_files(&files)), &after, Some(&after), &options(), &BTreeMap::new());
    assert_eq!(findings, []);
}
