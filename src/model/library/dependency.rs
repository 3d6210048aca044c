//! The things that pages can depend on: the keys of the index of dependents.

use crate::model::origin::Origin;
use crate::model::period::Period;
use crate::model::term::{ArticleNo, ListId};

/// Something that pages depend on. `Library::apply` records changes as dependencies; subjects follow from the index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dependency {
    /// A file below `content/`.
    File(Box<str>),
    /// An article's id.
    Id(Box<str>),
    /// A path below the website's root: which page is there.
    Path(Box<str>),
    /// A file of `raw/`, or an address at which an article was published before.
    Origin(Origin),
    /// A topic or an author: its name, on every page of its list.
    Term(ListId),
    /// One page of a list.
    Period(ListId, Period),
    /// All that is shown of an article, on its own page and on others.
    Article(ArticleNo),
    /// A hand-written page, by its file.
    Page(Box<str>),
    /// A static file, by its path.
    Static(Box<str>),
}
