//! What compiles, what doesn't, and in which words; see `ui/README.md`.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    if std::env::var_os("PASS_ONLY").is_some() {
        return;
    }
    cases.compile_fail("ui/fail/*.rs");
}
