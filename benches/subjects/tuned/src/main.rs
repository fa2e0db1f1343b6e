//! Not a peer: hand-written reqwest with every saving that its public API allows,
//! each one switchable, to tell what a generated client can gain over `handwritten`.
//!
//! `TUNED` in the environment is a comma-separated list (default: all of them):
//! * `url`    - addresses of fixed paths parsed once and cloned, a path with a
//!              parameter set on a clone of the parsed base
//! * `auth`   - the `Authorization` value made and checked once
//! * `direct` - `Request` + `Client::execute` instead of `RequestBuilder`
//! * `json`   - the body written into a buffer of about the right size
//!
//! And three that change what the client does, so they aren't in the default:
//! * `noproxy` - the proxies of the environment are ignored
//! * `noretry` - no second try where the server refused a request unseen
//! * `host`    - the `Host` header given with the request (wrong after a redirect to
//!               another host, so redirects are switched off with it)
//!
//! And three that a careful engineer adds, with the cargo feature `gzip` for the first:
//! * `gzip`    - compressed answers are asked for
//! * `agent`   - a `User-Agent` is sent
//! * `timeout` - each request has 30 s

use benchkit::{BoxError, LinkRequest, LinkResponse, Me, SUM_DISCONNECT, Subject};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue};
use reqwest::{Method, Request, Response, Url};

struct Client {
    http: reqwest::Client,
    base: Url,
    me: Url,
    link: Url,
    token: String,
    bearer: HeaderValue,
    host: Option<HeaderValue>,
    url: bool,
    auth: bool,
    direct: bool,
    json: bool,
}

impl Client {
    async fn call(&self, method: Method, url: Url, body: Option<&LinkRequest>) -> Result<Response, BoxError> {
        let bytes = match body {
            Some(b) if self.json => {
                let mut buf = Vec::with_capacity(256);
                serde_json::to_writer(&mut buf, b)?;
                Some(buf)
            }
            Some(b) if self.direct => Some(serde_json::to_vec(b)?),
            _ => None,
        };
        let response = if self.direct {
            let mut request = Request::new(method, url);
            let headers = request.headers_mut();
            if self.auth {
                headers.insert(AUTHORIZATION, self.bearer.clone());
            } else {
                let mut v = HeaderValue::try_from(format!("Bearer {}", self.token))?;
                v.set_sensitive(true);
                headers.insert(AUTHORIZATION, v);
            }
            if let Some(host) = &self.host {
                headers.insert(HOST, host.clone());
            }
            if let Some(bytes) = bytes {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                *request.body_mut() = Some(bytes.into());
            }
            self.http.execute(request).await?
        } else {
            let mut request = self.http.request(method, url);
            request = if self.auth {
                request.header(AUTHORIZATION, self.bearer.clone())
            } else {
                request.bearer_auth(&self.token)
            };
            request = match (bytes, body) {
                (Some(bytes), _) => request
                    .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                    .body(bytes),
                (None, Some(body)) => request.json(body),
                (None, None) => request,
            };
            request.send().await?
        };
        Ok(response.error_for_status()?)
    }

    async fn get_me(&self) -> Result<Me, BoxError> {
        let url = if self.url { self.me.clone() } else { self.base.join("me")? };
        Ok(self.call(Method::GET, url, None).await?.json().await?)
    }

    async fn link_user(&self, body: &LinkRequest) -> Result<LinkResponse, BoxError> {
        let url = if self.url { self.link.clone() } else { self.base.join("users/link")? };
        Ok(self.call(Method::POST, url, Some(body)).await?.json().await?)
    }

    async fn disconnect_user(&self, external_user_id: &str) -> Result<(), BoxError> {
        let mut url = self.base.clone();
        if self.url && external_user_id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            let mut path = String::with_capacity(64);
            path.push_str("/users/");
            path.push_str(external_user_id);
            path.push_str("/disconnect");
            url.set_path(&path);
        } else {
            url.path_segments_mut()
                .map_err(|()| "the base URL can't have a path")?
                .pop_if_empty()
                .extend(["users", external_user_id, "disconnect"]);
        }
        self.call(Method::DELETE, url, None).await?;
        Ok(())
    }
}

impl Subject for Client {
    type Body = LinkRequest;
    fn body(plain: LinkRequest) -> LinkRequest {
        plain
    }
    fn new(base: &str, token: &str) -> Result<Self, BoxError> {
        let tuned = std::env::var("TUNED").unwrap_or_else(|_| "url,auth,direct,json".to_owned());
        let on = |name: &str| tuned.split(',').any(|t| t == name);
        let base = Url::parse(base)?;
        let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))?;
        bearer.set_sensitive(true);
        let mut http = reqwest::Client::builder();
        if on("noproxy") {
            http = http.no_proxy();
        }
        if on("noretry") {
            http = http.retry(reqwest::retry::never().max_retries_per_request(0));
        }
        #[cfg(feature = "gzip")]
        {
            http = http.gzip(on("gzip"));
        }
        if on("agent") {
            http = http.user_agent("tuned/0.1.0");
        }
        if on("timeout") {
            http = http.timeout(std::time::Duration::from_secs(30));
        }
        let mut host = None;
        if on("host") {
            http = http.redirect(reqwest::redirect::Policy::none());
            host = Some(HeaderValue::from_str(base.authority())?);
        }
        Ok(Self {
            http: http.build()?,
            host,
            me: base.join("me")?,
            link: base.join("users/link")?,
            base,
            token: token.to_owned(),
            bearer,
            url: on("url"),
            auth: on("auth"),
            direct: on("direct"),
            json: on("json"),
        })
    }
    async fn me(&self) -> Result<u64, BoxError> {
        Ok(self.get_me().await?.sum())
    }
    async fn link(&self, body: &LinkRequest) -> Result<u64, BoxError> {
        Ok(self.link_user(body).await?.sum())
    }
    async fn disconnect(&self, external_user_id: &str) -> Result<u64, BoxError> {
        self.disconnect_user(external_user_id).await?;
        Ok(SUM_DISCONNECT)
    }
}

fn main() {
    benchkit::main::<Client>();
}
