//! The keys and folders by which a text is held back, and what each asks. Plain data.

/// The question that a key answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Held back if true: `draft`.
    HeldBack,
    /// Held back if false: `published`. The value may also be the date of publication.
    Published,
    /// Held back if false, and only then: `permalink`.
    NeverFalse,
    /// One of many words: `status`.
    Status,
    /// As `Status`, but the key often names something else, which has numbers in it: `visibility: 10 km`.
    Access,
    /// As `Status`, but the key may name a part of a country.
    State,
    /// Held back by any value but a false one: `password`, `deleted_at`.
    AnyValue,
}

/// The keys that say whether a text is public, in lowercase letters and digits only.
pub(super) const KEYS: &[(Question, &[&str])] = &[
    (
        Question::HeldBack,
        &[
            "draft",
            "private",
            "hidden",
            "hide",
            "unpublished",
            "unlisted",
            "trash",
            "trashed",
            "deleted",
            "secret",
            "confidential",
            "skip",
            "headless",
            "donotpublish",
            "dontpublish",
            "nopublish",
            "notpublished",
            "protected",
            "scheduled",
            "pending",
            "offline",
            "disabled",
            "inactive",
            "excludefromcollections",
            "eleventyexcludefromcollections",
            "entwurf",
            "brouillon",
            "borrador",
            "bozza",
            "rascunho",
            "черновик",
            "مسودة",
            "草稿",
            "下書き",
        ],
    ),
    (
        Question::Published,
        &[
            "published",
            "publish",
            "public",
            "visible",
            "live",
            "online",
            "active",
            "enabled",
            "listed",
            "released",
            "approved",
            "publié",
            "publicado",
            "pubblicato",
            "veröffentlicht",
            "опубликовано",
        ],
    ),
    (Question::NeverFalse, &["permalink", "render", "list"]),
    (
        Question::Status,
        &[
            "status",
            "pubstatus",
            "publicationstatus",
            "publishstatus",
            "publishingstatus",
            "publishedstatus",
            "workflowstatus",
            "workflowstate",
            "workflow",
            "moderationstate",
            "moderationstatus",
            "publicationstate",
            "publishstate",
            "contentstatus",
            "contentstate",
            "entrystatus",
            "creativeworkstatus",
            "reviewstatus",
            "managementstatus",
            "statut",
            "статус",
            "状态",
            "الحالة",
            "sensitivity",
        ],
    ),
    (
        Question::Access,
        &[
            "visibility",
            "access",
            "accessrights",
            "accesslevel",
            "privacy",
            "sichtbarkeit",
        ],
    ),
    (Question::State, &["state", "estado", "stato"]),
    (
        Question::AnyValue,
        &[
            "password",
            "passwordprotected",
            "deletedat",
            "deletedon",
            "trashedat",
            "removedat",
            "unpublishedat",
            "embargo",
            "embargoed",
            "embargoeduntil",
            "embargodate",
            "withdrawn",
            "retracted",
            "draftinfo",
        ],
    ),
];

/// Words before a key that add nothing: `post_status`, `is_draft`, `app:control/app:draft`.
pub(super) const PREFIXES: &[&str] = &[
    "is", "was", "post", "article", "news", "story", "doc", "document", "item", "entry", "page",
    "node", "record", "content", "meta", "app", "control", "wp", "blogger", "atom", "x", "og",
    "dc", "ghost", "message", "mozilla",
];

/// Words after a key that add nothing: import renames keys of other programs that have the name of one of ours.
pub(super) const SUFFIXES: &[&str] = &["text", "flag", "value"];

/// Keys whose value is a table in which the signs of a text may stand.
pub(super) const TABLES: &[&str] = &[
    "meta",
    "metadata",
    "flags",
    "settings",
    "options",
    "attributes",
    "properties",
    "params",
    "sys",
    "system",
    "workflow",
    "publication",
    "publishing",
    "publish",
    "moderation",
    "access",
    "build",
    "control",
    "status",
    "state",
    "visibility",
    "fields",
    "extra",
    "frontmatter",
];

/// Keys beside `state` that make it the name of a place.
pub(super) const PLACES: &[&str] = &[
    "city", "country", "county", "zip", "zipcode", "postcode", "street", "address", "location",
    "place", "town", "region", "latitude", "lat",
];

/// Names of folders whose files are not public, without the `_` or `.` that may precede them.
pub(super) const FOLDERS: &[&str] = &[
    "draft",
    "drafts",
    "private",
    "trash",
    "unpublished",
    "hidden",
    "entwürfe",
    "brouillons",
    "borradores",
    "черновики",
];
