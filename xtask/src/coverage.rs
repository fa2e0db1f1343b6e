//! Checks that every public item is documented, by rustdoc's count.

use crate::published::PUBLISHED;
use crate::run::{Failure, Outcome, is_there, output, target};

/// `missing_docs` does not check items where a lint is allowed, nor those that a macro generates.
pub(crate) fn coverage() -> Result<Outcome, Failure> {
    if !is_there("rustup run nightly cargo --version") {
        return Ok(Outcome::Skipped("there is no nightly toolchain; `rustup toolchain install nightly` brings it"));
    }
    for package in PUBLISHED {
        let line = format!(
            "rustup run nightly cargo rustdoc --lib --all-features -p {package} --target-dir {}/nightly",
            target()
        );
        let table = output(&line, &[("RUSTDOCFLAGS", "-Z unstable-options --show-coverage")])?;
        let total = table.lines().find(|line| line.starts_with("| Total")).unwrap_or_default();
        println!("{package} {total}");
        if documented(total) != Some("100.0%") {
            return Err(Failure::new(format!("{package} has public items without documentation:\n{table}")));
        }
    }
    Ok(Outcome::Done)
}

/// The share of items with documentation: the second of the line's numbers.
fn documented(total: &str) -> Option<&str> {
    total.split('|').filter_map(|cell| Some(cell.trim()).filter(|cell| !cell.is_empty())).nth(2)
}

#[cfg(test)]
mod tests {
    use super::documented;

    #[test]
    fn the_share_is_read_from_rustdocs_table() {
        assert_eq!(
            documented("| Total                     |         42 |     100.0% |          9 |      64.3% |"),
            Some("100.0%")
        );
        assert_eq!(documented(""), None);
    }
}
