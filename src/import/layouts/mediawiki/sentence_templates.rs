//! Templates that stand within a sentence of a wiki, and the words that they show there: numbers, units, dates, languages.
//! Uses the words of the template's own name and values, never others.

use crate::import::repair::language;

/// Templates that show one of their values, and its index.
const SHOWN: &[(&str, usize)] = &[
    ("lang", 1),
    ("langx", 1),
    ("script", 1),
    ("transl", 1),
    ("transliteration", 1),
    ("color", 1),
    ("font color", 1),
    ("nowrap", 0),
    ("nobr", 0),
    ("j", 0),
    ("small", 0),
    ("big", 0),
    ("smallcaps", 0),
    ("sc", 0),
    ("abbr", 0),
    ("abbrlink", 0),
    ("tooltip", 0),
    ("nihongo", 0),
    ("ill", 0),
    ("illm", 0),
    ("interlanguage link", 0),
    ("ipa", 0),
    ("math", 0),
    ("mvar", 0),
    ("chem2", 0),
    ("flag", 0),
    ("flagcountry", 0),
    ("nastaliq", 0),
    ("unicode", 0),
    ("em", 0),
    ("strong", 0),
];

/// Templates that show their name, as written, and their values: `{{circa|1900}}`, `{{HMS|Victory}}`.
const NAMED: &[&str] = &[
    "circa", "c.", "ca.", "as of", "since", "hms", "hmas", "hmcs", "uss", "ss", "mv", "rms", "ms",
    "rv", "um", "vers",
];

/// Templates whose values are joined by spaces.
const JOINED: &[&str] = &[
    "ship",
    "val",
    "nombre",
    "unité",
    "unité/2",
    "unidad",
    "esd",
    "nowraplinks",
    "nunit",
];

/// Signs of currencies, before an amount: `{{US$|12}}`.
const CURRENCIES: &[&str] = &[
    "us$", "a$", "c$", "nz$", "hk$", "£", "€", "¥", "₹", "$", "kr",
];

/// Templates that show the day that their first values name.
const DAYS: &[&str] = &[
    "start date",
    "start date and age",
    "end date",
    "birth date",
    "birth date and age",
    "death date",
    "death date and age",
    "birth-date",
    "death-date",
    "dts",
    "date table sorting",
];

/// Templates that show one sign.
const SIGNS: &[(&str, &str)] = &[
    ("!", "|"),
    ("=", "="),
    ("'", "'"),
    ("nbsp", " "),
    ("spaces", " "),
    ("ndash", "–"),
    ("endash", "–"),
    ("snd", " – "),
    ("spnd", " – "),
    ("spaced ndash", " – "),
    ("spaced en dash", " – "),
    ("mdash", "—"),
    ("emdash", "—"),
    ("•", " • "),
    ("dot", " · "),
    ("middot", " · "),
    ("·", " · "),
];

/// Functions of the software, which show their value: `{{formatnum:12345}}`.
const FUNCTIONS: &[&str] = &[
    "formatnum:",
    "lc:",
    "uc:",
    "lcfirst:",
    "ucfirst:",
    "grammar:",
];

/// What stands between two amounts of `{{convert|3|to|5|km}}`.
const BETWEEN: &[&str] = &[
    "to", "and", "or", "by", "x", "-", "–", "to(-)", "+/-", "±", "×", "and(-)", "by(x)",
];

/// The words that a template shows in a sentence; `None` if it is not one of these. `name` is as written.
pub(crate) fn words(name: &str, values: &[&str]) -> Option<String> {
    let known = name.to_lowercase();
    let first = values.first().copied().unwrap_or_default();
    let is = |list: &[&str]| list.contains(&known.as_str());
    if let Some((_, sign)) = SIGNS.iter().find(|(name, _)| *name == known) {
        return Some((*sign).to_owned());
    }
    if let Some(function) = FUNCTIONS.iter().find(|name| known.starts_with(**name)) {
        let value = name.get(function.len()..)?.trim();
        return shown(value);
    }
    if matches!(known.as_str(), "convert" | "cvt") {
        return amounts(values);
    }
    if matches!(known.as_str(), "frac" | "sfrac" | "fraction") {
        return fraction(values);
    }
    if is(DAYS) {
        return day(values);
    }
    if matches!(known.as_str(), "sup" | "sub") {
        return shown(first).map(|value| format!("<{known}>{value}</{known}>"));
    }
    if known == "sic" {
        return Some(format!("{first} [{name}]").trim_start().to_owned());
    }
    if is(CURRENCIES) {
        return shown(first).map(|amount| format!("{name}{amount}"));
    }
    if is(NAMED) {
        return shown(first).map(|_| format!("{name} {}", values.join(" ")));
    }
    if is(JOINED) {
        return shown(first).map(|_| values.join(" ").trim_end().to_owned());
    }
    // `{{lang-fr|…}}`
    let tongue = known.strip_prefix("lang-").and_then(language::tag);
    let place = SHOWN.iter().find(|(name, _)| *name == known);
    let place = place.map(|(_, place)| *place).or(tongue.map(|_| 0))?;
    values.get(place).and_then(|value| shown(value))
}

