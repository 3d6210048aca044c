//! Proposes topics from the archive itself: a start for a person to edit.
//! Knows what was seen in the articles it was given; never knows which topics a site already has.

mod choose;
mod evidence;
mod names;
mod subjects;
mod uncased;
mod variants;
mod vocabulary;

pub use choose::propose;
pub use evidence::Evidence;

#[cfg(test)]
mod tests;
