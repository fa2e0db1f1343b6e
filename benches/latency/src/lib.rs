//! No code: see `benches/latency.rs`.
