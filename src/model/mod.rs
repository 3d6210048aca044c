//! The nouns that all stages share: plain data, no I/O.
//! Knows what an archive consists of; never knows where it is read from or how it is shown.

pub mod article;
pub mod build_part;
pub mod card;
pub mod class;
pub mod date;
pub mod digest;
pub mod digits;
pub mod front_matter_keys;
pub mod import_state;
pub mod import_stats;
pub mod json;
pub mod lang;
pub mod library;
pub mod minhash;
pub mod nearest;
pub mod origin;
pub mod path;
pub mod period;
pub mod publicity;
pub mod set_hash;
pub mod slug;
pub mod stamp;
pub mod subject;
pub mod term;
pub mod word_counts;

pub use article::{Article, FrontMatter, RawReference};
pub use build_part::BuildPart;
pub use card::{ArticleEntry, Card};
pub use class::Class;
pub use date::Date;
pub use import_state::ImportState;
pub use import_stats::ImportStats;
pub use library::{Change, Library};
pub use minhash::MinHash;
pub use origin::Origin;
pub use period::Period;
pub use set_hash::SetHash;
pub use stamp::Stamp;
pub use subject::Subject;
pub use term::{ListId, Term};
pub use word_counts::WordCounts;
