"""What the build cannot take directly from a data set: small tables, written by hand.

Each table says what its rows correct and why. An alias written here that one of the two
data sets also holds is credited to that data set; the rest is credited to ``hand``.
Keys are ISO 3166-1 alpha-3 codes in lower case (``xkx`` is the customary code of Kosovo).
"""

from __future__ import annotations

OBSERVERS = ("vat", "pse")
"""Observer states of the United Nations."""

NOT_MEMBERS = ("twn", "xkx")
"""States in the news that are neither members nor observers."""

NEWS_NAMES = {
    "cod": "DR Congo",
    "cog": "Republic of the Congo",
    "civ": "Ivory Coast",
    "cze": "Czech Republic",
    "nru": "Nauru",
    "tur": "Turkey",
}
"""The name that English-language news uses, if rigour has another."""

FACTBOOK_CODES = {
    "bf": "bhs",
    "bm": "mmr",
    "cf": "cog",
    "cg": "cod",
    "ct": "caf",
    "dr": "dom",
    "iv": "civ",
    "tp": "stp",
    "vt": "vat",
}
"""Factbook (GEC) codes of countries that it names differently from rigour."""

CAPITALS = {
    "ben": ["Porto-Novo", "Cotonou"],
    "bdi": ["Gitega", "Bujumbura"],
    "bol": ["La Paz"],
    "chl": ["Santiago"],
    "civ": ["Yamoussoukro", "Abidjan"],
    "fji": ["Suva"],
    "fsm": ["Palikir"],
    "gnq": ["Malabo"],
    "jam": [],
    "guy": [],
    "crc": [],
    "cri": [],
    "atg": [],
    "grd": [],
    "lka": ["Colombo"],
    "mdv": ["Malé"],
    "mda": ["Chisinau", "Kishinev"],
    "mmr": ["Naypyidaw", "Nay Pyi Taw", "Yangon", "Rangoon"],
    "nru": ["Yaren"],
    "plw": ["Ngerulmud"],
    "smr": [],
    "swz": ["Mbabane"],
    "syc": [],
    "tza": ["Dodoma"],
    "ukr": ["Kyiv", "Kiev"],
    "usa": ["Washington", "Washington, D.C.", "Washington DC", "Washington, DC"],
    "vat": ["Vatican City"],
    "vut": ["Port Vila", "Port-Vila"],
    "yem": ["Sanaa", "Sana'a"],
    "zaf": ["Pretoria", "Cape Town", "Bloemfontein"],
    "lby": ["Tripoli"],
    "aze": ["Baku"],
    "alb": ["Tirana"],
    "tkm": ["Ashgabat"],
    "uzb": ["Tashkent"],
    "lao": ["Vientiane"],
    "cyp": ["Nicosia"],
    "mex": ["Mexico City"],
    "srb": ["Belgrade"],
    "vnm": ["Hanoi"],
    "xkx": ["Pristina"],
    "twn": ["Taipei"],
}
"""Seats of government as the news spells them, where the factbook's field is a sentence.

Left out, because in English text they are mostly people or other places: Kingston
(Jamaica), Georgetown (Guyana), San José (Costa Rica), Saint John's (Antigua and Barbuda),
Saint George's (Grenada), Victoria (Seychelles), Sucre (Bolivia).
"""

