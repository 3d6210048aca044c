//! organize: everything that was parsed → one Library, in which order, terms and paths are decided.

use std::collections::{BTreeSet, HashMap};

use super::changes::Touched;
use super::link_index::LinkIndex;
use super::pages::{self, PageValues, View};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Library;
use crate::model::library::{Change, Conflict, Rules, Wanted};
use crate::model::subject::Subject;
use crate::model::term::{DefinedTopic, ListId, TermNo};
use crate::settings::{Settings, TopicDefinition};

/// The share of articles that should have a topic, in percent.
const MIN_COVERAGE: usize = 80;

/// The rules by which a site organizes its articles.
pub(crate) fn rules(settings: &Settings, topics: &[TopicDefinition]) -> Rules {
    Rules {
        zone: settings.zone,
        permalink: settings.permalink.clone(),
        day_pages: settings.day_pages,
        topics: defined(topics),
        reserved: pages::reserved_paths().map(str::to_owned).collect(),
    }
}

/// Topics as the Library needs them. A hidden topic is nobody's parent and has no page to which an address could lead.
fn defined(topics: &[TopicDefinition]) -> Vec<DefinedTopic> {
    let shown = (0..).zip(topics).filter(|(_, topic)| !topic.hide);
    let numbers: HashMap<&str, TermNo> = shown
        .map(|(number, topic)| (topic.id.as_str(), number))
        .collect();
    let number = |id: Option<&String>| numbers.get(id?.as_str()).copied();
    // `topics.toml` has no circles.
    let merged = |topic: &TopicDefinition| {
        let steps = std::iter::successors(number(topic.merge_into.as_ref()), |at| {
            number(topics[*at as usize].merge_into.as_ref())
        });
        steps.last().filter(|_| !topic.hide)
    };
    let parents = topics.iter().map(|topic| {
        let parent = number(topic.parent.as_ref())?;
        Some(merged(&topics[parent as usize]).unwrap_or(parent))
    });
    let topics = topics
        .iter()
        .zip(parents)
        .map(|(topic, parent)| DefinedTopic {
            id: topic.id.clone(),
            name: topic.name.clone(),
            kind: topic.kind.clone(),
            description: topic.description.clone(),
            parent: parent.filter(|_| !topic.hide && topic.merge_into.is_none()),
            merged_into: merged(topic),
            same_as: topic.same_as.clone(),
        });
    topics.collect()
}

/// A site after organizing.
pub(crate) struct Organized {
    pub library: Library,
    pub links: LinkIndex,
    /// The subjects that changed since the output was last built.
    pub touched: Touched,
}

/// Organizes everything that was read of a site. `before` leads to the Library as it was when the output was last built, if
/// that is known; `since` is what changed after that, or everything if it is not known.
pub(crate) fn organize(
    rules: Rules,
    before: Option<Vec<Change>>,
    since: Vec<Change>,
    settings: &Settings,
    values: &PageValues,
) -> Organized {
    let mut library = Library::new(rules);
    let links_of = |library: &Library| LinkIndex::of(&view(library, settings, values));
    let Some(before) = before else {
        library.fill(since);
        return Organized {
            links: links_of(&library),
            library,
            touched: Touched::All,
        };
    };
    library.fill(before);
    let mut links = links_of(&library);
    let touched = apply_changes(&mut library, &mut links, since, settings, values);
    Organized {
        library,
        links,
        touched: Touched::Some(touched),
    }
}

/// Applies changes to a Library and its links, and returns every subject whose pages may differ.
pub(crate) fn apply_changes(
    library: &mut Library,
    links: &mut LinkIndex,
    changes: Vec<Change>,
    settings: &Settings,
    values: &PageValues,
) -> BTreeSet<Subject> {
    let mut touched = library.apply(changes);
    links.update(&view(library, settings, values), &mut touched);
    touched
}

fn view<'a>(library: &'a Library, settings: &'a Settings, values: &'a PageValues) -> View<'a> {
    View {
        library,
        settings,
        values,
    }
}

/// The problems between articles: conflicting ids and paths, unknown links, too few topics.
pub(crate) fn diagnostics(library: &Library, links: &LinkIndex) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = library.conflicts().iter().map(conflict).collect();
    found.extend(links.diagnostics());
    found.extend(coverage(library));
    found
}

fn conflict(conflict: &Conflict) -> Diagnostic {
    let path = format!("content/{}", conflict.file);
    match &conflict.wanted {
        Wanted::Id { id, holder } => {
            let what = format!("the id `{id}` is also that of `content/{holder}`");
            let hint = "give one of them another `id`; until then this one is published with six digits added";
            Diagnostic::problem(Code::IdTaken, path, what).hint(hint)
        }
        Wanted::Path { path: at, holder } => {
            let holder = match holder {
                Some(file) => format!("`content/{file}`"),
                None => "another page".to_owned(),
            };
            let what = format!("the page `{at}` is already that of {holder}");
            let hint = "give this article another `slug`; until then its id is added";
            Diagnostic::problem(Code::PathTaken, path, what).hint(hint)
        }
        Wanted::Alias { path: at, holder } => {
            let what = match holder {
                Some(file) => format!("the alias `/{at}` leads to `content/{file}`"),
                None => format!("the alias `/{at}` is the path of a page of this website"),
            };
            let hint =
                "remove it from the `aliases` of one of them: it does not lead to this article";
            Diagnostic::warning(Code::PathTaken, path, what).hint(hint)
        }
    }
}

/// A warning if too few articles have a topic.
fn coverage(library: &Library) -> Option<Diagnostic> {
    let articles = library.articles(ListId::Archive).len();
    let with_topic = library.with_topic();
    let too_few = with_topic * 100 < articles * MIN_COVERAGE;
    too_few.then(|| {
        let share = with_topic * 100 / articles.max(1);
        let what = format!("{share} % of the articles have a topic; readers browse by topics");
        Diagnostic::warning(Code::TopicsCoverLittle, "topics.toml", what)
            .hint("add topics or phrases there, or run `backfile topics discover`")
    })
}
