//! One thin file a verb: reads its arguments, calls a stage, says what was done.

pub mod build;
pub mod check;
pub mod import;
pub mod new;
pub mod publish;
pub mod report;
pub mod serve;
pub mod topics;
