//! The names of months and weekdays in many languages, and the words between the parts of a date.
//! Spelled as people write them; looked up without accents, in any case. Never knows the order of a date.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

type Names = HashMap<Box<str>, u8, foldhash::fast::FixedState>;

/// Each month in each language: nominative, genitive where it differs, abbreviations.
#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "january jan januar jänner jän janvier janv enero ene gennaio gen gener janeiro januari ianuarie ian január januára leden ledna led styczeń stycznia sty январь января янв січень січня січ януари ocak oca ιανουάριος ιανουαρίου ιαν γενάρη يناير جانفي ژانویه جنوری ינואר ינו׳ tammikuu tammikuuta",
    "february feb februar feber février févr fév febrero febbraio febb febrer fevereiro fev februari pebruari peb februarie február februára únor února úno luty lutego lut февраль февраля фев февр лютий лютого лют февруари şubat şub φεβρουάριος φεβρουαρίου φεβ φλεβάρη فبراير شباط فيفري فوریه فروری פברואר helmikuu helmikuuta",
    "march mar märz mär mrz mars marzo març março mrt maart maret marts martie március márc marec marca březen března bře marzec март марта мар березень березня бер берез mart μάρτιος μαρτίου μαρ μάρτη مارس آذار مارچ מרץ מרס maaliskuu maaliskuuta",
    "april apr avril avr abril abr aprile aprilie április ápr apríl apríla duben dubna dub kwiecień kwietnia kwi апрель апреля апр квітень квітня квіт кві април nisan nis απρίλιος απριλίου απρ απρίλη أبريل إبريل نيسان أفريل آوریل اپریل אפריל huhtikuu huhtikuuta",
    "may mai mayo maggio mag maig maio mei maj maja május máj mája květen května kvě май мая травень травня трав тра mayıs μάιος μαΐου μαϊ μάη مايو أيار ماي مه مئی מאי toukokuu toukokuuta",
    "june jun juni juin junio giugno giu juny junho iunie iun június jún júna červen června čvn czerwiec czerwca cze июнь июня июн червень червня черв чер юни haziran haz ιούνιος ιουνίου ιουν ιούνη يونيو يونيه حزيران جوان ژوئن جون יוני kesäkuu kesäkuuta",
    "july jul juli juillet juil julio luglio lug juliol julho iulie iul július júl júla červenec července čvc lipiec lipca lip июль июля июл липень липня лип юли temmuz tem ιούλιος ιουλίου ιουλ ιούλη يوليو يوليه تموز جويلية يوليوز ژوئیه جولای جولائی יולי heinäkuu heinäkuuta",
    "august aug août agosto ago agost augustus agustus agu agt augusti augusta augusztus srpen srpna srp sierpień sierpnia sie август августа авг серпень серпня серп ağustos ağu αύγουστος αυγούστου αυγ أغسطس آب أوت غشت اوت اگست אוגוסט elokuu elokuuta",
    "september sep sept septembre septiembre setiembre settembre sett setembre setembro set septembrie szeptember szept septembra září zář wrzesień września wrz сентябрь сентября сен сент вересень вересня вер верес септември eylül eyl σεπτέμβριος σεπτεμβρίου σεπ σεπτ σεπτέμβρη سبتمبر أيلول شتنبر سپتامبر ستمبر ספטמבר syyskuu syyskuuta",
    "october oct oktober okt octobre octubre ottobre ott outubro out octombrie október októbra říjen října říj październik października paź октябрь октября окт жовтень жовтня жовт жов октомври ekim eki οκτώβριος οκτωβρίου οκτ οκτώβρη أكتوبر اکتبر اکتوبر אוקטובר lokakuu lokakuuta",
    "november nov novembre noviembre novembro nop noiembrie noi novembra listopad listopadu listopada lis ноябрь ноября ноя нояб лис лист ноември kasım kas νοέμβριος νοεμβρίου νοε νοέμβρη نوفمبر نونبر نوامبر نومبر נובמבר marraskuu marraskuuta",
    "december dec dezember dez décembre déc diciembre dic dicembre desembre dezembro desember des decembrie decembra prosinec prosince pro grudzień grudnia gru декабрь декабря дек грудень грудня груд гру декември aralık ara δεκέμβριος δεκεμβρίου δεκ δεκέμβρη ديسمبر دجنبر دسامبر دسمبر דצמבר joulukuu joulukuuta",
];

/// Months of two words, as in the Levant.
const MONTHS_OF_TWO_WORDS: [(&str, &str, u8); 4] = [
    ("كانون", "الثاني", 1),
    ("تشرين", "الأول", 10),
    ("تشرين", "الثاني", 11),
    ("كانون", "الأول", 12),
];

