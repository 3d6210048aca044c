//! Bylines: `By Jane Doe and John Roe` → names. Never knows where a line was.

use std::borrow::Cow;

/// The authors of a byline. Returns `None` if the line is anything else.
pub fn read(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let rest = ["By ", "BY ", "by "]
        .iter()
        .find_map(|by| line.strip_prefix(by))?;
    let names = names(rest);
    let is_name = |name: &String| {
        let words: Vec<&str> = name.split_whitespace().collect();
        (1..=5).contains(&words.len())
            && words.iter().all(|w| {
                w.starts_with(char::is_uppercase)
                    || matches!(*w, "de" | "van" | "von" | "der" | "la" | "al" | "bin")
            })
            && !name.ends_with(['.', '!', '?', ':'])
    };
    (!names.is_empty() && names.len() <= 6 && names.iter().all(is_name)).then_some(names)
}

/// What follows a comma after a name and is no name.
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "mba", "mp", "obe", "qc", "kc", "cpa", "rn",
];

/// The names of a list, without a `By` before it: separated by `;` or `|` if it has one of these, so that `Moss, Ida; Farrow, Nils`
/// are two, else by `,`, `&` or `and`. A suffix such as `Jr.` stays with its name, and `Moss, Ida` alone is one.
pub fn names(text: &str) -> Vec<String> {
    let text = text.trim();
    let text = text
        .strip_prefix("By ")
        .or_else(|| text.strip_prefix("by "))
        .unwrap_or(text);
    let decoded = quick_xml::escape::unescape(text).unwrap_or(Cow::Borrowed(text));
    let parts: Vec<&str> = match decoded.contains([';', '|']) {
        true => decoded.split([';', '|']).collect(),
        false if is_inverted(&decoded) => vec![&*decoded],
        false => decoded.split([',', '&']).collect(),
    };
    let mut names: Vec<String> = Vec::new();
    for name in parts.iter().flat_map(|part| part.split(" and ")) {
        // `Ida Moss, Nils Farrow, and Mara Quill`
        let name = name.trim();
        let name = name.strip_prefix("and ").unwrap_or(name);
        match names.last_mut() {
            Some(last) if is_suffix(name) => {
                last.push_str(", ");
                last.push_str(name);
            }
            _ if name.is_empty() => {}
            _ => names.push(name.to_owned()),
        }
    }
    names
}

/// A name without the agency or newspaper behind it, in brackets or after a dash: `Ida Moss (Quay Wire)`, `Ida Moss - Quay Wire`.
/// The agency is returned too.
pub fn without_agency(name: &str) -> (&str, Option<&str>) {
    let in_brackets = || {
        let (name, agency) = name.strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
        Some((name, agency))
    };
    let after_dash = || {
        let signs = [" - ", " – ", " — ", " / ", " | "];
        signs.iter().find_map(|sign| name.rsplit_once(sign))
    };
    let Some((own, agency)) = in_brackets().or_else(after_dash) else {
        return (name, None);
    };
    let (own, agency) = (own.trim(), agency.trim());
    let is_capital = |word: &str| word.starts_with(|c: char| !c.is_lowercase());
    let is_name = |text: &str, most: usize| {
        let words = text.split_whitespace().count();
        (1..=most).contains(&words)
            && text.split_whitespace().all(is_capital)
            && !text.chars().any(|c| c.is_numeric() || c == '@')
    };
    match is_name(agency, 4) && own.split_whitespace().count() > 1 && is_name(own, 5) {
        true => (own, Some(agency)),
        false => (name, None),
    }
}

fn is_suffix(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| *c != '.').collect();
    SUFFIXES.contains(&bare.to_lowercase().as_str())
}

/// Whether a text is a family name of one word, a comma, and one or two given names.
fn is_inverted(text: &str) -> bool {
    let Some((family, given)) = text.split_once(',') else {
        return false;
    };
    let is_capital = |word: &str| word.starts_with(char::is_uppercase);
    let given: Vec<&str> = given.split_whitespace().collect();
    family.split_whitespace().count() == 1
        && is_capital(family.trim())
        && (1..=2).contains(&given.len())
        && given
            .iter()
            .all(|word| is_capital(word) && !word.contains([',', '&']))
        && !is_suffix(&given.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_separated_by_semicolons_before_commas() {
        for (text, expected) in [
            (
                "Moss, Ida; Farrow, Nils",
                &["Moss, Ida", "Farrow, Nils"][..],
            ),
            ("Moss, Ida", &["Moss, Ida"]),
            ("Moss, Ida J.", &["Moss, Ida J."]),
            ("Ida Moss, Nils Farrow", &["Ida Moss", "Nils Farrow"]),
            (
                "Ida Moss, Nils Farrow, and Mara Quill",
                &["Ida Moss", "Nils Farrow", "Mara Quill"],
            ),
            (
                "Ida Moss, Jr., Nils Farrow Ph.D.",
                &["Ida Moss, Jr.", "Nils Farrow Ph.D."],
            ),
            (
                "Nils Farrow, M.D. and Ida Moss",
                &["Nils Farrow, M.D.", "Ida Moss"],
            ),
            ("Ida Moss &amp; Nils Farrow", &["Ida Moss", "Nils Farrow"]),
            ("Zo&#xEB; Moss", &["Zoë Moss"]),
            ("A | B", &["A", "B"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn an_agency_behind_a_name_is_apart() {
        for (text, name, agency) in [
            ("Ida Moss (Quay Wire)", "Ida Moss", Some("Quay Wire")),
            ("Ida Moss - AP", "Ida Moss", Some("AP")),
            (
                "Ida Moss — The Quay Chronicle",
                "Ida Moss",
                Some("The Quay Chronicle"),
            ),
            ("Ida Moss-Lind", "Ida Moss-Lind", None),
            ("Ida (home)", "Ida (home)", None),
            ("Ida Moss (born 1901)", "Ida Moss (born 1901)", None),
        ] {
            assert_eq!(without_agency(text), (name, agency), "{text}");
        }
    }

    #[test]
    fn a_byline_names_its_authors() {
        assert_eq!(
            read("By Jane Doe and John Roe"),
            Some(vec!["Jane Doe".to_owned(), "John Roe".to_owned()])
        );
        assert_eq!(
            read("By Ana de la Cruz"),
            Some(vec!["Ana de la Cruz".to_owned()])
        );
        for prose in [
            "By the time they came",
            "By Monday the storm had passed.",
            "Jane Doe",
            "By ",
        ] {
            assert_eq!(read(prose), None, "{prose}");
        }
    }
}
