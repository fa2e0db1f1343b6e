//! What crosses the stages.

mod agreement;
mod documents;
mod lenient;
mod mutations;
mod robustness;
mod updates;
