//! One thin file for each command: reads its arguments, calls a stage, and describes the result.

pub mod build;
pub mod check;
pub mod docs;
pub mod import;
pub mod new;
pub mod publish;
pub mod report;
pub mod serve;
pub mod topics;
