//! The HTML of bodies in feeds: made once for all feeds that show an article. Knows no feed; bounded in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::RandomState;
use tera::Value;

use super::bodies::{Bodies, BodyReference};
use crate::diagnostics::Result;

/// The most HTML that is kept, in bytes. An article is in the feed of the site and in one for each of its topics: of 1,000
/// articles with four topics each, four fifths of all Markdown was parsed again for feeds.
const MOST_BYTES: usize = 32 << 20;

/// HTML of bodies, for one run of rendering. Threads share it.
#[derive(Debug, Default)]
pub(crate) struct FeedBodies {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    html: HashMap<BodyReference, Value, RandomState>,
    bytes: usize,
}

impl FeedBodies {
    /// The HTML of a body as a text, from memory if a feed of this run showed it with the same links.
    ///
    /// # Errors
    /// As [`Bodies::html`].
    pub(crate) fn html(&self, bodies: &Bodies, body: &BodyReference) -> Result<Value> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(html) = kept().html.get(body) {
            return Ok(html.clone());
        }
        let html = bodies.html(body)?;
        // Not marked as safe: in a feed, HTML is a text, in which Tera writes `<` as a reference. Its filter `escape_xml` goes
        // letter by letter, and took a tenth of a first build.
        let value = Value::from(html.as_str());
        let mut kept = kept();
        if kept.bytes + html.len() > MOST_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += html.len();
        kept.html.insert(body.clone(), value.clone());
        Ok(value)
    }
}
