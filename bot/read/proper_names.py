"""Detect when an actor's name is part of another name: *Michael Jordan*, *Panama Papers*.

The rules are general: they look at the words beside the name and at their capitals. The tables list
names that are also personal names, and words that turn a name before or after them into something
else.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.match.trie import Hit
from bot.models import AliasKind
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import HONORIFICS, normalise


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of states and capitals that are also first names or last names.
GIVEN = _set("""
    jordan chad israel georgia india china kenya cuba ireland holland paris london victoria austin
    santiago sofia florence sydney lima havana asia america geneva milan
""")
FAMILY = _set("""
    jordan chad israel georgia ireland holland england france paris london washington victoria
    austin santiago sydney kingston hamilton wellington lincoln wales scotland britain rome vienna
    brazil milan
""")

# Before a name, these make it a place other than the state: New Jersey, Port Sudan.
BEFORE = _set("""
    new little lake fort port san santa saint st mount mt cape rio el los las air real atletico
    inter sporting dynamo copa
""")

# After a name, these make it something else: an airline, a newspaper, a contest, a place.
AFTER = _set("""
    airlines airways papers delta tech university college open cup grand marathon derby times post
    herald tribune journal telegraph gazette street avenue road square ocean sea gulf valley
    peninsula bay beach county express fc idol championship championships masters prix
    heights pavilion city bulldogs institute
""")

# After a capital city, these make it a treaty.
AFTER_CAPITAL = _set("""
    agreement agreements accord accords protocol convention conference declaration process summit
    communique club clubs treaty regulation
