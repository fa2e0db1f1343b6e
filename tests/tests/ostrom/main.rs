//! All of Ostrom's API: against the API specification, byte for byte on the wire, and against the sandbox.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod credentials;
mod document;
#[cfg(test)]
mod many_users;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod support;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire_contracts;
#[cfg(test)]
mod wire_orders;
#[cfg(test)]
mod wire_prices;
#[cfg(test)]
mod wire_products;
#[cfg(test)]
mod wire_webhooks;
