//! From a plan to source text, laid out as rustfmt would.

mod files;
mod layout;
mod models;
mod prose;
mod traits;

pub(crate) use files::{File, features, files, interface_text as interface, role_type};
pub(crate) use models::{fields, model, words};
pub(crate) use traits::method;
