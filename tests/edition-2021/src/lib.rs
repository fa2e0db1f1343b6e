//! What `rolecall-tests` has to show of expansions, and the passing cases, once more, in a crate of edition 2021.

#![deny(warnings)]

#[path = "../../src/everything.rs"]
pub mod everything;
#[path = "../../src/roles.rs"]
pub mod roles;

// Each is a program; here it is a module that nobody runs.
macro_rules! cases {
    ($($(#[$meta:meta])* $name:ident = $path:literal;)*) => {
        $(
            #[path = $path]
            #[allow(dead_code, clippy::pedantic, clippy::unwrap_used, clippy::non_minimal_cfg, missing_docs, unreachable_pub)]
            #[allow(missing_debug_implementations)]
            mod $name;
        )*
    };
}

cases! {
    bodies_and_answers = "../../ui/pass/bodies_and_answers.rs";
    cfg_and_deprecated = "../../ui/pass/cfg_and_deprecated.rs";
    core_language = "../../ui/pass/core_language.rs";
    double = "../../ui/pass/double.rs";
    dyn_form = "../../ui/pass/dyn_form.rs";
    generic_methods = "../../ui/pass/generic_methods.rs";
    hygiene = "../../ui/pass/hygiene.rs";
    own_roles = "../../ui/pass/own_roles.rs";
    places = "../../ui/pass/places.rs";
    result_alias = "../../ui/pass/result_alias.rs";
}
