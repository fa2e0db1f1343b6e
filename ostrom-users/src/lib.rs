#![doc = include_str!("../README.md")]

mod link_builder;
mod models;

pub use rolecall;

pub use link_builder::{InvalidLink, LinkBuilder, Missing};
pub use models::{GetMeResponse, LinkLanguage, Scope, UserLanguage, UserLinkResponse, UsersLinkBody};
use ostrom_core::{Partner, User};
use rolecall::{Error, api, endpoint};

/// Users of Ostrom, and their link to a partner's client application.
#[api]
pub trait UsersApi {
    /// Disconnects a user from the partner's client application.
    #[endpoint(method = DELETE, path = "/users/{externalUserId}/disconnect", role = Partner)]
    async fn disconnect_user(&self, external_user_id: &str) -> Result<(), Error>;

    /// Retrieves the user's information.
    #[endpoint(method = GET, path = "/me", role = User)]
    async fn get_me(&self) -> Result<GetMeResponse, Error>;

    /// Links a user to the partner's client application.
    ///
    /// Ostrom's specification does not require the body: pass `&body`, or `None`, which sends none.
    #[endpoint(method = POST, path = "/users/link", role = Partner)]
    async fn link_user(&self, #[body] body: impl Into<Option<&UsersLinkBody>>) -> Result<UserLinkResponse, Error>;
}
