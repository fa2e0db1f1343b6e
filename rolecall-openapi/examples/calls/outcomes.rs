//! What came of the calls of a document.

/// The outcomes of some calls.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    succeeded: usize,
    /// Prism had no response: it answered with an error of its own.
    prism: usize,
    /// Prism refused the request, which its document does not allow.
    refused: usize,
    /// The response did not fit the type that was written for it.
    not_decoded: usize,
    other: usize,
    pub(crate) failures: Vec<String>,
}

impl Outcomes {
    pub(crate) const HEADER: &str = "called\tsucceeded\trefused\tnot decoded\tother\tfailed within Prism";

    /// Reads what a program printed: a line for each call.
    pub(crate) fn of(text: &str) -> Self {
        let mut out = Self::default();
        for line in text.lines() {
            if line.starts_with("ok ") {
                out.succeeded += 1;
                continue;
            }
            // No document has its errors as the first response: one of the server's is Prism's own.
            if line.contains(": Status 5") {
                out.prism += 1;
            } else if line.contains(": Status ") {
                out.refused += 1;
            } else if line.contains(": Decode ") {
                out.not_decoded += 1;
            } else {
                out.other += 1;
            }
            out.failures.push(line.to_owned());
        }
        out
    }

    /// Adds a failure that is not a call's.
    pub(crate) fn other(&mut self, message: String) {
        self.other += 1;
        self.failures.push(message);
    }

    pub(crate) fn add(&mut self, more: Self) {
        self.succeeded += more.succeeded;
        self.prism += more.prism;
        self.refused += more.refused;
        self.not_decoded += more.not_decoded;
        self.other += more.other;
        self.failures.extend(more.failures);
    }

    pub(crate) fn row(&self) -> String {
        let numbers = [self.called(), self.succeeded, self.refused, self.not_decoded, self.other, self.prism];
        numbers.map(|number| number.to_string()).join("\t")
    }

    /// The share of all calls that succeeded.
    pub(crate) fn share(&self) -> f64 {
        share(self.succeeded, self.called())
    }

    /// The share of the calls that Prism itself did not fail.
    pub(crate) fn share_of_served(&self) -> f64 {
        share(self.succeeded, self.called() - self.prism)
    }

    fn called(&self) -> usize {
        self.succeeded + self.failures.len()
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
