//! A cache of values that several pages show: an article's date, a term's link. A value is computed once for pages that are
//! rendered one after another, and dropped after many others.

use std::hash::{BuildHasher as _, Hash};
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;
use foldhash::fast::FixedState;
use tera::Value;

/// With this many segments, threads rarely need the same one at once.
const SEGMENTS: usize = 64;

/// The most values in a segment.
const MAX_VALUES: usize = 256;

/// Values by key. Threads may share this.
pub struct ValueCache<K> {
    segments: Box<[Mutex<HashMap<K, Value>>]>,
}

impl<K: Hash + Eq> ValueCache<K> {
    pub fn new() -> Self {
        Self {
            segments: (0..SEGMENTS).map(|_| Mutex::default()).collect(),
        }
    }

    /// The value of a key, computed by `make` if it is not in the cache. `make` always returns the same value for a key.
    pub fn get(&self, key: K, make: impl FnOnce() -> Value) -> Value {
        let segment = FixedState::default().hash_one(&key) as usize % SEGMENTS;
        let lock = || {
            let segment = self.segments[segment].lock();
            segment.unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(value) = lock().get(&key) {
            return value.clone();
        }
        let value = make();
        let mut segment = lock();
        if segment.len() >= MAX_VALUES {
            segment.clear();
        }
        segment.insert(key, value.clone());
        value
    }
}
