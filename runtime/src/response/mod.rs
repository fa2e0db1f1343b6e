//! The response, and the ways to decode it.
//!
//! ```text
//! raw ─► from_response ─┬─► decode, text, conditional, location
//!                       ├─► page ─► next_page, link
//!                       └─► byte_stream ─► lines ─┬─► events ─► sse
//!                                                 └─► json_lines
//! ```

pub(crate) mod body;
mod byte_stream;
mod conditional;
pub(crate) mod decode;
mod events;
pub(crate) mod from_response;
mod item;
mod json_lines;
mod lines;
mod link;
mod location;
mod mode;
mod next_page;
mod page;
pub(crate) mod raw;
mod sse;
pub(crate) mod text;

pub use byte_stream::ByteStream;
pub use conditional::Conditional;
pub use events::Events;
pub use item::{Event, FromEvent};
pub use json_lines::JsonLines;
pub use location::Location;
pub use next_page::{NextPage, PageBody};
pub use page::{Items, Page, Pages};
pub use text::Text;

pub(crate) use mode::ResponseMode;
pub(crate) use raw::{Follow, RawResponse};
