//! The language of a text that is long enough to be certain.
//! Knows words and scripts; never knows what language a site is in.

use whatlang::Lang;

use super::common_words::{BY_WORDS, COMMON, CONFIRMING};
use super::word_set::WordSet;
pub use crate::model::lang::read as tag;

/// After this many words a text may be recognised.
const FEWEST_WORDS: usize = 48;

/// The part of a text that is examined, in bytes.
const SAMPLE: usize = 1_000;

/// Texts with fewer letters are uncertain, in scripts of many languages.
const FEWEST_LETTERS: usize = 90;

/// The same, in scripts of one language.
const FEWEST_LETTERS_OF_ITS_OWN: usize = 40;

/// The languages that are detected: those that were tested with news texts.
const DETECTED: &[(Lang, &str)] = &[
    (Lang::Afr, "af"),
    (Lang::Amh, "am"),
    (Lang::Ara, "ar"),
    (Lang::Ben, "bn"),
    (Lang::Bul, "bg"),
    (Lang::Cat, "ca"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Dan, "da"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Est, "et"),
    (Lang::Fin, "fi"),
    (Lang::Fra, "fr"),
    (Lang::Guj, "gu"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Hun, "hu"),
    (Lang::Hye, "hy"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jpn, "ja"),
    (Lang::Kat, "ka"),
    (Lang::Kor, "ko"),
    (Lang::Lav, "lv"),
    (Lang::Lit, "lt"),
    (Lang::Nld, "nl"),
    (Lang::Nob, "nb"),
    (Lang::Pes, "fa"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Ron, "ro"),
    (Lang::Rus, "ru"),
    (Lang::Spa, "es"),
    (Lang::Swe, "sv"),
    (Lang::Tam, "ta"),
    (Lang::Tel, "te"),
    (Lang::Tha, "th"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
    (Lang::Urd, "ur"),
    (Lang::Vie, "vi"),
];

/// Words of Danish and their forms in Norwegian.
const DANISH_OR_NORWEGIAN: &[(&str, &str)] = &[
    ("af", "av"),
    ("blev", "ble"),
    ("efter", "etter"),
    ("havde", "hadde"),
    ("mellem", "mellom"),
    ("nogle", "noen"),
    ("nu", "nå"),
    ("op", "opp"),
    ("sagde", "sa"),
    ("selv", "selv om"),
    ("ud", "ut"),
    ("uge", "uke"),
];

/// The language of a text, where it is certainly not that of the site.
pub fn other_than(site: &str, text: &str) -> Option<&'static str> {
    match find(site, text) {
        Detected::Other(lang) => Some(lang),
        Detected::Sites | Detected::Uncertain => None,
    }
}

/// Whether two tags name the same language, as far as languages are distinguished here.
fn is_same(one: &str, other: &str) -> bool {
    let known = |lang: &str| match primary(lang).as_str() {
        "no" | "nn" => "nb".to_owned(),
        "iw" => "he".to_owned(),
        "in" | "ms" => "id".to_owned(),
        "mo" => "ro".to_owned(),
        "bs" | "hr" | "sh" => "sr".to_owned(),
        lang => lang.to_owned(),
    };
    known(one) == known(other)
}

/// The language of a text as a BCP 47 tag. Returns `None` if it is uncertain.
pub fn detect(text: &str) -> Option<&'static str> {
    let sample = sample(text);
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters < FEWEST_LETTERS_OF_ITS_OWN {
        return None;
    }
    if letters >= FEWEST_LETTERS
        && let Some(tag) = by_words(sample)
    {
        return Some(tag);
    }
    let found = whatlang::detect(sample)?;
    let is_shared = found.script().langs().len() > 1;
    if (is_shared && letters < FEWEST_LETTERS) || !found.is_reliable() {
        return None;
    }
    let (_, tag) = DETECTED.iter().find(|(lang, _)| *lang == found.lang())?;
    match *tag {
        "ar" | "fa" | "ur" if found.script() == whatlang::Script::Arabic => {
            Some(arabic(sample, tag))
        }
        "am" if words(sample).any(|word| TIGRINYA.contains(&word)) => Some("ti"),
        "da" | "nb" => danish_or_norwegian(sample),
        tag => confirmed(sample, tag).then_some(tag),
    }
}

/// Words of Tigrinya, which shares its script with Amharic.
const TIGRINYA: &[&str] = &["ናይ", "እዩ", "ከም", "ካብ", "ብዝተፈላለየ", "ነቲ", "ኣብ", "እቲ", "ድማ"];

