//! Escapes and bounds external text, so that it is safe to display: on one line, and without terminal control
//! sequences.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Write};

/// The source of an error.
type Cause = Box<dyn Error + Send + Sync>;

/// The maximum length of an error's message, and of its sources together, in characters.
pub(crate) const MAX_LINE: usize = 1000;

/// Writes text and escapes characters that would affect how a terminal or a log displays the text around it.
pub(crate) struct Escaper<'a, W> {
    out: &'a mut W,
    left: usize,
    cut: bool,
}

impl<'a, W: Write> Escaper<'a, W> {
    /// Writes up to `limit` characters, followed by an ellipsis if text was omitted.
    pub(crate) fn new(out: &'a mut W, limit: usize) -> Self {
        Self { out, left: limit, cut: false }
    }

    fn piece(&mut self, text: &str, characters: usize) -> fmt::Result {
        if self.cut {
            return Ok(());
        }
        if characters > self.left {
            self.cut = true;
            return self.out.write_char('\u{2026}');
        }
        self.left -= characters;
        self.out.write_str(text)
    }
}

impl<W: Write> Write for Escaper<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() <= self.left && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return self.piece(text, text.len());
        }
        for character in text.chars() {
            if is_unsafe(character) {
                let escape = character.escape_default();
                self.piece(&escape.to_string(), escape.len())?;
            } else {
                self.piece(character.encode_utf8(&mut [0; 4]), 1)?;
            }
        }
        Ok(())
    }
}

/// Returns `true` for control characters, line ends, invisible characters, and those that reorder text (Unicode TR 36,
/// section 3, and the bidirectional controls of UAX 9).
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns the words of a text, separated by single spaces. Control characters count as spaces.
pub(crate) fn on_one_line(text: &str) -> String {
    let words = text.split(|character: char| character.is_whitespace() || character == '\0');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the text, or its first characters and an ellipsis.
pub(crate) fn start_of(text: &str, characters: usize) -> Cow<'_, str> {
    match text.char_indices().nth(characters).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{start}\u{2026}").into(),
        None => text.into(),
    }
}

/// Returns the cause itself, or its escaped text if it or one of its sources is not safe to display.
pub(super) fn safe_cause(cause: Cause) -> Cause {
    let mut length = 0;
    let mut next: Option<&(dyn Error + 'static)> = Some(&*cause);
    while let Some(error) = next {
        let text = error.to_string();
        length += text.chars().count();
        if length > MAX_LINE || text.chars().any(is_unsafe) {
            return Box::new(EscapedCause(escaped_chain(&*cause)));
        }
        next = error.source();
    }
    cause
}

fn escaped_chain(error: &(dyn Error + 'static)) -> String {
    let mut text = String::new();
    // Writing to a string is infallible.
    let _ = write_chain(&mut Escaper::new(&mut text, MAX_LINE), error);
    text
}

/// Writes an error and its sources.
pub(super) fn write_chain(out: &mut impl Write, error: &(dyn Error + 'static)) -> fmt::Result {
    write!(out, "{error}")?;
    let mut next = error.source();
    while let Some(error) = next {
        write!(out, ": {error}")?;
        next = error.source();
    }
    Ok(())
}

/// The escaped text of an error that is not safe to display.
#[derive(Debug)]
struct EscapedCause(String);

impl fmt::Display for EscapedCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for EscapedCause {}

/// Writes `Debug` output of bounded length, without control characters.
pub(super) struct SafeDebug<'a>(pub(super) &'a dyn fmt::Debug);

impl fmt::Debug for SafeDebug<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaper::new(f, MAX_LINE), "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn escaped(text: &str, limit: usize) -> String {
        let mut out = String::new();
        Escaper::new(&mut out, limit).write_str(text).unwrap();
        out
    }

    #[test]
    fn what_controls_a_terminal_is_escaped_and_all_else_is_kept() {
        for (text, shown) in [
            ("plain, \u{e4} and \u{1f600}", "plain, \u{e4} and \u{1f600}"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("user\u{202e}txt.exe", "user\\u{202e}txt.exe"),
            ("a\u{2028}b\u{2029}c\u{85}d", "a\\u{2028}b\\u{2029}c\\u{85}d"),
            ("\u{2066}x\u{2069}\u{feff}\u{200b}\u{e0041}", "\\u{2066}x\\u{2069}\\u{feff}\\u{200b}\\u{e0041}"),
        ] {
            assert_eq!(escaped(text, 100), shown);
        }
    }

    #[test]
    fn the_length_is_bounded_after_escaping() {
        assert_eq!(escaped("abc", 3), "abc");
        assert_eq!(escaped("abcd", 3), "abc\u{2026}");
        assert_eq!(escaped("ab\u{1b}", 5), "ab\u{2026}", "no half of an escape");
    }

    #[test]
    fn a_cause_that_is_safe_stays_itself() {
        let cause = |text: &str| safe_cause(std::io::Error::other(text.to_owned()).into());
        assert!(cause("connection refused").is::<std::io::Error>());
        assert_eq!(cause("a\u{1b}]0;title\u{7}b").to_string(), "a\\u{1b}]0;title\\u{7}b");
        assert!(cause(&"x".repeat(5000)).to_string().chars().count() <= MAX_LINE + 1);
    }

    proptest! {
        #[test]
        fn no_text_writes_into_a_terminal(text in any::<String>(), limit in 0_usize..50) {
            for line in [escaped(&text, limit), format!("{:?}", SafeDebug(&text))] {
                prop_assert!(!line.chars().any(is_unsafe), "{line:?}");
            }
            prop_assert!(escaped(&text, limit).chars().count() <= limit + 1);
        }
    }
}
