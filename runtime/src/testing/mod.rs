#![cfg_attr(not(doctest), doc = include_str!("../../docs/testing.md"))]

mod call;
mod marks;
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
use crate::role::{Role, is_public};
use crate::runtime;
use state::{Answer, State};

pub use call::Call;

/// The bearer token of the clients that [`TestServer::client`] creates.
pub const TOKEN: &str = "test-token";

/// A server on loopback whose routes are the endpoints of APIs, for tests.
///
/// The server sends the responses that the test sets, and records each request. Of endpoints with the same method and path,
/// a request is for the one whose constants, required parameters, content type, and `accept` it has. A request that matches no endpoint, or an
/// endpoint without a response, gets status 501 and a problem that names it, which the client's error shows.
///
/// It serves from [`start`](Self::start) until it is dropped, on the test's runtime. Under Tokio's paused clock, a call can
/// time out while its request is in transit, since no other task is ready then.
///
/// ```
/// use rolecall::testing::TestServer;
/// use rolecall::{Caller, Client, Error, Public, api, endpoint};
///
/// /// A store.
/// #[api]
/// pub trait ShopApi {
///     /// Returns the stock of an item.
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
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if no port is available, or outside of a Tokio runtime.
    pub async fn start(endpoints: &'static [Endpoint]) -> Result<Self, Error> {
        let no_port = |error: std::io::Error| {
            Error::configuration(format!("could not bind the test server to a port: {error}"))
                .with_cause(Some(error.into()))
        };
        runtime::check()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(serve::serve(listener, Arc::clone(&state))).abort_handle();
        Ok(Self { address, state, task }.with_endpoints(endpoints))
    }

    /// Adds these endpoints.
    #[must_use]
    pub fn with_endpoints(self, endpoints: &'static [Endpoint]) -> Self {
        self.state().serve(endpoints);
        self
    }

    /// Returns the base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Creates a builder for a client of this server in the role `R`, with [`TOKEN`] unless the role is
    /// [`Public`](crate::Public).
    #[must_use]
    pub fn builder<R: Role>(&self) -> ClientBuilder<R> {
        let builder = Client::builder(self.url());
        let builder = if is_public::<R>() { builder } else { builder.bearer_token(TOKEN) };
        let bases = self.state().bases();
        bases.into_iter().fold(builder, |builder, base| builder.base(base, self.url()))
    }

    /// Creates a client of this server in the role `R`, with [`TOKEN`] unless the role is [`Public`](crate::Public).
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if the client cannot be built.
    pub fn client<R: Role>(&self) -> Result<Client<R>, Error> {
        self.builder().build()
    }

    /// Adds a response to an endpoint: a status and a JSON body, which is empty for `&()`.
    ///
    /// `endpoint` is the name of the method, or `Trait.method`. Responses are sent in the order in which they are
    /// added, and the last one repeats until another is added. For a type that implements only `Deserialize`, pass
    /// `&serde_json::json!({ … })`.
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if no endpoint, or more than one, has the name; if the
    /// status is invalid; or if the body cannot be serialized.
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

    /// Adds a response with headers to an endpoint; see [`respond`](Self::respond).
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if no endpoint, or more than one, has the name.
    pub fn respond_with(&self, endpoint: &str, response: Response<impl Into<Bytes>>) -> Result<(), Error> {
        let response = response.map(Into::into);
        self.respond_fn(endpoint, move |_| response.clone())
    }

    /// Adds a function that computes the response to each call of an endpoint; see [`respond`](Self::respond).
    ///
    /// # Errors
    ///
    /// Returns [`Configuration`](crate::ErrorKind::Configuration) if no endpoint, or more than one, has the name.
    pub fn respond_fn(
        &self,
        endpoint: &str,
        answer: impl Fn(&Call) -> Response<Bytes> + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let answer: Answer = Arc::new(answer);
        self.state().add(endpoint, answer)
    }

    /// Returns the recorded requests, in order of arrival.
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