/// Arabic script with letters that only other languages than Arabic have.
fn arabic(sample: &str, tag: &'static str) -> &'static str {
    let has = |letters: &[char]| sample.contains(letters);
    match tag {
        // Pashto.
        _ if has(&['ښ', 'ږ', 'ړ', 'ټ', 'ډ', 'ځ', 'څ']) && sample.contains("د ") => "ps",
        // Sorani.
        _ if has(&['ێ', 'ۆ', 'ڵ', 'ڕ']) => "ckb",
        tag => tag,
    }
}

/// The language of the commonest words of a text, of languages that the detector does not know.
fn by_words(sample: &str) -> Option<&'static str> {
    let mut all = 0_usize;
    let mut counts = [0_usize; BY_WORDS.len() + 1];
    let mut others = [0_usize; COMMON.len()];
    let lowercase = sample.to_lowercase();
    let is_own = |set: &WordSet, word: &str| set.has(word);
    let swahili = CONFIRMING.last().filter(|(lang, _)| *lang == "sw");
    for word in words_with_marks(&lowercase) {
        all += 1;
        for (at, (_, set)) in BY_WORDS.iter().chain(swahili).enumerate() {
            counts[at] += usize::from(is_own(set, word));
        }
        for (at, (_, set)) in COMMON.iter().enumerate() {
            others[at] += usize::from(is_own(set, word));
        }
    }
    let (best, most) = counts
        .iter()
        .copied()
        .enumerate()
        .max_by_key(|(_, count)| *count)?;
    let second = counts.iter().enumerate().filter(|(at, _)| *at != best);
    let second = second.map(|(_, count)| *count).chain(others).max()?;
    let is_certain = all >= FEWEST_WORDS_OF_ITS_OWN && most * 5 >= all && most * 3 >= second * 4;
    let (tag, _) = BY_WORDS.iter().chain(swahili).nth(best)?;
    is_certain.then_some(*tag)
}

/// Fewer words do not show one of the languages that are known by their words alone.
const FEWEST_WORDS_OF_ITS_OWN: usize = 15;

/// Whether a text has the words of a language, or its words are not known. Trigrams alone take a language that the detector does
/// not know for one that it knows.
fn confirmed(sample: &str, lang: &str) -> bool {
    if COMMON.iter().any(|(known, _)| *known == lang) {
        return has_words_of(sample, lang);
    }
    let Some((_, set)) = CONFIRMING.iter().find(|(known, _)| *known == lang) else {
        return true;
    };
    let lowercase = sample.to_lowercase();
    let (mut all, mut known) = (0_usize, 0_usize);
    for word in words(&lowercase) {
        all += 1;
        known += usize::from(set.has(word));
    }
    known >= 1 && known * 25 >= all
}

/// What is known of the language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detected {
    /// That of the site.
    Sites,
    Other(&'static str),
    /// The text is too short, or its language is not known.
    Uncertain,
}

/// The language of a text, as far as it is certain.
pub fn find(site: &str, text: &str) -> Detected {
    if has_words_of(text, site) {
        return Detected::Sites;
    }
    match detect(text) {
        None => Detected::Uncertain,
        Some(lang) if is_same(lang, site) => Detected::Sites,
        Some(lang) => Detected::Other(lang),
    }
}

/// Whether a text too short to be certain of may be in the language in which the others of its archive are: it has letters, of
/// the same script.
pub fn may_be_in(lang: &str, text: &str) -> bool {
    const NOT_LATIN: &[&str] = &[
        "am", "ar", "bg", "bn", "ckb", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "ko", "ps",
        "ru", "ta", "te", "th", "ti", "uk", "ur", "zh",
    ];
    let letters = || sample(text).chars().filter(|c| c.is_alphabetic());
    let latin = letters()
        .filter(|c| ('a'..='ɏ').contains(c) || c.is_ascii())
        .count();
    let is_latin = latin * 2 > letters().count();
    letters().next().is_some() && is_latin != NOT_LATIN.contains(&lang)
}

/// Whether the commonest words of a text are those of a language; `false` if the words of the language are not known.
pub fn has_words_of(text: &str, lang: &str) -> bool {
    let lang = primary(lang);
    let Some((_, common)) = COMMON.iter().find(|(known, _)| *known == lang) else {
        return false;
    };
    let (mut all, mut known) = (0_usize, 0_usize);
    for word in words(sample(text)) {
        // Most texts are recognised here.
        if all == FEWEST_WORDS && known * 4 >= all {
            return true;
        }
        all += 1;
        known += usize::from(common.has_in_any_case(word));
    }
    // A quarter of prose are such words; neighbouring languages share some.
    known >= 2 && known * 7 >= all
}

