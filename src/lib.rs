//! Backfile turns a folder of raw articles into a browsable website and keeps it current.
//! The story is told in `build/mod.rs`; the words are those of `docs/architecture.md`.

pub mod build;
pub mod cache;
pub mod check;
pub mod cli;
pub mod commands;
pub mod diagnostics;
pub mod files;
pub mod front_matter;
pub mod import;
pub mod model;
mod object_store;
pub mod preview;
pub mod progress;
pub mod publish;
pub mod settings;
pub mod site;
pub mod text;
pub mod topics;
