//! The vocabulary of field names: which key of a record, column of a table or label of a text names which field.
//! The settings may add names.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::vocabulary::{CODES, DECIDED_BY_VALUE, MODIFIED, NAMES};
use crate::import::repair::dates;
pub(crate) use crate::settings::{Field, FieldNames};

/// What precedes the name of a field in the keys of some archives: `article_title`, `post_content`.
const PREFIXES: &[&str] = &["article", "news", "post", "story", "doc", "document"];

/// Names that a record's keys use, but which as labels of a text are mostly something else.
const NOT_LABELS: &[&str] = &[
    "name",
    "head",
    "heading",
    "subject",
    "subjects",
    "subtitle",
    "lead",
    "article",
    "story",
    "teaser",
    "caption",
    "html",
    "plaintext",
    "markdown",
    "outlet",
    "created",
    "createdat",
    "createdon",
    "datecreated",
    "artikel",
    "articulo",
    "articolo",
    "artigo",
    "artykuł",
    "artykul",
    "nachricht",
    "corps",
    "haber",
    "статья",
    "文章",
    "journal",
    "theme",
];

/// Names that are recognised in labels with one typing error. The label of a body is not among them, for it would take
/// all that follows `Context:`.
const MISSPELT_LABELS: &[&str] = &[
    "articleid",
    "recordid",
    "title",
    "headline",
    "date",
    "published",
    "publicationdate",
    "posted",
    "byline",
    "author",
    "authors",
    "writer",
    "reporter",
    "source",
    "agency",
    "publisher",
    "newspaper",
    "link",
    "tags",
    "topic",
    "topics",
    "keywords",
    "section",
    "category",
    "categories",
    "place",
    "location",
    "language",
    "summary",
    "abstract",
];

impl FieldNames {
    /// The field that the settings map a key to, and the key's place among the names of that field.
    fn configured(&self, key: &str) -> Option<(Field, usize)> {
        if self.0.is_empty() || key.len() > LONGEST_KEY {
            return None;
        }
        let bare = bare(key);
        self.0.iter().find_map(|(field, names)| {
            let rank = names
                .as_slice()
                .iter()
                .position(|name| self::bare(name) == bare)?;
            Some((*field, rank))
        })
    }

    /// The field that a key names, and its place among the names of that field. The settings precede the vocabulary.
    /// `value` decides what a name of several meanings means.
    pub fn field(&self, key: &str, value: &str) -> Option<(Field, usize)> {
        let later = |(field, rank)| (field, rank + FIRST_COMMON);
        self.configured(key)
            .or_else(|| field(key, value).map(later))
    }

    /// The field that a label of a text names, perhaps with a typing error.
    pub fn field_of_label(&self, label: &str, value: &str) -> Option<Field> {
        if let Some((field, _)) = self.configured(label) {
            return Some(field);
        }
        let label = bare(label);
        let exact = field(&label, value).filter(|_| !NOT_LABELS.contains(&label.as_str()));
        let near = || {
            let is_near = |known: &&&str| strsim::osa_distance(known, &label) == 1;
            field(MISSPELT_LABELS.iter().find(is_near)?, value)
        };
        exact.or_else(near).map(|(field, _)| field)
    }
}

/// A longer key names no field, in bytes.
const LONGEST_KEY: usize = 64;

/// The place of the vocabulary's names, after all that the settings may add.
pub(crate) const FIRST_COMMON: usize = 1_000;

/// A key without the characters that separate its words, in lower case, and without the accents of Latin letters.
fn bare(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for c in key.chars().flat_map(char::to_lowercase) {
        match c {
            '_' | '-' | '.' | ':' => {}
            c if c.is_whitespace() => {}
            c if c.is_ascii() => out.push(c),
            // `İ` is an `i` with a mark in lower case.
            c if is_combining_mark(c) && ('\u{300}'..'\u{370}').contains(&c) => {}
            c => out.push(
                std::iter::once(c)
                    .nfd()
                    .next()
                    .filter(char::is_ascii)
                    .unwrap_or(c),
            ),
        }
    }
    out
}

/// The vocabulary by name.
static BY_NAME: LazyLock<HashMap<&'static str, (Field, usize)>> = LazyLock::new(|| {
    let named = NAMES.iter().flat_map(|(field, names)| {
        let ranked = names.iter().enumerate();
        ranked.map(|(rank, name)| (*name, (*field, rank)))
    });
    named.collect()
});

/// The field of the vocabulary that a key names, and its place among the names of that field.
fn field(key: &str, value: &str) -> Option<(Field, usize)> {
    if key.len() > LONGEST_KEY {
        return None;
    }
    let bare = bare(key);
    if let Some((_, field, other)) = DECIDED_BY_VALUE.iter().find(|(name, ..)| *name == bare) {
        let field = if looks_like(*field, value) {
            Some(*field)
        } else {
            *other
        };
        return field.map(|field| (field, UNCERTAIN));
    }
    let exact = |bare: &str| BY_NAME.get(bare).copied();
    let behind_prefix = || {
        let rest = PREFIXES
            .iter()
            .find_map(|prefix| bare.strip_prefix(prefix))?;
        exact(rest).filter(|_| rest != "name")
    };
    let unqualified = || {
        let (field, rank) = exact(&self::bare(without_qualifier(key)?))?;
        Some((field, rank + UNCERTAIN))
    };
    exact(&bare).or_else(behind_prefix).or_else(unqualified)
}

/// The place of a name that is less certain than any other.
const UNCERTAIN: usize = 500;

