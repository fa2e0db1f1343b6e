//! Declarative HTTP API clients whose calls know the role they need.
