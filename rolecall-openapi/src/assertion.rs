//! The test that traits agree with a document.

use std::path::Path;

use rolecall::Endpoint;

use crate::check::{Declares, check};
use crate::document::Document;
use crate::endpoints::{Generators, declared};
use crate::project::{self, Project};
use crate::report::{Finding, Level};
use crate::roles::Mapping;
use crate::scaffold::Options;

/// Asserts that traits and a document agree.
///
/// The path is relative to the folder of the package. `rolecall.toml` there gives the mapping of roles, and the operations
/// that are skipped. A trait is checked by its constant `ENDPOINTS`; all operations of the document must be declared by one
/// of the traits, or skipped. The fields of a flattened query are compared, too, if the trait has `#[api(schema)]`.
///
/// ```no_run
/// # use rolecall::{Error, Public, api, endpoint};
/// # #[api] pub trait UsersApi {}
/// # #[api] pub trait OrdersApi {}
/// rolecall_openapi::check!("openapi.yaml", [UsersApi, OrdersApi]);
/// rolecall_openapi::check!("openapi.yaml", [UsersApi], skip = ["POST /token", "GET /events"]);
/// ```
///
/// # Panics
///
/// Panics with the report if the document cannot be read, or if the two do not agree.
#[macro_export]
macro_rules! check {
    ($document:expr, [$($api:path),+ $(,)?] $(,)?) => {
        $crate::check!($document, [$($api),+], skip = [])
    };
    ($document:expr, [$($api:path),+ $(,)?], skip = [$($skip:expr),* $(,)?] $(,)?) => {
        $crate::assert_agreement(
            ::core::env!("CARGO_MANIFEST_DIR"),
            $document,
            &[$(<$crate::rolecall::Client<$crate::rolecall::Public> as $api>::ENDPOINTS),+],
            &[$($skip),*],
        )
    };
}

/// What [`check!`] calls.
#[doc(hidden)]
#[track_caller]
#[allow(clippy::panic)] // An assertion.
pub fn assert_agreement(folder: &str, document: impl AsRef<Path>, endpoints: &[&[Endpoint]], skip: &[&str]) {
    match disagreements(Path::new(folder), document.as_ref(), endpoints, skip) {
        Ok(findings) if findings.is_empty() => {}
        Ok(findings) => {
            let report: Vec<String> = findings.iter().map(Finding::to_string).collect();
            panic!("the traits and {} do not agree\n\n{}\n", document.as_ref().display(), report.join("\n\n"));
        }
        Err(message) => panic!("{message}"),
    }
}

fn disagreements(
    folder: &Path,
    document: &Path,
    endpoints: &[&[Endpoint]],
    skip: &[&str],
) -> Result<Vec<Finding>, String> {
    let path = folder.join(document);
    let document = Document::open(&path).map_err(|error| error.to_string())?;
    let file = folder.join(project::NAME);
    let project = file.is_file().then(|| Project::open(&file)).transpose()?;
    let config = project.as_ref().map(|project| &project.config);
    let mapping = project.as_ref().and_then(|project| Some(project.path_of(project.config.roles.as_deref()?)));
    let mapping = mapping.map(Mapping::open).transpose().map_err(|error| error.to_string())?;
    let options = Options {
        only: config.map(|config| config.only.clone()).unwrap_or_default(),
        mapping: mapping.unwrap_or_default(),
        default_role: config.and_then(|config| config.default_role.clone()),
        source: String::new(),
    };
    let mut all = config.map(|config| config.skip.clone()).unwrap_or_default();
    all.extend(skip.iter().map(|operation| ((*operation).to_owned(), String::new())));
    let mut generators = Generators::new();
    let declared = endpoints.iter().copied().flatten().map(|endpoint| declared(endpoint, &mut generators));
    let declares = Declares::Endpoints(declared.collect());
    let mut findings = check(&declares, &document, None, &options, &all);
    findings.retain(|finding| finding.level == Level::Error);
    Ok(findings)
}
