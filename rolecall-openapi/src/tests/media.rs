//! Media types: what is sent and read where a document leaves the choice.

use crate::document::Document;
use crate::scaffold::scaffold;
use crate::tests::documents::options;

#[test]
fn values_of_several_parts_are_json_where_any_media_type_will_do() {
    let text = r##"{"openapi": "3.0.0", "info": {"title": "Jobs", "version": "1"}, "paths": {
        "/jobs": {"post": {
            "requestBody": {"required": true, "content": {"*/*": {"schema": {"$ref": "#/components/schemas/Job"}}}},
            "responses": {"200": {"content": {"*/*": {"schema": {"$ref": "#/components/schemas/Job"}}}}}}},
        "/files": {"post": {
            "requestBody": {"required": true, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
            "responses": {"200": {"content": {"*/*": {"schema": {}}}}}}}
    }, "components": {"schemas": {"Job": {"type": "object", "properties": {"name": {"type": "string"}}}}}}"##;
    let document = Document::from_text(text, "jobs.json").unwrap();
    let text: String = scaffold(&document, &options()).files.into_iter().map(|(_, text)| text).collect();
    assert!(text.contains("async fn post_jobs(&self, #[body] body: &Job) -> Result<Job, Error>;"), "{text}");
    assert!(text.contains("async fn post_files(&self, #[body(bytes)] body: Bytes) -> Result<Bytes, Error>;"), "{text}");
}
