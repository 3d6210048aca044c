//! Backfile turns a folder of raw articles into a browsable website and keeps it current.
//! The story is told in `build/mod.rs`; the words are those of `docs/architecture.md`.

mod bucket;
pub mod build;
pub mod cache;
pub mod check;
pub mod cli;
pub mod commands;
pub mod config;
pub mod diagnostics;
pub mod front_matter;
pub mod import;
pub mod model;
pub mod preview;
pub mod progress;
pub mod publish;
pub mod site;
pub mod sources;
mod stage;
pub mod topics;
