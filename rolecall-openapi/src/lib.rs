#![doc = include_str!("../README.md")]

mod assertion;
mod check;
mod cli;
mod compounds;
mod declared;
mod document;
mod endpoints;
mod export;
mod exported;
mod lock;
mod model;
mod names;
mod plan;
mod project;
mod report;
mod roles;
mod scaffold;
mod source;
mod survey;
#[cfg(test)]
mod tests;
mod update;
mod write;

pub use assertion::assert_agreement;
pub use cli::run;
pub use document::{Document, Place, ReadError};
pub use exported::{Exported, export};
pub use report::{Finding, Level};
/// The runtime, for [`check!`].
#[doc(hidden)]
pub use rolecall;
pub use roles::{Mapping, MappingError};
pub use scaffold::{Figures, Options, Scaffold, scaffold};
pub use survey::survey;
