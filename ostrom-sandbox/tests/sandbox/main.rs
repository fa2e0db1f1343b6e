//! The sandbox's promises, each tried over real HTTP.

#[cfg(test)]
mod support;

#[cfg(test)]
mod authorisation;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod life;
#[cfg(test)]
mod link;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod prices;
#[cfg(test)]
mod products;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod users;
#[cfg(test)]
mod webhooks;
