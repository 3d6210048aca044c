//! Random names and shares, for names of runs and waits between tries. Never for anything that is published.

use std::hash::{BuildHasher as _, RandomState};

/// A name that no other run has: 16 hex digits.
pub(crate) fn name() -> String {
    format!("{:016x}", number())
}

/// A number from 0 to 1.
pub(crate) fn share() -> f64 {
    (number() >> 11) as f64 / (1_u64 << 53) as f64
}

fn number() -> u64 {
    let now = std::time::SystemTime::now();
    RandomState::new().hash_one((now, std::process::id(), std::thread::current().id()))
}
