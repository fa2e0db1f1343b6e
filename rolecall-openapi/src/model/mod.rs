//! The content of a document, independent of its version: operations with their parameters, bodies, and responses, and
//! schemas.

mod media;
mod operation;
mod read;
mod schema;
mod security;

pub(crate) use media::{Media, essence};
pub(crate) use operation::{Api, Body, Content, In, Operation, Parameter, Response, Style};
pub(crate) use read::read;
pub(crate) use schema::{Schema, Shape, Used};
pub(crate) use security::Requirement;
