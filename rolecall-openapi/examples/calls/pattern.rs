//! A text that matches a regular expression, for the expressions that schemas use.

/// Returns a text that matches, or `None` for an expression with parts that are not known here.
pub(crate) fn matching(pattern: &str) -> Option<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut parser = Parser { chars, at: 0 };
    let text = parser.alternatives()?;
    (parser.at == parser.chars.len()).then_some(text)
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek();
        self.at += 1;
        char
    }

    fn takes(&mut self, char: char) -> bool {
        let is_next = self.peek() == Some(char);
        self.at += usize::from(is_next);
        is_next
    }

    /// The first alternative that is not empty.
    fn alternatives(&mut self) -> Option<String> {
        let mut first = self.sequence()?;
        while self.takes('|') {
            let other = self.sequence()?;
            if first.is_empty() {
                first = other;
            }
        }
        Some(first)
    }

    fn sequence(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(char) = self.peek().filter(|char| !matches!(char, '|' | ')')) {
            if matches!(char, '^' | '$') {
                self.at += 1;
                continue;
            }
            let one = self.one()?;
            let times = self.times()?;
            (0..times).for_each(|_| out.push_str(&one));
        }
        Some(out)
    }

    fn one(&mut self) -> Option<String> {
        match self.next()? {
            '(' => {
                if self.takes('?') && !self.takes(':') {
                    // What must or must not follow.
                    return None;
                }
                let inner = self.alternatives()?;
                self.takes(')').then_some(inner)
            }
            '[' => self.class().map(String::from),
            '.' => Some("a".to_owned()),
            '\\' => escaped(self.next()?).map(String::from),
            char => Some(char.to_string()),
        }
    }

    /// The first character of a class; of a negated one, the first that is not in it.
    fn class(&mut self) -> Option<char> {
        let is_negated = self.takes('^');
        let mut members: Vec<(char, char)> = Vec::new();
        loop {
            let from = match self.next()? {
                ']' if !members.is_empty() => break,
                '\\' => escaped(self.next()?)?,
                char => char,
            };
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|char| *char != ']');
            let to = if is_range {
                self.at += 1;
                self.next()?
            } else {
                from
            };
            members.push((from, to));
        }
        let contains = |char: char| members.iter().any(|(from, to)| (*from..=*to).contains(&char));
        if is_negated {
            return ('a'..='z').chain('0'..='9').find(|char| !contains(*char));
        }
        ('a'..='z').chain('A'..='Z').chain('0'..='9').find(|char| contains(*char)).or(members.first().map(|one| one.0))
    }

    fn times(&mut self) -> Option<usize> {
        let times = match self.peek() {
            Some('?') => 0,
            // A text that is not empty is more likely to be taken.
            Some('*' | '+') => 1,
            Some('{') => {
                let end = self.chars.iter().skip(self.at).position(|char| *char == '}')? + self.at;
                let range: String = self.chars.get(self.at + 1..end)?.iter().collect();
                self.at = end;
                range.split(',').next()?.trim().parse().ok()?
            }
            _ => return Some(1),
        };
        self.at += 1;
        self.takes('?');
        Some(times)
    }
}

fn escaped(char: char) -> Option<char> {
    match char {
        'd' => Some('1'),
        'w' | 'S' | 'D' => Some('a'),
        's' => Some(' '),
        'n' => Some('\n'),
        't' => Some('\t'),
        'b' | 'B' | 'p' | 'P' | 'u' | 'x' => None,
        char => Some(char),
    }
}
