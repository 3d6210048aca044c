//! Files on disk: listing the files below a folder, and writing many files in one step.
//! Knows names, times and bytes; never knows what a file means.

mod content_type;
mod listing;
mod names;
mod read;
pub mod staging;
mod stamp;
mod whole;

pub use content_type::{content_type, is_text};
pub use listing::{
    Listing, Source, SpecialFile, list, list_all, list_below, list_website, one, set_hash,
    website_hash,
};
pub use names::{IMPORTED_FILES, is_passed_over, is_read_by_hosts};
pub use read::read;
pub use staging::Staging;
pub use stamp::{nanoseconds, stamp};
pub use whole::{write_new, write_whole};
