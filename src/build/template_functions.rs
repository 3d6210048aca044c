//! Filters and functions for templates, beside Tera's own. Each is a pure function of its arguments: everything else that
//! a page depends on is in its context.

use tera::{Kwargs, State, Tera};

use crate::model::digits;

/// Registers all filters and functions. A new one is one line here.
pub(crate) fn register(tera: &mut Tera) {
    tera.register_filter("grouped", grouped);
}

/// `1234567` → `1 234 567`, with narrow no-break spaces.
fn grouped(number: u64, _: Kwargs, _: &State<'_>) -> String {
    digits::grouped(number)
}
