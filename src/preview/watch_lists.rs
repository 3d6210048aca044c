//! Lists of paths that browsers watch, where they are too long for an address.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// More lists are not kept: a browser fetches its list at once.
const MOST: usize = 32;

/// Lists by their names. Threads share it.
#[derive(Default)]
pub(crate) struct WatchLists(Mutex<VecDeque<(String, String)>>);

impl WatchLists {
    /// Keeps a list, and returns its name.
    pub(crate) fn keep(&self, list: String) -> String {
        let name = blake3::hash(list.as_bytes()).to_hex()[..16].to_owned();
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.retain(|(known, _)| *known != name);
        lists.push_back((name.clone(), list));
        if lists.len() > MOST {
            lists.pop_front();
        }
        name
    }

    /// The list of this name; an empty one if it is not kept any more.
    pub(crate) fn get(&self, name: &str) -> String {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lists.iter().find(|(known, _)| known == name);
        found.map(|(_, list)| list.clone()).unwrap_or_default()
    }
}
