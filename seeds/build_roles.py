"""Who is given which office of a state in the news, on which day: sightings.

A sighting is a state, an office and a full name side by side in one item, such as a
demonym, *Foreign Minister* and two to four capitalised words. Former, deputy, elect and similar
holders do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from seeds.build_items import Item

_OFFICES = {
    r"Prime Minister|prime minister": "prime-minister",
    r"President|president": "president",
    r"Vice[- ]President|vice[- ]president": "vice-president",
    r"Foreign Minister|foreign minister|Minister of Foreign Affairs|minister of foreign affairs"
    r"|Foreign Affairs Minister|Minister for Foreign Affairs|External Affairs Minister"
    r"|Minister of External Affairs|Foreign Secretary|foreign secretary|Secretary of State"
    r"|secretary of state": "foreign-minister",
    r"Defen[cs]e Minister|defen[cs]e minister|Minister of Defen[cs]e|minister of defen[cs]e"
    r"|Minister of National Defen[cs]e|Defen[cs]e Secretary|Secretary of Defen[cs]e"
    r"|defen[cs]e secretary": "defence-minister",
    r"Interior Minister|interior minister|Minister of (?:the )?Interior|Home Secretary"
    r"|minister of the interior|home secretary": "interior-minister",
    r"Chancellor|chancellor": "chancellor",
    r"Taoiseach": "prime-minister",
}
_SECRETARIES = {
    "Foreign Secretary": {"gbr", "phl"},
    "foreign secretary": {"gbr", "phl"},
    "Secretary of State": {"usa"},
    "secretary of state": {"usa"},
    "Defense Secretary": {"usa", "phl"},
    "Defence Secretary": {"gbr", "phl"},
    "defence secretary": {"gbr"},
    "defense secretary": {"usa", "phl"},
    "Secretary of Defense": {"usa"},
    "Home Secretary": {"gbr"},
    "home secretary": {"gbr"},
    "Chancellor": {"deu", "aut"},
    "chancellor": {"deu", "aut"},
}
"""Titles that mean the office in these states alone."""

_PART = r"(?:(?:[ae]l|a[dnrstz]|ash)-)?[^\W\d_a-z][\w’'-]*\w"
_LINK = r"(?:bin|ibn|al|el|von|van|der|de|da|dos|do|di|du|la|le|bint|ould|[A-Z]\.)"
_NAME = (
    rf"((?:[A-Z]\. )?{_PART}(?: {_LINK}){{0,2}}(?:-{_PART})?"
    rf"(?: (?:{_LINK} )*{_PART}){{1,4}}(?: Jr\.)?)"
)
_BEFORE = re.compile(
    r"(?:former|Former|ex-?|Ex-?|late|then|Deputy|deputy|Vice|vice|ousted|deposed|Vice-|future|"
    r"incoming|First|Assistant|Shadow|shadow|outgoing|designate|new|next|[Aa]cting|[Ii]nterim|self-"
    r"proclaimed|opposition|exiled|disputed)[ -]?$"
)
_STOPS = frozenset(
    "The A An In On At After Before And But For To Of With From By As He She It They His Her "
    "President Prime Minister Foreign Defence Defense Secretary Chancellor King Queen State "
    "Vice Deputy General Sheikh Crown Prince Party Government Parliament Army House Senate "
    "Cabinet Court Council Union Nations Palace Election Office Day University Airport "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April "
    "May June July August September October November December Former Also Both Sir Dame "
    "Israel Iran Iraq Russia China United States Britain France Germany Turkey Pakistan India "
    "Republican Democratic Candidate Nobel Mr Mrs Dr Lord Lady Street Hotel Award".split()
)


class Sighting(NamedTuple):
    """One person given one office of one state in one item; ``iso3`` in lower case."""

    iso3: str
    role: str
    name: str
    day: date
    item: str


def sightings(
    items: Iterable[Item], states: dict[str, str], peoples: dict[str, str]
) -> list[Sighting]:
    """Return all sightings; ``states`` and ``peoples`` map names and demonyms to alpha-3 codes.

    A name of two states (*Korean*) must not be among them.
    """
    both = states | peoples
    named, anyone = (
        "|".join(sorted(map(re.escape, table), key=lambda text: (-len(text), text)))
        for table in (states, both)
    )
    titles = "|".join(_OFFICES)
    forward = re.compile(rf"\b({anyone})(?:['’]s|['’])? ({titles}),? {_NAME}")
    backward = re.compile(rf"\b({titles}) of (?:the )?({named}),? {_NAME}")
    roles = {title: role for key, role in _OFFICES.items() for title in _spelt(key)}
    found: list[Sighting] = []
    for item in items:
        if (
            "inister" in item.text
            or "resident" in item.text
            or "ecretary" in item.text
            or ("hancellor" in item.text or "Taoiseach" in item.text)
        ):
            for match in forward.finditer(item.text):
                found += _sighting(item, match, match[1], match[2], match[3], both, roles)
            for match in backward.finditer(item.text):
                found += _sighting(item, match, match[2], match[1], match[3], both, roles)
    return found


def _surname(words: list[str]) -> bool:
    """Return whether *May* ends a name, as in Theresa May: after a longer name it is the month."""
    return len(words) == 2 and words[1] == "May" and words[0] not in _STOPS


def _spelt(pattern: str) -> Iterator[str]:
    """Yield the titles that one of the patterns above stands for."""
    for part in pattern.split("|"):
        spellings = [part]
        for group, options in (("[cs]", "cs"), ("[- ]", "- "), ("(?:the )?", ("", "the "))):
            spellings = (
                [text.replace(group, one) for text in spellings for one in options]
                if any(group in text for text in spellings)
                else spellings
            )
        yield from spellings


def _sighting(
    item: Item, match: re.Match[str], state: str, title: str, name: str,
    states: dict[str, str], roles: dict[str, str],
) -> Iterator[Sighting]:  # fmt: skip
    iso3 = states[state]
    if _BEFORE.search(item.text[: match.start()]) or re.match(
        r"[- ](?:elect|designate)", item.text[match.end() :]
    ):
        return
    if title in _SECRETARIES and iso3 not in _SECRETARIES[title]:
        return
    words = re.sub(r"['’]s?(?: .*)?$", "", name).split()
    while words and words[0] in ("Sheikh", "Prince", "General", "Sir", "Dame"):
        words.pop(0)
    while words and words[-1] in _STOPS and not _surname(words):
        words.pop()
    if any(word in _STOPS for word in words[:-1]) or len(words) < 2 or words[0] in _STOPS:
        return
    yield Sighting(iso3, roles[title], " ".join(words), item.day, item.id)