""")

# X of NAME is water or land, not the state.
_WATERS = _set("gulf sea bay strait straits isthmus horn cape university voice")

# Before these, they make it another people or region.
_OTHERS = {
    "america": _set("latin south north central feeding captain miss corporate"),
    "american": _set("latin south north central african native asian pan"),
    "americans": _set("latin south north central african native asian"),
    "indian": _set("west east american"),
    "indians": _set("west east american cleveland"),
    "irish": _set("northern"),
    "ireland": _set("northern"),
    "mongolia": _set("inner"),
    "mongolian": _set("inner"),
    "ossetia": _set("south north"),
    "guinea": _set("new papua equatorial"),
    "sudan": _set("south"),
    "sudanese": _set("south"),
    "korea": _set("north south"),
    "korean": _set("north south"),
    "timor": _set("east west"),
    "australia": _set("western south"),
    "jerusalem": _set("east"),
}

# After these, they make it a state of the USA, or its schools.
_AFTER_THESE = {
    "washington": _set("state wizards nationals redskins dulles"),
    "georgia": _set("state"),
}

# The Prince of Wales is not a place.
_ROYAL = _set("prince princess princes")

# Surnames that precede the given name: Xi Zhongxun is not Xi Jinping.
_FIRST = _set("xi kim park moon lee yoon wang zhang li ho tran nguyen")

# Banks that belong to no state: Bank of America.
_BANK_OF = _set("america")

# Towns in these are named after countries and capitals: Lebanon, Pennsylvania.
AMERICAN_STATES = r"""Alabama|Alaska|Arizona|Arkansas|Colorado|Connecticut|Delaware|Florida|Idaho
|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota
|Mississippi|Missouri|Montana|Nebraska|Nevada|New\ (?:Hampshire|Jersey|Mexico|York)|Ohio
|(?:North|South)\ (?:Carolina|Dakota)|Oklahoma|Oregon|Pennsylvania|Rhode\ Island|Tennessee|Texas
|Utah|Vermont|Virginia|West\ Virginia|Wisconsin|Wyoming|Pa\.|Tex\.|Ill\.|Ind\.|Mo\.|Ohio"""
"""The states of the USA, for a regular expression with re.VERBOSE."""
_IN_AMERICA = re.compile(rf",\ (?:{AMERICAN_STATES})(?!\w)", re.VERBOSE)

_GEORGIA_OF_AMERICA = re.compile(
    r"\b(?:Atlanta|Fulton County|Savannah|Augusta|Brian Kemp|Raffensperger|"
    r"Alabama|Tennessee|South Carolina|North Carolina|Florida|Georgia Tech|"
    r"University of Georgia|Georgia Bulldogs|U\.?S\.? state of Georgia)\b"
)
_GEORGIA = re.compile(
    r"\b(?:Tbilisi|Georgians?|Abkhazia|Ossetia|Saakashvili|Batumi|Caucasus|Kobakhidze|"
    r"Ivanishvili|Zourabichvili|Russian?|Armenia|Azerbaijan|Moldova|Ukraine)\b"
)

_OF_WORD = re.compile(r"(\w+) of (?:the )?\Z")
_NATIONAL_SOCIETY = re.compile(r"Red (?:Cross|Crescent)\b")
_OF_A_STATE = re.compile(
    r"\b(?:[A-Z][a-z]+(?:an|ese|ish|i)|French|German|Greek) Red (?:Cross|Crescent)\b"
)
_AFTER_WORD = re.compile(r"(?: |\u00a0)([^\W_][\w’'-]*\.?)")
# A vice president is not the president, and a former one holds no office.
_NOT_IN_OFFICE = re.compile(
    r"\b(?:vice|deputy|assistant|former|ex|late|ousted|exiled|then)[ -]\Z", re.IGNORECASE
)
_HYPHENED = re.compile(r"(\w+)-\Z")
_SENTENCE_START = re.compile(r"(?:\A|[.!?:]['\"”’)]*\s+|\n\s*)[“\"‘'(]*\Z")
_TITLED_NAME = re.compile(r"\b(?:Rep|Sen|Gov|Mr|Mrs|Ms|Dr)\. [A-Z][a-z]+ \Z")
_GENERATION = re.compile(r",? (?P<suffix>Jr|Sr)\b")
_REACH = 40
_ABBREVIATION = 3

Begins = Callable[[str], bool]
"""Whether a word begins a name that the index knows."""


def part_of_other_name(text: str, hit: Hit, begins: Begins) -> bool:
    """Whether the words around ``hit`` make it another name."""
    kind = hit.named[0].kind
    if _NATIONAL_SOCIETY.match(text, hit.start) and _societies(text):
        return True
    if kind is AliasKind.OFFICE:
        return former(text, hit.start)
    if kind in (AliasKind.METONYM, AliasKind.ACRONYM):
        return _denied(text, hit)
    if any(len(named.needs) > 1 for named in hit.named):
        return kind is AliasKind.CAPITAL and _after(text, hit) in AFTER_CAPITAL
    before = text[max(0, hit.start - _REACH) : hit.start]
    if kind is not AliasKind.CAPITAL and _stands_alone(text, hit, before):
        return False
    key = normalise(text[hit.start : hit.end])
    return (
        _denied(text, hit)
        or _joined(before, kind)
        or _made_other(text, hit, key, before)
        or _in_person(text, hit, key, before, begins)
        or (kind is AliasKind.CAPITAL and _plain_word(text, key, before))
    )


def _societies(text: str) -> bool:
    """Whether an article names a state's Red Cross, so that it may mean that one later."""
    return _OF_A_STATE.search(text) is not None


def generation(text: str, end: int) -> str | None:
    """Return *Jr* or *Sr* if it follows a name, else None."""
    found = _GENERATION.match(text, end)
    return found["suffix"] if found else None


def former(text: str, at: int) -> bool:
    """Whether the word before ``at`` makes a title a lower or a former one."""
    return _NOT_IN_OFFICE.search(text, max(0, at - _REACH), at) is not None


def _stands_alone(text: str, hit: Hit, before: str) -> bool:
    """Whether no adjacent capitalised word can be part of the name: usually true, and fast."""
    after = text[hit.end : hit.end + 3]
    if after[:1] in (" ", "\u00a0", ",") and after[1:].lstrip()[:1].isupper():
        return False
    return not before.endswith(("-", " of ", " of the ")) and not _before(before)


def _denied(text: str, hit: Hit) -> bool:
    """Whether a name is only excluded: *non-NATO ally*."""
    return text[max(0, hit.start - 4) : hit.start].lower() == "non-"


def _joined(before: str, kind: AliasKind) -> bool:
    """Whether a name is the second half of a capitalised compound: *Trans-Jordan*."""
    hyphened = _HYPHENED.search(before) if before.endswith("-") else None
    return (
        hyphened is not None
        and kind is AliasKind.NAME
        and hyphened[1][0].isupper()
        and normalise(hyphened[1]) in ("trans", "cis", "jean", "port", "new", "afro", "anglo")
    )


