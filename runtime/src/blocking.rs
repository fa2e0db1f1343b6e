//! Calls without `async`: the same traits, and a function that blocks the thread.
//!
//! ```
//! use rolecall::{Client, Error, Public, api, blocking, endpoint};
//!
//! /// A store.
//! #[api]
//! pub trait ShopApi {
//!     /// Returns the stock of an item.
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
//! Read a [`ByteStream`](crate::ByteStream) chunk by chunk:
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

/// Blocks this thread until a call, or several joined calls, complete.
///
/// Connections and timers run on one background thread, which the first call starts and all calls share. Any number of
/// threads may block at once.
///
/// # Errors
///
/// Returns the error of the call, or [`Configuration`](crate::ErrorKind::Configuration) if called in `async` code, where
/// it would block other tasks: use `.await` there, or `tokio::runtime::Handle::block_on` inside `spawn_blocking`.
pub fn block_on<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::configuration(
            "`blocking::block_on` cannot run on a thread of an async runtime; `.await` the call, or use `Handle::block_on` \
             inside `spawn_blocking`",
        ));
    }
    runtime()?.block_on(call)
}

/// The runtime that drives connections and timers, even while no thread blocks. Otherwise, a connection that the
/// server has closed would be noticed only by the next call.
fn runtime() -> Result<Handle, Error> {
    static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);
    let mut shared = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*shared {
        return Ok(handle.clone());
    }
    let failed = |error: std::io::Error| {
        Error::configuration(format!("could not start the background thread: {error}")).with_cause(Some(error.into()))
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
