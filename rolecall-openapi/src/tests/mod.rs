//! What crosses the stages.

mod agreement;
mod documents;
mod lenient;
mod media;
mod mutations;
mod notes;
mod robustness;
mod updates;