/// A key without what follows its name: `title (short)`, `title, long`, `Titel*`, `title_en`.
fn without_qualifier(key: &str) -> Option<&str> {
    let end = key.find(['(', ',', '[', '*', '/', '<']);
    let name = match end {
        Some(end) => key.get(..end),
        None => key
            .rsplit_once(['_', '-', '.', '@', ' '])
            .filter(|(_, code)| CODES.iter().any(|known| known.eq_ignore_ascii_case(code)))
            .map(|(name, _)| name),
    };
    name.filter(|name| !name.trim().is_empty())
}

/// Whether a value can be one of a field.
fn looks_like(field: Field, value: &str) -> bool {
    let value = value.trim();
    match field {
        Field::Date => dates::read(value).is_some(),
        Field::Url => {
            (value.contains("://") || value.starts_with("www."))
                && !value.contains(char::is_whitespace)
        }
        Field::Title => value.split_whitespace().nth(2).is_some(),
        Field::Authors => {
            let words = || value.split_whitespace();
            let is_small = |word: &&str| word.starts_with(char::is_lowercase);
            (1..=8).contains(&words().count())
                && words().filter(is_small).count() * 2 < words().count()
                && !value.contains(|c: char| c.is_numeric() || c == '@')
                && !value.ends_with(['.', '!', '?', ':'])
        }
        _ => false,
    }
}

/// The key under which a value is kept that no field is read from: `modified` for the day of a change in any language.
pub(crate) fn kept_key<'a>(key: &'a str, value: &str) -> &'a str {
    let is_change = || key.len() <= LONGEST_KEY && MODIFIED.contains(&bare(key).as_str());
    match !key.is_ascii() || key.len() >= 6 {
        true if is_change() && dates::read(value).is_some() => "modified",
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_as_a_key_and_most_as_a_label() {
        let mut seen = std::collections::HashSet::new();
        for (field, names) in NAMES {
            for (rank, name) in names.iter().enumerate() {
                assert!(seen.insert(*name), "{name} is there twice");
                assert_eq!(bare(name), *name, "not as keys are compared");
                let decided = DECIDED_BY_VALUE.iter().any(|(known, ..)| known == name);
                let found = FieldNames::NONE.field(name, "");
                assert!(
                    decided || found == Some((*field, FIRST_COMMON + rank)),
                    "{name}"
                );
                let label = FieldNames::NONE.field_of_label(name, "");
                assert!(
                    decided || label == Some(*field) || NOT_LABELS.contains(name),
                    "{name}"
                );
            }
        }
        for name in MISSPELT_LABELS {
            assert!(
                self::field(name, "").is_some_and(|(f, _)| f != Field::Body),
                "{name}"
            );
        }
    }

    #[test]
    fn names_are_known_in_many_languages_and_spellings() {
        for (field, names) in [
            (
                Field::Title,
                "Titel Überschrift TITRE título Titolo Tytuł Заголовок 标题 Başlık BAŞLIK العنوان",
            ),
            (
                Field::Date,
                "Datum Veröffentlicht_am Date_de_publication Fecha-de-publicación Дата التاريخ 发布时间 TARİH",
            ),
            (
                Field::Authors,
                "Autorin Auteur Schrijver Автор الكاتب 作者 Yazar Autore",
            ),
            (
                Field::Source,
                "Quelle Bron Fuente Źródło Источник المصدر 来源 Kaynak Fonte",
            ),
            (
                Field::Topics,
                "Schlagwörter Mots-clés Palabras_clave Parole_chiave Trefwoorden Метки الوسوم 标签 Etiketler",
            ),
            (
                Field::Body,
                "Volltext Contenu Cuerpo Conteúdo Inhoud Treść Текст النص 正文 İçerik",
            ),
            (
                Field::Lang,
                "Sprache Langue Idioma Lingua Taal Język Язык اللغة 语言 Dil",
            ),
            (
                Field::Summary,
                "Zusammenfassung Résumé Resumen Riassunto Samenvatting Аннотация ملخص 摘要 Özet",
            ),
            (
                Field::Place,
                "Ort Lieu Ciudad Città Plaats Miejsce Город المكان 地点 Şehir",
            ),
            (Field::Url, "Lien Enlace Ссылка رابط 链接 Bağlantı"),
        ] {
            for name in names.split(' ') {
                let found = FieldNames::NONE.field(name, "x").map(|(field, _)| field);
                assert_eq!(found, Some(field), "{name}");
            }
        }
    }

    #[test]
    fn a_value_decides_what_an_ambiguous_name_means() {
        for (name, value, expected) in [
            ("data", "13 de julho de 2021", Some(Field::Date)),
            ("data", "x", None),
            ("Adresse", "https://quay.example/1", Some(Field::Url)),
            ("Adresse", "Kai 4, Port Ellery", None),
            ("العنوان", "https://quay.example/1", Some(Field::Url)),
            ("Rubrik", "Hafen", Some(Field::Topics)),
            ("Rubrik", "Nattfärjan seglar igen", Some(Field::Title)),
            ("Von", "Mara Quill", Some(Field::Authors)),
            ("Von", "hier aus ging es weiter", None),
            ("title_en", "x", Some(Field::Title)),
            ("Title (short)", "x", Some(Field::Title)),
            ("title, long", "x", Some(Field::Title)),
            ("text_id", "x", None),
        ] {
            let found = FieldNames::NONE.field(name, value).map(|(field, _)| field);
            assert_eq!(found, expected, "{name}: {value}");
        }
        assert_eq!(kept_key("Mis à jour", "14 juillet 2021"), "modified");
        assert_eq!(kept_key("Aktualisiert", "bald"), "Aktualisiert");
    }
}
