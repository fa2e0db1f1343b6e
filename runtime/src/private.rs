//! What generated code calls. No promise is made of anything in here.

pub use crate::bounds::{Probe, ViaDisplay, ViaNone, ViaSerde};
use crate::call::Answered;
pub use crate::error::{ErrorType, InBandProbe, NotInBand};
pub use crate::request::Request;
pub use crate::response::from_response::{Decoder, Empty, FromResponse, FullResponse, IfModified, Optional};
pub use crate::role::{OtherRole, RoleProbe};
use crate::{Client, Error, Role};

/// Sends the request and reads the answer.
///
/// `T` is a parameter of its own so that a message of the compiler names it. That the future is `Send` is part of
/// the signature: so the compiler need not look into it for each endpoint.
///
/// # Errors
///
/// All that [`Error`] tells of.
#[expect(clippy::manual_async_fn, reason = "an `async fn` doesn't say that its future is `Send`")]
pub fn send<T, A: FromResponse<Output = T> + Send, R: Role>(
    client: &Client<R>,
    mut request: Request,
    way: A,
) -> impl Future<Output = Result<T, Error>> + Send {
    async move {
        let mode = way.mode();
        let mut response = client.shared().execute(&mut request, mode).await?;
        if mode.follow {
            response.follow = Answered::follow(client.shared_arc(), &request, mode);
        }
        way.read(response)
    }
}
