//! What compiles, what doesn't, and in which words; see `ui/README.md`.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*.rs");
}

/// What the compiler asks generic callers to add is what `pass/generic_callers.rs` has.
#[test]
fn a_bound_copied_from_an_error_compiles() {
    let with_bounds = std::fs::read_to_string("ui/pass/generic_callers.rs").unwrap();
    for case in ["client_generic_without_bound", "client_generic_over_api", "client_generic_of_another_crate"] {
        let errors = std::fs::read_to_string(format!("ui/fail/{case}.stderr")).unwrap();
        let (_, from_bound) = errors.split_once("add the bound `where ").unwrap();
        let (bound, _) = from_bound.split_once('`').unwrap();
        assert!(with_bounds.contains(bound), "{case}: {bound}");
        assert!(errors.contains(&format!("where {bound} {{")), "{case}: the compiler's own suggestion");
    }
}
