"""The meaning of a typed text.

Corrects typing errors, matches actors chosen by id, and finds names that only stored articles
introduced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from bot.answer.library import COMMON_IN_PASSAGES, Library
from bot.answer.question import LONGEST, Question, words_for_acts
from bot.errors import BadQuery
from bot.match.actors import ActorIndex
from bot.match.lookup import verdict
from bot.match.provisional import key_of, only_words, provisional
from bot.match.query import QueryActor, only_words_at
from bot.match.score import allowed_edits
from bot.models import Actor, ActorType, Match
from bot.text.days import MONTHS, WEEKDAYS
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import HONORIFICS, normalise

_TYPED_WORD = re.compile(r"(?<![\w'’@#./:-])[^\W_]+(?![\w'’@/:-]|\.\w)")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?<!\S)\S+:\S+")

_ASKING = tuple("who what when where why which whose".split())
_UNITS = tuple("day days week weeks month months quarter year years weekend morning night".split())
_BEFORE_UNIT = frozenset("last this next past previous the one two three four five six".split())
_BEFORE_TIME = {"lst": "last", "lsat": "last", "lats": "last", "nxt": "next", "tihs": "this"}
"""Misspellings that are corrected only before a unit of time."""

_CORRECTED_ANYWHERE = (
    *"yesterday today tomorrow tonight since until before after between during about".split(),
    *"happened happening changed latest updates planned coming many times said".split(),
    *"really true people meeting visit quoted still".split(),
    *MONTHS,
    *WEEKDAYS,
)

_SHORTEST, _SHORTEST_ACT, _SHORTEST_ANYWHERE, _TWO_EDITS_FROM = 3, 6, 4, 9


class CorrectedText(NamedTuple):
    """A question after correction, with the words that were replaced."""

    text: str
    read: tuple[tuple[str, str], ...] = ()


def fix_typing_errors(text: str, is_known: Callable[[str, str], bool]) -> CorrectedText:
    """Correct typing errors in words of closed lists: question words, times, acts.

    ``is_known(typed, meant)`` says whether a word is right as typed: a name, or a stored word.
    """
    kept = [found.span() for found in _QUOTED.finditer(text)]
    words = [
        word
        for word in _TYPED_WORD.finditer(text)
        if not any(start < word.end() and word.start() < end for start, end in kept)
    ]
    meant = [word[0].lower() for word in words]
    for number, word in enumerate(words):
        found = _meant(meant, number)
        # A capitalised word is a name, except at the beginning of a question.
        named = word[0][0].isupper() and not text.isupper() and found not in _ASKING
        if found and found != meant[number] and not named and not is_known(word[0], found):
            meant[number] = found
    return _corrected_text(text, words, meant)


def _meant(words: Sequence[str], number: int) -> str | None:
    """Return the word that was meant, considering its position; None if it is right."""
    typed = words[number]
    before = words[number - 1] if number else ""
    after = words[number + 1] if number + 1 < len(words) else ""
    if typed in _BEFORE_TIME and _is_time(_nearest(after, _times()) or after):
        return _BEFORE_TIME[typed]
    if len(typed) < _SHORTEST or is_common(typed) or not typed.isascii() or not typed.isalpha():
        return None
    if number == 0 and after and (asking := _nearest(typed, _ASKING)):
        return asking
    if (before in _BEFORE_UNIT or before.isdigit()) and (unit := _nearest(typed, _times())):
        return unit
    if len(typed) >= _SHORTEST_ANYWHERE and (plain := _nearest(typed, _CORRECTED_ANYWHERE)):
        return plain
    return _nearest(typed, words_for_acts()) if len(typed) >= _SHORTEST_ACT else None


@cache
def _times() -> tuple[str, ...]:
    return (*_UNITS, *WEEKDAYS, *MONTHS)


def _is_time(word: str) -> bool:
    return word in _times()


def _nearest(typed: str, words: Iterable[str]) -> str | None:
    """Return the only word one typing error away; None if there is none, or a tie.

    Of equally near words, one with a replaced letter comes last, and in words of four letters or
    fewer no letter may be replaced; the first letter must be right, or swapped with the second.
    """
    most = 2 if len(typed) >= _TWO_EDITS_FROM else 1
    found: list[tuple[int, bool, str]] = []
    for word in words:
        if typed[:1] != word[0] and typed[:2] != word[1::-1]:
            continue
        edits = OSA.distance(typed, word, score_cutoff=most)
        other = len(typed) == len(word) and sorted(typed) != sorted(word)
        if edits <= most and not (other and len(typed) < 5):
            found.append((edits, other, word))
    found.sort()
    if not found or (len(found) > 1 and found[0][:2] == found[1][:2]):
        return None
    return found[0][2]


def _corrected_text(
    text: str, words: Sequence[re.Match[str]], meant: Sequence[str]
) -> CorrectedText:
    changed = [
        (word, new) for word, new in zip(words, meant, strict=True) if word[0].lower() != new
    ]
    for word, new in reversed(changed):
        text = text[: word.start()] + new + text[word.end() :]
    return CorrectedText(text, tuple((word[0], new) for word, new in changed))


# --- with what is stored --------------------------------------------------------------

_MUCH_COMMONER = 30
"""How many times as frequent a word must be as a stored misspelling of it."""


def chosen_actor(actors: ActorIndex, typed: str, actor: str) -> Match:
    """Match words with the actor chosen by id; raise BadQuery if the id is unknown."""
    known = actors.get(actor)
    if known is None:
        raise BadQuery(f"The actor {actor} no longer exists. Please ask again.", about=actor)
    return Match(
        query=typed,
        actor=actor,
        name=known.name,
        type=known.type,
        iso3=known.iso3,
        alias=known.name,
        how="exact",
        score=1.0,
        why=f"“{typed}” was chosen to mean {known.name}.",
    )


def with_typing_errors_fixed(library: Library, text: str) -> CorrectedText:
    """Correct typing errors of a question.

    Names, in any spelling, and stored words are kept. A text too long for a question is
    returned unchanged: it will be rejected.
    """
    if len(text) > LONGEST:
        return CorrectedText(text)

    def is_known(typed: str, meant: str) -> bool:
        if library.actors.lookup.knows(normalise(typed)):
            return True
        often = max((library.frequency(term) for term in library.passages.terms(typed)), default=0)
        if often >= COMMON_IN_PASSAGES:
            known = max(map(library.frequency, library.passages.terms(meant)), default=0)
            return often * _MUCH_COMMONER > known
        return verdict(library.actors.match(typed)) == "sure"

    return fix_typing_errors(text, is_known)


def correction_note(reading: CorrectedText) -> tuple[str, ...]:
    """Say which words were corrected; nothing if none were."""
    corrected = ", ".join(f"“{typed}” as “{meant}”" for typed, meant in reading.read)
    return (f"Read {corrected}.",) if corrected else ()


# --- new actors -----------------------------------------------------------------------

LONGEST_NAME = 7
"""The most words of a name."""

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SHORTEST_SURNAME = 4
_SHORTEST_MISSPELT, _TRUSTED = 6, 3
"""The least letters of a name that may be misspelt, and how many first letters must be right."""

_LOOKED_AT = 20
"""How many passages are searched for the spelling of a word."""

_SCORES = {"exact": 0.98, "partial": 0.93, "typo": 0.9}


def with_new_actors(library: Library, question: Question) -> tuple[Library, Question]:
    """Find actors of a question that only articles introduced, by name or surname.

    A name that the index is sure of is kept, unless a longer one covers it. Several actors of one
    name make it ambiguous. The returned library knows the new actors.
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
    known = replace(library, actors=library.actors.with_others(found))
    for start, end, key in windows:
        matches = _matches(library, question, start, end, key, found)
        if matches and not _taken(question, start, end):
            question = _naming(question, start, end, matches)
    return known, question


