//! The one vocabulary of field names: keys of records, columns of tables, labels of texts, in the languages of most archives.
//! Plain data.

use crate::settings::Field;

/// Names in lower case, without accents of Latin letters and without `_`, `-`, `.` and spaces. If a record has several names of a
/// field, the first here sets it: English names are in the order of their precision, those of other languages behind them.
/// Dates of a crawl or of a change are not dates.
#[rustfmt::skip]
pub(crate) const NAMES: &[(Field, &[&str])] = &[
    (Field::Id, &[
        "id", "guid", "uuid", "recordid", "docid", "documentid", "storyid", "@id", "kennung", "kennnummer",
        "identifiant", "identificador", "identificativo", "identificatore", "identificatie", "identyfikator",
        "идентификатор", "kimlik", "المعرف", "معرف", "编号", "編號", "番号", "識別子", "artikelnummer", "artikelid",
       
    ]),
    (Field::Title, &[
        "title", "headline", "headlinetext", "titletext", "heading", "head", "subject", "titre", "titel", "titulo",
        "titolo", "uberschrift", "заголовок", "العنوان", "标题", "name", "ueberschrift", "schlagzeile", "titular",
        "encabezado", "manchete", "kop", "kopje", "koptekst", "tytuł", "naglowek", "nagłowek", "название", "заглавие",
        "عنوان", "標題", "题目", "題目", "タイトル", "題名", "見出し", "제목", "baslık", "baslik", "tittel", "overskrift",
        "otsikko", "nazev", "titulek", "titlu", "cim", "τιτλος", "כותרת", "judul", "tieude", "tieuđe",
    ]),
    (Field::Date, &[
        "datepublished", "publishedat", "publisheddate", "publicationdate", "publisheddatetime", "publishdate",
        "publishedon", "datepublish", "pubdate", "publishtime", "publishedtime", "firstpublished",
        "webpublicationdate", "published", "posteddate", "dateposted", "postedat", "posted", "dategmt", "date",
        "datetime", "createdat", "createdon", "datecreated", "created", "datum", "fecha", "дата", "التاريخ", "日期",
        "datumveroffentlichung", "veroffentlicht", "veroffentlichtam", "veroffentlichungsdatum", "erschienen",
        "erschienenam", "erscheinungsdatum", "datepublication", "datedepublication", "dateparution", "datedeparution",
        "publiele", "publie", "parule", "fechapublicacion", "fechadepublicacion", "publicado", "publicadoel",
        "publicadoem", "datapublicacao", "datadepublicacao", "datapubblicazione", "datadipubblicazione", "pubblicato",
        "pubblicatoil", "publicatiedatum", "gepubliceerd", "gepubliceerdop", "verschenen", "datapublikacji",
        "opublikowano", "датапубликации", "опубликовано", "опубликован", "تاريخ", "تاريخالنشر", "نشر", "نشرفي",
        "发布日期", "發布日期", "发表日期", "发布时间", "發佈日期", "出版日期", "日付", "公開日", "掲載日", "날짜", "tarih", "yayıntarihi",
        "yayintarihi", "yayımtarihi", "yayınlanmatarihi", "dato", "publicerad", "publisert", "julkaistu",
        "paivamaara", "datumvydani", "публікації", "ημερομηνια", "תאריך",
    ]),
    (Field::Authors, &[
        "authors", "author", "authorname", "authornames", "byline", "by", "creator", "writer", "writers", "reporter",
        "auteur", "autor", "autore", "автор", "الكاتب", "作者", "auteurs", "autoren", "autorin", "verfasser",
        "verfasserin", "autores", "autora", "autori", "redacteur", "redactor", "redattore", "schrijver", "autorzy",
        "autorka", "авторы", "авторка", "المؤلف", "الكاتبة", "كاتب", "مؤلف", "المراسل", "记者", "記者", "撰文", "著者", "筆者",
        "執筆者", "기자", "글쓴이", "저자", "yazar", "yazarı", "yazarlar", "muhabir", "forfatter", "forfattare", "skribent",
        "kirjoittaja", "tekija", "szerzo", "συγγραφεας", "סופר", "מחבר", "penulis", "tacgia",
    ]),
    (Field::Source, &[
        "source", "sourcename", "publisher", "agency", "publication", "newspaper", "outlet", "quelle", "fuente",
        "fonte", "источник", "المصدر", "来源", "zeitung", "agentur", "herausgeber", "verlag", "journal", "agence",
        "editeur", "periodico", "agencia", "giornale", "agenzia", "jornal", "bron", "krant",
        "persbureau", "zrodło", "zrodlo", "gazeta", "agencja", "газета", "агентство", "издание", "مصدر", "الصحيفة",
        "وكالة", "來源", "出处", "出處", "报纸", "報紙", "出典", "新聞", "통신사", "출처", "kaynak", "gazete", "ajans", "kilde", "kalla",
        "kilda", "lahde", "zdroj", "sursa", "forras", "πηγη", "מקור", "sumber", "nguon",
    ]),
    (Field::Url, &[
        "url", "link", "weburl", "permalink", "href", "canonicalurl", "lien", "adresseweb", "webadresse",
        "internetadresse", "enlace", "enlaces", "vinculo", "collegamento", "ligacao", "webadres", "koppeling",
        "odnosnik", "ссылка", "адресстраницы", "رابط", "الرابط", "链接", "連結", "鏈接", "网址", "網址", "リンク", "링크",
        "baglantı", "baglanti", "odkaz", "lank", "lenke", "linkki",
    ]),
    (Field::Topics, &[
        "topics", "topic", "tags", "tag", "keywords", "keyword", "categories", "category", "categoryname", "section",
        "sections", "sectionname", "subjects", "rubric", "rubrik", "rubrique", "kategorie", "categorie", "categoria",
        "kategorien", "categorias", "thema", "themen", "stichworte", "stichwort", "stichworter", "schlagwort",
        "schlagworte", "schlagworter", "ressort", "sujet", "sujets", "motscles", "motcle", "etiquettes", "theme",
        "themes", "tema", "temas", "etiquetas", "etiqueta", "palabrasclave", "seccion", "argomento", "argomenti",
        "parolechiave", "sezione", "assunto", "palavraschave", "secao", "marcadores", "onderwerp", "onderwerpen",
        "trefwoorden", "trefwoord", "rubriek", "temat", "tematy", "kategoria", "słowakluczowe", "slowakluczowe",
        "dział", "тема", "темы", "рубрика", "рубрики", "категория", "категории", "теги", "тэги", "метки",
        "ключевыеслова", "الموضوع", "الموضوعات", "المواضيع", "التصنيف", "التصنيفات", "القسم", "الوسوم",
        "الكلماتالمفتاحية", "كلماتمفتاحية", "主题", "主題", "话题", "話題", "标签", "標籤", "分类", "分類", "关键词", "關鍵詞", "关键字", "栏目",
        "キーワード", "カテゴリ", "カテゴリー", "タグ", "태그", "분류", "konu", "konular", "kategori", "kategoriler", "etiket",
        "etiketler", "anahtarkelimeler", "emne", "emner", "amne", "amnen", "aihe", "aiheet", "temata", "θεμα", "נושא",
        "נושאים",
    ]),
    (Field::Place, &[
        "place", "location", "city", "placename", "ort", "lieu", "lugar", "ville", "ciudad", "luogo", "citta",
        "cidade", "plaats", "stad", "plek", "miejsce", "miejscowosc", "miasto", "место", "город", "المكان",
        "مكان", "المدينة", "地点", "地點", "城市", "場所", "장소", "yer", "sehir", "sted", "plats", "paikka", "misto",
        "hely", "τοπος", "מקום", "lokasi", "tempat",
    ]),
    (Field::Lang, &[
        "lang", "language", "languagecode", "inlanguage", "locale", "sprache", "langue", "idioma", "lingua", "taal",
        "jezyk", "язык", "اللغة", "لغة", "语言", "語言", "言語", "언어", "dil", "sprak", "sprog", "kieli", "jazyk", "limba",
        "nyelv", "γλωσσα", "שפה", "bahasa", "ngonngu",
    ]),
    (Field::Summary, &[
        "summary", "abstract", "description", "excerpt", "standfirst", "lead", "teaser", "dek", "subtitle", "caption",
        "zusammenfassung", "vorspann", "kurzfassung", "anriss", "resume", "chapo", "chapeau", "extrait", "resumen",
        "extracto", "entradilla", "sumario", "bajada", "riassunto", "sommario", "sunto", "resumo", "samenvatting",
        "inleiding", "streszczenie", "podsumowanie", "zajawka", "краткоесодержание", "аннотация", "резюме", "анонс",
        "лид", "الملخص", "ملخص", "المقدمة", "摘要", "概要", "简介", "簡介", "导语", "導語", "要約", "요약", "ozet", "sammanfattning",
        "ingress", "sammendrag", "tiivistelma", "shrnuti", "perex", "rezumat", "osszefoglalo", "περιληψη", "תקציר",
        "ringkasan", "tomtat",
    ]),
    (Field::Slug, &[
        "slug",
    ]),
    (Field::Body, &[
        "body", "articlebody", "fulltext", "maintext", "bodytext", "contenttext", "text", "content", "articlecontent",
        "contenthtml", "bodyhtml", "html", "plaintext", "markdown", "article", "story", "texte", "texto", "testo",
        "inhalt", "contenido", "contenu", "текст", "النص", "正文", "内容", "volltext", "fliesstext", "artikeltext",
        "artikel", "nachricht", "corps", "corpsdutexte", "cuerpo", "articulo", "corpo", "conteudo", "contenuto",
        "articolo", "artigo", "tekst", "inhoud", "hoofdtekst", "tresc", "artykuł", "artykul", "тексты", "содержание",
        "содержимое", "статья", "تن", "نص", "المحتوى", "محتوى", "المقال", "متن", "內容", "全文", "文章", "本文", "본문", "내용",
        "metin", "icerik", "haber", "habericerigi", "yazı", "brodtext", "brødtekst", "innhold", "indhold", "sisalto",
        "teksti", "obsah", "continut", "szoveg", "κειμενο", "תוכן", "isi", "noidung",
    ]),
];

