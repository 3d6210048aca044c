//! What lines around a text say, in lowercase and in several languages. Only lists.

/// Whole lines that are no text wherever they stand.
#[rustfmt::skip]
pub(super) const ALONE: &[&str] = &[
    "advertisement", "advertisements", "advertising", "ad", "sponsored", "sponsored content",
    "story continues below advertisement", "story continues below", "article continues below",
    "article continues below advertisement", "article continues after advertisement", "continue reading below",
    "continue reading the main story", "scroll to continue", "scroll down for more", "recommended", "read more",
    "read also", "also read", "share this", "share this article", "share this story", "share on facebook",
    "share on twitter", "sharing is caring", "click to share", "email this article", "print this article",
    "print this page", "back to top", "view comments", "show comments", "hide caption", "toggle caption", "caption",
    "enlarge image", "view gallery", "loading", "close", "skip to content", "anzeige", "werbung", "weiterlesen",
    "artikel teilen", "publicité", "partager", "publicidad", "compartir", "publicidade", "compartilhar",
    "compartilhe", "continua após a publicidade", "continua depois da publicidade", "pubblicità", "condividi",
    "iklan", "advertentie", "реклама", "поделиться", "reklama", "reklam", "annons", "annonse", "annonce", "إعلان",
    "広告", "광고", "广告",
];

/// How lines begin that lead to another article, if a colon or a link follows.
#[rustfmt::skip]
pub(super) const READ_ALSO: &[&str] = &[
    "read more", "read also", "read next", "also read", "also see", "see also", "more on this", "more on this story",
    "don't miss", "don’t miss", "must read", "you may also like", "related", "related article", "related articles",
    "related story", "related stories", "related news", "related coverage", "recommended", "recommended for you",
    "editor's pick", "editor’s pick", "trending", "trending now", "lesen sie auch", "lesen sie mehr",
    "mehr zum thema", "lies auch", "auch interessant", "lire aussi", "à lire aussi", "a lire aussi", "voir aussi",
    "lea también", "lee también", "leer también", "leer más", "te puede interesar", "también te puede interesar",
    "ver también", "leia também", "leia mais", "veja também", "saiba mais", "leggi anche", "leggi di più",
    "potrebbe interessarti", "lees ook", "lees meer", "baca juga", "läs också", "läs mer", "les også", "læs også",
    "lue myös", "czytaj też", "czytaj także", "zobacz też", "zobacz także", "čtěte také", "čítajte aj", "citește și",
    "citeşte şi", "olvasta már", "читайте также", "читать также", "читайте також", "ayrıca oku", "ilgili haber",
    "اقرأ أيضا", "اقرأ أيضاً", "همچنین بخوانید",
];

/// Headings above links to other articles.
#[rustfmt::skip]
pub(super) const RELATED: &[&str] = &[
    "related", "related articles", "related content", "related links", "related news", "related posts",
    "related reading", "related stories", "related topics", "more from", "more in", "more on", "more like this",
    "more news", "more stories", "most read", "most popular", "most viewed", "popular", "popular posts",
    "popular stories", "read more", "read next", "read also", "recommended", "recommended for you",
    "recommended stories", "recent posts", "latest news", "latest stories", "trending", "top stories", "up next",
    "you may also like", "you might also like", "you may be interested in", "story timeline", "mehr zum thema",
    "ähnliche artikel", "meistgelesen", "das könnte sie auch interessieren", "à lire aussi", "lire aussi",
    "articles liés", "sur le même sujet", "les plus lus", "artículos relacionados", "noticias relacionadas",
    "te puede interesar", "lo más leído", "leia também", "veja também", "notícias relacionadas", "posts relacionados",
    "mais lidas", "leggi anche", "articoli correlati", "potrebbe interessarti", "lees ook", "gerelateerde artikelen",
    "baca juga", "berita terkait", "artikel terkait", "читайте также", "похожие статьи", "czytaj także",
    "zobacz także", "läs också", "les også", "læs også", "ilgili haberler", "関連記事", "相关阅读", "관련기사",
];

/// How calls to subscribe begin.
#[rustfmt::skip]
pub(super) const CALLS: &[&str] = &[
    "sign up", "signup", "subscribe", "click here to subscribe", "click here to sign up", "click here to join",
    "get our", "get the", "join our", "join us", "join the", "follow us", "follow our", "follow the", "like us",
    "like our", "find us", "download our", "download the", "stay up to date", "stay informed", "want more",
    "enjoying this", "support our", "abonnieren sie", "folgen sie", "melden sie sich", "abonnez-vous",
    "inscrivez-vous", "suivez-nous", "suscríbete", "suscríbase", "síguenos", "únete", "assine", "inscreva-se", "siga",
    "siga-nos", "receba", "iscriviti", "seguici", "meld je aan", "volg ons", "ikuti", "подпишитесь", "подписывайтесь",
    "prenumerera", "abonnér", "zapisz się",
];

