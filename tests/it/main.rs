//! The program as a whole: small sites written inline, built by the real binary, asked.

mod archive;
mod browser;
mod build;
mod cache;
mod diagnostics;
mod edits;
mod following;
mod identity;
mod import;
mod incremental;
mod interrupted;
mod laws;
mod many_machines;
mod preview;
mod proportion;
mod python;
mod server;
mod shards;
mod topics;
