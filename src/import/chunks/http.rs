//! An HTTP response as a web archive stores it → the page, if it is one.

use std::io::Read;

use encoding_rs::Encoding;

/// A response with more headers is not read.
const MOST_HEADERS: usize = 256;

/// A page as the server sent it.
#[derive(Debug, Default)]
pub(crate) struct HttpPage {
    pub bytes: Vec<u8>,
    pub encoding: Option<&'static Encoding>,
}

/// The page in a response, with transfer and content encodings undone; `None` where the response contains no page.
/// A page that unpacks to more than `most` bytes is cut there.
pub(crate) fn page(response_bytes: &[u8], most: usize) -> Option<HttpPage> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let mut config = httparse::ParserConfig::default();
    config
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true);
    let parsed = config.parse_response(&mut response, response_bytes).ok()?;
    let httparse::Status::Complete(body_at) = parsed else {
        return None;
    };
    if response.code != Some(200) {
        return None;
    }
    let header = |name: &str| {
        let mut found = response
            .headers
            .iter()
            .filter(|h| h.name.eq_ignore_ascii_case(name));
        found
            .next_back()
            .map(|h| String::from_utf8_lossy(h.value).trim().to_ascii_lowercase())
    };
    let body = response_bytes.get(body_at..)?;
    let kind = header("content-type").unwrap_or_default();
    let is_chunked = header("transfer-encoding").is_some_and(|e| e.contains("chunked"));
    let whole = match is_chunked {
        true => unchunked(body).unwrap_or_else(|| body.to_vec()),
        false => body.to_vec(),
    };
    let bytes = match header("content-encoding").as_deref() {
        None | Some("" | "identity") => whole,
        Some(packing) => unpacked(packing, whole, most)?,
    };
    of_type(&kind, bytes)
}

/// The page in bytes of a content type; `None` where that is not the type of a page.
pub(crate) fn of_type(kind: &str, bytes: Vec<u8>) -> Option<HttpPage> {
    let (mime, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let is_page = match mime.trim() {
        "text/html" | "application/xhtml+xml" => true,
        "" | "application/octet-stream" | "unknown" | "no-type" => looks_like_html(&bytes),
        _ => false,
    };
    let charset = parameters.split(';').find_map(|p| {
        let (name, value) = p.split_once('=')?;
        (name.trim() == "charset").then(|| value.trim().trim_matches(['"', '\'']))
    });
    let encoding = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    (is_page && !bytes.is_empty()).then_some(HttpPage { bytes, encoding })
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(512)]
        .trim_ascii_start()
        .to_ascii_lowercase();
    head.starts_with(b"<!doctype html") || head.starts_with(b"<html")
}

/// A body without the lengths of its chunks; `None` where it has none: crawlers often keep the header of a body that
/// they joined. Of an incomplete body, what there is.
fn unchunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete((_, 0))) => return Some(whole),
            Ok(httparse::Status::Complete((at, length))) => {
                let length = usize::try_from(length).ok()?;
                let chunk = &rest[at..];
                let Some(inner) = chunk.get(..length) else {
                    whole.extend_from_slice(chunk);
                    return Some(whole);
                };
                whole.extend_from_slice(inner);
                rest = chunk[length..]
                    .strip_prefix(b"\r\n")
                    .unwrap_or(&chunk[length..]);
            }
            _ if whole.is_empty() => return None,
            _ => return Some(whole),
        }
    }
}

/// A body unpacked, as far as it is complete; unchanged where a crawler unpacked it already.
fn unpacked(packing: &str, body: Vec<u8>, most: usize) -> Option<Vec<u8>> {
    let read = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        let done = reader.take(most as u64).read_to_end(&mut bytes);
        (done.is_ok() || !bytes.is_empty()).then_some(bytes)
    };
    let made = match packing {
        "gzip" | "x-gzip" => read(&mut flate2::read::MultiGzDecoder::new(&body[..])),
        "deflate" => read(&mut flate2::read::ZlibDecoder::new(&body[..]))
            .or_else(|| read(&mut flate2::read::DeflateDecoder::new(&body[..]))),
        "br" => read(&mut brotli::Decompressor::new(&body[..], 4096)),
        "zstd" => read(&mut zstd::stream::read::Decoder::new(&body[..]).ok()?),
        _ => None,
    };
    made.or_else(|| looks_like_html(&body).then_some(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn text(response: &[u8]) -> Option<String> {
        page(response, 1_000).map(|page| String::from_utf8_lossy(&page.bytes).into_owned())
    }

    #[test]
    fn chunks_are_joined_also_where_the_last_is_incomplete() {
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (body, expected) in [
            ("4\r\n<p>o\r\n3;x=y\r\nne.\r\n0\r\n\r\n", "<p>one."),
            ("4\r\n<p>o\r\n30\r\nne", "<p>one"),
            ("<p>joined already", "<p>joined already"),
        ] {
            assert_eq!(
                text(format!("{head}{body}").as_bytes()).as_deref(),
                Some(expected)
            );
        }
    }

    #[test]
    fn packed_bodies_are_unpacked_and_bounded() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed
            .write_all("<p>one".repeat(10_000).as_bytes())
            .unwrap();
        let packed = packed.finish().unwrap();
        let head = b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=\"koi8-r\"\r\nContent-Encoding: gzip\r\n\r\n";
        let response = [&head[..], &packed].concat();
        let page = page(&response, 1_000).unwrap();
        assert_eq!(
            (page.bytes.len(), page.encoding.unwrap().name()),
            (1_000, "KOI8-R")
        );
        let joined = [&head[..], b"<html>as it is"].concat();
        assert_eq!(text(&joined).as_deref(), Some("<html>as it is"));
    }

    #[test]
    fn what_is_no_page_is_left_out() {
        for answer in [
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>none",
            "HTTP/1.1 301 Moved\r\nContent-Type: text/html\r\n\r\n<p>there",
            "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Ty",
            "no answer",
            "",
        ] {
            assert_eq!(text(answer.as_bytes()), None, "{answer}");
        }
    }
}
