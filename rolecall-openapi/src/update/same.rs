//! Whether two pieces of source are the same but for their layout.

/// Whether they are the same but for spaces, line breaks, and the commas that come with these.
pub(crate) fn same(one: &str, other: &str) -> bool {
    squeezed(one) == squeezed(other)
}

fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        // The markers of a comment move when it is wrapped again.
        let line = line.trim();
        let line = line.strip_prefix("///").unwrap_or(line);
        for char in line.chars().filter(|char| !char.is_whitespace()) {
            if matches!(char, ')' | '>' | ']' | '}') && out.ends_with(',') {
                out.pop();
            }
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_is_not_compared() {
        assert!(same("fn a(&self, b: u8) -> C;", "fn a(\n    &self,\n    b: u8,\n) -> C;"));
        assert!(!same("fn a(&self, b: u8) -> C;", "fn a(&self, b: u16) -> C;"));
    }
}
