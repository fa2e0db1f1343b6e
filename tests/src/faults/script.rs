//! What a server answers, in order.

use std::collections::VecDeque;
use std::fmt;

use super::answer::Answer;
use super::connection::Received;

/// A server's answers: a list whose last one is repeated, or a function of the request.
pub struct Script(Kind);

enum Kind {
    List(VecDeque<Answer>),
    Function(Box<dyn FnMut(&Received) -> Answer + Send>),
}

impl Script {
    /// Answers each request, once it has been read whole, with what the function makes of it.
    pub fn by(function: impl FnMut(&Received) -> Answer + Send + 'static) -> Self {
        Self(Kind::Function(Box::new(function)))
    }

    /// Issues tokens, counted from 1, that live for so many seconds.
    #[must_use]
    pub fn tokens(expires_in: u64) -> Self {
        let mut number = 0;
        Self::by(move |_| {
            number += 1;
            Answer::token(number, expires_in)
        })
    }

    /// The next answer of a list, without having seen the request; none of a function.
    pub(crate) fn next(&mut self) -> Option<Answer> {
        match &mut self.0 {
            Kind::List(answers) if answers.len() > 1 => answers.pop_front(),
            Kind::List(answers) => answers.front().cloned(),
            Kind::Function(_) => None,
        }
    }

    /// The answer to this request, by a function.
    pub(crate) fn answer(&mut self, request: &Received) -> Answer {
        match &mut self.0 {
            Kind::Function(function) => function(request),
            Kind::List(_) => panic!("a script without answers"),
        }
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").finish_non_exhaustive()
    }
}

impl From<Answer> for Script {
    fn from(answer: Answer) -> Self {
        Self(Kind::List([answer].into()))
    }
}

impl<const N: usize> From<[Answer; N]> for Script {
    fn from(answers: [Answer; N]) -> Self {
        Self(Kind::List(answers.into()))
    }
}

impl From<Vec<Answer>> for Script {
    fn from(answers: Vec<Answer>) -> Self {
        Self(Kind::List(answers.into()))
    }
}
