//! What a server answers, in order.

use std::collections::VecDeque;
use std::fmt;

use super::connection::Received;
use super::response::ScriptedResponse;

/// A server's answers: a list whose last one is repeated, or a function of the request.
pub struct Script(Kind);

enum Kind {
    List(VecDeque<ScriptedResponse>),
    Function(Box<dyn FnMut(&Received) -> ScriptedResponse + Send>),
}

impl Script {
    /// Answers each request, once it has been read whole, with what the function makes of it.
    pub fn by(function: impl FnMut(&Received) -> ScriptedResponse + Send + 'static) -> Self {
        Self(Kind::Function(Box::new(function)))
    }

    /// Issues tokens, counted from 1, that live for so many seconds.
    #[must_use]
    pub fn tokens(expires_in: u64) -> Self {
        let mut number = 0;
        Self::by(move |_| {
            number += 1;
            ScriptedResponse::token(number, expires_in)
        })
    }

    /// The next response of a list, without having seen the request; none of a function.
    pub(crate) fn next(&mut self) -> Option<ScriptedResponse> {
        match &mut self.0 {
            Kind::List(responses) if responses.len() > 1 => responses.pop_front(),
            Kind::List(responses) => responses.front().cloned(),
            Kind::Function(_) => None,
        }
    }

    /// The response to this request, by a function.
    pub(crate) fn response(&mut self, request: &Received) -> ScriptedResponse {
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

impl From<ScriptedResponse> for Script {
    fn from(response: ScriptedResponse) -> Self {
        Self(Kind::List([response].into()))
    }
}

impl<const N: usize> From<[ScriptedResponse; N]> for Script {
    fn from(responses: [ScriptedResponse; N]) -> Self {
        Self(Kind::List(responses.into()))
    }
}

impl From<Vec<ScriptedResponse>> for Script {
    fn from(responses: Vec<ScriptedResponse>) -> Self {
        Self(Kind::List(responses.into()))
    }
}
