//! Documents to test with: the project's own, and those of a folder that an environment variable names.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::document::Document;
use crate::scaffold::{Options, Scaffold, scaffold};
use crate::source::{Source, of_files};

/// The project's own documents.
pub(super) fn own() -> Vec<PathBuf> {
    of_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents"))
}

/// The documents of real APIs, where they are.
pub(super) fn real(test: &str) -> Vec<PathBuf> {
    match env::var_os("ROLECALL_OPENAPI_DOCUMENTS") {
        Some(folder) => of_folder(Path::new(&folder)),
        None => {
            println!("{test} skips the documents of real APIs: ROLECALL_OPENAPI_DOCUMENTS names no folder of them");
            Vec::new()
        }
    }
}

fn of_folder(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json" || end == "yaml"));
    paths.sort();
    assert!(!paths.is_empty(), "{} has no documents", folder.display());
    paths
}

pub(super) fn options() -> Options {
    Options { default_role: Some("Member".to_owned()), source: "the document".to_owned(), ..Options::default() }
}

pub(super) fn written(document: &Document) -> (Scaffold, Source) {
    let scaffold = scaffold(document, &options());
    let source = of_files(&scaffold.files);
    (scaffold, source)
}
