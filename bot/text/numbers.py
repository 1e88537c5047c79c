"""Numbers, ranks and years as English writes them: *twenty-five*, *9th*, *nineteen eighty six*."""

from __future__ import annotations

import re

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_RANKS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)

CARDINALS = {word: n for n, word in enumerate(_ONES + _TEENS, start=1)}
CARDINALS |= {word: n for n, word in zip(range(20, 100, 10), _TENS, strict=True)}
CARDINALS |= {
    f"{ten} {one}": CARDINALS[ten] + n for ten in _TENS for n, one in enumerate(_ONES, start=1)
}
# "a few" has no number; three is what readers of news take it for.
_COUNTS = CARDINALS | {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 3, "some": 3}
_COUNTS |= {"dozen": 12, "hundred": 100}

_ORDINALS = {word: n for n, word in enumerate(_RANKS.split(), start=1)}
_ORDINALS |= {f"twenty {word}": 20 + n for word, n in list(_ORDINALS.items())[:9]}
_ORDINALS |= {"thirtieth": 30, "thirty first": 31}


def _either(words: list[str]) -> str:
    """A pattern for any of some words, the longest first, written with blanks or hyphens."""
    return "|".join(w.replace(" ", r"[\s-]") for w in sorted(words, key=len, reverse=True))


COUNT_WORDS = _either(list(_COUNTS))
RANK_WORDS = _either(list(_ORDINALS))
DAY_WORDS = _either([word for word, n in CARDINALS.items() if 10 <= n <= 31])
"""Days that are said as plain numbers (*May twenty nine*); below ten they are counts."""

_LOW = rf"(?:{_either([word for word, n in CARDINALS.items() if n >= 10])})"
_REST = rf"\s(?:and\s)?(?:{_either(list(CARDINALS))})"
YEAR_WORDS = (
    rf"(?:fifteen|sixteen|seventeen|eighteen|nineteen)\shundred(?:{_REST})?"
    rf"|(?:sixteen|seventeen|eighteen|nineteen|twenty)[\s-](?:{_LOW}|oh[\s-](?:{'|'.join(_ONES)}))"
    rf"|two\sthousand{_REST}"
)
"""A year in words, from 1600 to 2099: *seventeen hundred thirty three*, *two thousand and five*."""


FIRST_OF_NUMBERS = frozenset(word.split()[0] for word in (*_COUNTS, *_ORDINALS, *CARDINALS))
"""What a number or a rank in words may begin with."""


def number_of(text: str) -> int:
    """A count in digits or words."""
    return int(text) if text.isdigit() else _COUNTS[_plain(text)]


def rank_of(text: str) -> int:
    """A rank or the number of a day: ``3rd``, ``third``, ``twenty nine``."""
    digits = text.lower().rstrip("stndrh")
    if digits.isdigit():
        return int(digits)
    words = _plain(text)
    return _ORDINALS.get(words) or CARDINALS[words]


def year_number(text: str, now: int) -> int:
    """A year in digits or words; of two digits (*87*) the latest one until 15 years on."""
    digits = text.lower().removeprefix("of").strip(" '’")
    if digits.isdigit():
        year = int(digits)
        if len(digits) > 2:
            return year
        year += now // 100 * 100
        return year - 100 if year > now + 15 else year
    words = re.sub(r"\b(?:and|oh)\b", " ", _plain(text))
    for cut, unit in ((" thousand", 1000), (" hundred", 100)):
        head, found, rest = words.partition(cut)
        if found:
            return CARDINALS[head] * unit + CARDINALS.get(" ".join(rest.split()), 0)
    head, _, rest = words.partition(" ")
    return CARDINALS[head] * 100 + CARDINALS[" ".join(rest.split())]


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").split())
