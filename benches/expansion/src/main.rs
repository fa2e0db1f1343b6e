//! The time that `#[api]` itself takes, and the size of what it leaves for the compiler, an endpoint.
//!
//! A macro's crate exports nothing but macros, so its modules are taken by their paths.

#![allow(dead_code)]

#[path = "../../../macros/src/attr.rs"]
mod attr;
#[path = "../../../macros/src/dependency.rs"]
mod dependency;
#[path = "../../../macros/src/entry.rs"]
mod entry;
#[path = "../../../macros/src/errors.rs"]
mod errors;
#[path = "../../../macros/src/expand/mod.rs"]
mod expand;
#[path = "../../../macros/src/fallback.rs"]
mod fallback;
#[path = "../../../macros/src/model.rs"]
mod model;
#[path = "../../../macros/src/unique.rs"]
mod unique;
#[path = "../../../macros/src/path.rs"]
mod path;
#[path = "../../../macros/src/recover.rs"]
mod recover;
#[path = "../../../macros/src/role.rs"]
mod role;
#[path = "../../../macros/src/syntax.rs"]
mod syntax;
#[path = "../../../macros/src/types.rs"]
mod types;
#[path = "../../../macros/src/validate/mod.rs"]
mod validate;
#[path = "../../../macros/src/text.rs"]
mod text;

use std::time::Instant;

use proc_macro2::{TokenStream, TokenTree};

const ENDPOINTS: [&str; 3] = [
    r#"/// The user's information.
    #[endpoint(method = GET, path = "/r{k}/me", role = User)]
    async fn get_{k}(&self) -> Result<Me, Error>;
"#,
    r#"/// Links a user.
    #[endpoint(method = POST, path = "/r{k}/link", role = User)]
    async fn link_{k}(&self, #[body] body: &LinkRequest) -> Result<LinkResponse, Error>;
"#,
    r#"/// Disconnects a user.
    #[endpoint(method = DELETE, path = "/r{k}/{externalUserId}/disconnect", role = User)]
    async fn disconnect_{k}(&self, external_user_id: &str) -> Result<(), Error>;
"#,
];

fn api(endpoints: usize) -> TokenStream {
    let methods: String = (0..endpoints).map(|k| ENDPOINTS[k % 3].replace("{k}", &k.to_string())).collect();
    format!("/// Users.\npub trait Users {{ {methods} }}").parse().expect("a trait")
}

fn tokens(stream: TokenStream) -> usize {
    let size = |token| match token {
        TokenTree::Group(group) => 2 + tokens(group.stream()),
        _ => 1,
    };
    stream.into_iter().map(size).sum()
}

/// The least of ten, in milliseconds; and the expansion.
fn expand(endpoints: usize) -> (f64, TokenStream) {
    let item = api(endpoints);
    let time = |item: TokenStream| {
        let start = Instant::now();
        let expansion = entry::api(TokenStream::new(), item);
        (start.elapsed().as_secs_f64() * 1000.0, expansion)
    };
    (0..10).map(|_| time(item.clone())).min_by(|a, b| a.0.total_cmp(&b.0)).expect("ten")
}

fn main() {
    let size = |stream: &TokenStream| {
        let source = prettyplease::unparse(&syn::parse2(stream.clone()).expect("items"));
        (source.lines().count() as f64, source.len() as f64, tokens(stream.clone()) as f64)
    };
    let ((few_ms, few), (many_ms, many)) = (expand(50), expand(500));
    let ((l0, b0, t0), (l1, b1, t1)) = (size(&few), size(&many));
    println!("us/endpoint={:.1}", (many_ms - few_ms) / 450.0 * 1000.0);
    println!("lines/endpoint={:.1}", (l1 - l0) / 450.0);
    println!("bytes/endpoint={:.0}", (b1 - b0) / 450.0);
    println!("tokens/endpoint={:.0}", (t1 - t0) / 450.0);
    println!("written_tokens/endpoint={:.0}", (tokens(api(500)) - tokens(api(50))) as f64 / 450.0);
    println!("ms/500={many_ms:.1}");
    if std::env::args().nth(1).as_deref() == Some("show") {
        println!("{}", prettyplease::unparse(&syn::parse2(entry::api(TokenStream::new(), api(3))).expect("items")));
    }
}
