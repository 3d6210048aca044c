//! Bylines: `By Jane Doe and John Roe` → names. Never knows where a line was.

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

/// The names of a list separated by `,`, `;`, `|`, `&` or `and`, without a `By` before it.
pub fn names(text: &str) -> Vec<String> {
    let text = text.trim();
    let text = text
        .strip_prefix("By ")
        .or_else(|| text.strip_prefix("by "))
        .unwrap_or(text);
    let parts = text
        .split([',', ';', '|', '&'])
        .flat_map(|part| part.split(" and "));
    parts
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
