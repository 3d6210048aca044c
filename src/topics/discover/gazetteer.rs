//! Countries with their demonyms, capitals, and given names: from general knowledge, in English.
//! Knows lists; never texts.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Countries and the words for what is of them, the name first.
pub(super) const COUNTRIES: &[&[&str]] = &[
    &["Afghanistan", "Afghan", "Afghans"],
    &["Albania", "Albanian", "Albanians"],
    &["Algeria", "Algerian", "Algerians"],
    &["Angola", "Angolan", "Angolans"],
    &["Argentina", "Argentine", "Argentinian", "Argentines"],
    &["Armenia", "Armenian", "Armenians"],
    &["Australia", "Australian", "Australians"],
    &["Austria", "Austrian", "Austrians"],
    &["Azerbaijan", "Azerbaijani", "Azerbaijanis"],
    &["Bahrain", "Bahraini", "Bahrainis"],
    &["Bangladesh", "Bangladeshi", "Bangladeshis"],
    &["Belarus", "Belarusian", "Belarusians"],
    &["Belgium", "Belgian", "Belgians"],
    &["Bolivia", "Bolivian", "Bolivians"],
    &["Bosnia", "Bosnian", "Bosnians"],
    &["Botswana"],
    &["Brazil", "Brazilian", "Brazilians"],
    &["Bulgaria", "Bulgarian", "Bulgarians"],
    &["Burma", "Burmese"],
    &["Cambodia", "Cambodian", "Cambodians"],
    &["Cameroon", "Cameroonian"],
    &["Canada", "Canadian", "Canadians"],
    &["Chile", "Chilean", "Chileans"],
    &["China", "Chinese"],
    &["Colombia", "Colombian", "Colombians"],
    &["Congo", "Congolese"],
    &["Croatia", "Croatian", "Croatians"],
    &["Cuba", "Cuban", "Cubans"],
    &["Cyprus", "Cypriot", "Cypriots"],
    &["Czech Republic", "Czech", "Czechs"],
    &["Denmark", "Danish", "Danes"],
    &["Ecuador", "Ecuadorian"],
    &["Egypt", "Egyptian", "Egyptians"],
    &["England", "English"],
    &["Estonia", "Estonian", "Estonians"],
    &["Ethiopia", "Ethiopian", "Ethiopians"],
    &["Finland", "Finnish", "Finns"],
    &["France", "French"],
    &["Georgia", "Georgian", "Georgians"],
    &["Germany", "German", "Germans"],
    &["Ghana", "Ghanaian", "Ghanaians"],
    &["Greece", "Greek", "Greeks"],
    &["Haiti", "Haitian", "Haitians"],
    &["Hungary", "Hungarian", "Hungarians"],
    &["Iceland", "Icelandic"],
    &["India", "Indian", "Indians"],
    &["Indonesia", "Indonesian", "Indonesians"],
    &["Iran", "Iranian", "Iranians"],
    &["Iraq", "Iraqi", "Iraqis"],
    &["Ireland", "Irish"],
    &["Israel", "Israeli", "Israelis"],
    &["Italy", "Italian", "Italians"],
    &["Jamaica", "Jamaican", "Jamaicans"],
    &["Japan", "Japanese"],
    &["Jordan", "Jordanian", "Jordanians"],
    &["Kazakhstan", "Kazakh"],
    &["Kenya", "Kenyan", "Kenyans"],
    &["Kuwait", "Kuwaiti", "Kuwaitis"],
    &["Latvia", "Latvian", "Latvians"],
    &["Lebanon", "Lebanese"],
    &["Libya", "Libyan", "Libyans"],
    &["Lithuania", "Lithuanian", "Lithuanians"],
    &["Malawi", "Malawian"],
    &["Malaysia", "Malaysian", "Malaysians"],
    &["Mali", "Malian"],
    &["Malta", "Maltese"],
    &["Mexico", "Mexican", "Mexicans"],
    &["Moldova", "Moldovan"],
    &["Mongolia", "Mongolian"],
    &["Morocco", "Moroccan", "Moroccans"],
    &["Mozambique", "Mozambican"],
    &["Namibia", "Namibian"],
    &["Nepal", "Nepalese", "Nepali"],
    &["Netherlands", "Dutch"],
    &["New Zealand", "New Zealander", "New Zealanders"],
    &["Nigeria", "Nigerian", "Nigerians"],
    &["North Korea", "North Korean", "North Koreans"],
    &["Northern Ireland", "Northern Irish"],
    &["Norway", "Norwegian", "Norwegians"],
    &["Oman", "Omani"],
    &["Pakistan", "Pakistani", "Pakistanis"],
    &["Palestine", "Palestinian", "Palestinians"],
    &["Peru", "Peruvian", "Peruvians"],
    &["Philippines", "Philippine", "Filipino", "Filipinos"],
    &["Poland", "Polish", "Poles"],
    &["Portugal", "Portuguese"],
    &["Qatar", "Qatari"],
    &["Romania", "Romanian", "Romanians"],
    &["Russia", "Russian Federation", "Russian", "Russians"],
    &["Rwanda", "Rwandan", "Rwandans"],
    &["Saudi Arabia", "Saudi", "Saudis"],
    &["Scotland", "Scottish", "Scots"],
    &["Senegal", "Senegalese"],
    &["Serbia", "Serbian", "Serbians"],
    &["Singapore", "Singaporean", "Singaporeans"],
    &["Slovakia", "Slovak", "Slovaks"],
    &["Slovenia", "Slovenian"],
    &["Somalia", "Somali", "Somalis"],
    &["South Africa", "South African", "South Africans"],
    &["South Korea", "South Korean", "South Koreans"],
    &["Soviet Union", "USSR", "U.S.S.R.", "Soviet", "Soviets"],
    &["Spain", "Spanish", "Spaniards"],
    &["Sri Lanka", "Sri Lankan"],
    &["Sudan", "Sudanese"],
    &["Sweden", "Swedish", "Swedes"],
    &["Switzerland", "Swiss"],
    &["Syria", "Syrian", "Syrians"],
    &["Taiwan", "Taiwanese"],
    &["Tanzania", "Tanzanian"],
    &["Thailand", "Thai"],
    &["Tunisia", "Tunisian"],
    &["Turkey", "Turkish", "Turks"],
    &["Uganda", "Ugandan"],
    &["Ukraine", "Ukrainian", "Ukrainians"],
    &["United Arab Emirates", "UAE", "U.A.E.", "Emirati"],
    &[
        "United Kingdom",
        "UK",
        "U.K.",
        "Britain",
        "Great Britain",
        "GB",
        "British",
    ],
    &[
        "United States",
        "US",
        "USA",
        "U.S.",
        "U.S.A.",
        "United States of America",
        "American",
        "Americans",
    ],
    &["Uruguay", "Uruguayan"],
    &["Uzbekistan", "Uzbek"],
    &["Venezuela", "Venezuelan"],
    &["Vietnam", "Vietnamese"],
    &["Wales", "Welsh"],
    &["Yemen", "Yemeni"],
    &["Zambia", "Zambian"],
    &["Zimbabwe", "Zimbabwean"],
    &["Europe", "European", "Europeans"],
    &["Africa", "African", "Africans"],
    &["Asia", "Asian", "Asians"],
];

