//! The text of a program that calls every method of some traits.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::{Attribute, FnArg, Item, Pat, TraitItem, TraitItemFn};

use crate::argument::{Argument, tokens};
use crate::document::{Operation, key};
use crate::values::Values;

/// What all programs have.
const HEAD: &str = r#"//! Calls every method once.
#![allow(warnings)]

mod api;

use std::collections::BTreeMap;

use api::*;
use rolecall::{Bytes, Client, FilePart, Multipart, Part, Public, Retry};
use serde_json::{Map, Value};

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("value: {error}: {text}"))
}

fn told(error: rolecall::Error) -> String {
    let status = error.status().map(|status| status.as_u16()).unwrap_or_default();
    let line = |text: &str| text.replace(['\n', '\t'], " ");
    let body = String::from_utf8_lossy(error.body());
    // What Prism found wrong in the request.
    let why = error.headers().get("sl-violations").and_then(|why| why.to_str().ok()).filter(|_| status >= 400);
    let body = why.map_or_else(|| body.to_string(), |why| format!("{why} {body}"));
    format!("{:?}\t{status}\t{}\t{}", error.kind(), line(&error.to_string()), line(&body))
}

fn report(name: &str, outcome: Result<(), String>) {
    match outcome {
        Ok(()) => println!("ok {name}"),
        Err(message) => {
            println!("failed {name}\t{message}");
            // Prism has ended; whoever runs this program starts it again.
            if message.starts_with("Transport\t") || message.starts_with("Connect\t") {
                std::process::exit(3);
            }
        }
    }
}
"#;

/// What programs have that send files.
const FILE: &str = r#"
fn file() -> Result<Part, String> {
    let part = Part::bytes(b"a1".to_vec()).file_name("a.txt");
    // Prism ends at a file without a media type.
    part.mime_str("text/plain").map_err(|error| error.to_string())
}
"#;

/// Writes the program. The second value is the number of its calls.
pub(crate) fn program(
    files: &[(PathBuf, String)],
    operations: &BTreeMap<String, Operation<'_>>,
    values: &Values<'_>,
) -> Result<(String, usize), Box<dyn Error>> {
    let mut calls = Vec::new();
    for (_, text) in files {
        for item in syn::parse_file(text)?.items {
            let Item::Trait(item) = item else { continue };
            for method in item.items {
                let TraitItem::Fn(method) = method else { continue };
                calls.extend(call(&method, operations, values));
            }
        }
    }
    let mut out = HEAD.to_owned();
    if files.iter().any(|(path, _)| path.ends_with("models.rs")) {
        out.push_str("use api::models::*;\n");
    }
    if calls.iter().any(|(_, body)| body.contains("file()?")) {
        out.push_str(FILE);
    }
    for (number, (_, body)) in calls.iter().enumerate() {
        write!(out, "\nasync fn call_{number}(client: &Client<Public>) -> Result<(), String> {{\n{body}}}\n")?;
    }
    out.push_str("\nfn main() {\n");
    out.push_str("    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();\n");
    out.push_str("    runtime.block_on(calls());\n}\n\nasync fn calls() {\n");
    out.push_str("    let url = std::env::args().nth(1).unwrap();\n");
    out.push_str("    let first: usize = std::env::args().nth(2).unwrap().parse().unwrap();\n");
    // Prism takes its time on a busy machine, which is no failure.
    out.push_str("    let time = std::time::Duration::from_secs(600);\n");
    out.push_str(
        "    let client = Client::<Public>::builder(url).retry(Retry::never()).timeout(time).deadline(time);\n",
    );
    out.push_str("    let client = client.build().unwrap();\n");
    for (number, (name, _)) in calls.iter().enumerate() {
        writeln!(out, "    if first <= {number} {{")?;
        writeln!(out, "        report({name:?}, Box::pin(call_{number}(&client)).await);\n    }}")?;
    }
    out.push_str("}\n");
    Ok((out, calls.len()))
}

/// The name of a method with the body of a function that calls it.
fn call(
    method: &TraitItemFn,
    operations: &BTreeMap<String, Operation<'_>>,
    values: &Values<'_>,
) -> Option<(String, String)> {
    let endpoint = pairs(method.attrs.iter().find(|attribute| attribute.path().is_ident("endpoint"))?);
    let (verb, path) = (endpoint.get("method")?, endpoint.get("path")?);
    let operation = operations.get(&key(verb, path))?;
    let mut body = String::new();
    let mut arguments = Vec::new();
    for input in &method.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(pattern) = &*input.pat else { continue };
        let name = pattern.ident.to_string();
        let ty = input.ty.to_token_stream().to_string().replace(' ', "").replace(",>", ">");
        let value =
            Argument { name: name.trim_start_matches("r#"), ty: &ty, attributes: &input.attrs, operation, values };
        let text = value.expression(&format!("a{}", arguments.len()), &mut body);
        arguments.push(text);
    }
    let name = &method.sig.ident;
    let _ = writeln!(body, "    client.{name}({}).await.map(drop).map_err(told)", arguments.join(", "));
    Some((format!("{verb} {path}\t{}", name.to_string().trim_start_matches("r#")), body))
}

/// `key = value` pairs.
fn pairs(attribute: &Attribute) -> BTreeMap<String, String> {
    let all: Vec<TokenTree> = tokens(attribute).into_iter().collect();
    let pair = |window: &[TokenTree]| match window {
        [TokenTree::Ident(key), TokenTree::Punct(equals), value] if equals.as_char() == '=' => {
            let text = value.to_string();
            let text = syn::parse_str::<syn::LitStr>(&text).map_or(text, |literal| literal.value());
            Some((key.to_string(), text))
        }
        _ => None,
    };
    all.windows(3).filter_map(pair).collect()
}
