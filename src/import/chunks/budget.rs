//! How much a packed file may unpack to: a few kilobytes can be made to say that they are a terabyte.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Text packs to a fiftieth at best where it says anything.
pub const MOST_TIMES: u64 = 250;

/// So much may come out of any file, in bytes.
const FREE: u64 = 64 * 1024 * 1024;

/// What may still be unpacked, in bytes, shared by all readers of one raw file.
#[derive(Debug, Clone)]
pub struct Budget(Rc<Cell<u64>>);

#[derive(Debug, thiserror::Error)]
#[error("more is unpacked than is believed")]
struct Spent;

impl Budget {
    /// Of a file of so many bytes.
    pub fn of(size: u64) -> Self {
        Self(Rc::new(Cell::new(
            FREE.max(size.saturating_mul(MOST_TIMES)),
        )))
    }

    /// A reader whose bytes count.
    pub fn guard<R>(&self, inner: R) -> Guarded<R> {
        Guarded {
            inner,
            budget: self.clone(),
        }
    }

    /// Takes bytes that were unpacked elsewhere.
    ///
    /// # Errors
    /// Where there are more than is left.
    pub fn spend(&self, bytes: usize) -> io::Result<()> {
        let left = self.0.get().checked_sub(bytes as u64);
        self.0.set(left.ok_or_else(|| io::Error::other(Spent))?);
        Ok(())
    }
}

/// A reader that ends with an error where the budget does.
#[derive(Debug)]
pub struct Guarded<R> {
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

/// Whether an error says that too much was unpacked.
pub fn is_spent(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Spent>())
}
