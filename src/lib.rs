//! Backfile turns a folder of raw articles into a browsable website and keeps it current.
//! `build/mod.rs` shows the stages of a build; `docs/architecture.md` explains the modules and the terms.

pub mod build;
pub mod cache;
mod check;
pub mod cli;
pub mod commands;
pub mod diagnostics;
pub mod files;
mod front_matter;
pub mod import;
pub mod model;
mod object_store;
mod preview;
pub mod progress;
mod publish;
pub mod settings;
pub mod site;
mod text;
mod topics;
