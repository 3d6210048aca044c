//! The house rules of `docs/architecture.md` that the source itself can be held to: who may import whom, how long files and
//! functions may be, and which words are not used in names.

mod circles;
mod imports;
mod layers;
mod lengths;
mod names;
mod source;

use std::collections::BTreeSet;
use std::fmt::Debug;

/// Compares what breaks a rule with the exceptions that are known. A new one fails, and so does an exception that is no
/// longer needed, so that a table of exceptions can only shrink.
#[track_caller]
fn expect_exceptions<T: Ord + Debug>(found: BTreeSet<T>, known: BTreeSet<T>) {
    let new: Vec<_> = found.difference(&known).collect();
    let done: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty(), "these break the rule: {new:#?}");
    assert!(
        done.is_empty(),
        "no longer needed, remove from the table: {done:#?}"
    );
}
