//! What several stages know of text. Never knows articles or sites.

pub(crate) mod addresses;
pub(crate) mod characters;
pub(crate) mod comments;
pub(crate) mod markdown;
pub(crate) mod words;
pub(crate) mod xml;
