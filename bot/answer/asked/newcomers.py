"""Actors of a question that no table knows, but some stored article introduced."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Literal

from rapidfuzz.distance import OSA

from bot.answer.asked.question import Question
from bot.answer.library import Library
from bot.match.provisional import key_of, only_words, provisional
from bot.match.query import QueryActor, only_words_at
from bot.match.score import allowed_edits
from bot.models import Actor, ActorType, Match
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import HONORIFICS

LONGEST = 7
"""Words of a name."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SHORTEST_SURNAME = 4
_SHORTEST_MISSPELT, _TRUSTED = 6, 3
"""Letters of a name that may be misspelt, and how many of them, the first, may not."""

_LOOKED_AT = 20
"""Passages in which a word is looked up as stored texts write it."""

_SCORES = {"exact": 0.98, "partial": 0.93, "typo": 0.9}


def with_newcomers(library: Library, question: Question) -> tuple[Library, Question]:
    """Add those whom the question names as articles introduced them, by name or surname.

    A name that the index is sure of stands, unless a longer one covers it. Several of one
    name are proposed. The library returned knows them by their ids.
    """
    question = question.without(
        [
            one
            for one in question.named
            if provisional(one.matches[0].actor) and _one_small_word(library, one.text)
        ]
    )
    windows = list(_windows(question))
    keys = {key for _, _, key in windows}
    if not keys:
        return library, question
    found = library.store.introductions.named(library.workspace, library.audiences, keys)
    if not found:
        return _misspelt(library, question, windows)
    known = replace(library, actors=library.actors.beside(found))
    for start, end, key in windows:
        matches = _matches(library, question, start, end, key, found)
        if matches and not _taken(question, start, end):
            question = _naming(question, start, end, matches)
    return known, question


def _misspelt(
    library: Library, question: Question, windows: Sequence[tuple[int, int, str]]
) -> tuple[Library, Question]:
    """Add those whose name or surname a question misspells, where it names nobody new."""
    known: dict[str, Actor] = {}
    begin = cache(
        partial(library.store.introductions.beginning, library.workspace, library.audiences)
    )
    for start, end, key in windows:
        text = question.text[start:end]
        if len(key) < _SHORTEST_MISSPELT or library.knows(text) or _taken(question, start, end):
            continue
        alike = begin(key[:_TRUSTED])
        matches = tuple(
            _match(text, one, how="typo")
            for one in alike
            if _may_be(key, one) and not only_words(text, one.name, one.type)
        )
        if matches:
            known |= {one.id: one for one in alike}
            # A surname alone, misspelt, is too little to be sure of anybody.
            question = _naming(question, start, end, matches, sure=" " in key)
    return replace(library, actors=library.actors.beside(list(known.values()))), question


def _may_be(key: str, one: Actor) -> bool:
    """Whether ``key`` is within a typing error of a name, or of a person's surname."""
    name = key_of(one.name)
    names = [name]
    if one.type is ActorType.PERSON and " " not in key:
        names.append(name.rsplit(" ", 1)[-1])
    return any(
        OSA.distance(key, other, score_cutoff=edits) <= edits
        for other in names
        if (edits := allowed_edits(min(len(key), len(other))))
    )


def _windows(question: Question) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches that may be a name, longest first."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(question.text)]
    sure = [question.text.find(one.text) for one in question.named if one.verdict == "sure"]
    for size in range(min(LONGEST, len(words)), 0, -1):
        for first in range(len(words) - size + 1):
            window = words[first : first + size]
            key = key_of(" ".join(word for _, _, word in window))
            if all(is_common(word) for word in key.split()):
                continue
            if size == 1 and (window[0][0] in sure or not _surname(key)):
                continue
            yield window[0][0], window[-1][1], key


def _surname(key: str) -> bool:
    return len(key) >= _SHORTEST_SURNAME and key not in GIVEN_NAMES and key not in HONORIFICS


def _matches(
    library: Library, question: Question, start: int, end: int, key: str, found: list[Actor]
) -> tuple[Match, ...]:
    text = question.text[start:end]
    full = [one for one in found if key_of(one.name) == key]
    alike = full or [
        one
        for one in found
        if one.type is ActorType.PERSON and key_of(one.name).rsplit(" ", 1)[-1] == key
    ]
    alike = [one for one in alike if not _are_words(library, question, start, end, one)]
    return tuple(_match(text, one, how="exact" if full else "partial") for one in alike)


def _are_words(library: Library, question: Question, start: int, end: int, one: Actor) -> bool:
    """Whether words are ordinary ones and not a name: as such, or as stored texts write them."""
    if only_words_at(question.text, start, end, one):
        return True
    return _one_small_word(library, question.text[start:end])


def _one_small_word(library: Library, word: str) -> bool:
    """Whether one word was typed in small letters that stored texts write so, too."""
    if not word.islower() or " " in word:
        return False
    small = re.compile(rf"(?<![\w’'-]){re.escape(word)}(?![\w’'-])")
    hits = library.found(word, (), None, limit=_LOOKED_AT)
    stored = library.store.articles(library.workspace, {hit.article for hit in hits})
    return any(
        small.search(stored[hit.article].revision.text, hit.start, hit.end)
        for hit in hits
        if hit.article in stored
    )


def _match(text: str, one: Actor, *, how: Literal["exact", "partial", "typo"]) -> Match:
    since = f" of {one.as_of:%-d %B %Y}" if one.as_of else ""
    return Match(
        query=text,
        actor=one.id,
        name=one.name,
        type=one.type,
        iso3=one.iso3,
        alias=one.name,
        how=how,
        score=_SCORES[how],
        why=f"An article{since} introduces {one.name}; no list of actors has the name yet.",
    )


def _taken(question: Question, start: int, end: int) -> bool:
    """Whether the words are a known actor's already, or part of a newcomer found before."""
    for one in question.named:
        at = question.text.find(one.text)
        if at < 0 or at + len(one.text) <= start or end <= at:
            continue
        newcomer = provisional(one.matches[0].actor)
        if newcomer or (one.verdict == "sure" and len(one.text) >= end - start):
            return True
    return False


def _naming(
    question: Question, start: int, end: int, matches: tuple[Match, ...], *, sure: bool = True
) -> Question:
    """Take the words for a name: ``sure`` only if one alone bears it."""
    text = question.text[start:end]
    named = question.taking(text, matches[0])
    if sure and len(matches) == 1:
        return named
    unsure = QueryActor(start, end, text, matches, "unsure")
    kept = [one for one in named.named if one.text != text]
    return replace(named, named=tuple(sorted([*kept, unsure], key=lambda one: one.start)))
