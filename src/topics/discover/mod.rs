//! Proposes topics from the articles themselves, for a person to edit.
//! Knows the articles that it is given; never which topics a site already has.

mod candidates;
mod choose;
mod evidence;
mod gazetteer;
mod names;
mod subjects;
mod uncased;
mod variants;
mod vocabulary;

pub(crate) use choose::propose;
pub(crate) use evidence::Evidence;
pub(crate) use subjects::{Documents, learn};

#[cfg(test)]
mod tests;
