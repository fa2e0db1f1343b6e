//! Roles: the role of a client, and the endpoints that are open to it.

use std::any::TypeId;

/// A role in which a client calls an API.
///
/// A role is a type without values that occurs only as the parameter of a client's type, `Client<Partner>`. An API's
/// author [derives](derive@crate::Role) it:
///
/// ```
/// /// A partner's application.
/// #[derive(rolecall::Role)]
/// #[role(name = "PARTNER")]
/// pub enum Partner {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a role",
    label = "not a role",
    note = "add `#[derive(rolecall::Role)]` to `{Self}` if it is your type"
)]
pub trait Role: Send + Sync + 'static {
    /// The name of the role in the API's documentation, for errors, spans, and documentation.
    const NAME: &'static str;
}

/// The absence of a role.
///
/// An endpoint with `role = Public` sends no credentials and is open to every client. One with `role = any(Public,
/// Member)` is open to every client too, and sends the credentials that the client has. A `Client<Public>` has no
/// credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Public {}

impl Role for Public {
    const NAME: &'static str = "PUBLIC";
}

/// Whether the role is [`Public`], whose clients have no credentials.
pub(crate) fn is_public<R: Role>() -> bool {
    TypeId::of::<R>() == TypeId::of::<Public>()
}

/// Determines whether a type is [`Public`], under any name: its own `IS_PUBLIC` takes precedence over that of
/// [`OtherRole`].
#[doc(hidden)]
#[derive(Debug)]
pub struct RoleProbe<T: ?Sized>(std::marker::PhantomData<T>);

impl RoleProbe<Public> {
    /// The type is `Public`.
    pub const IS_PUBLIC: bool = true;
}

/// The fallback for all other types.
#[doc(hidden)]
pub trait OtherRole {
    /// The type is another one.
    const IS_PUBLIC: bool = false;
}

impl<T: ?Sized> OtherRole for RoleProbe<T> {}

/// States that an endpoint is open to the role `R`.
///
/// `#[api]` implements it for the type of each endpoint. A call in a role without an implementation does not compile.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared open to the role `{R}`",
    label = "called in the role `{R}`",
    note = "if the role is a type parameter, add the bound `where {Self}: rolecall::Allows<{R}>`, with paths from the \
            crate's root"
)]
pub trait Allows<R: ?Sized> {}

/// A value that makes calls in a role: a [`Client`](crate::Client), or a test double of one.
///
/// Every `#[api]` trait has it as a supertrait. A fake declares its role and implements the API's trait for itself,
/// without the `where` clauses:
///
/// ```
/// use rolecall::{Caller, Error, Role, api, endpoint};
/// # #[derive(Debug, Role)] pub enum User {}
///
/// #[api]
/// pub trait Greetings {
///     /// A greeting.
///     #[endpoint(method = GET, path = "/greeting", role = User)]
///     async fn greeting(&self) -> Result<String, Error>;
/// }
///
/// struct Double;
///
/// impl Caller for Double {
///     type Role = User;
/// }
///
/// impl Greetings for Double {
///     async fn greeting(&self) -> Result<String, Error> {
///         Ok("hello".to_owned())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `rolecall::Caller`, which says in what role it calls",
    label = "missing `impl rolecall::Caller for {Self}`",
    note = "a test double names the role that it plays: `impl rolecall::Caller for {Self} {{ type Role = …; }}`"
)]
pub trait Caller: Send + Sync {
    /// The role in which the calls are made.
    type Role: Role;
}

/// A boxed future: the return type of the methods of an API's dyn-compatible trait, see `#[api(dyn = …)]`.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
