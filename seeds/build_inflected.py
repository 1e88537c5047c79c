"""Offices in languages that inflect the state's name: *رئيس الوزراء القطري*, *президент Ирана*.

Words, adjectives and genitives are entered by hand; they are put together here.
"""

from __future__ import annotations

from collections.abc import Iterator

WORDS = {
    "ar": {
        "president": ("الرئيس {}",),
        "prime-minister": ("رئيس الوزراء {}",),
        "foreign-minister": ("وزير الخارجية {}",),
        "defence-minister": ("وزير الدفاع {}",),
        "interior-minister": ("وزير الداخلية {}",),
        "crown-prince": ("ولي العهد {}",),
        "king": ("العاهل {}", "الملك {}"),
        "chancellor": ("المستشار {}",),
    },
    "ru": {
        "president": ("президент {}",),
        "prime-minister": ("премьер-министр {}", "премьер {}"),
        "foreign-minister": ("министр иностранных дел {}", "глава МИД {}"),
        "defence-minister": ("министр обороны {}",),
        "interior-minister": ("министр внутренних дел {}",),
        "king": ("король {}",),
        "crown-prince": ("наследный принц {}",),
        "emir": ("эмир {}",),
        "sultan": ("султан {}",),
        "chancellor": ("канцлер {}",),
    },
}
"""The name of an office, with a place for the adjective (Arabic) or the genitive (Russian)."""

FORMS = {
    "ar": {
        "qat": "القطري", "irn": "الإيراني", "isr": "الإسرائيلي", "sau": "السعودي",
        "egy": "المصري", "tur": "التركي", "irq": "العراقي", "syr": "السوري", "lbn": "اللبناني",
        "jor": "الأردني", "yem": "اليمني", "omn": "العماني", "kwt": "الكويتي", "bhr": "البحريني",
        "mar": "المغربي", "tun": "التونسي", "dza": "الجزائري", "lby": "الليبي", "sdn": "السوداني",
        "pse": "الفلسطيني", "rus": "الروسي", "chn": "الصيني", "fra": "الفرنسي", "deu": "الألماني",
        "gbr": "البريطاني", "ita": "الإيطالي", "esp": "الإسباني", "ind": "الهندي",
        "pak": "الباكستاني", "afg": "الأفغاني", "jpn": "الياباني", "ukr": "الأوكراني",
        "bra": "البرازيلي", "idn": "الإندونيسي", "aus": "الأسترالي", "can": "الكندي",
        "are": "الإماراتي", "usa": "الأمريكي|الأميركي", "kor": "الكوري الجنوبي",
        "arg": "الأرجنتيني", "mex": "المكسيكي", "pol": "البولندي", "som": "الصومالي",
        "ven": "الفنزويلي", "cub": "الكوبي", "nld": "الهولندي", "grc": "اليوناني",
    },
    "ru": {
        "rus": "России|РФ", "ukr": "Украины", "irn": "Ирана", "isr": "Израиля", "qat": "Катара",
        "tur": "Турции", "fra": "Франции", "deu": "Германии|ФРГ", "usa": "США", "chn": "Китая|КНР",
        "gbr": "Великобритании", "sau": "Саудовской Аравии", "egy": "Египта", "syr": "Сирии",
        "irq": "Ирака", "lbn": "Ливана", "ind": "Индии", "pak": "Пакистана", "pol": "Польши",
        "ita": "Италии", "esp": "Испании", "jpn": "Японии", "blr": "Белоруссии|Беларуси",
        "kaz": "Казахстана", "geo": "Грузии", "arm": "Армении", "aze": "Азербайджана",
        "hun": "Венгрии", "srb": "Сербии", "kor": "Южной Кореи", "kwt": "Кувейта",
        "omn": "Омана", "are": "ОАЭ", "jor": "Иордании", "yem": "Йемена", "fin": "Финляндии",
        "mda": "Молдавии|Молдовы", "uzb": "Узбекистана", "kgz": "Киргизии", "tjk": "Таджикистана",
        "ltu": "Литвы", "lva": "Латвии", "est": "Эстонии", "rou": "Румынии", "bgr": "Болгарии",
        "cze": "Чехии", "svk": "Словакии", "grc": "Греции", "bra": "Бразилии", "can": "Канады",
        "aus": "Австралии", "nld": "Нидерландов", "bel": "Бельгии", "ven": "Венесуэлы",
        "swe": "Швеции", "nor": "Норвегии", "dnk": "Дании", "aut": "Австрии", "che": "Швейцарии",
    },
}  # fmt: skip
"""The adjective or the genitive of a state; several after |."""


def inflected(role: str, iso3: str) -> Iterator[tuple[str, str]]:
    """Yield the office of a state in these languages, each with its language."""
    for lang, words in WORDS.items():
        for form in filter(None, FORMS[lang].get(iso3, "").split("|")):
            for word in words.get(role, ()):
                yield word.format(form), lang
