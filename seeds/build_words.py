"""The words for offices, in English and, by plain composition, in other scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seeds.build_inflected import inflected
from seeds.build_leaders import ROLES

WITH_ARTICLE = frozenset("usa gbr are phl nld mdv bhs com dom mhl slb gmb cze caf cog vat".split())
"""States whose name takes *the*: President of the United States."""

TITLES = {
    "prime-minister": ("Prime Minister", "Premier"),
    "foreign-minister": ("Foreign Minister", "Minister of Foreign Affairs"),
    "defence-minister": ("Defence Minister", "Defense Minister", "Minister of Defence"),
    "interior-minister": ("Interior Minister", "Minister of the Interior"),
    "emir": ("Emir", "Amir"),
    "governor-general": ("Governor-General",),
}
"""Titles of an office, the usual one first; other offices use the one in ROLES."""

OTHERWISE = {
    ("usa", "foreign-minister"): ("Secretary of State",),
    ("usa", "defence-minister"): ("Defense Secretary", "Secretary of Defense"),
    ("gbr", "foreign-minister"): ("Foreign Secretary", "Foreign Minister"),
    ("gbr", "defence-minister"): ("Defence Secretary", "Defence Minister", "Defense Minister"),
    ("gbr", "interior-minister"): ("Home Secretary", "Interior Minister"),
    ("phl", "foreign-minister"): ("Foreign Secretary", "Foreign Minister"),
    ("phl", "defence-minister"): ("Defense Secretary", "Defense Minister"),
    ("ind", "foreign-minister"): ("External Affairs Minister", "Foreign Minister"),
    ("chn", "prime-minister"): ("Premier", "Prime Minister"),
    ("prk", "prime-minister"): ("Premier", "Prime Minister"),
    ("twn", "prime-minister"): ("Premier", "Prime Minister"),
    ("irl", "prime-minister"): ("Taoiseach", "Prime Minister"),
}
"""Offices that a state names differently from others."""

PEOPLES = {"usa": ("American", "US", "U.S."), "gbr": ("British", "UK", "U.K."),
           "are": ("Emirati", "UAE"), "kor": ("South Korean",), "prk": ("North Korean",),
           "sau": ("Saudi", "Saudi Arabian"), "deu": ("German",), "bih": ("Bosnian",),
           "nzl": ("New Zealand",), "pse": ("Palestinian",), "cod": (), "cog": (),
           "dma": (), "dom": (), "phl": ("Philippine",), "esp": ("Spanish",)}  # fmt: skip
"""Adjectives of states whose first demonym in the table is not one, or names two states."""

OWNERS = {"usa": ("America",), "gbr": ("UK", "Britain"), "are": ("UAE",)}
"""Other names of a state that precede an office with an *'s*."""

IN_SCRIPT = {
    "ar": {"president": "رئيس {}", "prime-minister": "رئيس وزراء {}", "king": "ملك {}",
           "foreign-minister": "وزير خارجية {}", "defence-minister": "وزير دفاع {}",
           "interior-minister": "وزير داخلية {}", "emir": "أمير {}", "sultan": "سلطان {}"},
    "he": {"president": "נשיא {}", "prime-minister": "ראש ממשלת {}", "king": "מלך {}",
           "foreign-minister": "שר החוץ של {}"},
    "fa": {"president": "رئیس جمهور {}", "prime-minister": "نخست وزیر {}",
           "foreign-minister": "وزیر خارجه {}"},
    "zh": {"president": "{}总统", "prime-minister": "{}总理", "foreign-minister": "{}外长",
           "king": "{}国王", "defence-minister": "{}国防部长"},
}  # fmt: skip
"""Offices in languages that combine them with the state's name unchanged."""

