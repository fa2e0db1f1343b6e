//! What the macro writes, as one would read it under `cargo expand`.

use super::{GOOD, expand, pretty};

#[test]
fn expansions() {
    for (name, arguments, item) in GOOD {
        insta::assert_snapshot!(name, pretty(expand(arguments, item)));
    }
}

#[test]
fn of_a_trait_with_mistakes() {
    let item = r#"
    /// Things.
    pub trait ThingsApi {
        const VERSION: u32 = 1;
        #[endpoint(method = get, path = "things", role = User)]
        async fn things(&self, (a, b): (u32, u32)) -> Result<Response, Error>;
        fn others(self) -> u32;
    }"#;
    insta::assert_snapshot!("mistakes", pretty(expand("dyn = DynThingsApi", item)));
}

/// With `crate = …` nothing of the default path is left, in a trait with mistakes neither.
#[test]
fn another_path_to_the_runtime_is_the_only_one() {
    fn has_default(tokens: proc_macro2::TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(ident) => ident == "rolecall",
            proc_macro2::TokenTree::Group(group) => has_default(group.stream()),
            _ => false,
        })
    }
    for (name, arguments, item) in GOOD {
        assert_eq!(has_default(expand(arguments, item)), !arguments.contains("crate"), "{name}");
        if arguments.contains("crate") {
            continue;
        }
        let arguments = if arguments.is_empty() { String::new() } else { format!("{arguments}, ") };
        assert!(!has_default(expand(&format!("{arguments}crate = other::path"), item)), "{name}");
        let wrong = item.replace("async fn", "fn");
        assert!(!has_default(expand(&format!("{arguments}crate = other::path"), &wrong)), "{name}, wrong");
    }
}
