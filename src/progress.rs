//! Progress of long work.

/// Receives the name of the current task, how many of its items are done, and how many there are.
pub type Progress<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

/// Reports nothing.
pub const NO_PROGRESS: Progress<'static> = &|_, _, _| {};
