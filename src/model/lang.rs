//! Language tags (BCP 47), and the names that people write for them.

/// The longest language tag, in bytes.
const LONGEST: usize = 20;

/// Names of languages, and their tags.
const NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("englisch", "en"),
    ("anglais", "en"),
    ("inglés", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("allemand", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("francais", "fr"),
    ("französisch", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("espanol", "es"),
    ("castellano", "es"),
    ("italian", "it"),
    ("italiano", "it"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("swedish", "sv"),
    ("svenska", "sv"),
    ("danish", "da"),
    ("dansk", "da"),
    ("norwegian", "no"),
    ("norsk", "no"),
    ("finnish", "fi"),
    ("suomi", "fi"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("ukrainian", "uk"),
    ("українська", "uk"),
    ("arabic", "ar"),
    ("العربية", "ar"),
    ("hebrew", "he"),
    ("עברית", "he"),
    ("persian", "fa"),
    ("فارسی", "fa"),
    ("turkish", "tr"),
    ("türkçe", "tr"),
    ("greek", "el"),
    ("ελληνικά", "el"),
    ("hindi", "hi"),
    ("हिन्दी", "hi"),
    ("chinese", "zh"),
    ("中文", "zh"),
    ("japanese", "ja"),
    ("日本語", "ja"),
    ("korean", "ko"),
    ("한국어", "ko"),
    ("swahili", "sw"),
    ("kiswahili", "sw"),
    ("hausa", "ha"),
    ("yoruba", "yo"),
    ("yorùbá", "yo"),
    ("igbo", "ig"),
    ("amharic", "am"),
    ("አማርኛ", "am"),
    ("somali", "so"),
    ("soomaali", "so"),
    ("zulu", "zu"),
    ("isizulu", "zu"),
    ("xhosa", "xh"),
    ("isixhosa", "xh"),
    ("afrikaans", "af"),
    ("oromo", "om"),
    ("tigrinya", "ti"),
    ("kinyarwanda", "rw"),
    ("shona", "sn"),
    ("sesotho", "st"),
    ("setswana", "tn"),
    ("wolof", "wo"),
    ("lingala", "ln"),
    ("luganda", "lg"),
    ("bengali", "bn"),
    ("bangla", "bn"),
    ("বাংলা", "bn"),
    ("urdu", "ur"),
    ("اردو", "ur"),
    ("tamil", "ta"),
    ("telugu", "te"),
    ("marathi", "mr"),
    ("gujarati", "gu"),
    ("punjabi", "pa"),
    ("malayalam", "ml"),
    ("kannada", "kn"),
    ("nepali", "ne"),
    ("sinhala", "si"),
    ("thai", "th"),
    ("ไทย", "th"),
    ("vietnamese", "vi"),
    ("tiếng việt", "vi"),
    ("indonesian", "id"),
    ("bahasa indonesia", "id"),
    ("malay", "ms"),
    ("tagalog", "tl"),
    ("filipino", "tl"),
    ("burmese", "my"),
    ("khmer", "km"),
    ("mongolian", "mn"),
    ("czech", "cs"),
    ("čeština", "cs"),
    ("česky", "cs"),
    ("slovak", "sk"),
    ("slovenčina", "sk"),
    ("slovene", "sl"),
    ("slovenian", "sl"),
    ("slovenščina", "sl"),
    ("croatian", "hr"),
    ("hrvatski", "hr"),
    ("serbian", "sr"),
    ("српски", "sr"),
    ("bosnian", "bs"),
    ("bulgarian", "bg"),
    ("български", "bg"),
    ("macedonian", "mk"),
    ("romanian", "ro"),
    ("română", "ro"),
    ("hungarian", "hu"),
    ("magyar", "hu"),
    ("estonian", "et"),
    ("eesti", "et"),
    ("latvian", "lv"),
    ("latviešu", "lv"),
    ("lithuanian", "lt"),
    ("lietuvių", "lt"),
    ("icelandic", "is"),
    ("íslenska", "is"),
    ("irish", "ga"),
    ("gaeilge", "ga"),
    ("welsh", "cy"),
    ("cymraeg", "cy"),
    ("catalan", "ca"),
    ("català", "ca"),
    ("basque", "eu"),
    ("euskara", "eu"),
    ("galician", "gl"),
    ("galego", "gl"),
    ("albanian", "sq"),
    ("shqip", "sq"),
    ("armenian", "hy"),
    ("georgian", "ka"),
    ("azerbaijani", "az"),
    ("kazakh", "kk"),
    ("uzbek", "uz"),
    ("kurdish", "ku"),
    ("pashto", "ps"),
    ("latin", "la"),
    ("esperanto", "eo"),
    ("yiddish", "yi"),
    ("mandarin", "zh"),
    ("simplified chinese", "zh-hans"),
    ("traditional chinese", "zh-hant"),
    ("简体中文", "zh-hans"),
    ("繁體中文", "zh-hant"),
    ("farsi", "fa"),
    ("spanisch", "es"),
    ("italienisch", "it"),
    ("portugiesisch", "pt"),
    ("niederländisch", "nl"),
    ("polnisch", "pl"),
    ("russisch", "ru"),
    ("arabisch", "ar"),
    ("chinesisch", "zh"),
    ("türkisch", "tr"),
    ("espagnol", "es"),
    ("italien", "it"),
    ("portugais", "pt"),
    ("néerlandais", "nl"),
    ("polonais", "pl"),
    ("russe", "ru"),
    ("arabe", "ar"),
    ("chinois", "zh"),
    ("turc", "tr"),
    ("alemán", "de"),
    ("francés", "fr"),
    ("portugués", "pt"),
    ("ruso", "ru"),
    ("árabe", "ar"),
    ("chino", "zh"),
    ("inglese", "en"),
    ("tedesco", "de"),
    ("francese", "fr"),
    ("spagnolo", "es"),
    ("portoghese", "pt"),
    ("russo", "ru"),
    ("inglês", "en"),
    ("alemão", "de"),
    ("francês", "fr"),
    ("espanhol", "es"),
    ("engels", "en"),
    ("duits", "de"),
    ("frans", "fr"),
    ("spaans", "es"),
    ("английский", "en"),
    ("немецкий", "de"),
    ("французский", "fr"),
    ("испанский", "es"),
    ("арабский", "ar"),
    ("الإنجليزية", "en"),
    ("الفرنسية", "fr"),
    ("英语", "en"),
    ("英語", "en"),
    ("法语", "fr"),
    ("德语", "de"),
    ("ingilizce", "en"),
    ("almanca", "de"),
    ("fransızca", "fr"),
    ("arapça", "ar"),
    ("rusça", "ru"),
];

/// Codes of three letters (ISO 639-2, both of its lists) of languages that have one of two, and that.
#[rustfmt::skip]
const LONG_CODES: &[(&str, &str)] = &[
    ("aar", "aa"), ("abk", "ab"), ("ave", "ae"), ("afr", "af"), ("aka", "ak"), ("amh", "am"), ("arg", "an"),
    ("ara", "ar"), ("asm", "as"), ("ava", "av"), ("aym", "ay"), ("aze", "az"), ("bak", "ba"), ("bel", "be"),
    ("bul", "bg"), ("bis", "bi"), ("bam", "bm"), ("ben", "bn"), ("bod", "bo"), ("tib", "bo"), ("bre", "br"),
    ("bos", "bs"), ("cat", "ca"), ("che", "ce"), ("cha", "ch"), ("cos", "co"), ("cre", "cr"), ("ces", "cs"),
    ("cze", "cs"), ("chu", "cu"), ("chv", "cv"), ("cym", "cy"), ("wel", "cy"), ("dan", "da"), ("deu", "de"),
    ("ger", "de"), ("div", "dv"), ("dzo", "dz"), ("ewe", "ee"), ("ell", "el"), ("gre", "el"), ("eng", "en"),
    ("epo", "eo"), ("spa", "es"), ("est", "et"), ("eus", "eu"), ("baq", "eu"), ("fas", "fa"), ("per", "fa"),
    ("ful", "ff"), ("fin", "fi"), ("fij", "fj"), ("fao", "fo"), ("fra", "fr"), ("fre", "fr"), ("fry", "fy"),
    ("gle", "ga"), ("gla", "gd"), ("glg", "gl"), ("grn", "gn"), ("guj", "gu"), ("glv", "gv"), ("hau", "ha"),
    ("heb", "he"), ("hin", "hi"), ("hmo", "ho"), ("hrv", "hr"), ("hat", "ht"), ("hun", "hu"), ("hye", "hy"),
    ("arm", "hy"), ("her", "hz"), ("ina", "ia"), ("ind", "id"), ("ile", "ie"), ("ibo", "ig"), ("iii", "ii"),
    ("ipk", "ik"), ("ido", "io"), ("isl", "is"), ("ice", "is"), ("ita", "it"), ("iku", "iu"), ("jpn", "ja"),
    ("jav", "jv"), ("kat", "ka"), ("geo", "ka"), ("kon", "kg"), ("kik", "ki"), ("kua", "kj"), ("kaz", "kk"),
    ("kal", "kl"), ("khm", "km"), ("kan", "kn"), ("kor", "ko"), ("kau", "kr"), ("kas", "ks"), ("kur", "ku"),
    ("kom", "kv"), ("cor", "kw"), ("kir", "ky"), ("lat", "la"), ("ltz", "lb"), ("lug", "lg"), ("lim", "li"),
    ("lin", "ln"), ("lao", "lo"), ("lit", "lt"), ("lub", "lu"), ("lav", "lv"), ("mlg", "mg"), ("mah", "mh"),
    ("mri", "mi"), ("mao", "mi"), ("mkd", "mk"), ("mac", "mk"), ("mal", "ml"), ("mon", "mn"), ("mar", "mr"),
    ("msa", "ms"), ("may", "ms"), ("mlt", "mt"), ("mya", "my"), ("bur", "my"), ("nau", "na"), ("nob", "nb"),
    ("nde", "nd"), ("nep", "ne"), ("ndo", "ng"), ("nld", "nl"), ("dut", "nl"), ("nno", "nn"), ("nor", "no"),
    ("nbl", "nr"), ("nav", "nv"), ("nya", "ny"), ("oci", "oc"), ("oji", "oj"), ("orm", "om"), ("ori", "or"),
    ("oss", "os"), ("pan", "pa"), ("pli", "pi"), ("pol", "pl"), ("pus", "ps"), ("por", "pt"), ("que", "qu"),
    ("roh", "rm"), ("run", "rn"), ("ron", "ro"), ("rum", "ro"), ("rus", "ru"), ("kin", "rw"), ("san", "sa"),
    ("srd", "sc"), ("snd", "sd"), ("sme", "se"), ("sag", "sg"), ("sin", "si"), ("slk", "sk"), ("slo", "sk"),
    ("slv", "sl"), ("smo", "sm"), ("sna", "sn"), ("som", "so"), ("sqi", "sq"), ("alb", "sq"), ("srp", "sr"),
    ("ssw", "ss"), ("sot", "st"), ("sun", "su"), ("swe", "sv"), ("swa", "sw"), ("tam", "ta"), ("tel", "te"),
    ("tgk", "tg"), ("tha", "th"), ("tir", "ti"), ("tuk", "tk"), ("tgl", "tl"), ("tsn", "tn"), ("ton", "to"),
    ("tur", "tr"), ("tso", "ts"), ("tat", "tt"), ("twi", "tw"), ("tah", "ty"), ("uig", "ug"), ("ukr", "uk"),
    ("urd", "ur"), ("uzb", "uz"), ("ven", "ve"), ("vie", "vi"), ("vol", "vo"), ("wln", "wa"), ("wol", "wo"),
    ("xho", "xh"), ("yid", "yi"), ("yor", "yo"), ("zha", "za"), ("zho", "zh"), ("chi", "zh"), ("cmn", "zh"),
    ("zul", "zu"),
];

/// A language tag (BCP 47), in lowercase with hyphens, also of a spelling such as `en_US`; `None` where the text is not
/// a language tag.
pub fn tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-").to_lowercase();
    let mut subtags = tag.split('-');
    let is_language = |subtag: &str| {
        (2..=3).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_lowercase())
    };
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let is_tag =
        tag.len() <= LONGEST && subtags.next().is_some_and(is_language) && subtags.all(is_subtag);
    is_tag.then_some(tag)
}

/// The tag of a language as records name it: a tag, a code of three letters, or a name, perhaps with a country in brackets.
pub fn read(text: &str) -> Option<String> {
    let first = text.split('(').next()?;
    if let Some(named) = of_name(first) {
        return Some(named.to_owned());
    }
    let tag = tag(first)?;
    let (language, rest) = tag.split_once('-').unwrap_or((&tag, ""));
    let short = LONG_CODES.iter().find(|(long, _)| *long == language);
    // Codes for a language that is not known, or several, or none.
    if matches!(language, "und" | "mul" | "mis" | "zxx") {
        return None;
    }
    Some(match (short, rest) {
        (None, _) => tag,
        (Some((_, short)), "") => (*short).to_owned(),
        (Some((_, short)), rest) => format!("{short}-{rest}"),
    })
}

/// The tag of a language that a person wrote by its name.
pub fn of_name(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, tag)| *tag)
}

/// What to write instead of a text that is no tag.
pub fn hint(text: &str) -> String {
    match of_name(text) {
        Some(tag) => format!("write its code, `{tag}`"),
        None => "write its code, such as `de` or `pt-BR`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_of_records_become_tags() {
        for (text, tag) in [
            ("en", Some("en")),
            ("en_US", Some("en-us")),
            ("eng", Some("en")),
            ("ger", Some("de")),
            ("deu-AT", Some("de-at")),
            ("English", Some("en")),
            ("English (UK)", Some("en")),
            ("Deutsch; English", None),
            ("zho", Some("zh")),
            ("haw", Some("haw")),
            ("und", None),
            ("not a language", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), tag, "{text}");
        }
    }
}
