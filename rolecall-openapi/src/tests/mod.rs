//! What crosses the stages.

mod agreement;
mod documents;
mod mutations;
mod robustness;
mod updates;
