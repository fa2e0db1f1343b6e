//! A stand-in for Ostrom's API on loopback.
