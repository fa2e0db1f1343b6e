//! A server that gives one response and shows the whole request that it got.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use httpmock::{HttpMockRequest, MockServer, Then};
use rolecall::{Client, ClientBuilder, Role};

/// The token of the clients made by [`Wire::client`].
pub const TOKEN: &str = "a-token";

/// The server.
pub struct Wire {
    server: MockServer,
    requests: Arc<Mutex<Vec<String>>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("requests", &self.requests()).finish_non_exhaustive()
    }
}

impl Wire {
    /// Gives this response to every request.
    pub async fn answering(response: impl FnOnce(Then) + Send) -> Self {
        // The tests have reqwest with TLS and no provider; without one, its builder cannot tell how long a form is.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = MockServer::start_async().await;
        let requests = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&requests);
        server
            .mock_async(|when, then| {
                when.is_true(move |request| {
                    record.lock().unwrap_or_else(PoisonError::into_inner).push(written(request));
                    true
                });
                response(then);
            })
            .await;
        Self { server, requests }
    }

    /// Gives a response of JSON to every request.
    pub async fn json(status: u16, body: &str) -> Self {
        let body = body.to_owned();
        Self::answering(move |then| {
            then.status(status).header("content-type", "application/json").body(body);
        })
        .await
    }

    /// Starts a client of this server with the token [`TOKEN`].
    pub fn builder<R: Role>(&self) -> ClientBuilder<R> {
        Client::builder(self.server.base_url()).bearer_token(TOKEN)
    }

    /// A client of this server with the token [`TOKEN`].
    pub fn client<R: Role>(&self) -> Client<R> {
        self.builder().build().unwrap()
    }

    /// All requests, as [`Self::request`] shows them.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one request that there was: request line, headers by name, an empty line, body. The server's port,
    /// which differs from run to run, is left out of `host`.
    #[track_caller]
    pub fn request(&self) -> String {
        match self.requests().as_slice() {
            [request] => request.clone(),
            requests => panic!("{} requests instead of one: {requests:#?}", requests.len()),
        }
    }
}

fn written(request: &HttpMockRequest) -> String {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let mut text = format!("{} {target}\n", request.method());
    let mut headers = request.headers_vec().clone();
    headers.sort();
    for (name, value) in headers {
        let value = if name == "host" { value.split(':').next().unwrap_or_default() } else { &value };
        let _ = writeln!(text, "{name}: {value}");
    }
    let _ = write!(text, "\n{}", String::from_utf8_lossy(request.body_ref()));
    text
}
