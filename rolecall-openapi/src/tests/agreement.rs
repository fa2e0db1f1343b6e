//! What is written agrees with the document that it was written from, and so does what is exported of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::check::{Declares, check};
use crate::document::Document;
use crate::export::{export, yaml};
use crate::lock;
use crate::source::of_files;
use crate::tests::documents::{options, own, real, written};

fn agrees(path: &Path) {
    let document = Document::open(path).unwrap();
    let (scaffold, source) = written(&document);
    let figures = scaffold.figures;
    assert_eq!(figures.operations, figures.declared + figures.skipped, "{}: all operations", path.display());
    assert_eq!(
        source.methods().count(),
        figures.declared + figures.streamed,
        "{}: all methods are read again",
        path.display()
    );
    assert_eq!(source.findings, [], "{}", path.display());
    let skip: BTreeMap<String, String> = scaffold.skipped.into_iter().collect();
    let declares = Declares::Source(&source);

    let accepted = lock::read(&lock::write(&document), Path::new("rolecall.lock")).unwrap();
    assert_eq!(check(&declares, &document, Some(&accepted), &options(), &skip), [], "{}", path.display());

    let exported = Document::from_text(&yaml(&export(&source, "API", "1", Vec::new())), "exported.yaml").unwrap();
    assert_eq!(check(&declares, &exported, None, &options(), &BTreeMap::new()), [], "{} exported", path.display());
}

#[test]
fn fresh_traits_and_their_export_agree_with_the_projects_own_documents() {
    own().iter().for_each(|path| agrees(path));
}

#[test]
fn fresh_traits_and_their_export_agree_with_the_documents_of_real_apis() {
    real("agreement").iter().for_each(|path| agrees(path));
}

#[test]
fn a_variant_without_a_body_is_a_response_that_may_have_none() {
    let document = r#"{"openapi": "3.1.0", "info": {"title": "Garden", "version": "1"}, "paths": {"/plants": {"put": {
        "operationId": "plant", "responses": {
            "200": {"description": "", "content": {"application/json": {"schema": {"type": "string"}}}},
            "202": {"description": ""}
        }
    }}}}"#;
    let document = Document::from_text(document, "document.json").unwrap();
    let said = |variants: &str| {
        let text = format!(
            "#[api] pub trait PlantsApi {{
                #[endpoint(method = PUT, path = \"/plants\", role = Member)]
                async fn plant(&self) -> Result<Planted, Error>;
            }}
            #[derive(ByStatus)] pub enum Planted {{ {variants} }}"
        );
        let source = of_files(&[(PathBuf::from("plants.rs"), text)]);
        let findings = check(&Declares::Source(&source), &document, None, &options(), &BTreeMap::new());
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("|")
    };
    assert_eq!(said("#[status(200)] Done(String), #[status(202)] Soon"), "");
    let without = said("#[status(200)] Done(String), #[status(404)] Gone");
    assert_eq!(without, "`PUT /plants`: a successful response may have no body");
}

#[test]
fn credentials_that_are_optional_are_so_in_the_trait_its_check_and_its_export() {
    let document = |security: &str| {
        let text = format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": "Garden", "version": "1"}},
                "components": {{"securitySchemes": {{"member": {{"type": "http", "scheme": "bearer"}}}}}},
                "paths": {{"/plants": {{"get": {{
                    "operationId": "plants", "security": {security}, "responses": {{"204": {{"description": ""}}}}
                }}}}}}
            }}"#
        );
        Document::from_text(&text, "document.json").unwrap()
    };
    let (optional, required) = (document(r#"[{}, {"member": []}]"#), document(r#"[{"member": []}]"#));
    let said = |from: &Document, to: &Document| {
        let (_, source) = written(from);
        let findings = check(&Declares::Source(&source), to, None, &options(), &BTreeMap::new());
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("|")
    };
    assert_eq!(said(&optional, &required), "`GET /plants`: credentials are required in the document");
    assert_eq!(said(&required, &optional), "`GET /plants`: credentials are optional in the document");

    for (document, expected) in [(&optional, 2), (&required, 1)] {
        let exported = yaml(&export(&written(document).1, "Garden", "1", Vec::new()));
        let exported = Document::from_text(&exported, "exported.yaml").unwrap();
        let json: serde_json::Value = serde_json::from_str(&exported.to_json()).unwrap();
        let ways = json["paths"]["/plants"]["get"]["security"].as_array().unwrap().len();
        assert_eq!(ways, expected);
        assert_eq!(said(document, &exported), "");
    }
}
