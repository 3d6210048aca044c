//! Subjects that readers browse by: defined in `topics.toml`, matched in texts, proposed from the archive itself.
//! Knows names and phrases; never knows which articles the site holds or how a topic's page looks.

pub mod discover;
pub mod file;
pub mod matching;
mod prose;
mod starts;
mod words;

pub use file::Definition;
pub use matching::Matcher;
