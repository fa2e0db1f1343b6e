//! Who may call what.

use rolecall::Role;

/// The role `Member`.
#[derive(Debug)]
pub enum Member {}

impl Role for Member {
    const NAME: &'static str = "MEMBER";
}
