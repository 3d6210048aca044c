//! The names of the people who wrote a message, never their addresses.

use super::headers::Headers;

/// The names of the senders, and whether one is inferred from an address.
pub(crate) fn of(headers: &Headers) -> (Vec<String>, bool) {
    if let Some(name) = obscured(&headers.from_text) {
        return name;
    }
    let mut names = Vec::new();
    let mut is_inferred = false;
    for sender in &headers.from {
        let name = sender.name.as_deref().map(bare).unwrap_or_default();
        let local = || local_part(sender.address.as_deref().or(sender.name.as_deref())?);
        match name.is_empty() {
            false => names.push(name),
            true => {
                is_inferred = true;
                names.extend(local());
            }
        }
    }
    (names, is_inferred)
}

/// Reads `ida at quay.example (Ida Moss)`, as public archives of mailing lists write it.
fn obscured(from: &str) -> Option<(Vec<String>, bool)> {
    let (address, rest) = from.split_once(" at ").filter(|_| !from.contains('@'))?;
    let is_local = !address.is_empty() && !address.contains([' ', '(', '"', '<']);
    let domain = rest.split(' ').next()?;
    if !is_local || !domain.contains('.') && !rest.contains('(') {
        return None;
    }
    let named = rest
        .split_once('(')
        .map(|(_, name)| bare(name.trim_end_matches(')')));
    Some(match named.filter(|name| !name.is_empty()) {
        Some(name) => (vec![name], false),
        None => (vec![address.to_owned()], true),
    })
}

/// A name without addresses, and without quotation marks and brackets around it.
fn bare(name: &str) -> String {
    let words = name.split_whitespace().filter(|word| !word.contains('@'));
    let name = words.collect::<Vec<_>>().join(" ");
    let is_mark = |c: char| matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | ',' | ' ');
    // A closing bracket with an opening one is part of the name.
    let end = match name.contains('(') {
        true => name.trim_end_matches(|c| is_mark(c) && c != ')'),
        false => name.trim_end_matches(is_mark),
    };
    end.trim_start_matches(is_mark).to_owned()
}

fn local_part(address: &str) -> Option<String> {
    let local = address.split('@').next()?.trim_matches(['"', '<', ' ']);
    (!local.is_empty()).then(|| local.to_owned())
}