/// What calls are about.
#[rustfmt::skip]
pub(super) const CALLED: &[&str] = &[
    "newsletter", "inbox", "facebook", "twitter", "instagram", "telegram", "whatsapp", "youtube", "linkedin",
    "podcast", "app", "alerts", "updates", "channel", "canal", "kanal", "канал", "rss", "google news", "boletín",
    "email", "e-mail", "subscri", "рассылк", "nieuwsbrief", "nyhetsbrev",
];

#[rustfmt::skip]
pub(super) const SHARE: &[&str] = &[
    "share", "share this", "share on", "share via", "sharing is caring", "tweet", "pin it", "print", "email",
    "facebook", "twitter", "whatsapp", "teilen", "partager", "compartir", "compartilhar", "compartilhe", "condividi",
    "bagikan", "поделиться", "delen", "udostępnij", "paylaş",
];

#[rustfmt::skip]
pub(super) const COMMENTS: &[&str] = &[
    "comments", "comment", "leave a comment", "leave a reply", "post comment", "post a comment", "add a comment",
    "join the conversation", "join the discussion", "no comments", "kommentare", "kommentar schreiben",
    "commentaires", "comentarios", "deja un comentario", "comentários", "deixe um comentário", "commenti",
    "lascia un commento", "reacties", "komentar", "комментарии", "kommentarer", "komentarze", "yorumlar",
];

#[rustfmt::skip]
pub(super) const TAGS: &[&str] = &[
    "tags", "tag", "tagged", "tagged with", "tagged under", "tagged as", "filed under", "filed in", "posted in",
    "categories", "category", "topics", "topics in this article", "in this article", "labels", "keywords",
    "more about", "read more about", "schlagwörter", "schlagworte", "themen", "mots-clés", "mots clés", "étiquettes",
    "etiquetas", "temas", "assuntos", "marcadores", "argomenti", "etichette", "trefwoorden", "теги", "метки", "tagi",
    "štítky", "etiketler", "タグ", "标签", "태그",
];

#[rustfmt::skip]
pub(super) const COPYRIGHT: &[&str] = &[
    "©", "copyright", "copyright ©", "copyright ⓒ", "c) 19", "c) 20", "ⓒ", "all rights reserved",
    "alle rechte vorbehalten", "tous droits réservés", "todos los derechos reservados",
    "todos os direitos reservados", "tutti i diritti riservati", "riproduzione riservata", "все права защищены",
    "무단전재", "저작권자",
];

/// How lines about dates of the page begin.
#[rustfmt::skip]
pub(super) const DATED: &[&str] = &[
    "updated", "published", "posted", "last updated", "last modified", "last edited", "first published",
    "originally published", "first posted", "date published", "publication date", "issued on", "posted on",
    "aktualisiert", "veröffentlicht", "erschienen", "stand", "publié", "mis à jour", "mise à jour", "publicado",
    "actualizado", "atualizado", "última actualización", "pubblicato", "aggiornato", "ultimo aggiornamento",
    "gepubliceerd", "bijgewerkt", "diterbitkan", "diperbarui", "dipublikasikan", "опубликовано", "обновлено",
    "опубліковано", "publicerad", "uppdaterad", "publisert", "oppdatert", "publiceret", "opdateret", "julkaistu",
    "päivitetty", "opublikowano", "aktualizacja", "publikováno", "aktualizováno", "yayınlanma", "güncelleme",
];

/// What numbers beside an article count.
#[rustfmt::skip]
pub(super) const COUNTED: &[&str] = &[
    "min", "mins", "minute", "minutes", "read", "reads", "views", "view", "shares", "comments", "comment", "likes",
    "image", "minuten", "lesezeit", "kommentare", "aufrufe", "lecture", "commentaires", "minuto", "minutos",
    "lectura", "leitura", "comentarios", "comentários", "minuti", "letture", "lettura", "commenti", "минут",
    "просмотров", "комментариев", "menit", "dibaca", "komentar",
];

/// How a text about an author goes on after the name.
#[rustfmt::skip]
pub(super) const BIOGRAPHIES: &[&str] = &[
    "is a ", "is an ", "is the ", "is our ", "covers ", "writes ", "reports ", "has been ", "has worked ",
    "has written ", "joined ", "works ", "can be reached", "ist ", "schreibt ", "est ", "es ", "è ", "é ", "jest ",
];
