//! How much a packed file may unpack to: a few kilobytes can be crafted to unpack to a terabyte.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// A file may unpack to this many times its size; real text is packed to a fiftieth at best.
pub(crate) const MOST_TIMES: u64 = 250;

/// Any file may unpack to this many bytes.
const FREE: u64 = 64 * 1024 * 1024;

/// What may still be unpacked, in bytes, shared by all readers of one raw file.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Rc<Cell<u64>>);

#[derive(Debug, thiserror::Error)]
#[error("it unpacks to more than is plausible")]
struct Spent;

impl Budget {
    /// The budget of a file of `size` bytes.
    pub(crate) fn of(size: u64) -> Self {
        Self(Rc::new(Cell::new(
            FREE.max(size.saturating_mul(MOST_TIMES)),
        )))
    }

    /// A reader that spends the budget.
    pub(crate) fn guard<R>(&self, inner: R) -> Guarded<R> {
        Guarded {
            inner,
            budget: self.clone(),
        }
    }

    /// Spends bytes that were unpacked elsewhere.
    ///
    /// # Errors
    /// Where there are more than is left.
    pub(crate) fn spend(&self, bytes: usize) -> io::Result<()> {
        let left = self.0.get().checked_sub(bytes as u64);
        self.0.set(left.ok_or_else(|| io::Error::other(Spent))?);
        Ok(())
    }
}

/// A reader that ends with an error where the budget does.
#[derive(Debug)]
pub(crate) struct Guarded<R> {
    inner: R,
    budget: Budget,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.budget.spend(length)?;
        Ok(length)
    }
}

/// Whether an error means that the budget is spent.
pub(crate) fn is_spent(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Spent>())
}
