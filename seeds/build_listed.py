"""Actors that a table of ours lists by name and that the portal's items show in the news."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.text.names import normalise
from seeds.build_items import Item, find, fold_words
from seeds.build_native import script_of

_LANGUAGES = {"ARABIC": "ar", "HEBREW": "he", "CYRILLIC": "ru", "CJK": "zh"}

Rows = list[tuple[str, ...]]


class Listed(NamedTuple):
    """One actor; ``iso3`` in lower case or empty, ``others`` further names between |.

    ``kind`` is the kind of those names, except for acronyms and other scripts.
    """

    id: str
    name: str
    iso3: str
    acts_for: str
    said: str
    others: str
    kind: str = "name"


def slug(name: str) -> str:
    """Return the part of an id that comes from a name."""
    return re.sub(r"[^a-z0-9]+", "-", normalise(name)).strip("-")


def split(text: str) -> Iterator[tuple[str, str]]:
    """Read ``Name=Other|Another; Name``: each name with its other names."""
    for part in text.split(";"):
        name, _, others = part.strip().partition("=")
        if name:
            yield name, others


def listed_rows(
    listed: Iterable[Listed], items: Iterable[Item], taken: set[str]
) -> tuple[Rows, Rows]:
    """Return the rows of actors and aliases that an item names, unless another actor has the name.

    The item cited is the last that names the actor. The names are added to ``taken``.
    """
    texts = [(one, [one.name, *filter(None, one.others.split("|"))]) for one in listed]
    seen = find({fold_words(text) for _, some in texts for text in some}, items)
    rows: Rows = []
    aliases: Rows = []
    for one, some in texts:
        lasts = [found.last for text in some if (found := seen.get(fold_words(text)))]
        last = max(filter(None, lasts), key=lambda item: (item.day, item.id), default=None)
        if last is None or normalise(one.name) in taken:
            continue
        day = last.day.isoformat()
        rows.append((one.id, one.name, one.iso3.upper(), one.acts_for, one.said, day, last.id))
        taken.add(normalise(one.name))
        for text in some[1:]:
            if normalise(text) not in taken:
                taken.add(normalise(text))
                aliases.append((one.id, text, _kind(one, text), _lang(text), "hand"))
    return rows, aliases


def _lang(text: str) -> str:
    return _LANGUAGES.get(script_of(text), "en")


def _kind(one: Listed, text: str) -> str:
    letters = re.sub(r"[^A-Za-z]", "", text)
    return "acronym" if 1 < len(letters) < 7 and letters.isupper() else one.kind
