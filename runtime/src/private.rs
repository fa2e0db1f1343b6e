//! What generated code calls. No promise is made of anything in here.

pub use crate::answer::{Answer, Empty, Optional, PlainText, Raw, Whole};
pub use crate::byte_stream::Streamed;
use crate::call::Wanted;
pub use crate::request::Request;
pub use crate::role::NoRole;
pub use crate::wire::{ByDisplay, ByNeither, BySerde, Of};
use crate::{Client, Error, Role};

/// Sends the request and reads the answer the way `A`.
///
/// # Errors
///
/// All that [`Error`] tells of.
pub async fn send<A: Answer, R: Role>(client: &Client<R>, request: Request) -> Result<A::Output, Error> {
    let wanted = Wanted { not_found: A::NOT_FOUND, stream: A::STREAM };
    A::read(client.exchange(request, wanted).await?)
}
