//! The house rules of `docs/architecture.md` that the source itself can be held to: who may import whom, how long files and
//! functions may be, and which words are not used in names.

mod circles;
mod imports;
mod layers;
mod lengths;
mod names;
mod source;