DEMONYMS = {
    "arg": ["Argentine", "Argentines", "Argentinian", "Argentinians", "Argentinean"],
    "atg": ["Antiguan", "Antiguans", "Barbudan", "Barbudans"],
    "bih": ["Bosnian", "Bosnians", "Herzegovinian", "Bosnian Serb", "Bosnian Serbs"],
    "aze": ["Azerbaijani", "Azerbaijanis", "Azeri", "Azeris"],
    "bfa": ["Burkinabe", "Burkinabé"],
    "brb": ["Barbadian", "Barbadians", "Bajan", "Bajans"],
    "bwa": ["Motswana", "Batswana", "Botswanan", "Botswanans"],
    "che": ["Swiss"],
    "civ": ["Ivorian", "Ivorians", "Ivoirian", "Ivoirians"],
    "cog": ["Congolese"],
    "cod": ["Congolese"],
    "com": ["Comorian", "Comorians", "Comoran", "Comorans"],
    "cpv": ["Cape Verdean", "Cape Verdeans", "Cabo Verdean", "Cabo Verdeans"],
    "cyp": [
        "Cypriot",
        "Cypriots",
        "Greek Cypriot",
        "Greek Cypriots",
        "Turkish Cypriot",
        "Turkish Cypriots",
    ],
    "cze": ["Czech", "Czechs"],
    "dnk": ["Danish", "Danes"],
    "fin": ["Finnish", "Finns"],
    "fra": ["French", "Frenchman", "Frenchmen", "Frenchwoman", "Frenchwomen"],
    "fsm": ["Micronesian", "Micronesians"],
    "gbr": ["British", "Briton", "Britons"],
    "gnb": ["Bissau-Guinean", "Bissau-Guineans", "Guinea-Bissauan", "Guinea-Bissauans"],
    "gnq": ["Equatorial Guinean", "Equatorial Guineans", "Equatoguinean", "Equatoguineans"],
    "irl": ["Irish", "Irishman", "Irishmen", "Irishwoman", "Irishwomen"],
    "isl": ["Icelandic", "Icelander", "Icelanders"],
    "kaz": ["Kazakh", "Kazakhs", "Kazakhstani", "Kazakhstanis"],
    "kgz": ["Kyrgyz", "Kyrgyzstani", "Kyrgyzstanis"],
    "kir": ["I-Kiribati"],
    "lao": ["Laotian", "Laotians"],
    "lie": ["Liechtensteiner", "Liechtensteiners"],
    "lso": ["Mosotho", "Basotho"],
    "lux": ["Luxembourger", "Luxembourgers", "Luxembourgish"],
    "mco": ["Monegasque", "Monegasques"],
    "mkd": ["Macedonian", "Macedonians", "North Macedonian", "North Macedonians"],
    "mmr": ["Burmese"],
    "nld": ["Dutch", "Dutchman", "Dutchmen", "Dutchwoman", "Dutchwomen"],
    "npl": ["Nepali", "Nepalis", "Nepalese"],
    "nzl": ["New Zealander", "New Zealanders"],
    "phl": ["Filipino", "Filipinos", "Filipina", "Filipinas", "Philippine"],
    "pol": ["Polish", "Poles"],
    "prk": ["North Korean", "North Koreans", "Korean", "Koreans"],
    "kor": ["South Korean", "South Koreans", "Korean", "Koreans"],
    "pse": ["Palestinian", "Palestinians"],
    "sau": ["Saudi", "Saudis", "Saudi Arabian", "Saudi Arabians"],
    "sgp": ["Singaporean", "Singaporeans"],
    "slv": ["Salvadoran", "Salvadorans", "Salvadorean", "Salvadoreans"],
    "srb": ["Serbian", "Serbians", "Serb", "Serbs"],
    "svk": ["Slovak", "Slovaks", "Slovakian", "Slovakians"],
    "svn": ["Slovenian", "Slovenians", "Slovene", "Slovenes"],
    "swz": ["Swazi", "Swazis"],
    "tha": ["Thai", "Thais"],
    "tjk": ["Tajik", "Tajiks", "Tajikistani", "Tajikistanis"],
    "tkm": ["Turkmen", "Turkmenistani", "Turkmenistanis"],
    "tls": ["Timorese", "East Timorese"],
    "twn": ["Taiwanese"],
    "uzb": ["Uzbek", "Uzbeks", "Uzbekistani", "Uzbekistanis"],
    "xkx": ["Kosovan", "Kosovans", "Kosovar", "Kosovars"],
    "vat": [],
}
"""Demonyms in full, where the factbook's are irregular, incomplete or too short to be safe.

*Pole*, *Dane* and *Finn* are left out (a pole; given names); their plurals stay.
"""

AMBIGUOUS = {
    "Congo": ("cod", "cog"),
    "Congolese": ("cod", "cog"),
    "Dominican": ("dma", "dom"),
    "Dominicans": ("dma", "dom"),
    "Korea": ("kor", "prk"),
    "Korean": ("kor", "prk"),
    "Koreans": ("kor", "prk"),
}
"""The only aliases that two states may share. The build refuses any other."""

NAMES = {
    "are": ["U.A.E.", "UAE"],
    "bhs": ["The Bahamas"],
    "bih": ["Bosnia", "Bosnia-Herzegovina", "Bosnia & Herzegovina"],
    "chn": ["PRC", "Mainland China", "mainland China"],
    "civ": ["Côte d'Ivoire", "Cote d'Ivoire"],
    "cod": [
        "DRC",
        "D.R.C.",
        "D.R. Congo",
        "Democratic Republic of Congo",
        "Congo-Kinshasa",
        "Zaire",
        "Congo",
    ],
    "cog": ["Congo-Brazzaville", "Congo Republic", "Republic of Congo", "Congo"],
    "com": ["Comoro Islands"],
    "cpv": ["Cabo Verde"],
    "cze": ["Czechia"],
    "gbr": ["UK", "U.K.", "Britain", "Great Britain"],
    "gmb": ["The Gambia"],
    "gnb": ["Guinea Bissau"],
    "irl": ["Ireland", "Irish Republic"],
    "kna": ["St. Kitts and Nevis", "St Kitts and Nevis"],
    "kor": ["ROK", "R.O.K.", "Korea"],
    "lca": ["St. Lucia", "St Lucia"],
    "mkd": ["Macedonia", "Republic of Macedonia", "FYROM"],
    "mmr": ["Burma"],
    "prk": ["DPRK", "D.P.R.K.", "Korea"],
    "pse": ["State of Palestine"],
    "sau": ["KSA"],
    "stp": ["Sao Tome and Principe"],
    "swz": ["Swaziland"],
    "tls": ["East Timor", "Timor Leste"],
    "tto": ["Trinidad & Tobago", "Trinidad"],
    "tur": ["Türkiye", "Turkiye", "Republic of Turkey"],
    "twn": ["Republic of China"],
    "usa": ["US", "U.S.", "USA", "U.S.A.", "America", "United States of America"],
    "vat": ["Vatican", "Vatican City State"],
    "vct": ["St. Vincent and the Grenadines", "St Vincent and the Grenadines"],
    "vnm": ["Viet Nam"],
}
"""Other names and acronyms in English. Not here, because English text means something else
by them: CAR, PNG, ROC, GB, the Emirates (an airline, a stadium); and
Holland, which is a part of the Netherlands."""