/// Capitals and other large cities, with `_` inside a name.
const CITIES: &str = "abu_dhabi accra addis_ababa algiers amman amsterdam ankara athens auckland baghdad baku bangkok barcelona beijing \
    beirut belfast belgrade berlin birmingham bogota boston brasilia bratislava brussels bucharest budapest buenos_aires cairo canberra \
    cape_town caracas cardiff chicago copenhagen dakar damascus delhi dhaka doha dubai dublin edinburgh frankfurt geneva glasgow hanoi \
    harare havana helsinki hong_kong houston islamabad istanbul jakarta jerusalem johannesburg kabul kampala karachi kathmandu khartoum \
    kiev kigali kinshasa kuala_lumpur kyiv lagos leeds lima lisbon liverpool ljubljana london los_angeles luanda lusaka madrid manchester \
    manila melbourne mexico_city miami milan minsk mogadishu montreal moscow mumbai munich nairobi naples new_delhi new_york new_york_city \
    nicosia osaka oslo ottawa paris perth prague pretoria pyongyang quito rabat reykjavik riga rio_de_janeiro riyadh rome san_francisco \
    santiago sao_paulo sarajevo seattle seoul shanghai skopje sofia st_petersburg stockholm sydney taipei tallinn tashkent tbilisi tehran \
    tel_aviv tirana tokyo toronto tripoli tunis vancouver vienna vilnius warsaw washington wellington yerevan zagreb zurich";

