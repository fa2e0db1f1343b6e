//! The terminal that an example writes to.

use std::env;
use std::io::{IsTerminal, stdout};

use console::Term;
use ostrom::Decimal;

/// What standard output can show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// The number of columns. 80 if it is unknown.
    pub(crate) width: usize,
    /// `true` for a terminal that understands colors, unless `NO_COLOR` is set.
    colors: bool,
    /// `true` for a terminal that draws block characters.
    blocks: bool,
}

impl Terminal {
    /// Describes standard output: a terminal, a dumb terminal, or a pipe.
    pub(crate) fn stdout() -> Self {
        let set = |name| env::var_os(name).filter(|value| !value.is_empty());
        let terminal = stdout().is_terminal();
        let capable = terminal && set("TERM").is_none_or(|term| term != "dumb");
        let columns = || set("COLUMNS")?.to_str()?.parse().ok();
        let size = if terminal { Term::stdout().size_checked().map(|(_, columns)| columns.into()) } else { None };
        Self {
            width: size.or_else(columns).unwrap_or(80).max(20),
            colors: capable && set("NO_COLOR").is_none(),
            blocks: capable,
        }
    }

    /// Returns a bar whose length is a share of `width` columns, from 0 to 1. `highlight` colors it.
    pub(crate) fn bar(&self, share: Decimal, width: usize, highlight: bool) -> String {
        let share = share.clamp(Decimal::ZERO, Decimal::ONE);
        let eighths = usize::try_from((share * Decimal::from(width * 8)).round()).unwrap_or_default();
        let bar = if self.blocks {
            let rest =
                ["", "\u{258f}", "\u{258e}", "\u{258d}", "\u{258c}", "\u{258b}", "\u{258a}", "\u{2589}"][eighths % 8];
            format!("{}{rest}", "\u{2588}".repeat(eighths / 8))
        } else {
            "#".repeat((eighths + 4) / 8)
        };
        if self.colors && !bar.is_empty() {
            let color = if highlight { 32 } else { 90 };
            return format!("\x1b[{color}m{bar}\x1b[0m");
        }
        bar
    }

    /// Breaks text into lines that fit.
    pub(crate) fn wrap(&self, text: &str) -> String {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(word),
                Some(line) if line.chars().count() + 1 + word.chars().count() <= self.width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.join("\n")
    }
}
