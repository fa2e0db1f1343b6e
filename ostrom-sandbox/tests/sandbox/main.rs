//! The sandbox's promises, each tried over real HTTP.

#[cfg(test)]
mod support;

#[cfg(test)]
mod authorisation;
#[cfg(test)]
mod life;
#[cfg(test)]
mod link;
#[cfg(test)]
mod pace;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod users;