/// Each weekday, from Monday on.
#[rustfmt::skip]
const WEEKDAYS: [&str; 7] = [
    "monday mon montag mo lundi lun lunes lunedì segunda seg dilluns maandag ma måndag mån mandag man luni hétfő pondelok pondělí po poniedziałek pon понедельник пн понеділок понеделник pazartesi pzt δευτέρα δευ الاثنين שני الإثنين دوشنبه پیر senin sen maanantai 月 星期一 周一 週一 월 月曜日 월요일",
    "tuesday tue tues dienstag di mardi mar martes martedì terça ter dimarts dinsdag tisdag tis tirsdag tir marți kedd utorok úterý út wtorek wt вторник вт вівторок salı τρίτη τρι الثلاثاء שלישי سه‌شنبه منگل selasa sel tiistai 火 星期二 周二 週二 화 火曜日 화요일",
    "wednesday wed weds mittwoch mi mercredi mer miércoles mié mercoledì quarta qua dimecres woensdag wo onsdag ons miercuri szerda streda středa st środa śr среда ср середа сряда çarşamba çar τετάρτη τετ الأربعاء רביעי چهارشنبه بدھ rabu rab keskiviikko 水 星期三 周三 週三 수 水曜日 수요일",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves jue giovedì gio quinta qui dijous donderdag torsdag tors tor joi csütörtök štvrtok čtvrtek čt czwartek czw четверг чт четвер четвъртък perşembe per πέμπτη πεμ الخميس חמישי پنجشنبه جمعرات kamis kam torstai 木 星期四 周四 週四 목 木曜日 목요일",
    "friday fri freitag fr vendredi ven viernes vie venerdì sexta sex divendres vrijdag vr fredag fre vineri péntek piatok pátek pá piątek pt пятница пт п’ятниця п'ятниця петък cuma cum παρασκευή παρ الجمعة שישי جمعه جمعہ jumat jum'at jum perjantai 金 星期五 周五 週五 금 金曜日 금요일",
    "saturday sat samstag sonnabend sa samedi sam sábado sáb sabato sab dissabte zaterdag za lördag lör lørdag lør sâmbătă szombat sobota sob суббота сб субота събота cumartesi cmt σάββατο σαβ السبت שבת شنبه ہفتہ sabtu lauantai 土 星期六 周六 週六 토 土曜日 토요일",
    "sunday sun sonntag so dimanche dim domingo dom domenica diumenge zondag zo söndag sön søndag søn duminică vasárnap nedeľa neděle ne niedziela nd воскресенье вс неділя нд неделя pazar paz κυριακή κυρ الأحد ראשון یکشنبه اتوار minggu sunnuntai 日 星期日 星期天 周日 週日 일 日曜日 일요일",
];

/// Words before a day, or between the parts of a date.
const JOINERS: &[&str] = &[
    "the", "of", "le", "el", "il", "am", "den", "der", "d", "de", "del", "dia", "do", "op", "vom",
    "em", "στις", "την", "της", "του", "tanggal", "pada", "hari", "dne", "dnia", "feira", "يوم",
    "في", "ה", "ב", "יום",
];

/// Words after a year.
const AFTER_YEAR: &[&str] = &[
    "г", "года", "год", "р", "року", "рік", "r", "roku", "rok", "m", "م",
];

/// Words before a time of day.
const BEFORE_TIME: &[&str] = &[
    "at",
    "t",
    "à",
    "a",
    "las",
    "às",
    "alle",
    "ore",
    "um",
    "kl",
    "klo",
    "om",
    "ob",
    "v",
    "ve",
    "o",
    "godz",
    "godzina",
    "в",
    "о",
    "saat",
    "στις",
    "الساعة",
    "בשעה",
    "pukul",
    "jam",
];

/// Words after a time of day.
const AFTER_TIME: &[&str] = &["uhr", "h", "hs", "hrs", "horas", "hod", "uur", "ч"];

static MONTH_NAMES: LazyLock<Names> = LazyLock::new(|| table(&MONTHS));
static WEEKDAY_NAMES: LazyLock<Names> = LazyLock::new(|| table(&WEEKDAYS));

static WORDS: LazyLock<Names> = LazyLock::new(|| {
    let mut words = Names::default();
    let lists = [
        (JOINERS, JOINS),
        (AFTER_YEAR, FOLLOWS_YEAR),
        (BEFORE_TIME, PRECEDES_TIME),
        (AFTER_TIME, FOLLOWS_TIME),
    ];
    for (list, place) in lists {
        for word in list {
            *words.entry(Folded::of(word).as_str().into()).or_default() |= place;
        }
    }
    words
});

/// The positions of such a word, one bit each.
const JOINS: u8 = 1;
const FOLLOWS_YEAR: u8 = 2;
const PRECEDES_TIME: u8 = 4;
const FOLLOWS_TIME: u8 = 8;

