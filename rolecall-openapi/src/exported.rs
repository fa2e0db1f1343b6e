//! The OpenAPI document of traits by their `ENDPOINTS`, for tests and build programs.

use std::fmt;

use rolecall::{Endpoint, ParameterLocation};
use syn::Type;

use crate::document::node::Node;
use crate::endpoints::{Generators, declared};
use crate::export as writer;
use crate::plan::placeholders;
use crate::source::{Source, SourceMethod, SourceTrait};

/// An OpenAPI document. `Display` writes it as YAML.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported(Node);

impl Exported {
    /// Returns the document as JSON, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&writer::yaml(&self.0))
    }
}

/// Returns the OpenAPI document of traits: of version 3.1, or 3.2 if they have methods that 3.1 does not know.
///
/// `cargo rolecall export` reads source, and knows the types that are in it. This reads the constant `ENDPOINTS`, in a test
/// or a build program. For a trait with `#[api(schema)]`, `components/schemas` has what serde makes of each type, and the
/// fields of flattened queries are parameters. For another trait, types that Rust itself has are described, and of all
/// others the name.
///
/// ```
/// use rolecall::{Client, Error, Public, api, endpoint};
/// use schemars::JsonSchema;
///
/// /// A book.
/// #[derive(serde::Deserialize, JsonSchema)]
/// pub struct Book {
///     pub title: String,
/// }
///
/// #[derive(serde::Serialize, JsonSchema)]
/// #[serde(rename_all = "camelCase")]
/// pub struct Filter {
///     pub written_by: Option<String>,
/// }
///
/// /// The books of a library.
/// #[api(schema)]
/// pub trait BooksApi {
///     /// Lists books.
///     #[endpoint(method = GET, path = "/books", role = Public)]
///     async fn books(&self, #[query(flatten)] filter: &Filter) -> Result<Vec<Book>, Error>;
/// }
///
/// let document = rolecall_openapi::export("Library", "1.0.0", &[<Client<Public> as BooksApi>::ENDPOINTS]);
/// assert!(document.to_json().contains(r#""name":"writtenBy","in":"query""#));
/// assert!(document.to_string().contains("A book."));
/// ```
#[must_use]
pub fn export(title: &str, version: &str, apis: &[&[Endpoint]]) -> Exported {
    let mut generators = Generators::new();
    let traits = apis.iter().filter_map(|endpoints| interface(endpoints, &mut generators)).collect();
    let mut source = Source { traits, ..Source::default() };
    let methods = source.traits.iter_mut().flat_map(|of| &mut of.methods);
    let mut known: Vec<_> = methods.map(|method| &mut method.declared.known).collect();
    let components = generators.components(&mut known);
    Exported(writer::export(&source, title, version, components))
}

/// A trait as source declares it. One without endpoints has no name.
fn interface(endpoints: &[Endpoint], generators: &mut Generators) -> Option<SourceTrait> {
    let first = endpoints.first()?;
    Some(SourceTrait {
        name: first.api.to_owned(),
        doc: first.api_docs.to_owned(),
        methods: endpoints.iter().map(|endpoint| method(endpoint, generators)).collect(),
        ..SourceTrait::default()
    })
}

fn method(endpoint: &Endpoint, generators: &mut Generators) -> SourceMethod {
    let parse = |ty: &str| syn::parse_str::<Type>(ty).ok();
    let response = match endpoint.response.conditional {
        true => parse(&format!("Conditional<{}>", endpoint.response.type_name)),
        false => parse(endpoint.response.type_name),
    };
    let mut out = SourceMethod { declared: declared(endpoint, generators), response, ..SourceMethod::default() };
    for parameter in endpoint.parameters {
        let ty = parse(parameter.type_name);
        match parameter.location {
            ParameterLocation::Path => {
                let mut placeholders = placeholders(endpoint.path).into_iter();
                let own = placeholders.find(|name| name.trim_start_matches('*') == parameter.name);
                out.path_types.extend(own.map(str::to_owned).zip(ty));
            }
            ParameterLocation::Body => out.body = ty,
            ParameterLocation::Query if !parameter.flatten => {
                out.deep.extend(parameter.nested.map(|_| parameter.name.to_owned()));
                out.json.extend(parameter.media_type.map(|_| parameter.name.to_owned()));
            }
            _ => {}
        }
    }
    out
}
