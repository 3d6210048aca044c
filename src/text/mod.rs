//! What several stages know of text. Knows nothing of articles or sites.

pub mod characters;
pub mod words;
pub mod xml;