def _made_other(text: str, hit: Hit, key: str, before: str) -> bool:
    after = _after(text, hit)
    if after in AFTER and not text[hit.start : hit.end].isupper():
        return True
    if after in _AFTER_THESE.get(key, ()):
        return True
    if hit.named[0].kind is AliasKind.CAPITAL and after in AFTER_CAPITAL:
        return True
    if _IN_AMERICA.match(text, hit.end):
        return True
    low = normalise(_before(before))
    if low in BEFORE or low in _OTHERS.get(key, ()):
        return True
    of = _OF_WORD.search(before) if before.endswith((" of ", " the ")) else None
    if of is None or not of[1][0].isupper():
        return False
    low = of[1].lower()
    return (
        low in _WATERS
        or (of[1] == "Bank" and key in _BANK_OF)
        or (low in _ROYAL and key == "wales")
    )


def _after(text: str, hit: Hit) -> str:
    """Return the capitalised word after the hit, in lower case, or ""."""
    word = _AFTER_WORD.match(text, hit.end)
    return word[1].lower() if word is not None and word[1][0].isupper() else ""


def _before(before: str) -> str:
    """Return the capitalised word that ends ``before``, or "". A full stop, comma or other sign
    separates it from the name, except after *St.* and initials."""
    if not before.endswith((" ", "\u00a0")):
        return ""
    words = before.rsplit(None, 1)
    if not words or "\n" in before[-2:]:
        return ""
    word = words[-1].lstrip("'\"‘“(")
    if not word[:1].isupper() or (word.endswith(".") and len(word) > _ABBREVIATION):
        return ""
    return word if word[-1].isalnum() or word[-1] == "." else ""


def _in_person(text: str, hit: Hit, key: str, before: str, begins: Begins) -> bool:
    """Whether a name is part of a person's: *Jordan Peterson*, *Michael Jordan*, or *Mojtaba
    Khamenei* if only Ali is known."""
    surname = hit.named[0].kind is AliasKind.SURNAME
    if text[hit.start : hit.end].isupper() and len(key) > 1:
        return False
    if key in GIVEN and not surname and not _ruled(before):
        after = _AFTER_WORD.match(text, hit.end)
        if after is not None and _personal(after[1], begins):
            return True
    if surname and key in _FIRST:
        after = _AFTER_WORD.match(text, hit.end)
        if after is not None and _personal(after[1], begins):
            return True
    if key not in FAMILY and not surname:
        return False
    word = _before(before)
    if _personal(word, begins) or (surname and _TITLED_NAME.search(before)):
        return True
    # Hunter Biden: in mid-sentence, a capital also makes a common word a name.
    return (
        surname
        and word != ""
        and normalise(word) not in HONORIFICS
        and not begins(_without_possessive(word))
        and _SENTENCE_START.search(before[: -len(word) - 1]) is None
        and not _titled(text)
    )


def _ruled(before: str) -> bool:
    """Whether *of* after a title makes a name the state: *President of Georgia Mikheil ...*."""
    of = _OF_WORD.search(before) if before.endswith((" of ", " the ")) else None
    return of is not None and normalise(of[1]) in HONORIFICS


def _personal(word: str, begins: Begins) -> bool:
    """Whether a word beside a name may be the other half of a person's name."""
    if not word or not word[0].isupper():
        return False
    if len(word) == len("B.") and word.endswith("."):
        return True
    if word.isupper() and len(word) > 1:
        return False
    key = normalise(word)
    if key in GIVEN_NAMES:
        return True
    return not (is_common(key) or key in HONORIFICS or begins(_without_possessive(word)))


def _without_possessive(word: str) -> str:
    return word.split("’")[0].split("'")[0]


def _plain_word(text: str, key: str, before: str) -> bool:
    """Whether an English word has its capital only from its sentence: *Male suspects*."""
    return is_common(key) and (
        _SENTENCE_START.search(before) is not None or _titled(text) or key == "nice"
    )


def _titled(text: str) -> bool:
    """Whether a line is capitalised like a headline: most of its words begin with a capital."""
    words = text.split()
    return len(words) < 25 and sum(w[0].isupper() for w in words) * 2 > len(words)


def american_georgia(text: str) -> bool:
    """Whether an article that names Georgia means the US state."""
    return _GEORGIA_OF_AMERICA.search(text) is not None and _GEORGIA.search(text) is None
