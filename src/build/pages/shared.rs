//! Values that several pages show: an article's date, a term's link. Each is made once for the pages that are rendered
//! one after another, and forgotten when many were made since.

use std::hash::{BuildHasher as _, Hash};
use std::sync::{Mutex, PoisonError};

use foldhash::HashMap;
use foldhash::fast::FixedState;
use tera::Value;

/// Threads rarely want the same shelf at once where there are this many.
const SHELVES: usize = 64;

/// The most values on a shelf.
const MOST: usize = 256;

/// Values by what they are of. Threads may share this.
pub struct Shared<K> {
    shelves: Box<[Mutex<HashMap<K, Value>>]>,
}

impl<K: Hash + Eq> Shared<K> {
    pub fn new() -> Self {
        Self {
            shelves: (0..SHELVES).map(|_| Mutex::default()).collect(),
        }
    }

    /// The value of a key, which is made where it is not there. `make` always gives the same value for a key.
    pub fn get(&self, key: K, make: impl FnOnce() -> Value) -> Value {
        let shelf = FixedState::default().hash_one(&key) as usize % SHELVES;
        let lock = || {
            let shelf = self.shelves[shelf].lock();
            shelf.unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(value) = lock().get(&key) {
            return value.clone();
        }
        let value = make();
        let mut shelf = lock();
        if shelf.len() >= MOST {
            shelf.clear();
        }
        shelf.insert(key, value.clone());
        value
    }
}
