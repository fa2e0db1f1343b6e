//! Internals for generated code, without any stability guarantee.

pub use crate::bounds::{Probe, TextProbe, TextViaDisplay, TextViaNone, TextViaSerde, ViaDisplay, ViaNone, ViaSerde};
use crate::call::Answered;
pub use crate::endpoint::{BodySchemas, StatusSchema};
pub use crate::error::{ErrorType, InBandProbe, NotInBand};
pub use crate::request::Request;
pub use crate::response::from_response::{Decoder, Empty, FromResponse, FullResponse, IfModified, Optional};
pub use crate::role::{OtherRole, RoleProbe};
use crate::{Client, Error, Role};

/// Emits what `#[status(schema)]` generates, if the feature that it needs is enabled.
#[cfg(feature = "schema")]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_schema {
    ($($item:item)*) => { $($item)* };
}

/// Emits nothing: the missing feature is an error of its own.
#[cfg(not(feature = "schema"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __if_schema {
    ($($item:item)*) => {};
}

pub use crate::__if_schema as if_schema;

/// What `#[api]` imports as a whole, for authors who import only `api`.
pub mod attributes {
    pub use rolecall_macros::endpoint;
}

/// Sends the request and decodes the response.
///
/// `T` is a separate parameter so that the compiler's errors name it. The signature states that the future is `Send`,
/// so that the compiler does not have to check that for each endpoint.
///
/// # Errors
///
/// Returns every kind of [`Error`].
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