/// Frequent given names.
const GIVEN_NAMES: &str = "aaron adam ahmed alan albert alex alexander alice ali amanda amy andrea andrew andy angela anna anne anthony \
    antonio arthur barack barbara ben benjamin bernard bill bob boris brian bruce carlos carol caroline catherine charles charlie chris \
    christian christine christopher claire colin craig daniel dave david dean deborah dennis diana diane dmitry donald dominic dorothy \
    douglas edward elena elizabeth elon emily emma eric ernest eva evan fiona frances francis francois frank franz fred gareth gary \
    gavin geoff george gerald gerhard giovanni glenn gordon graham grant greg hans harold harry hassan heather helen henry hugh hugo ian \
    igor ivan jack jackie jacob jacques james jamie jan jane janet jason jean jeff jeffrey jennifer jeremy jerry jessica jill jim jimmy \
    joan joe joel johann john jonathan jordan jorge jose joseph joshua juan julia julian julie karen karl kate katherine kathy keir keith \
    kelly ken kenneth kevin kim klaus kwasi larry laura lauren lawrence lee leo leon leonard leonid lewis lily linda lisa liz louis louise \
    lucy luis luke maggie manuel marc marco margaret maria marie mark markus martha martin mary matt matthew maurice max megan mel mia \
    michael michel michelle miguel mike mikhail mohamed mohammed molly monica muhammad nancy natalie nathan neil nelson nicholas nick \
    nicola nicolas nigel oliver olivia omar oscar otto pablo pamela patricia patrick paul paula pedro penny peter phil philip pierre rachel \
    ralph ray raymond rebecca richard rishi rob robert robin roger ron ronald rosa roy russell ruth ryan sally sam samuel sandra sara sarah \
    scott sean sergei sergey sharon simon sophie stephen steve steven stuart sue suella susan sylvia taylor ted teresa terry theresa thomas \
    tim timothy tina toby todd tom tommy tony tracy ursula vera vernon vicky victor victoria vincent vladimir walter warren wayne wendy \
    werner will william willy winston wolfgang xavier yasser yuri yves zoe";

/// Words that end the names of events.
const EVENTS: &str = "awards championship championships cup election elections festival final games marathon olympics open oscars \
    paralympics prix referendum summit war derby eurovision brexit carnival exhibition expo parade pageant tournament";

/// Words in names of places.
const PLACES: &str = "airport avenue bay beach bridge castle city coast county desert harbour island islands mountain mountains ocean \
    peninsula province river road sea square street town valley village";

static PLACE_NAMES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let cities = CITIES
        .split_ascii_whitespace()
        .map(|city| city.replace('_', " "));
    cities
        .chain(COUNTRIES.iter().map(|names| names[0].to_lowercase()))
        .collect()
});

static GIVEN: LazyLock<HashSet<&str>> =
    LazyLock::new(|| GIVEN_NAMES.split_ascii_whitespace().collect());

/// Whether a lowercase name is that of a country or a large city.
pub(super) fn is_place(name: &str) -> bool {
    PLACE_NAMES.contains(name)
}

/// Whether a lowercase word is a frequent given name.
pub(super) fn is_given_name(word: &str) -> bool {
    GIVEN.contains(word)
}

/// Whether the last word of a lowercase name is that of an event.
pub(super) fn is_event(name: &str) -> bool {
    let last = name.rsplit(' ').next().unwrap_or(name);
    EVENTS.split_ascii_whitespace().any(|word| word == last)
}

/// Whether the last word of a lowercase name of several words is that of a place.
pub(super) fn ends_as_place(name: &str) -> bool {
    let last = name.rsplit_once(' ').map(|(_, last)| last);
    last.is_some_and(|last| PLACES.split_ascii_whitespace().any(|word| word == last))
}
