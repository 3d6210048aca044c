//! Paths in addresses.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What would end a path or change what it means, in an address or in HTML and Markdown around it.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path with everything percent-encoded that an address cannot hold as it is.
pub(crate) fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}