def _misspelt(
    library: Library, question: Question, windows: Sequence[tuple[int, int, str]]
) -> tuple[Library, Question]:
    """Find new actors with a name or surname that the question misspells."""
    known: dict[str, Actor] = {}
    begin = cache(
        partial(library.store.introductions.starting_with, library.workspace, library.audiences)
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
            # A misspelt surname alone is not certain enough.
            question = _naming(question, start, end, matches, sure=" " in key)
    return replace(library, actors=library.actors.with_others(list(known.values()))), question


def _may_be(key: str, one: Actor) -> bool:
    """Return whether ``key`` is within a typing error of a name, or of a person's surname."""
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
    """Yield the spans that may be a name, longest first."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(question.text)]
    sure = {one.start for one in question.named if one.verdict == "sure"}
    for size in range(min(LONGEST_NAME, len(words)), 0, -1):
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
    """Return whether words are common words and no name, by themselves or in stored texts."""
    if only_words_at(question.text, start, end, one):
        return True
    return _one_small_word(library, question.text[start:end])


def _one_small_word(library: Library, word: str) -> bool:
    """Return whether a lower-case word is also in lower case in stored texts."""
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
    since = f" from {one.as_of:%-d %B %Y}" if one.as_of else ""
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
    """Return whether the words already belong to a known actor, or to a new one found before."""
    for one in question.named:
        if one.end <= start or end <= one.start:
            continue
        is_new = provisional(one.matches[0].actor)
        if is_new or (one.verdict == "sure" and len(one.text) >= end - start):
            return True
    return False


def _naming(
    question: Question, start: int, end: int, matches: tuple[Match, ...], *, sure: bool = True
) -> Question:
    """Treat the words as a name; ``sure`` only if a single actor has it."""
    text = question.text[start:end]
    named = question.taking(text, matches[0])
    if sure and len(matches) == 1:
        return named
    unsure = QueryActor(start, end, text, matches, "unsure")
    kept = [one for one in named.named if one.text != text]
    return replace(named, named=tuple(sorted([*kept, unsure], key=lambda one: one.start)))
