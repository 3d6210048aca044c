//! The nouns that all stages share: plain data, no I/O.
//! Knows what an archive is made of; never knows where it is read from or how it is shown.

pub mod article;
pub mod card;
pub mod class;
pub mod date;
pub mod digest;
pub mod digits;
pub mod library;
pub mod page;
pub mod path;
pub mod period;
pub mod sketch;
pub mod slug;
pub mod stamp;
pub mod sum;
pub mod tally;
pub mod term;
pub mod word_counts;

pub use article::{Article, FrontMatter, RawReference};
pub use card::{Card, Entry};
pub use class::Class;
pub use date::Date;
pub use library::{Change, Library};
pub use page::{Page, Subject};
pub use period::Period;
pub use sketch::Sketch;
pub use stamp::Stamp;
pub use sum::Sum;
pub use tally::Tally;
pub use term::{ListId, Term};
pub use word_counts::{WordCounts, WordTotals};
