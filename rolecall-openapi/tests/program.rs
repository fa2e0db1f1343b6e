//! The program, as a newcomer types it: what is wrong is named, and nothing is lost.

#![allow(clippy::unwrap_used)] // In helpers of tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A crate of its own below the folder for tests.
fn package(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("Cargo.toml"), "[package]\nname = \"shop\"\nversion = \"0.0.0\"\nedition = \"2024\"\n")
        .unwrap();
    fs::write(folder.join("shop.yaml"), SHOP).unwrap();
    folder
}

const SHOP: &str = "openapi: 3.1.0
info: { title: Shop, version: 1 }
paths:
  /orders:
    get: { operationId: listOrders, tags: [orders], responses: { 204: { description: none } } }
  /carts:
    get: { operationId: listCarts, tags: [carts], responses: { 204: { description: none } } }
";

fn rolecall(folder: &Path, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-rolecall"));
    command.arg("rolecall").args(arguments.split_whitespace()).current_dir(folder).output().unwrap()
}

/// What a command prints that succeeds.
fn printed(folder: &Path, arguments: &str) -> String {
    let output = rolecall(folder, arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments}: {text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains('\u{1b}'), "output to a pipe is plain: {text}");
    text
}

/// The one line of a command that fails.
fn error(folder: &Path, arguments: &str) -> String {
    let output = rolecall(folder, arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments}: {text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

#[test]
fn a_file_that_is_no_document_is_named_with_what_it_is() {
    let folder = package("no_document");
    for (name, content, expected) in [
        ("empty.yaml", "", "empty.yaml: the file is empty"),
        ("other.yaml", "a: b", "other.yaml: not an OpenAPI document: neither `openapi` nor `paths` is there"),
        ("text.md", "# Shop", "text.md: not an OpenAPI document"),
        ("old.json", "{\"swagger\": \"2.0\", \"paths\": {}}", "old.json: Swagger 2.0 is not supported; convert"),
        ("cut.json", "{\"openapi\": \"3.0.0\",\n\"paths\": {", "cut.json:2: not valid JSON"),
        ("none.yaml", "openapi: 3.1.0\npaths: {}", "the document has no operations"),
    ] {
        fs::write(folder.join(name), content).unwrap();
        let error = error(&folder, &format!("new {name} --out src/api"));
        assert!(error.starts_with(&format!("error: {expected}")), "{error}");
    }
    for name in ["missing.yaml", "src"] {
        let error = error(&folder, &format!("new {name} --out src/api"));
        assert!(error.starts_with(&format!("error: {name}: ")), "{error}");
    }
    assert!(!folder.join("src/api").exists() && !folder.join("rolecall.toml").exists());
}

#[test]
fn what_only_names_has_to_be_there() {
    let folder = package("only");
    let error = error(&folder, "new shop.yaml --out src/api --only orders --only order --default-role Public");
    assert_eq!(
        error,
        "error: no tag, `operationId`, or operation of the document is `order`; its tags are `carts`, `orders`\n"
    );
    assert!(!folder.join("src/api").exists());
    let printed = printed(&folder, "new shop.yaml --out src/api --only listOrders --default-role Public");
    assert!(printed.contains("1 of 2 operations declared, 0 skipped, 1 not asked for"), "{printed}");
    assert!(folder.join("src/api/orders.rs").exists() && !folder.join("src/api/carts.rs").exists());
}

#[test]
fn a_role_that_nobody_knows_is_asked_for_before_anything_is_written() {
    let folder = package("role");
    let error = error(&folder, "new shop.yaml --out src/api");
    assert!(error.starts_with("error: the role of 2 operations (the first is `GET /orders`) is unknown"), "{error}");
    assert!(!folder.join("src/api").exists());
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = package("dry");
    let printed = printed(&folder, "new shop.yaml --out src/api --dry-run");
    assert!(printed.contains("would write 2 traits"), "{printed}");
    assert!(!folder.join("src/api").exists() && !folder.join("rolecall.toml").exists());
}

#[test]
fn edits_stay_until_they_are_given_up() {
    let folder = package("edits");
    printed(&folder, "new shop.yaml --out src/api --default-role Public");
    let file = folder.join("src/api/orders.rs");
    let edited = fs::read_to_string(&file).unwrap().replace("list_orders", "orders") + "// An edit.\n";
    fs::write(&file, &edited).unwrap();
    let error = error(&folder, "new shop.yaml --out src/api --default-role Public");
    assert!(error.contains("src/api/mod.rs exists, and belongs to its author; use `cargo rolecall update`"), "{error}");
    printed(&folder, "check");
    printed(&folder, "update");
    assert_eq!(fs::read_to_string(&file).unwrap(), edited);
    // `--force` gives them up, and accepts the document as it is then.
    fs::write(folder.join("shop.yaml"), SHOP.replace("/carts", "/baskets")).unwrap();
    printed(&folder, "new shop.yaml --out src/api --default-role Public --force");
    assert!(!fs::read_to_string(&file).unwrap().contains("An edit"));
    assert!(printed(&folder, "check").contains("agree"));
}

#[test]
fn a_document_of_another_name_that_is_accepted_is_the_one_to_check() {
    let folder = package("accepted");
    printed(&folder, "new shop.yaml --out src/api --default-role Public");
    let newer =
        SHOP.to_owned() + "  /orders/{id}:\n    get: { tags: [orders], responses: { 204: { description: none } } }\n";
    fs::write(folder.join("shop-2.yaml"), newer).unwrap();
    let dry = printed(&folder, "update shop-2.yaml --dry-run");
    assert!(dry.contains("would change 1 file"), "{dry}");
    assert!(fs::read_to_string(folder.join("rolecall.toml")).unwrap().contains("document = \"shop.yaml\""));
    let update = printed(&folder, "update shop-2.yaml");
    assert!(update.contains("rolecall.toml names shop-2.yaml now"), "{update}");
    assert!(fs::read_to_string(folder.join("rolecall.toml")).unwrap().contains("document = \"shop-2.yaml\""));
    let check = printed(&folder, "check");
    assert!(check.contains("3 endpoints of ") && check.ends_with("shop-2.yaml: the traits and the document agree\n"));
    assert!(!check.contains("/../"), "{check}");
}

#[test]
fn a_role_is_the_name_of_a_type_whatever_it_is_called() {
    let folder = package("roles");
    for (given, expected) in
        [("admin", "Admin"), ("shop-owner", "ShopOwner"), ("self", "SelfModel"), ("Error", "ErrorRole")]
    {
        printed(&folder, &format!("new shop.yaml --out src/api --force --default-role {given}"));
        let roles = fs::read_to_string(folder.join("src/api/roles.rs")).unwrap();
        assert!(roles.contains(&format!("pub enum {expected} {{}}")), "{roles}");
        assert!(fs::read_to_string(folder.join("src/api/orders.rs")).unwrap().contains(&format!("role = {expected})")));
    }
    fs::write(folder.join("roles.toml"), "default = \"Member\"\n[operations]\nlistOrder = \"Admin\"\n").unwrap();
    let printed = printed(&folder, "new shop.yaml --dry-run --roles roles.toml");
    assert!(printed.contains("warning: the mapping has a role for `listOrder`, which is no operation of"), "{printed}");
}