fn shown(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn is_number(value: &str) -> bool {
    let rest = value.trim_start_matches(['-', '−', '+']);
    rest.starts_with(|c: char| c.is_numeric() || c == '.')
}

/// `{{convert|5|ft|6|in|cm}}`: the amounts and units that were measured, not those they are converted to.
fn amounts(values: &[&str]) -> Option<String> {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = values.iter().copied().peekable();
    while let Some(amount) = rest.next_if(|value| is_number(value)) {
        words.push(amount);
        if let Some(between) = rest.next_if(|value| BETWEEN.contains(value)) {
            words.push(between.split('(').next().unwrap_or_default());
            continue;
        }
        words.extend(rest.next().filter(|unit| !unit.is_empty()));
    }
    (words.len() > 1).then(|| words.join(" "))
}

/// `{{frac|2}}` is 1/2, `{{frac|3|4}}` 3/4, and `{{frac|1|3|4}}` 1 3/4.
fn fraction(values: &[&str]) -> Option<String> {
    let made = match values {
        [under] => format!("1/{under}"),
        [above, under] => format!("{above}/{under}"),
        [whole, above, under, ..] => format!("{whole} {above}/{under}"),
        [] => return None,
    };
    values.iter().all(|value| !value.is_empty()).then_some(made)
}

/// A day as its year, month and day; the values behind these are a time or an age.
fn day(values: &[&str]) -> Option<String> {
    let number = |value: &&&str| !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let numbers: Vec<&&str> = values.iter().take_while(number).take(3).collect();
    match numbers.as_slice() {
        [] => shown(values.first()?),
        [year, rest @ ..] => Some(
            rest.iter()
                .fold((**year).to_owned(), |day, part| format!("{day}-{part:0>2}")),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_the_words_of_its_templates() {
        for (name, values, expected) in [
            ("formatnum:12345", &[][..], "12345"),
            ("circa", &["1900"], "circa 1900"),
            ("frac", &["2"], "1/2"),
            ("frac", &["1", "2"], "1/2"),
            ("Frac", &["3", "1", "2"], "3 1/2"),
            ("convert", &["1300", "mi", "km"], "1300 mi"),
            ("convert", &["3", "to", "5", "km"], "3 to 5 km"),
            ("convert", &["5", "ft", "6", "in", "cm"], "5 ft 6 in"),
            ("cvt", &["-4", "C"], "-4 C"),
            ("Start date", &["2001", "5", "6"], "2001-05-06"),
            ("birth date and age", &["1960", "12"], "1960-12"),
            ("IPA", &["/x/"], "/x/"),
            ("lang", &["fr", "bonjour"], "bonjour"),
            ("lang-fr", &["bonjour"], "bonjour"),
            ("US$", &["12"], "US$12"),
            ("HMS", &["Victory"], "HMS Victory"),
            ("As of", &["2014"], "As of 2014"),
            ("sup", &["2"], "<sup>2</sup>"),
            ("snd", &[], " – "),
            ("sic", &["recieve"], "recieve [sic]"),
        ] {
            assert_eq!(words(name, values).as_deref(), Some(expected), "{name}");
        }
        for (name, values) in [
            ("Infobox", &["x"][..]),
            ("convert", &["x"]),
            ("lang", &["fr"]),
            ("frac", &[]),
            ("cite web", &["x"]),
        ] {
            assert_eq!(words(name, values), None, "{name}");
        }
    }
}
