//! Tests of the whole macro, as a function from tokens to tokens.

mod encoding;
mod mutations;
mod snapshots;
mod unique;
mod verb;

use proc_macro2::TokenStream;

use crate::errors::Errors;
use crate::{syntax, validate};

/// `#[api(arguments)]` on a trait, expanded.
fn expand(arguments: &str, item: &str) -> TokenStream {
    crate::entry::api(arguments.parse().unwrap(), item.parse().unwrap())
}

/// The messages of the mistakes in a trait.
fn mistakes(arguments: &str, item: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let api = syntax::parse(arguments.parse().unwrap(), item.parse().unwrap(), &mut errors).unwrap();
    let settings = validate::settings(&api, &mut errors);
    let _ = validate::api(&api, &settings, &mut errors);
    errors.messages()
}

/// The expansion as one would write it.
fn pretty(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).unwrap())
}

/// Good traits, one for each part of the language; those of the snapshots, and what is mutated.
const GOOD: [(&str, &str, &str); 10] = [
    (
        "users",
        "",
        r#"
        /// Users of Ostrom.
        pub trait UsersApi {
            /// Disconnects a user.
            #[endpoint(method = DELETE, path = "/users/{externalUserId}/disconnect", role = Partner)]
            async fn disconnect_user(&self, external_user_id: &str) -> Result<(), Error>;

            #[endpoint(method = GET, path = "/me", role = User)]
            async fn get_me(&self) -> Result<GetMeResponse, Error>;

            /// Links a user.
            #[endpoint(method = POST, path = "/users/link", role = Partner)]
            async fn link_user(&self, #[body] body: &UsersLinkBody) -> Result<UserLinkResponse, Error>;
        }"#,
    ),
    (
        "path",
        r#"path = "/v1/{tenant}""#,
        r#"
        trait PathApi {
            #[endpoint(method = GET, path = "/at/{lat},{lon}.json", role = User)]
            async fn at(&self, tenant: u32, lat: f64, lon: f64) -> Result<Place, Error>;

            #[endpoint(method = GET, path = "/a file/{*rest}", role = User)]
            async fn rest(&self, tenant: u32, rest: &dyn Display) -> Result<Bytes, Error>;
        }"#,
    ),
    (
        "query",
        r#"rename_all = "camelCase""#,
        r#"
        trait QueryApi {
            #[endpoint(method = GET, path = "/", role = User)]
            async fn all(
                &self,
                #[query] plain_text: &str,
                #[query] start_date: Date,
                #[query] maybe: Option<&Date>,
                #[query] many: &[Date],
                #[query(list = "comma")] joined: Option<Vec<u32>>,
                #[query("fixed-name")] renamed: bool,
                #[query(flatten)] rest: &Filter,
            ) -> Result<(), Error>;
        }"#,
    ),
    (
        "header",
        r#"headers("X-Version" = "1", "x-kind" = "a")"#,
        r#"
        trait HeaderApi {
            #[endpoint(method = GET, path = "/", role = User, headers("x-version" = "2"))]
            async fn all(
                &self,
                #[header("X-Trace")] trace: Uuid,
                #[header("x-key", sensitive)] key: Option<&str>,
                #[header("x-kind")] kind: &str,
            ) -> Result<(), Error>;
        }"#,
    ),
    (
        "body",
        "",
        r#"
        trait BodyApi {
            #[endpoint(method = POST, path = "/json", role = User)]
            async fn json(&self, #[body] body: Option<Thing>) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/form", role = User)]
            async fn form(&self, #[body(form)] body: &Thing) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/text", role = User)]
            async fn text(&self, #[body(text, content_type = "application/xml")] body: &str) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/bytes", role = User)]
            async fn bytes(&self, #[body(bytes)] body: Vec<u8>) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/slice", role = User)]
            async fn slice(&self, #[body(bytes)] body: &[u8]) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/shared", role = User)]
            async fn shared(&self, #[body(bytes)] body: &Bytes) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/multipart", role = User)]
            async fn multipart(&self, #[body(multipart)] body: Multipart) -> Result<(), Error>;
            #[endpoint(method = POST, path = "/stream", role = User)]
            async fn stream(&self, #[body(stream)] body: Option<Body>) -> Result<(), Error>;
        }"#,
    ),
    (
        "answer",
        "",
        r#"
        trait AnswerApi {
            #[endpoint(method = GET, path = "/option", role = User)]
            async fn option(&self) -> Result<Option<Thing>, Error>;
            #[endpoint(method = GET, path = "/text", role = User)]
            async fn text(&self) -> Result<Text, Error>;
            #[endpoint(method = GET, path = "/stream", role = User, accept = "image/png")]
            async fn stream(&self) -> Result<ByteStream, Error>;
            #[endpoint(method = GET, path = "/whole", role = User)]
            async fn whole(&self) -> Result<Response<Option<Vec<Thing>>>, Error>;
            #[endpoint(method = HEAD, path = "/head", role = User)]
            async fn head(&self) -> Result<Option<Response<()>>, Error>;
        }"#,
    ),
    (
        "roles",
        "crate = my::http, role = Owner",
        r#"
        pub(crate) trait RolesApi: Debug + OtherApi where Self: 'static {
            #[endpoint(method = GET, path = "/public", role = my::http::Public)]
            async fn public(&self) -> Result<(), Error>;
            #[endpoint(method = GET, path = "/any", role = any(User, admin::Admin<R>))]
            async fn any<T: DeserializeOwned, R>(&self) -> Result<T, Error> where T: Send;
            #[endpoint(method = GET, path = "/optional", role = any(User, my::http::Public))]
            async fn optional(&self) -> Result<(), Error>;
            #[endpoint(method = GET, path = "/default")]
            async fn default(&self) -> Result<(), Error>;
        }"#,
    ),
    (
        "attributes",
        "endpoints = of_things",
        r#"
        trait AttributesApi {
            #[cfg(feature = "a")]
            #[endpoint(method = PUT, path = "/a", role = User, timeout = "90s")]
            async fn a(&self) -> Result<(), Error>;
            /// Old.
            #[deprecated]
            #[allow(unused)]
            #[must_use]
            #[endpoint(method = POST, path = "/b", role = User, idempotent)]
            async fn b(&self, #[allow(unused_mut)] #[query] q: u8) -> Result<(), Error>;
        }"#,
    ),
    (
        "schema",
        "schema, error = Failure",
        r#"
        /// Things.
        trait SchemaApi {
            #[endpoint(method = POST, path = "/things/{id}", role = User)]
            async fn add<'a, T: Display>(
                &'a self,
                id: T,
                #[query] tags: &[&str],
                #[query(flatten)] filter: Option<&Filter<'a>>,
                #[body] things: &[Thing],
            ) -> Result<Conditional<Thing>, Error>;
            #[endpoint(method = GET, path = "/events", role = User)]
            async fn events(&self) -> Result<Events<Event<Thing>>, Error>;
        }"#,
    ),
    (
        "dyn_trait",
        "dyn = DynThingsApi",
        r#"
        /// Things.
        pub trait ThingsApi {
            /// A thing.
            #[endpoint(method = GET, path = "/things/{id}", role = User)]
            async fn thing(&self, id: &str, #[query] tags: &[&str]) -> Result<Thing, Error>;
            #[endpoint(method = GET, path = "/health", role = Public)]
            async fn health<'x>(&'x self, #[query] q: Cow<'_, str>) -> Result<(), Error>;
        }"#,
    ),
];
