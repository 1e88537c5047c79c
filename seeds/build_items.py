"""The portal's items, read for facts: which names the news uses, and who held which office.

Wikipedia's Current events portal (text CC BY-SA) is a list of dated sentences. None of their
wording is kept, only that a name was in the news, its spelling, the day, and the office given
with a person. A fact is credited to the item it comes from.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii

_WORD = re.compile(r"\w+")
LONGEST = 7
"""The most words of a name; longer ones are not searched for."""


class Item(NamedTuple):
    """One dated sentence or two; ``text`` never leaves the build."""

    id: str
    day: date
    text: str


def read_items(folder: Path) -> list[Item]:
    """Return all items in order of time."""
    path = folder / "current-events" / "items.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = map(json.loads, file)
        items = [
            Item(row["id"], date.fromisoformat(row["date"]), row["text"].replace("\xa0", " "))
            for row in rows
        ]
    return sorted(items, key=lambda item: (item.day, item.id))


class Seen:
    """Where a name occurs in the items: how often, in which spellings, first and last."""

    __slots__ = ("count", "first", "last", "spellings")

    def __init__(self) -> None:
        self.count = 0
        self.first: Item | None = None
        self.last: Item | None = None
        self.spellings: dict[str, int] = {}

    def add(self, item: Item, spelling: str) -> None:
        """Add one more place."""
        self.count += 1
        self.first = self.first or item
        self.last = item
        self.spellings[spelling] = self.spellings.get(spelling, 0) + 1

    @property
    def spelling(self) -> str:
        """Return the commonest spelling; of two as common, the first in order."""
        return min(self.spellings, key=lambda text: (-self.spellings[text], text))


_folds: dict[str, str] = {}


def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of a name in lower-case ASCII, as ``find`` compares them."""
    return tuple(_fold(word) for word in _WORD.findall(text))


def _fold(word: str) -> str:
    known = _folds.get(word)
    if known is None:
        known = _folds[word] = (word if word.isascii() else anyascii(word)).lower()
    return known


def find(names: Iterable[tuple[str, ...]], items: Iterable[Item]) -> dict[tuple[str, ...], Seen]:
    """Count each name (folded words) in the items, where it is written as a name.

    Every word but small particles must begin with a capital or a digit; a longer name that
    begins with it at the same place does not count for it.
    """
    tree: dict[str, dict[tuple[str, ...], None]] = {}
    for name in names:
        if name and len(name) <= LONGEST:
            tree.setdefault(name[0], {})[name] = None
    lengths = {head: sorted({len(n) for n in found}, reverse=True) for head, found in tree.items()}
    seen: dict[tuple[str, ...], Seen] = {}
    for item in items:
        spans = [(match.start(), match.end()) for match in _WORD.finditer(item.text)]
        words = [_fold(item.text[start:end]) for start, end in spans]
        at = 0
        while at < len(words):
            size = _longest(words, at, tree.get(words[at]), lengths.get(words[at], []))
            if size:
                spelling = item.text[spans[at][0] : spans[at + size - 1][1]]
                if _is_name(spelling):
                    seen.setdefault(tuple(words[at : at + size]), Seen()).add(item, spelling)
                    at += size
                    continue
            at += 1
    return seen


def _longest(
    words: list[str], at: int, names: dict[tuple[str, ...], None] | None, lengths: list[int]
) -> int:
    if names is None:
        return 0
    here = (n for n in lengths if at + n <= len(words))
    return next((n for n in here if tuple(words[at : at + n]) in names), 0)


def _is_name(text: str) -> bool:
    words = _WORD.findall(text)
    great = [word for word in words if not word[0].islower()]
    small = [word for word in words if word[0].islower() and len(word) > 4]
    return not re.search(r"[.;:\n]\s", text) and len(great) * 2 >= len(words) and not small


def seen_with(
    names: Mapping[tuple[str, ...], str], items: Iterable[Item], states: Mapping[str, str]
) -> dict[str, dict[str, list[Item]]]:
    """Return the items that hold both a name and a state, by the value in ``names`` and the state.

    ``names`` are folded words, ``states`` maps names and demonyms to the codes.
    """
    owners = {fold_words(text): iso3 for text, iso3 in states.items()}
    lengths: dict[str, set[int]] = {}
    for words in (*names, *owners):
        lengths.setdefault(words[0], set()).add(len(words))
    found: dict[str, dict[str, list[Item]]] = {}
    for item in items:
        text = fold_words(item.text)
        grams = {text[i : i + n] for i, word in enumerate(text) for n in lengths.get(word, ())}
        here = {names[gram] for gram in grams if gram in names}
        if here:
            named = sorted({owners[gram] for gram in grams if gram in owners})
            for key in here:
                for iso3 in named:
                    found.setdefault(key, {}).setdefault(iso3, []).append(item)
    return found
