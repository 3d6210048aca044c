//! Does one thing with many items on a few threads.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::session::Session;
use crate::diagnostics::Result;

/// Calls `act` for each item, on up to `lanes` threads at once. After the first error no other call is started.
///
/// # Errors
/// The first of `act`, or the one that stopped the session.
pub(crate) fn for_each<T: Sync>(
    session: &Session<'_>,
    items: &[T],
    lanes: usize,
    act: impl Fn(&T) -> Result<()> + Sync,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(failure) = session.stopped() {
                return Err(failure);
            }
            if let Err(failure) = act(item) {
                next.store(items.len(), Ordering::Relaxed);
                return Err(failure);
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..lanes.clamp(1, items.len().max(1)))
            .map(|_| scope.spawn(work))
            .collect();
        let outcomes = lanes.into_iter().map(|lane| lane.join());
        let outcomes: Vec<Result<()>> = outcomes
            .map(|outcome| outcome.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect();
        outcomes.into_iter().collect()
    })
}
