//! The language of a text that is long enough to be certain.
//! Knows words and scripts; never knows what language a site is in.

use whatlang::Lang;

use super::word_set::WordSet;
pub use crate::model::lang::tag;

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

/// The commonest words of the languages of most archives: a text with them need not be detected, which takes a hundred
/// times as long.
static COMMON: [(&str, WordSet); 7] = [
    (
        "de",
        WordSet::of(&[
            "auch", "auf", "bei", "das", "dem", "den", "der", "des", "die", "ein", "eine", "für",
            "im", "ist", "mit", "nach", "nicht", "sich", "sie", "und", "von", "wurde", "zu", "zum",
        ]),
    ),
    (
        "en",
        WordSet::of(&[
            "a", "and", "as", "at", "but", "by", "for", "from", "had", "has", "he", "in", "is",
            "it", "of", "on", "said", "she", "that", "the", "they", "this", "to", "was", "were",
            "which", "will", "with",
        ]),
    ),
    (
        "es",
        WordSet::of(&[
            "al", "como", "con", "de", "del", "el", "en", "es", "la", "las", "lo", "los", "no",
            "para", "por", "que", "se", "su", "sus", "un", "una", "y",
        ]),
    ),
    (
        "fr",
        WordSet::of(&[
            "au", "aux", "ce", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "la",
            "le", "les", "ne", "par", "pas", "pour", "qui", "sur", "un", "une",
        ]),
    ),
    (
        "it",
        WordSet::of(&[
            "al", "alla", "che", "con", "da", "dal", "del", "della", "di", "e", "gli", "ha", "i",
            "il", "in", "la", "le", "nel", "non", "per", "si", "un", "una",
        ]),
    ),
    (
        "nl",
        WordSet::of(&[
            "aan", "dat", "de", "die", "door", "een", "en", "er", "het", "in", "is", "met", "naar",
            "niet", "om", "op", "te", "van", "voor", "was", "werd", "zijn",
        ]),
    ),
    (
        "pt",
        WordSet::of(&[
            "a", "ao", "as", "com", "da", "das", "de", "do", "dos", "e", "em", "não", "na", "no",
            "o", "os", "para", "pela", "por", "que", "se", "um", "uma",
        ]),
    ),
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
    match has_words_of(text, site) {
        true => None,
        false => detect(text).filter(|lang| !is_same(lang, site)),
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
    let found = whatlang::detect(sample)?;
    let is_shared = found.script().langs().len() > 1;
    if (is_shared && letters < FEWEST_LETTERS) || !found.is_reliable() {
        return None;
    }
    let (_, tag) = DETECTED.iter().find(|(lang, _)| *lang == found.lang())?;
    match *tag {
        "da" | "nb" => danish_or_norwegian(sample),
        tag => Some(tag),
    }
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
