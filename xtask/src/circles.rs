//! Files use each other one way: none uses another that, directly or through others, uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};

use crate::run::{Failure, Outcome};

/// The crates whose files are looked at.
const CRATES: &[&str] = &[
    "macros",
    "runtime",
    "rolecall-redis",
    "ostrom-core",
    "ostrom-users",
    "ostrom",
    "ostrom-sandbox",
    "rolecall-openapi",
    "tests",
    "xtask",
];

/// A module's path from the root of its crate; the root's is empty.
type Module = Vec<String>;

/// A file, and what it says of others.
#[derive(Debug, Default)]
struct File {
    /// The names that it re-exports, and what they stand for.
    exports: BTreeMap<String, Vec<String>>,
    /// The paths that it uses, from the root of the crate.
    uses: BTreeSet<Vec<String>>,
}

pub(crate) fn circles() -> Result<Outcome, Failure> {
    let mut found = Vec::new();
    for krate in CRATES {
        let source = Path::new(krate).join("src");
        let mut files = BTreeMap::new();
        read(&source, &mut Vec::new(), &mut files)?;
        for circle in circles_of(&files) {
            let names: Vec<String> = circle.iter().map(|module| format!("`{}`", module.join("::"))).collect();
            found.push(format!("{krate}: {}", names.join(" → ")));
        }
    }
    if found.is_empty() {
        return Ok(Outcome::Done);
    }
    Err(Failure::new(format!(
        "files use each other in a circle; move what they share into a file below both:\n{}",
        found.join("\n")
    )))
}

/// Reads the files of a folder, but for tests.
fn read(folder: &Path, module: &mut Module, files: &mut BTreeMap<Module, File>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name == "tests" || name == "bin" {
            continue;
        }
        if path.is_dir() {
            module.push(name);
            read(&path, module, files)?;
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut own = module.clone();
            if !matches!(name.as_str(), "mod" | "lib" | "main") {
                own.push(name);
            }
            let text = fs::read_to_string(&path)?;
            let syntax =
                syn::parse_file(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
            let file = files.entry(own.clone()).or_default();
            Reader { module: own, file }.visit_file(&syntax);
        }
    }
    Ok(())
}

struct Reader<'a> {
    module: Module,
    file: &'a mut File,
}

impl Reader<'_> {
    /// A path from the root of the crate, if it leads to a place in the crate.
    fn absolute(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.module.split_last()?.1.to_vec(),
            // Perhaps a child; if not, no file has that name.
            _ => [&self.module[..], std::slice::from_ref(first)].concat(),
        };
        for segment in rest {
            match segment.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                _ => base.push(segment.clone()),
            }
        }
        Some(base)
    }

    fn tree(&mut self, tree: &syn::UseTree, path: &mut Vec<String>, exported: bool) {
        match tree {
            syn::UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.tree(&part.tree, path, exported);
                path.pop();
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, path, exported)),
            syn::UseTree::Name(name) => self.leaf(path, &name.ident, &name.ident, exported),
            syn::UseTree::Rename(rename) => self.leaf(path, &rename.ident, &rename.rename, exported),
            _ => {
                if let Some(target) = self.absolute(path) {
                    self.file.uses.insert(target);
                }
            }
        }
    }

    fn leaf(&mut self, path: &[String], name: &syn::Ident, shown: &syn::Ident, exported: bool) {
        let path = [path, &[name.to_string()]].concat();
        let Some(target) = self.absolute(&path) else { return };
        // What a parent re-exports of its children, it does not use.
        if exported && target.starts_with(&self.module) {
            self.file.exports.insert(shown.to_string(), target);
        } else {
            if exported {
                self.file.exports.insert(shown.to_string(), target.clone());
            }
            self.file.uses.insert(target);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let exported = !matches!(item.vis, syn::Visibility::Inherited);
        self.tree(&item.tree, &mut Vec::new(), exported);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 && matches!(segments[0].as_str(), "crate" | "super") {
            self.file.uses.extend(self.absolute(&segments));
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // A module of tests in the file stands above everything.
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }
}

/// The file that a path leads to, through re-exports.
fn resolve<'a>(files: &'a BTreeMap<Module, File>, path: &[String]) -> Option<&'a Module> {
    let length = (0..=path.len()).rev().find(|length| files.contains_key(&path[..*length]))?;
    let (module, file) = files.get_key_value(&path[..length])?;
    match path.get(length).and_then(|name| file.exports.get(name)) {
        Some(target) if target != path => resolve(files, target),
        _ => Some(module),
    }
}

/// One circle of each group of files that have one.
fn circles_of(files: &BTreeMap<Module, File>) -> Vec<Vec<&Module>> {
    let edges: BTreeMap<&Module, BTreeSet<&Module>> = files
        .iter()
        .map(|(module, file)| {
            let used = file.uses.iter().filter_map(|path| resolve(files, path));
            (module, used.filter(|other| *other != module).collect())
        })
        .collect();
    let mut circles: Vec<Vec<&Module>> = Vec::new();
    for start in edges.keys() {
        if !circles.iter().flatten().any(|module| module == start)
            && let Some(way) = way_back(&edges, start)
        {
            circles.push(way);
        }
    }
    circles
}

/// The shortest way from a file back to itself.
fn way_back<'a>(edges: &BTreeMap<&'a Module, BTreeSet<&'a Module>>, start: &'a Module) -> Option<Vec<&'a Module>> {
    let mut ways: Vec<Vec<&Module>> = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().and_then(|last| edges.get(*last)).into_iter().flatten() {
                let way = [&way[..], &[*next]].concat();
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(sources: &[(&str, &str)]) -> Vec<String> {
        let mut files = BTreeMap::new();
        for (module, source) in sources {
            let module: Module = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            let file: &mut File = files.entry(module.clone()).or_default();
            Reader { module, file }.visit_file(&syn::parse_str(source).unwrap());
        }
        circles_of(&files)
            .iter()
            .map(|circle| circle.iter().map(|module| module.join("::")).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn a_circle_is_found_through_imports_paths_and_re_exports() {
        assert_eq!(circles(&[("a", "use crate::b::B;"), ("b", "use super::a::A;")]), ["a b a"]);
        assert_eq!(
            circles(&[("a", "fn f() { crate::b::g() }"), ("b", "use crate::{c, d};"), ("c", "use crate::a;")]),
            ["a b c a"]
        );
        let re_exported = [("", "pub use b::B;"), ("a", "use crate::B;"), ("b", "use crate::a::{A as Other, C};")];
        assert_eq!(circles(&re_exported), ["a b a"]);
        assert_eq!(circles(&[("a", "mod b; use b::B;"), ("a::b", "use super::A;")]), ["a a::b a"]);
    }

    #[test]
    fn what_runs_one_way_is_no_circle() {
        let parent = [("a", "pub(crate) use b::B; pub(crate) use c::C;"), ("a::b", "use super::C;"), ("a::c", "")];
        assert_eq!(circles(&parent), [""; 0], "a parent that re-exports its children");
        assert_eq!(circles(&[("a", "use crate::b;"), ("b", "mod tests { use crate::a; }")]), [""; 0], "tests");
        assert_eq!(circles(&[("a", "use std::fmt; use b::c;"), ("c", "use crate::a;")]), [""; 0], "other crates");
    }
}
