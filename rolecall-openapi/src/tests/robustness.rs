//! No document ends the program: neither a part of one, nor one with anything in it changed.

use std::path::Path;

use crate::document::Document;
use crate::scaffold::scaffold;
use crate::tests::documents::{options, own, real};

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

fn survives(text: &str, path: &Path) {
    if let Ok(document) = Document::from_text(text, path) {
        let scaffold = scaffold(&document, &options());
        let figures = scaffold.figures;
        assert_eq!(figures.operations, figures.declared + figures.skipped);
        let _ = crate::survey(&document);
    }
}

fn cut_and_changed(path: &Path, times: usize) {
    let text = std::fs::read_to_string(path).unwrap();
    let mut numbers = Numbers(text.len() as u64);
    for _ in 0..times {
        let at = text.floor_char_boundary(numbers.next(text.len()));
        survives(&text[..at], path);
        let words = [
            "null", "[]", "{}", "\"\"", "-1", "1e999", "true", "\u{0}", "{", "]", "\n", "$ref", "*a", "&a ", "|", "\t",
        ];
        let end = text.floor_char_boundary((at + numbers.next(12)).min(text.len()));
        survives(&format!("{}{}{}", &text[..at], words[numbers.next(words.len())], &text[end..]), path);
    }
}

#[test]
fn the_projects_own_documents_cut_and_changed_do_not_panic() {
    own().iter().for_each(|path| cut_and_changed(path, 300));
}

#[test]
fn the_documents_of_real_apis_cut_and_changed_do_not_panic() {
    real("robustness").iter().for_each(|path| cut_and_changed(path, 2));
}

#[test]
fn documents_that_lead_nowhere_do_not_panic() {
    let deep = "[".repeat(100_000);
    let aliases = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\npaths: *c\n".to_owned();
    let loops = r##"{"openapi":"3.0.0","paths":{"/a":{"$ref":"#/paths/~1a"},"/b":{"get":{"parameters":[{"$ref":"#/x"}],
        "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}},
        "components":{"schemas":{"A":{"oneOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"}]},
        "B":{"allOf":[{"$ref":"#/components/schemas/B"},{"$ref":"#/components/schemas/A"}]}}}}"##;
    for text in
        ["", "{", "null", "[]", "openapi: 3.0.0", "{\"openapi\":\"3.1.0\",\"paths\":[]}", &deep, &aliases, loops]
    {
        survives(text, Path::new("document.json"));
    }
}
