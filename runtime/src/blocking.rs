//! Calls for a program without `async`: the same traits, and a function that waits.
//!
//! ```
//! use rolecall::{Client, Error, Public, api, blocking, endpoint};
//!
//! /// A shop.
//! #[api]
//! pub trait ShopApi {
//!     /// How many there are of a thing.
//!     #[endpoint(method = GET, path = "/stock/{thing}", role = Public)]
//!     async fn stock(&self, thing: &str) -> Result<u32, Error>;
//! }
//!
//! fn print_stock(client: &Client<Public>) -> Result<(), Error> {
//!     println!("{} socks", blocking::block_on(client.stock("socks"))?);
//!     Ok(())
//! }
//! ```
//!
//! The pieces of a [`ByteStream`](crate::ByteStream) are waited for one by one:
//!
//! ```
//! # fn f(mut stream: rolecall::ByteStream) -> Result<(), rolecall::Error> {
//! # use rolecall::blocking;
//! while let Some(piece) = blocking::block_on(async { stream.next().await.transpose() })? {
//!     println!("{} bytes", piece.len());
//! }
//! # Ok(())
//! # }
//! ```

use std::sync::{Mutex, PoisonError};

use tokio::runtime::{Builder, Handle};

use crate::error::Error;

/// Waits for a call, or for several that are joined to one, on this thread.
///
/// Connections, and the clock, live on one thread that all calls of the program share; it is started by the first of
/// them. Any number of threads may wait at once.
///
/// # Errors
///
/// Those of the call, and [`Configuration`](crate::ErrorKind::Configuration) in `async` code, where waiting would hold
/// up others: `.await` is for there (and `tokio::runtime::Handle::block_on` for the inside of `spawn_blocking`).
pub fn block_on<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::configuration(
            "`blocking::block_on` was called on a thread of an async runtime, which it would hold up: `.await` the call, \
             or wait by `Handle::block_on` inside `spawn_blocking`",
        ));
    }
    runtime()?.block_on(call)
}

/// The runtime that drives connections and clock, also while nobody waits: a connection that the server has closed
/// in the meantime would else be found out by the next call.
fn runtime() -> Result<Handle, Error> {
    static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);
    let mut shared = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*shared {
        return Ok(handle.clone());
    }
    let failed = |error: std::io::Error| {
        Error::configuration(format!("no thread for the connections can be started: {error}"))
            .with_cause(Some(error.into()))
    };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("rolecall-blocking".to_owned())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))
        .map_err(failed)?;
    *shared = Some(handle.clone());
    Ok(handle)
}
