//! Filters and functions that templates have beside Tera's own. Each is a pure function of its arguments: whatever else
//! a page depends on is in its context.

use tera::{Kwargs, State, Tera};

use crate::model::digits;

/// Adds all of them. A new filter or function is a line here.
pub fn register(tera: &mut Tera) {
    tera.register_filter("grouped", grouped);
}

/// `1234567` → `1 234 567`, with narrow no-break spaces.
fn grouped(number: u64, _: Kwargs, _: &State<'_>) -> String {
    digits::grouped(number)
}
