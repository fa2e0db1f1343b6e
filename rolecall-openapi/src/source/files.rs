//! Reading the files of an API.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::document::Place;
use crate::report::{Finding, Level};
use crate::source::{Source, resolve, traits, types};

/// A file of source.
#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// How many files a folder is read for at most.
const MAX_FILES: usize = 10_000;

/// Reads a file, or all files of a folder and those below it.
pub(crate) fn read(path: &Path) -> io::Result<Source> {
    let mut paths = Vec::new();
    collect(path, &mut paths)?;
    paths.sort();
    let mut source = Source::default();
    for path in paths {
        let text = fs::read_to_string(&path)?;
        add(&mut source, path, text);
    }
    resolve::expand_queries(&mut source);
    resolve::mark_optional(&mut source);
    Ok(source)
}

/// Reads files that are not written yet.
#[cfg(test)]
pub(crate) fn of_files(files: &[(PathBuf, String)]) -> Source {
    let mut source = Source::default();
    for (path, text) in files {
        add(&mut source, path.clone(), text.clone());
    }
    resolve::expand_queries(&mut source);
    resolve::mark_optional(&mut source);
    source
}

fn collect(path: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_file() {
        out.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|end| end == "rs") && out.len() < MAX_FILES {
            out.push(path);
        }
    }
    Ok(())
}

fn add(source: &mut Source, path: PathBuf, text: String) {
    match syn::parse_file(&text) {
        Ok(file) => {
            let index = source.files.len();
            items(source, index, &path, &file.items);
        }
        Err(error) => {
            let line = u32::try_from(error.span().start().line).unwrap_or(u32::MAX);
            let finding = Finding::new(Level::Error, format!("this is not Rust: {error}"));
            source.findings.push(finding.in_source(Some(Place { file: path.clone(), line })));
        }
    }
    source.files.push(SourceFile { path, text });
}

fn items(source: &mut Source, file: usize, path: &Path, list: &[syn::Item]) {
    for item in list {
        match item {
            syn::Item::Trait(item) => source.traits.extend(traits::interface(item, file, path)),
            syn::Item::Struct(item) => {
                source.types.insert(item.ident.to_string(), types::structure(item, file, path));
            }
            syn::Item::Enum(item) => {
                source.types.insert(item.ident.to_string(), types::enumeration(item, file, path));
            }
            syn::Item::Mod(item) => {
                if let Some((_, list)) = &item.content {
                    items(source, file, path, list);
                }
            }
            _ => {}
        }
    }
}
