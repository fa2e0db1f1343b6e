//! What all Ostrom APIs share.