STATE_NAMES = {
    "ar": {"qat": "قطر", "irn": "إيران", "isr": "إسرائيل", "sau": "السعودية", "egy": "مصر",
           "tur": "تركيا", "irq": "العراق", "syr": "سوريا", "lbn": "لبنان", "jor": "الأردن",
           "yem": "اليمن", "omn": "عمان", "kwt": "الكويت", "bhr": "البحرين",
           "mar": "المغرب", "tun": "تونس", "dza": "الجزائر", "lby": "ليبيا", "sdn": "السودان",
           "pse": "فلسطين", "rus": "روسيا", "chn": "الصين", "fra": "فرنسا", "deu": "ألمانيا",
           "gbr": "بريطانيا", "ita": "إيطاليا", "esp": "إسبانيا", "ind": "الهند",
           "pak": "باكستان", "afg": "أفغانستان", "jpn": "اليابان", "ukr": "أوكرانيا",
           "bra": "البرازيل", "idn": "إندونيسيا", "aus": "أستراليا", "can": "كندا",
           "are": "الإمارات", "usa": "الولايات المتحدة", "kor": "كوريا الجنوبية",
           "zaf": "جنوب أفريقيا", "arg": "الأرجنتين", "mex": "المكسيك"},
    "he": {"qat": "קטאר", "irn": "איראן", "isr": "ישראל", "egy": "מצרים", "tur": "טורקיה",
           "irq": "עיראק", "syr": "סוריה", "lbn": "לבנון", "jor": "ירדן", "rus": "רוסיה",
           "chn": "סין", "fra": "צרפת", "deu": "גרמניה", "gbr": "בריטניה", "ita": "איטליה",
           "usa": "ארצות הברית", "sau": "ערב הסעודית", "yem": "תימן", "ind": "הודו"},
    "fa": {"qat": "قطر", "irn": "ایران", "isr": "اسرائیل", "egy": "مصر", "tur": "ترکیه",
           "irq": "عراق", "syr": "سوریه", "lbn": "لبنان", "rus": "روسیه", "chn": "چین",
           "fra": "فرانسه", "deu": "آلمان", "pak": "پاکستان", "afg": "افغانستان",
           "sau": "عربستان سعودی"},
    "zh": {"usa": "美国", "rus": "俄罗斯", "irn": "伊朗", "isr": "以色列", "fra": "法国",
           "deu": "德国", "gbr": "英国", "kor": "韩国", "egy": "埃及", "tur": "土耳其",
           "syr": "叙利亚", "qat": "卡塔尔", "ind": "印度", "pak": "巴基斯坦", "ita": "意大利",
           "ukr": "乌克兰", "bra": "巴西", "vnm": "越南", "jpn": "日本"},
}  # fmt: skip
"""Names of states for these compositions; a name that rigour does not hold is left out."""


def titles(role: str, iso3: str) -> tuple[str, ...]:
    """Return the English names of an office, the usual one first."""
    return OTHERWISE.get((iso3, role)) or TITLES.get(role) or (ROLES[role],)


def named(state_name: str, iso3: str) -> str:
    """Return the state's name in the form after *of*."""
    return f"the {state_name}" if iso3 in WITH_ARTICLE else state_name


def office_words(
    role: str, iso3: str, state_name: str, people: str, known: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield all ways to write an office, each with its language: ``("Qatari Emir", "en")``.

    ``people`` is the state's adjective, or empty; ``known`` its names in rigour.
    """
    peoples = PEOPLES.get(iso3, (people,) if people else ())
    owners: Iterable[str] = (state_name, *OWNERS.get(iso3, ()))
    for title in titles(role, iso3):
        yield f"{title} of {named(state_name, iso3)}", "en"
        for adjective in peoples:
            yield f"{adjective} {title}", "en"
        for owner in owners:
            yield (f"{owner}' {title}" if owner.endswith("es") else f"{owner}'s {title}"), "en"
    for lang, words in IN_SCRIPT.items():
        place = STATE_NAMES[lang].get(iso3)
        if role in words and place and (place in known or place.removeprefix("ال") in known):
            yield words[role].format(place), lang
    yield from inflected(role, iso3)
