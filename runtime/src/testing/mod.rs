#![cfg_attr(not(doctest), doc = include_str!("../../docs/testing.md"))]

mod call;
mod route;
mod serve;
mod state;

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use crate::client::Client;
use crate::client::ClientBuilder;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::role::Role;
use state::{Answer, State};

pub use call::Call;

/// The bearer token of the clients that [`TestServer::client`] makes.
pub const TOKEN: &str = "test-token";

/// A server on loopback whose routes are the endpoints of APIs, for tests.
///
/// An endpoint is answered with what the test gives it, and each request is kept. One that is of no endpoint, or whose
/// endpoint has no answer, is answered with status 501 and a problem that names it, which the client's error then shows.
///
/// It serves from [`start`](Self::start) until it is dropped, on the runtime of the test. (Under tokio's paused clock a
/// call's time can run out while the request is on its way: nothing else is ready then.)
///
/// ```
/// use rolecall::testing::TestServer;
/// use rolecall::{Caller, Client, Error, Public, api, endpoint};
///
/// /// A shop.
/// #[api]
/// pub trait ShopApi {
///     /// How many there are of a thing.
///     #[endpoint(method = GET, path = "/stock/{thing}", role = Public)]
///     async fn stock(&self, thing: &str) -> Result<u32, Error>;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Error> {
/// let server = TestServer::start(<Client<Public> as ShopApi>::ENDPOINTS).await?;
/// server.respond("stock", 200, &7)?;
///
/// let client = server.client::<Public>()?;
/// assert_eq!(client.stock("red socks").await?, 7);
///
/// let calls = server.calls();
/// assert_eq!(calls[0].name(), "stock");
/// assert_eq!(calls[0].path_arg("thing"), Some("red socks"));
/// # Ok(())
/// # }
/// ```
pub struct TestServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: AbortHandle,
}

impl TestServer {
    /// Starts a server of these endpoints, `<Client<R> as Api>::ENDPOINTS`, on a free port.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if no port can be had.
    pub async fn start(endpoints: &'static [Endpoint]) -> Result<Self, Error> {
        let no_port = |error: std::io::Error| {
            Error::configuration(format!("could not bind the test server to a port: {error}"))
                .with_cause(Some(error.into()))
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(serve::serve(listener, Arc::clone(&state))).abort_handle();
        Ok(Self { address, state, task }.with_endpoints(endpoints))
    }

    /// Serves these endpoints too.
    #[must_use]
    pub fn with_endpoints(self, endpoints: &'static [Endpoint]) -> Self {
        self.state().serve(endpoints);
        self
    }

    /// The base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts a client of this server in the role `R`, with [`TOKEN`].
    #[must_use]
    pub fn builder<R: Role>(&self) -> ClientBuilder<R> {
        Client::builder(self.url()).bearer_token(TOKEN)
    }

    /// A client of this server in the role `R`, with [`TOKEN`].
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) if it can't be built.
    pub fn client<R: Role>(&self) -> Result<Client<R>, Error> {
        self.builder().build()
    }

    /// Answers an endpoint with a status and a body of JSON; with an empty body for `&()`.
    ///
    /// `endpoint` is the name of the method, or `Trait.method`. An endpoint's answers are given in the order in which
    /// they are added here, the last one again and again until there is another. A type of the API that can only be
    /// read is written as `serde_json::json!({ … })`.
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) for a name that no endpoint has, or more than one; for a
    /// status that is none; for a body that is no JSON.
    pub fn respond<T: Serialize + ?Sized>(&self, endpoint: &str, status: u16, body: &T) -> Result<(), Error> {
        let status = StatusCode::from_u16(status)
            .map_err(|error| Error::configuration(format!("invalid response for `{endpoint}`: {error}")))?;
        let body = serde_json::to_vec(body).map_err(|error| {
            Error::configuration(format!("could not serialize the response of `{endpoint}`: {error}"))
        })?;
        let mut response = state::json(body.into());
        *response.status_mut() = status;
        self.respond_with(endpoint, response)
    }

    /// Answers an endpoint with this response, headers and all; see [`respond`](Self::respond).
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) for a name that no endpoint has, or more than one.
    pub fn respond_with(&self, endpoint: &str, response: Response<impl Into<Bytes>>) -> Result<(), Error> {
        let response = response.map(Into::into);
        self.respond_fn(endpoint, move |_| response.clone())
    }

    /// Answers an endpoint with what this function makes of each call; see [`respond`](Self::respond).
    ///
    /// # Errors
    ///
    /// [`Configuration`](crate::ErrorKind::Configuration) for a name that no endpoint has, or more than one.
    pub fn respond_fn(
        &self,
        endpoint: &str,
        answer: impl Fn(&Call) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let answer: Answer = Arc::new(answer);
        self.state().add(endpoint, answer)
    }

    /// The requests so far, in the order in which they came.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for TestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestServer").field("url", &self.url()).field("calls", &self.state().calls.len()).finish()
    }
}
