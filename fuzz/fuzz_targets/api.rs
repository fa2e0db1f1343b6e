//! Whatever stands under `#[api]`: always tokens, never a panic, never a hang.
//!
//! ```sh
//! mkdir -p fuzz/corpus/api
//! cargo +nightly fuzz run api fuzz/corpus/api fuzz/seeds/api -- -max_total_time=60
//! ```
//!
//! A macro's crate exports nothing but macros, so its modules are taken by their paths. The input is the arguments of
//! `#[api]`, an `@@`, and the item; or the item alone.

#![no_main]
#![allow(dead_code)]

#[path = "../../macros/src/attr.rs"]
mod attr;
#[path = "../../macros/src/dependency.rs"]
mod dependency;
#[path = "../../macros/src/entry.rs"]
mod entry;
#[path = "../../macros/src/errors.rs"]
mod errors;
#[path = "../../macros/src/expand/mod.rs"]
mod expand;
#[path = "../../macros/src/fallback.rs"]
mod fallback;
#[path = "../../macros/src/model.rs"]
mod model;
#[path = "../../macros/src/unique.rs"]
mod unique;
#[path = "../../macros/src/path.rs"]
mod path;
#[path = "../../macros/src/recover.rs"]
mod recover;
#[path = "../../macros/src/role.rs"]
mod role;
#[path = "../../macros/src/syntax.rs"]
mod syntax;
#[path = "../../macros/src/types.rs"]
mod types;
#[path = "../../macros/src/validate/mod.rs"]
mod validate;
#[path = "../../macros/src/text.rs"]
mod text;

use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

fuzz_target!(|source: &str| {
    let (arguments, item) = source.split_once("@@").unwrap_or(("", source));
    let (Ok(arguments), Ok(item)) = (arguments.parse::<TokenStream>(), item.parse::<TokenStream>()) else { return };
    // Deeper than that and the compiler itself gives up.
    if depth(source) > 100 {
        return;
    }
    let expansion = entry::api(arguments, item.clone());
    let _ = expansion.to_string();
    let _ = entry::endpoint(TokenStream::new(), item);
    // Each string is a path as well.
    let _ = path::Template::parse(source);
});

fn depth(source: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for char in source.chars() {
        match char {
            '(' | '[' | '{' | '<' | '&' | '*' | '!' | '-' => depth += 1,
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
