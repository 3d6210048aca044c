//! The commonest words of languages. Plain data.

use super::word_set::WordSet;

/// The commonest words of the languages of most archives: a text with them need not be detected, which takes a hundred
/// times as long.
pub(crate) static COMMON: [(&str, WordSet); 7] = [
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

/// Common words of further languages in Latin letters. A detector that knows trigrams alone takes Yoruba for Vietnamese and
/// Hausa for anything: a text is in one of these languages only if it has their words.
#[rustfmt::skip]
pub(crate) static CONFIRMING: [(&str, WordSet); 16] = [
    ("ca", WordSet::of(&["amb", "als", "el", "els", "les", "la", "de", "del", "dels", "i", "que", "per", "una", "un", "va", "ha", "no", "és", "al", "en", "seva", "aquest", "aquesta", "més", "ja"])),
    ("cs", WordSet::of(&["a", "v", "se", "na", "je", "že", "s", "z", "do", "o", "k", "i", "to", "jako", "za", "by", "ve", "pro", "po", "byl", "byla", "které", "který", "už", "jsem", "od", "podle"])),
    ("da", WordSet::of(&["af", "at", "den", "der", "det", "en", "er", "et", "for", "fra", "har", "i", "ikke", "med", "og", "om", "på", "som", "til", "var", "blev", "han", "de"])),
    ("et", WordSet::of(&["ja", "on", "ei", "et", "see", "oli", "ning", "kui", "ka", "mis", "ta", "oma", "aga", "kes", "või", "selle", "pole", "ole", "eesti", "aasta"])),
    ("fi", WordSet::of(&["ja", "on", "ei", "että", "oli", "se", "hän", "myös", "mutta", "kun", "ovat", "joka", "sen", "ollut", "kuin", "tai", "mukaan", "vuonna", "jo", "sanoo", "jälleen", "ole"])),
    ("hu", WordSet::of(&["a", "az", "és", "hogy", "nem", "is", "egy", "volt", "meg", "el", "már", "csak", "de", "ez", "azt", "szerint", "mint", "van", "még", "ki"])),
    ("id", WordSet::of(&["yang", "dan", "di", "dari", "untuk", "dengan", "pada", "ini", "itu", "tidak", "akan", "dalam", "ke", "oleh", "juga", "adalah", "karena", "ada", "telah", "sudah", "kata", "ia"])),
    ("lt", WordSet::of(&["ir", "kad", "yra", "į", "su", "iš", "bet", "tai", "kaip", "už", "apie", "ne", "buvo", "nuo", "per", "dėl", "savo", "jis", "lietuvos", "po"])),
    ("lv", WordSet::of(&["un", "ir", "ar", "uz", "par", "no", "ka", "kas", "bet", "arī", "tika", "nav", "lai", "pēc", "to", "tas", "gadā", "latvijas", "bija", "kā"])),
    ("nb", WordSet::of(&["av", "at", "den", "der", "det", "en", "er", "et", "for", "fra", "har", "i", "ikke", "med", "og", "om", "på", "som", "til", "var", "ble", "han", "de", "sa"])),
    ("pl", WordSet::of(&["w", "i", "na", "z", "się", "nie", "do", "że", "o", "to", "jest", "za", "po", "przez", "od", "jak", "ale", "dla", "był", "była", "roku", "oraz", "który", "nikt", "nim"])),
    ("ro", WordSet::of(&["și", "şi", "de", "a", "în", "la", "cu", "că", "pe", "nu", "din", "o", "un", "care", "au", "pentru", "sa", "mai", "fost", "s", "ar", "va", "i"])),
    ("sv", WordSet::of(&["att", "av", "den", "det", "en", "ett", "för", "från", "har", "i", "inte", "med", "och", "om", "på", "som", "till", "var", "är", "han", "de", "igen", "hade"])),
    ("tr", WordSet::of(&["ve", "bir", "bu", "da", "de", "için", "ile", "olarak", "olan", "daha", "çok", "o", "gibi", "sonra", "ne", "dedi", "kadar", "en", "değil", "ise", "onu", "diye", "dün"])),
    ("vi", WordSet::of(&["và", "của", "là", "có", "được", "cho", "các", "không", "trong", "với", "một", "người", "những", "đã", "này", "để", "ở", "đến", "khi", "về"])),
    ("sw", WordSet::of(&["ya", "na", "wa", "kwa", "katika", "ni", "la", "za", "cha", "vya", "hiyo", "hilo", "huo", "kuwa", "alisema", "amesema", "watu", "pia", "lakini", "zaidi", "yake", "baada", "ili", "kama", "ambayo", "ambao", "huyo", "hii", "hayo", "wakati", "mwaka", "nchi", "siku", "bila", "hivyo", "tena"])),
];

/// Common words of languages that the detector does not know. The last is Swahili's above, which it does not know either.
#[rustfmt::skip]
pub(crate) static BY_WORDS: [(&str, WordSet); 12] = [
    ("ha", WordSet::of(&["da", "na", "ta", "ya", "a", "ba", "cikin", "wani", "wata", "kuma", "cewa", "daga", "domin", "shi", "ga", "sun", "suka", "yi", "an", "don", "su", "mai", "masu", "ne", "ce", "yadda", "inda", "kan", "kamar", "wannan", "ake", "ke", "zuwa", "bayan", "lokacin", "zai", "za", "ta", "har", "kasar", "mutane", "gwamnati"])),
    ("ig", WordSet::of(&["na", "nke", "ya", "ndị", "ndi", "bụ", "bu", "ka", "ọ", "o", "n", "maka", "iji", "dị", "di", "ha", "onye", "ga", "ahụ", "ahu", "kwuru", "ihe", "mgbe", "site", "nwere", "ma", "a", "e", "si", "ụlọ", "afọ", "gọọmentị", "bụkwa", "niile", "kwa", "otu", "anyị", "nọ"])),
    ("mg", WordSet::of(&["ny", "sy", "dia", "tsy", "izay", "amin", "fa", "ho", "tamin", "izany", "no", "ireo", "koa", "mba", "ao", "an", "manao", "aza", "nefa", "ity", "eto", "hoy"])),
    ("om", WordSet::of(&["kan", "akka", "fi", "irratti", "keessa", "jedhan", "jedha", "ta", "ture", "isaa", "waan", "kana", "hin", "haa", "ni", "irraa", "akkasumas", "yeroo", "biyya", "nama", "itti", "jiru", "oromoo"])),
    ("rw", WordSet::of(&["mu", "ku", "ya", "na", "ko", "cyane", "kandi", "avuga", "bya", "wa", "ba", "ni", "iyi", "ubu", "kuri", "muri", "abantu", "yo", "nk", "uyu", "aho", "ariko", "rwanda", "kuko", "kugira", "icyo", "bw", "ry"])),
    ("sn", WordSet::of(&["kuti", "uye", "nokuti", "asi", "iyi", "vanhu", "izvi", "pamusoro", "kana", "mu", "ne", "zvakare", "akati", "ari", "zvino", "kubva", "nevamwe", "ku", "va", "zvose", "munyika"])),
    ("so", WordSet::of(&["waa", "oo", "ka", "ku", "iyo", "in", "ah", "ee", "uu", "soo", "ayaa", "la", "u", "si", "waxaa", "waxa", "inuu", "inay", "dalka", "ay", "kale", "lagu", "ugu", "isagoo", "aan", "kala", "kaas", "sheegay", "mar", "marka", "waxay", "dad", "dadka", "ahaa", "laga"])),
    ("xh", WordSet::of(&["ukuba", "kwaye", "kunye", "okanye", "xa", "kodwa", "ngoku", "yaye", "ukuze", "ngenxa", "abantu", "kuba", "wathi", "kwi", "nje", "into", "loo", "kwelo", "umntu", "nokuba", "ngokuba", "phantsi", "bonke"])),
    ("yo", WordSet::of(&["ni", "ní", "ti", "tí", "àwọn", "awon", "awọn", "ó", "o", "si", "sí", "wọn", "won", "náà", "naa", "fun", "fún", "ki", "kí", "pe", "pé", "ṣe", "se", "ti", "lọ", "lo", "bi", "bí", "kan", "ló", "yìí", "yii", "ọmọ", "omo", "inú", "orílẹ", "òun", "ohun", "sọ", "ọ̀rọ̀", "ilẹ̀", "ilé", "jẹ́", "jẹ", "ń", "kò", "tó", "sì", "wà", "ọjọ́"])),
    ("zu", WordSet::of(&["ukuthi", "futhi", "kanye", "uma", "kodwa", "lapho", "ngoba", "abantu", "kusho", "yakhe", "ukuze", "noma", "manje", "bonke", "kwakhe", "ngokuthi", "kakhulu", "nokho", "umuntu", "yena", "kuleli", "leli", "nje", "lo", "okwamanje", "ngesikhathi", "kule", "wathi", "ngemuva"])),
    ("wo", WordSet::of(&["ci", "ak", "bi", "yi", "la", "nga", "di", "mu", "ko", "ñu", "dañuy", "moo", "gi", "te", "bu", "lu", "itam", "waaye", "nit", "ñi", "am", "dafa", "ba", "xam", "réew"])),
    ("ln", WordSet::of(&["na", "ya", "ya", "mpe", "oyo", "ezali", "bato", "kasi", "te", "po", "azalaki", "alobi", "mokolo", "mingi", "kati", "bango", "ye", "ndenge", "mboka", "biso", "nyonso"])),
];
