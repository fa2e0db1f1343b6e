//! What is written for the project's own documents: it is kept beside them, so that it is compiled as it is, and a change
//! of it is seen. `UPDATE=1 cargo test -p rolecall-openapi --test written` writes it anew.

#![allow(dead_code)]
#![allow(clippy::unwrap_used)] // In helpers of tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use rolecall_openapi::{Document, Options, scaffold};

#[rustfmt::skip]
#[path = "written/features/mod.rs"]
pub mod features;
#[rustfmt::skip]
#[path = "written/modern/mod.rs"]
pub mod modern;
#[rustfmt::skip]
#[path = "written/notices/mod.rs"]
pub mod notices;

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn is_as_written(document: &str) {
    let path = here().join("documents").join(document);
    let mut options = Options::default();
    options.default_role = Some("Member".to_owned());
    options.source = document.to_owned();
    let scaffold = scaffold(&Document::open(&path).unwrap(), &options);
    let folder = here().join("written").join(path.file_stem().unwrap());
    for (file, text) in &scaffold.files {
        let path = folder.join(file);
        if env::var_os("UPDATE").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, text).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(*text, kept, "{}", path.display());
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), scaffold.files.len(), "{}: nothing else", folder.display());
}

#[test]
fn what_is_written_is_what_is_kept() {
    is_as_written("features.yaml");
    is_as_written("modern.json");
    is_as_written("notices.json");
}

#[test]
fn rustfmt_changes_nothing_of_it() {
    for document in ["features", "modern", "notices"] {
        let status = Command::new("rustfmt")
            .args(["--check", "--edition", "2024", "--config-path"])
            .arg(here().join("written/rustfmt.toml"))
            .arg(here().join("written").join(document).join("mod.rs"))
            .status()
            .unwrap();
        assert!(status.success(), "{document}");
    }
}

#[test]
fn the_endpoints_of_what_is_written_agree_with_the_documents() {
    rolecall_openapi::check!(
        "tests/documents/features.yaml",
        [features::PlantsApi, features::SearchApi, features::TokenApi],
        skip = ["GET /live", "GET /broken"]
    );
    rolecall_openapi::check!(
        "tests/documents/modern.json",
        [
            modern::BooksApi,
            modern::CoversApi,
            modern::EventsApi,
            modern::LoansApi,
            modern::OrdersApi,
            modern::SummariesApi
        ]
    );
}
