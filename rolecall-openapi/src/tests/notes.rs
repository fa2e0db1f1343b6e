//! Notes: what the report says of operations whose calls may fail because of their document.

use crate::document::Document;
use crate::scaffold::scaffold;
use crate::tests::documents::options;

#[test]
fn a_redirect_without_its_header_is_foretold() {
    let notes = |headers: &str| {
        let text = format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": "Files", "version": "1"}}, "paths": {{"/file": {{"get": {{
                "responses": {{"307": {{"description": "", "headers": {headers}}}}}
            }}}}}}}}"#
        );
        let written = scaffold(&Document::from_text(&text, "files.json").unwrap(), &options());
        let text: String = written.files.into_iter().map(|(_, text)| text).collect();
        assert!(text.contains("Location"), "{text}");
        written.findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("|")
    };
    assert_eq!(notes("{}"), "the response 307 has no header `Location` in the document");
    assert_eq!(notes(r#"{"location": {"schema": {"type": "string"}}}"#), "");
}
