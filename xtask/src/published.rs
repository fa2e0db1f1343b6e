//! The crates that are published.

/// The published crates, in order of publication.
pub(crate) const PUBLISHED: &[&str] = &[
    "rolecall-macros",
    "rolecall",
    "rolecall-redis",
    "ostrom-core",
    "ostrom-sandbox",
    "ostrom-users",
    "ostrom",
    "rolecall-openapi",
];

/// Those of them that are libraries with an interface to keep. (That of the macros is `rolecall`'s.)
pub(crate) const LIBRARIES: &[&str] =
    &["rolecall", "rolecall-redis", "ostrom-core", "ostrom-users", "ostrom", "rolecall-openapi"];
