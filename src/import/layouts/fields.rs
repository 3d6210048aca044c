//! The vocabulary of field names: which key of a record, column of a table or label of a text names which field.
//! The settings may add names.

pub(crate) use crate::settings::{Field, FieldNames};

/// Names in lower case without `_`, `-`, `.` and spaces, in several languages. If a record has several names of a field,
/// the first here sets it. Dates of a crawl or of a change are not dates.
const ALIASES: &[(Field, &[&str])] = &[
    (
        Field::Id,
        &[
            "id",
            "guid",
            "uuid",
            "recordid",
            "docid",
            "documentid",
            "storyid",
            "@id",
        ],
    ),
    (
        Field::Title,
        &[
            "title",
            "headline",
            "headlinetext",
            "titletext",
            "heading",
            "head",
            "subject",
            "titre",
            "titel",
            "titulo",
            "título",
            "titolo",
            "überschrift",
            "заголовок",
            "العنوان",
            "标题",
            "name",
        ],
    ),
    (
        Field::Date,
        &[
            "datepublished",
            "publishedat",
            "publisheddate",
            "publicationdate",
            "publisheddatetime",
            "publishdate",
            "publishedon",
            "datepublish",
            "pubdate",
            "publishtime",
            "publishedtime",
            "firstpublished",
            "webpublicationdate",
            "published",
            "posteddate",
            "dateposted",
            "postedat",
            "posted",
            "dategmt",
            "date",
            "datetime",
            "createdat",
            "createdon",
            "datecreated",
            "created",
            "datum",
            "fecha",
            "дата",
            "التاريخ",
            "日期",
        ],
    ),
    (
        Field::Authors,
        &[
            "authors",
            "author",
            "authorname",
            "authornames",
            "byline",
            "by",
            "creator",
            "writer",
            "writers",
            "reporter",
            "auteur",
            "autor",
            "autore",
            "автор",
            "الكاتب",
            "作者",
        ],
    ),
    (
        Field::Source,
        &[
            "source",
            "sourcename",
            "publisher",
            "agency",
            "publication",
            "newspaper",
            "outlet",
            "quelle",
            "fuente",
            "fonte",
            "источник",
            "المصدر",
            "来源",
        ],
    ),
    (
        Field::Url,
        &["url", "link", "weburl", "permalink", "href", "canonicalurl"],
    ),
    (
        Field::Topics,
        &[
            "topics",
            "topic",
            "tags",
            "tag",
            "keywords",
            "keyword",
            "categories",
            "category",
            "categoryname",
            "section",
            "sections",
            "sectionname",
            "subjects",
            "rubric",
            "rubrik",
            "rubrique",
            "kategorie",
            "catégorie",
            "categoria",
            "categoría",
        ],
    ),
    (
        Field::Place,
        &[
            "place",
            "location",
            "city",
            "placename",
            "ort",
            "lieu",
            "lugar",
        ],
    ),
    (
        Field::Lang,
        &["lang", "language", "languagecode", "inlanguage", "locale"],
    ),
    (
        Field::Summary,
        &[
            "summary",
            "abstract",
            "description",
            "excerpt",
            "standfirst",
            "lead",
            "teaser",
            "dek",
            "subtitle",
            "caption",
        ],
    ),
    (Field::Slug, &["slug"]),
    (
        Field::Body,
        &[
            "body",
            "articlebody",
            "fulltext",
            "maintext",
            "bodytext",
            "contenttext",
            "text",
            "content",
            "articlecontent",
            "contenthtml",
            "bodyhtml",
            "html",
            "plaintext",
            "markdown",
            "article",
            "story",
            "texte",
            "texto",
            "testo",
            "inhalt",
            "contenido",
            "contenu",
            "текст",
            "النص",
            "正文",
            "内容",
        ],
    ),
];

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
    pub fn field(&self, key: &str) -> Option<(Field, usize)> {
        let later = |(field, rank)| (field, rank + FIRST_COMMON);
        self.configured(key).or_else(|| field(key).map(later))
    }

    /// The field that a label of a text names, perhaps with a typing error.
    pub fn field_of_label(&self, label: &str) -> Option<Field> {
        if let Some((field, _)) = self.configured(label) {
            return Some(field);
        }
        let label = bare(label);
        let exact = field(&label).filter(|_| !NOT_LABELS.contains(&label.as_str()));
        let near = || {
            let is_near = |known: &&&str| strsim::osa_distance(known, &label) == 1;
            field(MISSPELT_LABELS.iter().find(is_near)?)
        };
        exact.or_else(near).map(|(field, _)| field)
    }
}

/// A longer key names no field, in bytes.
const LONGEST_KEY: usize = 64;

/// The place of the vocabulary's names, after all that the settings may add.
pub(crate) const FIRST_COMMON: usize = 1_000;

/// A key without the characters that separate its words, in lower case.
fn bare(key: &str) -> String {
    key.chars()
        .filter(|c| !matches!(c, '_' | '-' | '.' | ':') && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The field of the vocabulary that a key names, and its place among the names of that field.
fn field(key: &str) -> Option<(Field, usize)> {
    if key.len() > LONGEST_KEY {
        return None;
    }
    let bare = bare(key);
    let exact = |bare: &str| {
        ALIASES.iter().find_map(|(field, names)| {
            let rank = names.iter().position(|name| *name == bare)?;
            Some((*field, rank))
        })
    };
    exact(&bare).or_else(|| {
        let rest = PREFIXES
            .iter()
            .find_map(|prefix| bare.strip_prefix(prefix))?;
        exact(rest).filter(|_| rest != "name")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_as_a_key_and_most_as_a_label() {
        for (field, names) in ALIASES {
            for (rank, name) in names.iter().enumerate() {
                let found = FieldNames::NONE.field(name);
                assert_eq!(found, Some((*field, FIRST_COMMON + rank)), "{name}");
                let label = FieldNames::NONE.field_of_label(name);
                assert!(label == Some(*field) || NOT_LABELS.contains(name), "{name}");
            }
        }
        for name in MISSPELT_LABELS {
            assert!(
                self::field(name).is_some_and(|(f, _)| f != Field::Body),
                "{name}"
            );
        }
    }
}
