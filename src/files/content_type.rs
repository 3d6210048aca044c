//! The media type of a file, from its name alone.

/// The `Content-Type` header of a file with this path, with its charset if it is text.
pub fn content_type(path: &str) -> String {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let essence = match extension {
        "md" => "text/markdown".to_owned(),
        "xml" => "application/xml".to_owned(),
        "webmanifest" => "application/manifest+json".to_owned(),
        _ => mime_guess::from_path(path)
            .first_or_octet_stream()
            .to_string(),
    };
    match is_text(&essence) && !essence.contains("charset") {
        true => format!("{essence}; charset=utf-8"),
        false => essence,
    }
}

/// Whether a media type, with or without parameters, is that of text.
pub fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+json")
        || matches!(
            essence,
            "application/xml" | "application/json" | "application/javascript"
        )
}
