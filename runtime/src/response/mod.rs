//! An answer, and the ways to read it.

pub(crate) mod body;
mod byte_stream;
pub(crate) mod decode;
pub(crate) mod raw;

pub use byte_stream::ByteStream;
pub use decode::Text;

pub(crate) use byte_stream::Streamed;
pub(crate) use raw::RawResponse;
