//! For the feature `many`: 500 endpoints, and a function that calls each once.

use std::fmt::Write;

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_MANY").is_none() {
        return Ok(());
    }
    let (mut methods, mut calls) = (String::new(), String::new());
    for k in 0..500 {
        let _ = writeln!(
            methods,
            "    /// One of many.\n    #[endpoint(method = GET, path = \"/many/{k}\", role = User)]\n    \
             async fn get_{k}(&self) -> Result<Me, Error>;"
        );
        let _ = writeln!(calls, "    client.get_{k}().await?;");
    }
    let source = format!(
        "use benchkit::Me;\nuse rolecall::{{Client, Error, api, endpoint}};\n\nuse super::User;\n\n\
         /// Many endpoints.\n#[api]\npub trait Many {{\n{methods}}}\n\n\
         pub async fn call_all(client: &Client<User>) -> Result<(), Error> {{\n{calls}    Ok(())\n}}\n"
    );
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    std::fs::write(format!("{out}/many.rs"), source)
}
