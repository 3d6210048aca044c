//! Words that distinguish names from other capitalised words, most of them English.
//! Knows lists; never texts. For other languages counting has to be enough.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Capitalised at the start of sentences and in headlines; not names by themselves.
const STARTERS: &str = "a an the this that these those i i'm i've i'll i'd we we're we've we'll you you're your he he's she \
    she's it it's its they they're their there there's here his her my our us me him them who what when where why how which \
    whose if in on at by for from to of with without within as and or but nor so yet not no yes all any some many \
    most much more few several each every both either neither other another such one two three four five six seven \
    eight nine ten after before during since until while although though because however meanwhile moreover \
    furthermore therefore thus also then now today yesterday tomorrow tonight once again just only even still \
    despite about above across against along among around between beyond down into near off onto out over past \
    through toward towards under up upon via per is are was were be been being am do does did done have has had \
    having can could may might must shall should will would let let's get got make made see read watch follow \
    according additionally finally first second third last next later earlier currently recently overall \
    instead indeed perhaps maybe please thanks thank welcome hello dear editor image photo picture video caption \
    source copyright related share listen click sign subscribe download contact email tel new old good great \
    el la los las un una en y es le les un une des et der die das und ein eine von dem den im il lo gli \
    o os as um uma e em";

/// Days and months, in languages that capitalise them or their headlines.
const CALENDAR: &str = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun \
    january february march april may june july august september october november december jan feb mar apr jun jul \
    aug sep sept oct nov dec montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai \
    juni juli oktober dezember am pm gmt bst utc est edt pst pdt cet ist spring summer autumn winter christmas easter";

/// Words before the name of a person.
const HONORIFICS: &str = "mr mrs ms miss mx dr sir dame lord lady baroness baron prof professor president vice prime \
    minister secretary senator sen governor gov congressman congresswoman representative rep mayor councillor cllr \
    chancellor ambassador judge gen colonel col captain capt lieutenant lt maj sergeant sgt \
    commander admiral inspector det detective constable superintendent chief deputy chairman chairwoman chairperson \
    pope king queen prince princess emperor sheikh sheik imam ayatollah rabbi rev reverend sister \
    bishop archbishop cardinal pastor comrade herr frau monsieur madame señor señora spokesman spokeswoman \
    spokesperson leader ceo mp msp hon honourable";

/// Abbreviations whose full stop does not end a sentence, besides honorifics.
const ABBREVIATIONS: &str =
    "st no vs etc inc ltd co corp jr sr ph.d e.g i.e approx dept est fig u.s u.k u.n d.c";

/// Verbs of speech.
const SPEECH: &str = "said says say told tells added adds stated states noted notes wrote writes tweeted explained \
    explains asked asks argued insisted claimed admitted denied replied recalled stressed warned commented \
    emphasized emphasised declared posted";

/// Agencies, outlets and platforms: the source of news, seldom its topic.
const OUTLETS: &str = "tass itar-tass reuters afp ap interfax xinhua upi dpa efe ansa apa kyodo yonhap bbc cnn getty \
    facebook twitter instagram youtube whatsapp tiktok linkedin telegram pa bbc-news bbc-sport bbc-one bbc-two bbc-radio \
    getty-images associated-press press-association ria-novosti sputnik al-jazeera agence-france-presse";

/// Words in the names of organisations, by which they are distinguished from persons.
const BODIES: &str = "academy administration agency airport alliance army assembly association authority bank board bureau \
    centre center church city club college commission committee company congress corporation council county court \
    department division district federation force forum foundation fund government group hospital house institute \
    international kingdom league ministry nations national network office organisation organization parliament \
    party police province republic road school senate service services society state states street team times trust \
    union united university wanderers rovers town village world zone digital cup office plc ltd inc air airlines";

/// Too general to be a topic alone, though they are part of many names.
const GENERAL: &str = "north south east west northern southern eastern western central upper lower great new tv radio \
    co cts net corp inc ltd chief officer games cup league premier world olympic paralympic airport mps mp ceo english-language online internet web site website \
    ok id pdf faq mum dad gp gps god sun earth covid-related friends family church bible catholic christian house \
    act bill law committee championship championships open final finals grand prix team city royal";

/// Arabic words for amounts and other general words.
const GENERAL_ARABIC: &str = "مليون مليار ألف ريال دولار جديد جديدة مستوى ارتفاع انخفاض شركة مقتل بسبب بعد قبل خلال \
    حول دون ضمن بين اليوم الأول الأولى الثاني الثانية أكثر أول يوم عام سنة شهر أيام ثلاثة أربعة خمسة المقبل الماضي \
    نظام أمير يؤكد يبحث يستقبل تقيم فعاليات منسوبي منسوبيها تعايد معايدة على إلى عن مع في من";

/// Capitalised adjectives with which a name may begin, though sentences do too.
const OPENERS: &str = "new great old";

/// Lowercase words inside names.
const INNER: &str =
    "of the for de la du da do dos das di del della van von der den bin ibn al el & le les";

/// Other names of one topic that counting cannot relate, the preferred one first.
pub(crate) const KNOWN: &[&[&str]] = &[
    &["United Nations", "UN", "U.N."],
    &["European Union", "EU", "E.U."],
    &["Covid-19", "Covid", "COVID", "COVID-19"],
    &["Olympics", "Olympic Games", "Olympic"],
    &[
        "Conservatives",
        "Conservative",
        "Conservative Party",
        "Tory",
        "Tories",
    ],
    &[
        "Liberal Democrats",
        "Lib Dems",
        "Liberal Democrat",
        "Lib Dem",
    ],
    &["Manchester United", "Man Utd", "Man United"],
    &["Manchester City", "Man City"],
];

/// Acronyms that are also words.
pub(crate) const ACRONYM_WORDS: &[&str] = &[
    "us", "who", "aids", "nato", "un", "eu", "uk", "nasa", "unicef",
];

/// The roles of a word. It may have several: `may` is a month and a verb.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Role {
    pub starter: bool,
    pub calendar: bool,
    pub honorific: bool,
    pub abbreviation: bool,
    pub speech: bool,
    pub outlet: bool,
    pub body: bool,
    pub general: bool,
    pub inner: bool,
    pub opener: bool,
}

type Mark = fn(&mut Role);

static ROLES: LazyLock<HashMap<&'static str, Role>> = LazyLock::new(|| {
    let lists: [(&str, Mark); 11] = [
        (STARTERS, |role| role.starter = true),
        (CALENDAR, |role| role.calendar = true),
        (HONORIFICS, |role| role.honorific = true),
        (ABBREVIATIONS, |role| role.abbreviation = true),
        (SPEECH, |role| role.speech = true),
        (OUTLETS, |role| role.outlet = true),
        (BODIES, |role| role.body = true),
        (GENERAL, |role| role.general = true),
        (GENERAL_ARABIC, |role| role.general = true),
        (INNER, |role| role.inner = true),
        (OPENERS, |role| role.opener = true),
    ];
    let mut roles: HashMap<&str, Role> = HashMap::new();
    for (list, mark) in lists {
        for word in list.split_ascii_whitespace() {
            mark(roles.entry(word).or_default());
        }
    }
    roles
});

/// The roles of a lowercase word.
pub(crate) fn role(word: &str) -> Role {
    if word.contains('’') {
        return role(&word.replace('’', "'"));
    }
    ROLES.get(word).copied().unwrap_or_default()
}
