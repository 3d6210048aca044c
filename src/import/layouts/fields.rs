//! Which key names which field, as exports, dumps and scrapes in several languages have it, and as the settings say.

pub use crate::settings::{Field, FieldNames};

/// Keys in lower case without `_`, `-`, `.` and blanks. Of several in a record the first here has the field. No day of a
/// crawl or of a change is among the dates.
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

/// What stands before a field's name in the keys of some archives: `article_title`, `post_content`.
const PREFIXES: &[&str] = &["article", "news", "post", "story", "doc", "document"];

impl FieldNames {
    /// The field that the settings say a key names, and its place among the names of that field.
    pub fn get(&self, key: &str) -> Option<(Field, usize)> {
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

    /// The field that a key names, first by the settings and then by what is common.
    pub fn field(&self, key: &str) -> Option<(Field, usize)> {
        let later = |(field, rank)| (field, rank + FIRST_COMMON);
        self.get(key).or_else(|| field(key).map(later))
    }
}

/// A longer key names no field.
const LONGEST_KEY: usize = 64;

/// What is common stands behind whatever the settings name.
pub const FIRST_COMMON: usize = 1_000;

/// Keys are compared without what parts their words.
fn bare(key: &str) -> String {
    key.chars()
        .filter(|c| !matches!(c, '_' | '-' | '.' | ':') && !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The field that a key names, and its place among the names of that field.
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
