//! Digests of values that templates use.

use tera::Value;

use crate::model::digest::{Digest, digest};

/// The digest of a value.
pub(crate) fn value_digest(value: &Value) -> Digest {
    let mut bytes = Vec::new();
    put(value, &mut bytes);
    digest(&bytes)
}

/// Adds a value, so that no two values add the same bytes. Faster than JSON, as nothing has to be escaped.
pub(crate) fn put(value: &Value, out: &mut Vec<u8>) {
    if let Some(text) = value.as_str() {
        out.push(b's');
        put_bytes(text.as_bytes(), out);
    } else if let Some(map) = value.as_map() {
        out.push(b'm');
        out.extend_from_slice(&map.len().to_le_bytes());
        for (key, value) in map {
            match key.as_str() {
                Some(key) => put_bytes(key.as_bytes(), out),
                None => put_bytes(key.to_string().as_bytes(), out),
            }
            put(value, out);
        }
    } else if let Some(items) = value.as_array() {
        out.push(b'a');
        out.extend_from_slice(&items.len().to_le_bytes());
        items.iter().for_each(|item| put(item, out));
    } else {
        out.push(b'j');
        put_bytes(&serde_json::to_vec(value).unwrap_or_default(), out);
    }
}

pub(crate) fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&bytes.len().to_le_bytes());
    out.extend_from_slice(bytes);
}