/// `pt` of `pt-BR`.
pub fn primary(lang: &str) -> String {
    lang.split(['-', '_'])
        .next()
        .unwrap_or(lang)
        .to_ascii_lowercase()
}

/// Distinguished by words, because trigrams cannot.
fn danish_or_norwegian(sample: &str) -> Option<&'static str> {
    let (mut danish, mut norwegian) = (0, 0);
    for word in words(sample) {
        danish += usize::from(
            DANISH_OR_NORWEGIAN
                .iter()
                .any(|(d, _)| word.eq_ignore_ascii_case(d)),
        );
        norwegian += usize::from(
            DANISH_OR_NORWEGIAN
                .iter()
                .any(|(_, n)| word.eq_ignore_ascii_case(n)),
        );
    }
    match (danish, norwegian) {
        (2.., 0) => Some("da"),
        (0, 2..) => Some("nb"),
        _ => None,
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
}

/// Words with the marks of Yoruba and Igbo that are characters of their own.
fn words_with_marks(text: &str) -> impl Iterator<Item = &str> {
    let is_mark = |c: char| ('\u{300}'..'\u{370}').contains(&c);
    text.split(move |c: char| !c.is_alphabetic() && !is_mark(c))
        .filter(|word| !word.is_empty())
}

fn sample(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.floor_char_boundary(SAMPLE)]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two short sentences in each language.
    const TEXTS: &[(&str, &str)] = &[
        (
            "ar",
            "ستبحر العبارة الليلية من جديد يوم الاثنين، أعلن الميناء أمس. لم يفتقدها أحد، قال صاحب النزل. افتتح رئيس البلدية السوق الجديدة يوم الأحد.",
        ),
        (
            "cs",
            "Noční trajekt vypluje znovu v pondělí, oznámil včera přístav. Nikomu nechyběl, řekl hostinský. Starosta otevřel v neděli nový trh, přestože celý den pršelo.",
        ),
        (
            "da",
            "Natfærgen sejler igen på mandag, meddelte havnen i går. Ingen havde savnet den, sagde værten. Borgmesteren åbnede søndag det nye marked efter en uge.",
        ),
        (
            "de",
            "Die Fähre legt am Montag wieder ab, teilte der Hafen gestern mit. Niemand hatte sie vermisst, sagte der Wirt am Kai. Der Bürgermeister eröffnete den Markt.",
        ),
        (
            "el",
            "Το νυχτερινό πλοίο θα αποπλεύσει ξανά τη Δευτέρα, ανακοίνωσε χθες το λιμάνι. Ο δήμαρχος εγκαινίασε την Κυριακή τη νέα αγορά.",
        ),
        (
            "es",
            "El ferry nocturno volverá a zarpar el lunes, anunció ayer el puerto. Nadie lo había echado de menos, dijo el tabernero. El alcalde inauguró el mercado.",
        ),
        (
            "fa",
            "کشتی شبانه دوشنبه دوباره حرکت می‌کند، بندر دیروز اعلام کرد. هیچ‌کس دلتنگ آن نشده بود. شهردار روز یکشنبه بازار تازه را گشود، هرچند تمام روز باران بارید.",
        ),
        (
            "fi",
            "Yölautta lähtee jälleen maanantaina, satama ilmoitti eilen. Kukaan ei ollut kaivannut sitä, sanoi majatalon isäntä. Pormestari avasi sunnuntaina uuden torin.",
        ),
        (
            "fr",
            "Le ferry de nuit reprendra la mer lundi, a annoncé le port hier. Personne ne l'avait regretté, dit l'aubergiste du quai. La mairie a ouvert le marché.",
        ),
        (
            "he",
            "מעבורת הלילה תפליג שוב ביום שני, הודיע אתמול הנמל. איש לא התגעגע אליה, אמר בעל הפונדק.",
        ),
        (
            "hu",
            "Az éjszakai komp hétfőn újra elindul, közölte tegnap a kikötő. Senkinek sem hiányzott, mondta a kocsmáros. A polgármester vasárnap megnyitotta az új piacot.",
        ),
        (
            "id",
            "Kapal feri malam akan berlayar lagi pada hari Senin, demikian diumumkan pelabuhan kemarin. Tidak ada yang merindukannya, kata pemilik penginapan di dermaga.",
        ),
        (
            "it",
            "Il traghetto notturno tornerà a salpare lunedì, ha annunciato ieri il porto. Nessuno ne aveva sentito la mancanza, disse l'oste. Il sindaco ha inaugurato il mercato.",
        ),
        (
            "ja",
            "夜の渡し船は月曜日に再び出航すると、港が昨日発表した。市長は日曜日に新しい市場を開いたが、一日中雨が降った。",
        ),
        (
            "ko",
            "밤 여객선이 월요일에 다시 출항한다고 항구가 어제 발표했다. 시장은 일요일에 새 시장을 열었지만 하루 종일 비가 내렸다.",
        ),
        (
            "nb",
            "Nattfergen seiler igjen på mandag, meldte havnen i går. Ingen hadde savnet den, sa verten. Ordføreren åpnet søndag det nye markedet, selv om det regnet hele dagen.",
        ),
        (
            "nl",
            "De nachtveerboot vaart maandag weer uit, meldde de haven gisteren. Niemand had haar gemist, zei de waard aan de kade. De burgemeester opende zondag de nieuwe markt.",
        ),
        (
            "pl",
            "Nocny prom znów wypłynie w poniedziałek, ogłosił wczoraj port. Nikt za nim nie tęsknił, powiedział karczmarz. Burmistrz otworzył w niedzielę nowy targ.",
        ),
        (
            "pt",
            "A balsa noturna voltará a navegar na segunda-feira, anunciou ontem o porto. Ninguém sentiu a sua falta, disse o taberneiro. O prefeito inaugurou o mercado.",
        ),
        (
            "ro",
            "Feribotul de noapte va pleca din nou luni, a anunțat ieri portul. Nimănui nu i-a lipsit, a spus hangiul. Primarul a deschis duminică noua piață.",
        ),
        (
            "ru",
            "Ночной паром снова отправится в понедельник, сообщил вчера порт. Никто по нему не скучал, сказал трактирщик. Мэр открыл в воскресенье новый рынок.",
        ),
        (
            "sv",
            "Nattfärjan seglar igen på måndag, meddelade hamnen i går. Ingen hade saknat den, sade värden. Borgmästaren öppnade på söndagen den nya marknaden.",
        ),
        (
            "tr",
            "Gece vapuru pazartesi yeniden sefere çıkacak, diye duyurdu liman dün. Kimse onu özlememişti, dedi hancı. Belediye başkanı pazar günü yeni pazarı açtı.",
        ),
        (
            "uk",
            "Нічний пором знову вирушить у понеділок, повідомив учора порт. Ніхто за ним не сумував, сказав шинкар. Мер відкрив у неділю новий ринок.",
        ),
        (
            "ur",
            "رات کی کشتی پیر کو دوبارہ روانہ ہوگی، بندرگاہ نے کل اعلان کیا۔ کسی نے اسے یاد نہیں کیا تھا۔ میئر نے اتوار کو نئے بازار کا افتتاح کیا، حالانکہ سارا دن بارش ہوتی رہی۔",
        ),
        (
            "zh",
            "港口昨天宣布，夜间渡轮将于周一恢复航行。没有人想念它。市长星期天为新市场开幕，尽管整天下雨，但是人们还是来了，并且买了很多东西。",
        ),
        (
            "yo",
            "Àwọn ọmọ ogun ti sọ pé wọn yóò máa wà ní ìlú náà títí di ọjọ́ Ajé. Gómìnà ní kò sí ẹni tó fara pa nínú ìṣẹ̀lẹ̀ náà, ó sì rọ àwọn ará ìlú kí wọ́n fi ọkàn balẹ̀.",
        ),
        (
            "ha",
            "Gwamnatin jihar ta ce za a bude sabuwar kasuwar a ranar Litinin. Gwamnan ya ce mutane da dama sun zo daga wasu garuruwa domin ganin yadda ake aikin, kuma babu wanda ya ji rauni.",
        ),
        (
            "sw",
            "Kivuko cha usiku kitaanza tena safari siku ya Jumatatu, mamlaka ya bandari ilisema jana. Meya alifungua soko jipya siku ya Jumapili, lakini watu wengi hawakuwa na habari hiyo kwa sababu ya mvua.",
        ),
        (
            "ig",
            "Gọvanọ kwuru na ọ ga-emepe ahịa ọhụrụ ahụ n'ụbọchị Mọnde. Ndị mmadụ si obodo dị iche iche bịa ka ha hụ ihe na-eme, ma ọ nweghị onye merụrụ ahụ n'ime ha niile nke a.",
        ),
        (
            "so",
            "Madaxweynaha ayaa sheegay in suuqa cusub la furi doono maalinta Isniinta ah. Waxa uu intaa ku daray in dad badan ay ka yimaadeen magaalooyin kale si ay u arkaan shaqada, iyo in aan cidna wax gaarin.",
        ),
        (
            "zu",
            "Umkhandlu uthi isikebhe sasebusuku sizophinda sihambe ngoMsombuluko. Imeya ithe abantu abaningi beza bevela kwamanye amadolobha ukuze babone imakethe entsha, kodwa akekho umuntu olimele futhi kusho namaphoyisa ukuthi konke kuhamba kahle.",
        ),
        (
            "am",
            "የከተማው ከንቲባ አዲሱን ገበያ እሁድ ዕለት ከፈቱ። ብዙ ሰዎች ከሌሎች ከተሞች መጥተው ነበር፣ ነገር ግን ማንም አልተጎዳም ሲሉ ተናግረዋል።",
        ),
        (
            "en",
            "The night ferry will sail again on Monday, the port said yesterday. Nobody had missed it, said the innkeeper on the quay. The mayor opened the new market.",
        ),
    ];

    #[test]
    fn two_short_sentences_suffice_and_no_language_is_wrong() {
        let mut detected = 0;
        for (lang, text) in TEXTS {
            let found = detect(text);
            assert!(
                found.is_none_or(|found| found == *lang),
                "{lang}: {found:?}"
            );
            detected += usize::from(found.is_some());
            assert_eq!(other_than(lang, text), None, "{lang}");
        }
        assert!(detected + 3 >= TEXTS.len(), "{detected} of {}", TEXTS.len());
    }

    #[test]
    fn only_a_language_other_than_the_sites_is_reported() {
        let french = TEXTS.iter().find(|(lang, _)| *lang == "fr").unwrap().1;
        assert_eq!(other_than("en-GB", french), Some("fr"));
        assert_eq!(other_than("fr-CA", french), None);
        let norwegian = TEXTS.iter().find(|(lang, _)| *lang == "nb").unwrap().1;
        assert_eq!(other_than("no", norwegian), None);
    }

    #[test]
    fn a_language_that_is_not_known_has_no_name() {
        for text in [
            "Umuyobozi w'umujyi yavuze ko isoko rishya rizafungurwa ku wa mbere. Abantu benshi baturutse mu yindi mijyi kugira ngo barebe uko imirimo igenda, kandi nta muntu wakomeretse.",
            "Meeya w'ekibuga yagambye nti akatale akapya kajja kuggulwawo ku Bbalaza. Abantu bangi baava mu bibuga ebirala okulaba emirimo bwe gitambula, naye tewali yafuna buvune.",
            "Meya wa mzindawu ananena kuti msika watsopano udzatsegulidwa Lolemba. Anthu ambiri anachokera ku mizinda ina kudzaona m'mene ntchito ikuyendera, koma palibe amene anavulala.",
            "Dywedodd y maer y bydd y farchnad newydd yn agor ddydd Llun. Daeth llawer o bobl o drefi eraill i weld sut mae'r gwaith yn mynd, ond ni chafodd neb ei anafu.",
            "Is-sindku qal li s-suq il-ġdid se jinfetaħ nhar it-Tnejn. Ħafna nies ġew minn bliet oħra biex jaraw kif miexi x-xogħol, iżda ħadd ma weġġa'.",
        ] {
            let found = detect(text);
            assert!(found.is_none_or(|found| found == "rw"), "{found:?}: {text}");
        }
    }

    #[test]
    fn short_texts_and_lists_are_uncertain() {
        for text in ["", "12:05", "La Scala, Milano", "Rain. Wind. Hail.", "日"] {
            assert_eq!(other_than("en", text), None, "{text}");
        }
    }

    #[test]
    fn common_words_identify_the_language_of_the_site() {
        for lang in COMMON.iter().map(|(lang, _)| *lang) {
            let (_, text) = TEXTS.iter().find(|(known, _)| *known == lang).unwrap();
            assert!(has_words_of(text, lang), "{lang}");
            assert_eq!(has_words_of(text, "en"), lang == "en", "{lang}");
        }
    }
}
