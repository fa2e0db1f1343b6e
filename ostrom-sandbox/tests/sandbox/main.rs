//! What the sandbox guarantees, tested over real HTTP.

#[cfg(test)]
mod support;

#[cfg(test)]
mod authorization;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod link;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod page;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod products;
#[cfg(test)]
mod rate_limit;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod users;
#[cfg(test)]
mod webhooks;
