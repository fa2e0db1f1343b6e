//! `cargo rolecall`: traits for `rolecall` from OpenAPI documents, and the check that they still agree.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolecall_openapi::run(std::env::args_os())
}
