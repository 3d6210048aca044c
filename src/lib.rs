//! Backfile turns a folder of raw articles into a browsable website and keeps it current.
//! `build/mod.rs` shows the stages of a build; `docs/architecture.md` explains the modules and the terms.

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