/// Names whose meaning the value decides: a field if the value looks like one of it, else the second, if there is one.
#[rustfmt::skip]
pub(crate) const DECIDED_BY_VALUE: &[(&str, Field, Option<Field>)] = &[
    // `data` holds the records of a file more often than it is a day.
    ("data", Field::Date, None),
    // An address of the web, or of a house; in Arabic and Hungarian a title too.
    ("address", Field::Url, None), ("adresse", Field::Url, None), ("direccion", Field::Url, None),
    ("indirizzo", Field::Url, None), ("endereco", Field::Url, None), ("adres", Field::Url, None),
    ("адрес", Field::Url, None), ("adress", Field::Url, None), ("地址", Field::Url, None),
    ("العنوان", Field::Url, Some(Field::Title)), ("عنوان", Field::Url, Some(Field::Title)),
    ("cim", Field::Url, Some(Field::Title)),
    // A section in German, a headline in Swedish.
    ("rubrik", Field::Title, Some(Field::Topics)),
    // Words for `by`, which begin sentences too.
    ("von", Field::Authors, None), ("par", Field::Authors, None), ("por", Field::Authors, None),
    ("di", Field::Authors, None), ("door", Field::Authors, None), ("przez", Field::Authors, None),
    ("av", Field::Authors, None), ("af", Field::Authors, None), ("от", Field::Authors, None),
    ("بقلم", Field::Authors, None), ("كتب", Field::Authors, None), ("文", Field::Authors, None),
];

/// Names of the day of a change in other languages than English, whose names are kept as they are.
#[rustfmt::skip]
pub(crate) const MODIFIED: &[&str] = &[
    "aktualisiert", "aktualisiertam", "geandert", "geandertam", "misajour", "misajourle", "datedemisajour", "modifie",
    "modifiele", "actualizado", "actualizadoel", "ultimaactualizacion", "modificado", "aggiornato", "aggiornatoil",
    "modificato", "atualizado", "atualizadoem", "bijgewerkt", "bijgewerktop", "gewijzigd", "zaktualizowano",
    "aktualizacja", "обновлено", "обновлен", "датаобновления", "изменено", "تحديث", "اخرتحديث", "آخرتحديث", "更新",
    "更新时间", "更新日期", "更新時間", "更新日", "最終更新", "guncellendi", "guncelleme", "guncellemetarihi",
    "songuncelleme", "uppdaterad", "opdateret", "oppdatert", "paivitetty", "aktualizovano", "수정일",
];

/// Languages whose code may follow a name: `title_en`.
pub(crate) const CODES: &[&str] = &[
    "ar", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "hu", "ja", "ko", "nl", "pl", "pt",
    "ro", "ru", "sv", "tr", "uk", "zh",
];
