//! Whatever a document is: an error, or traits that account for every operation; never a panic, never a hang.
//!
//! ```sh
//! mkdir -p fuzz/corpus/openapi
//! cargo +nightly fuzz run openapi fuzz/corpus/openapi rolecall-openapi/tests/documents -- -max_total_time=60
//! ```

#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_openapi::{Document, Options, scaffold, survey};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // A name without a folder: no file beside it is read.
    let Ok(document) = Document::from_text(text, "fuzzed.yaml") else { return };
    let figures = scaffold(&document, &Options::default()).figures;
    assert_eq!(figures.operations, figures.declared + figures.skipped + figures.left_out);
    survey(&document);
});
