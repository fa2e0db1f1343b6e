//! Under what name the package that uses `#[api]` depends on the runtime, by its `Cargo.toml`. Without this, a name that
//! is missing is an error for each path in the generated code.

use std::path::Path;

/// How a package depends on the runtime.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Dependency {
    /// As `rolecall`. So it is taken to be if the manifest cannot be read, as in a build without cargo.
    Direct,
    /// Under another name.
    Renamed(String),
    Missing,
}

/// Returns how the package that is being compiled depends on the runtime.
pub(crate) fn of_this_package() -> Dependency {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR");
    let manifest = folder.and_then(|folder| std::fs::read_to_string(Path::new(&folder).join("Cargo.toml")).ok());
    manifest.map_or(Dependency::Direct, |manifest| in_manifest(&manifest))
}

fn in_manifest(manifest: &str) -> Dependency {
    let mut renamed = None;
    let mut table = "";
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(header) = line.strip_prefix('[') {
            table = header.trim_end_matches(']');
        }
        let key = line.split(['=', '.', ' ']).next().unwrap_or_default();
        let (_, last) = table.rsplit_once('.').unwrap_or(("", table));
        let is_direct = bare(key) == "rolecall" && table.ends_with("dependencies")
            || bare(last) == "rolecall" && table.contains("dependencies.")
            || table == "package" && line.replace(' ', "") == "name=\"rolecall\"";
        if is_direct {
            return Dependency::Direct;
        }
        if line.replace(' ', "").contains("package=\"rolecall\"") {
            let name = if key == "package" { last } else { key };
            renamed = Some(bare(name).replace('-', "_"));
        }
    }
    renamed.map_or(Dependency::Missing, Dependency::Renamed)
}

fn bare(key: &str) -> &str {
    key.trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_is_found_in_each_form() {
        for manifest in [
            "[dependencies]\nrolecall = \"1\"",
            "[dependencies]\nserde = \"1\"\nrolecall.workspace = true",
            "[dev-dependencies]\n\"rolecall\" = { version = \"1\" }",
            "[dependencies.rolecall]\nversion = \"1\"",
            "[target.'cfg(unix)'.dependencies]\nrolecall = { path = \"..\" }",
            "[target.'cfg(unix)'.dependencies.rolecall]\npath = \"..\"",
            "[package]\nname = \"rolecall\"",
        ] {
            assert_eq!(in_manifest(manifest), Dependency::Direct, "{manifest}");
        }
    }

    #[test]
    fn a_renamed_and_a_missing_one_are_told_apart() {
        for manifest in [
            "[dependencies]\nrole-call = { package = \"rolecall\", version = \"1\" }",
            "[dependencies.role-call]\nversion = \"1\"\npackage = \"rolecall\"",
        ] {
            assert_eq!(in_manifest(manifest), Dependency::Renamed("role_call".to_owned()), "{manifest}");
        }
        for manifest in ["", "[dependencies]\nrolecall-users = \"1\"\n# rolecall = \"1\"", "[features]\nrolecall = []"]
        {
            assert_eq!(in_manifest(manifest), Dependency::Missing, "{manifest}");
        }
    }
}