/// From folded names to their positions in the lists, counted from 1.
fn table(lists: &[&str]) -> Names {
    let mut names = Names::default();
    for (at, list) in lists.iter().enumerate() {
        for name in list.split(' ') {
            names.insert(Folded::of(name).as_str().into(), at as u8 + 1);
        }
    }
    names
}

/// The longest name, in bytes.
const LONGEST: usize = 40;

/// A word in lowercase and without accents, on the stack: every short line of an archive is checked for a date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folded {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Folded {
    /// Empty if the word is too long for a name.
    pub(crate) fn of(word: &str) -> Self {
        let mut folded = Self {
            bytes: [0; LONGEST],
            length: 0,
        };
        if word.len() > LONGEST {
            return folded;
        }
        // Letters that are distinct in one language, such as `й`, are folded in all names alike.
        let chars = word.nfd().filter(|c| !is_combining_mark(*c));
        for c in chars.flat_map(char::to_lowercase) {
            // Capitals have one sigma and one i; apostrophes and some Persian letters have two forms.
            let c = match c {
                'ς' => 'σ',
                'ı' => 'i',
                '’' | 'ʼ' => '\'',
                'ی' => 'ي',
                'ک' => 'ك',
                c => c,
            };
            folded.push(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        folded
    }

    fn push(&mut self, bytes: &[u8]) {
        if let Some(room) = self.bytes.get_mut(self.length..self.length + bytes.len()) {
            room.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// Whether a word names a month or a weekday.
pub fn is_name(word: &str) -> bool {
    month(word).is_some() || weekday(word).is_some()
}

/// A month by a name or an abbreviation; 1 to 12.
pub fn month(name: &str) -> Option<u32> {
    let folded = Folded::of(name);
    let found = MONTH_NAMES.get(folded.as_str()).or_else(|| {
        // Hebrew writes `in` as a prefix of the name.
        let name = folded.as_str().strip_prefix('ב')?;
        MONTH_NAMES.get(name)
    });
    found.map(|month| u32::from(*month))
}

/// A month that two words name.
pub(crate) fn month_of_two(first: &str, second: &str) -> Option<u32> {
    if first.is_ascii() || second.is_ascii() {
        return None;
    }
    let (first, second) = (Folded::of(first), Folded::of(second));
    let is = |a: &str, b: &str| {
        Folded::of(a).as_str() == first.as_str() && Folded::of(b).as_str() == second.as_str()
    };
    let found = MONTHS_OF_TWO_WORDS.iter().find(|(a, b, _)| is(a, b));
    found.map(|(_, _, month)| u32::from(*month))
}

/// A weekday by a name or an abbreviation; 1 to 7 from Monday on.
pub(crate) fn weekday(name: &str) -> Option<u32> {
    let day = WEEKDAY_NAMES.get(Folded::of(name).as_str())?;
    Some(u32::from(*day))
}

fn may_be_at(word: &str, position: u8) -> bool {
    word.starts_with(char::is_alphabetic)
        && WORDS
            .get(Folded::of(word).as_str())
            .is_some_and(|positions| positions & position > 0)
}

pub(crate) fn joins(word: &str) -> bool {
    may_be_at(word, JOINS)
}

pub(crate) fn follows_year(word: &str) -> bool {
    may_be_at(word, FOLLOWS_YEAR)
}

pub(crate) fn precedes_time(word: &str) -> bool {
    may_be_at(word, PRECEDES_TIME)
}

pub(crate) fn follows_time(word: &str) -> bool {
    may_be_at(word, FOLLOWS_TIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unambiguous_and_short_enough() {
        for lists in [MONTHS.as_slice(), &WEEKDAYS] {
            let mut seen: HashMap<String, usize> = HashMap::new();
            for (at, list) in lists.iter().enumerate() {
                for name in list.split(' ') {
                    let folded = Folded::of(name).as_str().to_owned();
                    assert!(!folded.is_empty(), "{name}");
                    let before = seen.insert(folded, at);
                    assert!(before.is_none_or(|before| before == at), "{name}");
                }
            }
        }
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(month("AOÛT"), Some(8));
        assert_eq!(month("Aout"), Some(8));
        assert_eq!(month("ΙΟΥΛΙΟΥ"), Some(7));
        assert_eq!(month("KASIM"), Some(11));
        assert_eq!(month("اغسطس"), Some(8));
        assert_eq!(month("ביולי"), Some(7));
        assert_eq!(month_of_two("كانون", "الاول"), Some(12));
        assert_eq!(weekday("П'ятниця"), Some(5));
        assert_eq!(month(&"x".repeat(90)), None);
    }
}
