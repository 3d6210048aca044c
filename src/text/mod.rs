//! What several stages know of text. Knows nothing of articles or sites.

pub mod addresses;
pub mod characters;
pub mod markdown;
pub mod words;
pub mod xml;