FOREIGN = {
    "fr": {
        "alb": "Albanie", "are": "Émirats arabes unis", "chn": "Chine", "deu": "Allemagne",
        "egy": "Égypte", "esp": "Espagne", "gbr": "Royaume-Uni", "irq": "Irak", "isr": "Israël",
        "jor": "Jordanie", "lbn": "Liban", "lby": "Libye", "mar": "Maroc", "pol": "Pologne",
        "rus": "Russie", "sau": "Arabie saoudite", "syr": "Syrie", "tur": "Turquie",
        "usa": "États-Unis", "yem": "Yémen",
    },
    "es": {
        "are": "Emiratos Árabes Unidos", "deu": "Alemania", "egy": "Egipto", "esp": "España",
        "gbr": "Reino Unido", "jor": "Jordania", "lbn": "Líbano", "mar": "Marruecos",
        "qat": "Catar", "sau": "Arabia Saudí", "syr": "Siria", "tur": "Turquía",
        "ukr": "Ucrania", "usa": "Estados Unidos",
    },
    "de": {
        "are": "Vereinigte Arabische Emirate", "deu": "Deutschland", "egy": "Ägypten",
        "fra": "Frankreich", "gbr": "Vereinigtes Königreich", "jor": "Jordanien",
        "lbn": "Libanon", "lby": "Libyen", "rus": "Russland",
        "syr": "Syrien", "tur": "Türkei", "usa": "Vereinigte Staaten", "yem": "Jemen",
    },
    "tr": {
        "are": "Birleşik Arap Emirlikleri", "deu": "Almanya", "egy": "Mısır", "fra": "Fransa",
        "isr": "İsrail", "lbn": "Lübnan", "qat": "Katar", "rus": "Rusya",
        "sau": "Suudi Arabistan", "syr": "Suriye", "usa": "Amerika Birleşik Devletleri",
    },
}  # fmt: skip
"""Names in other languages of Latin script, of states that this region's news is about.

rigour holds these names without saying whose language they are; the language is ours, and
the build refuses a name that rigour does not hold.
"""

UNSAFE_NATIVE = frozenset(
    {"Того", "Мали", "Перу", "مالي", "هند", "تركي", "بنين", "Руснак"}
    | {"רצועת עזה", "הרשות הפלסטינית"}
)
"""Names in other scripts that are everyday words or given names there, or name a part."""

NEAR_MISSES = {
    "Niger": {"ner"},
    "Nigerien": {"ner"},
    "Nigeria": {"nga"},
    "Nigerian": {"nga"},
    "Austria": {"aut"},
    "Austrian": {"aut"},
    "Australia": {"aus"},
    "Australian": {"aus"},
    "Guinea": {"gin"},
    "Guinean": {"gin"},
    "Guinea-Bissau": {"gnb"},
    "Bissau-Guinean": {"gnb"},
    "Equatorial Guinea": {"gnq"},
    "Equatorial Guinean": {"gnq"},
    "Papua New Guinea": {"png"},
    "Dominica": {"dma"},
    "Dominican Republic": {"dom"},
    "Dominican": {"dma", "dom"},
    "DR Congo": {"cod"},
    "DRC": {"cod"},
    "Kinshasa": {"cod"},
    "Republic of the Congo": {"cog"},
    "Brazzaville": {"cog"},
    "Congo": {"cod", "cog"},
    "North Korea": {"prk"},
    "DPRK": {"prk"},
    "South Korea": {"kor"},
    "Seoul": {"kor"},
    "Korea": {"kor", "prk"},
    "Iran": {"irn"},
    "Iraq": {"irq"},
    "Mali": {"mli"},
    "Malawi": {"mwi"},
    "Slovak": {"svk"},
    "Slovene": {"svn"},
    "Sudan": {"sdn"},
    "South Sudan": {"ssd"},
    "China": {"chn"},
    "Republic of China": {"twn"},
    "Georgian": {"geo"},
    "Holland": set(),
}
"""Names that are easily confused, and the actors that they must mean."""
