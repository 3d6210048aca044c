//! The program as a whole: small sites written inline, built by the real binary, asked.

mod archive;
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
mod preview;
mod proportion;
mod topics;
