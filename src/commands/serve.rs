//! `backfile serve`

use super::report::Done;
use crate::cli::{Global, Serve};
use crate::diagnostics::Result;

pub fn run(_: &Serve, _: &Global) -> Result<Done> {
    Ok(Done::default())
}
