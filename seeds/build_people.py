"""Merging the spellings of one state's office-holders into persons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from rapidfuzz import fuzz

from bot.text.names import normalise, strip_honorifics
from seeds.build_holders import MONARCHS
from seeds.build_items import Seen, fold_words
from seeds.build_leaders import ROLES, Holder
from seeds.build_names import COMMON, forms
from seeds.build_roles import Sighting

FAMILIES = frozenset(
    "sabah thani saud nahyan khalifa said maktum maktoum mohammed mohammad muhammad mohamed "
    "mohamud mohamoud ahmed ahmad abdullah abdallah".split()
)
"""Names so common in one state's offices that they distinguish nobody."""

SURNAME_FIRST = frozenset("vnm chn kor prk khm lao mmr twn idn eth".split())
"""States whose people do not go by the first and last word of their name."""

Counts = dict[tuple[str, ...], Seen]


class Person:
    """A person being merged. ``terms`` are role, first and last day, from any source."""

    def __init__(self, state: str, known: str = "", name: str = "") -> None:
        self.state = state
        self.id = known
        self.name = name
        self.curated = bool(known)
        self.texts: dict[str, str] = {}
        self.keys: dict[str, None] = {}
        self.curated_keys: frozenset[str] = frozenset()
        self.terms: list[tuple[str, date, date]] = []
        self.sources: dict[str, None] = {}
        self.last_seen: date | None = None
        self.latest = ""

    def take(self, texts: Iterable[str], source: str, seen: date) -> None:
        """Add spellings, each credited to the first source that has it."""
        for text in texts:
            self.texts.setdefault(text, source)
            self.keys.setdefault(_key(text), None)
        self.sources.setdefault(source, None)
        if self.last_seen is None or seen >= self.last_seen:
            self.last_seen, self.latest = seen, source


def _key(text: str) -> str:
    return normalise(strip_honorifics(text)[0])


def same_name(left: str, right: str) -> bool:
    """Return whether two normalised names are the same but for spelling."""
    if left == right:
        return True
    if min(len(left), len(right)) < 8 or left.split()[0][0] != right.split()[0][0]:
        return False
    a, b = left.split(), right.split()
    n = min(len(a), len(b))
    heads = list(zip(a[:n], b[:n], strict=True))
    with_fathers = n > 2 and "bin" in a[:n] and "bin" in b[:n]
    if with_fathers and all(fuzz.ratio(x, y) >= 75 for x, y in heads):
        return True  # the extra words are grandfathers and the house
    if len(a) == len(b) and all(fuzz.ratio(x, y) >= 72 for x, y in zip(a, b, strict=True)):
        return fuzz.ratio(left, right) >= 84
    return fuzz.ratio(left.replace(" ", ""), right.replace(" ", "")) >= 93


def alike(left: str, right: str) -> bool:
    """Return whether two names may be one person's, given one office at one time."""
    a = [word for word in left.split() if len(word) > 3 and word not in FAMILIES]
    b = [word for word in right.split() if len(word) > 3 and word not in FAMILIES]
    if not a or not b:
        return False
    near = [max(fuzz.ratio(x, y) for y in b) for x in a]
    if sum(score >= 75 for score in near) >= 2 or (len(a) == 1 and near[0] >= 80):
        return True
    return fuzz.ratio(a[-1], b[-1]) >= 75 and (a[0][0] == b[0][0] or fuzz.ratio(a[0], b[0]) > 60)


class People:
    """The office-holders of one state; ``famous`` are persons entered by hand, by name."""

    def __init__(self, state: str, famous: dict[str, Person]) -> None:
        self.state = state
        self.famous = famous
        self.all: list[Person] = []

    def find(
        self, texts: Sequence[str], role: str, start: date, end: date, *, exact: bool = False
    ) -> Person | None:
        """Return the person that these spellings name: by the name, or by it and the same term,
        ``exact`` if that begins on the same day."""
        keys = [_key(text) for text in texts]
        for key in keys:
            if key in self.famous:
                if self.famous[key] not in self.all:
                    self.all.append(self.famous[key])
                return self.famous[key]
        for person in self.all:
            if any(same_name(key, known) for key in keys for known in person.keys):
                return person
        for person in self.all:
            meets = any(
                role == held and (since == start or (not exact and since <= end and start <= seen))
                for held, since, seen in person.terms
            )
            pairs = [(key, known) for key in keys for known in person.keys]
            if meets and any(
                alike(key, known) or (exact and key.split()[-1:] == known.split()[-1:])
                for key, known in pairs
            ):
                return person
        return None

    def holder(self, row: Holder) -> Person:
        """Return the person of one row of the factbook, new or known."""
        texts = forms(row.name, short=self.state not in SURNAME_FIRST)
        found = self.find(texts, row.role, row.since, row.since, exact=True)
        if found is None:
            found = Person(self.state)
            self.all.append(found)
        found.take(texts, f"factbook ({row.gec})", row.last_seen)
        found.terms.append((row.role, row.since, row.last_seen))
        return found

    def sighted(self, name: str, group: Sequence[Sighting]) -> Person:
        """Return the person of all sightings under one spelling in one office."""
        first, last = group[0], group[-1]
        found = self.find([name], first.role, first.day, last.day)
        if found is None:
            found = Person(self.state)
            self.all.append(found)
        found.take([name], last.item, last.day)
        found.terms.append((first.role, first.day, last.day))
        return found


def crowned(person: Person) -> list[str]:
    """Return the names of a monarch in the news: *King Charles III* and *King Charles*."""
    crown = next((ROLES[role] for role, _, _ in person.terms if role in MONARCHS), "")
    if not crown or not re.fullmatch(r"[^\W\d_]+ [IVX]+", person.name):
        return []
    first = person.name.split()[0]
    return [f"{crown} {person.name}"] + ([] if first in COMMON else [f"{crown} {first}"])


def settle(people: Iterable[Person], counts: Counts, taken: set[str]) -> None:
    """Give each new person the spelling that the items use most, and an id from it."""
    for person in people:
        if person.curated:
            continue
        texts = list(person.texts)
        best = max(texts, key=lambda text: (_count(text, counts), -texts.index(text)))
        person.name = _spelling(best, counts)
        crown = next((ROLES[role] for role, _, _ in person.terms if role in MONARCHS), "")
        if crown and " " not in person.name:
            person.name = f"{crown} {person.name}"
        base = "person:" + re.sub(r"[^a-z0-9]+", "-", normalise(person.name)).strip("-")
        number = 1
        person.id = base
        while person.id in taken:
            number += 1
            person.id = f"{base}-{person.state}" if number == 2 else f"{base}-{number}"
        taken.add(person.id)


def _spelling(text: str, counts: Counts) -> str:
    """Return the spelling that the items use, unless that is in capitals."""
    seen = counts.get(fold_words(text))
    return seen.spelling if seen and not seen.spelling.isupper() else text


def _count(text: str, counts: Counts) -> int:
    seen = counts.get(fold_words(text))
    return seen.count if seen else 0
