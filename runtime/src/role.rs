//! Roles: who a client is, and which endpoints are open to whom.

/// A role that a client of an API plays.
///
/// A role is a type without values that only occurs as the parameter of a client's type, `Client<Partner>`.
/// An API's author [derives](derive@crate::Role) it:
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
    /// The role as the API's documentation names it, for errors, spans, and documentation.
    const NAME: &'static str;
}

/// The absence of a role.
///
/// An endpoint with `role = Public` sends no credentials and is open to every client. One with
/// `role = any(Public, Member)` is open to every client too, and a client sends the credentials that it has.
/// A `Client<Public>` has no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Public {}

impl Role for Public {
    const NAME: &'static str = "PUBLIC";
}

/// Finds out whether a type is [`Public`], under whatever name: its own `IS_PUBLIC` wins over that of [`OtherRole`].
#[doc(hidden)]
#[derive(Debug)]
pub struct RoleProbe<T: ?Sized>(std::marker::PhantomData<T>);

impl RoleProbe<Public> {
    /// The type is `Public`.
    pub const IS_PUBLIC: bool = true;
}

/// The answer for all other types.
#[doc(hidden)]
pub trait OtherRole {
    /// The type is another one.
    const IS_PUBLIC: bool = false;
}

impl<T: ?Sized> OtherRole for RoleProbe<T> {}

/// Says that an endpoint is open to the role `R`.
///
/// `#[api]` implements it for the type of each endpoint; what is not allowed does not compile.
#[diagnostic::on_unimplemented(
    message = "a `{R}` client may not call `{Self}`",
    label = "`{Self}` is not open to the role `{R}`",
    note = "generic code needs the bound `where …_api::{Self}: rolecall::Allows<{R}>`, with the module of the API"
)]
pub trait Allows<R: ?Sized> {}

/// Something that makes calls in a role: a [`Client`](crate::Client), or a test's double of one.
///
/// Every `#[api]` trait has it as a supertrait. A double names the role that it plays and
/// implements the API's trait for itself, without the `where` clauses:
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
    /// The role that the calls are made in.
    type Role: Role;
}

/// A future on the heap: what the methods of an API's dyn form return, see `#[api(dyn = …)]`.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
