//! The content of a document, independent of its version: operations with their parameters, bodies, and responses, and
//! schemas.

mod fingerprint;
mod media;
mod operation;
mod properties;
mod read;
mod schema;
mod security;
mod shape;

pub(crate) use media::{Media, essence};
pub(crate) use operation::{Api, Body, Content, In, Operation, Parameter, Response, Style};
pub(crate) use properties::Property;
pub(crate) use read::read;
pub(crate) use schema::Schema;
pub(crate) use security::Requirement;
pub(crate) use shape::{Shape, Used};
