"""Find runs of capitalised words, which may contain names unknown to the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.read.role_words import HEADS, NAME_PARTICLES, NO_PERSON, ROLES
from bot.text.english import GIVEN_NAMES, is_common
from bot.text.names import FILLERS, normalise

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĻŁŃŅŇŌŐŒŘŚŞŠŤŢŪŮŰŲŹŻŽȘȚḤṢṬẒ"
_PARTICLE = "|".join(sorted(NAME_PARTICLES - {"al-"}, key=len, reverse=True))
_SHORT = "Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Sgt|Adm|Brig|Dr|Mr|Mrs|Ms|Prof|Rev|St|Hon|Sec"
_APOSTROPHES = rf"(?:['’](?!s\b)[\w-]+)*(?:(?<=s)['’](?= [{UPPER}]))?"
_WORD = rf"(?:(?:{_SHORT})\.|(?:[{UPPER}]\.)+|[{UPPER}][\w-]*{_APOSTROPHES})"
_GLUE = rf" (?:(?:{_PARTICLE})[ -](?:(?:{_PARTICLE})[ -])?)?"
_RUN = re.compile(rf"(?<![\w’'.-]){_WORD}(?:{_GLUE}{_WORD})*")
_ROLES = {f"{role.capitalize()}{stop}" for role in ROLES for stop in ("", ".")}
_ROLES |= {"-".join(part.capitalize() for part in role.split("-")) for role in ROLES}
_ROLES |= {role.upper() for role in ("ceo", "cfo", "coo", "mp")}
_ANY = re.compile(r"[^ ]+")
_LONGEST_NAME = 6
_TWO_NAMES = 4
_SHORTEST_SURNAME = 3
_FEWEST, _MOST = 4, 30
"""Minimum and maximum words of a headline."""
_CAPITALS = 0.7
_LINE = re.compile(r"[^\n]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a run; offsets are those of the text."""

    text: str
    start: int
    end: int
    low: str
    """The word in the form of the word lists."""


def runs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of capitalised words, including the particles of names between them.

    Only runs that may contain a name, by their own or adjacent words. Yields the start, the end,
    and whether a word of the run is a head of organisation names.
    """
    for match in _RUN.finditer(text):
        start, end = match.span()
        words = match[0].split(" ")
        if not HEADS.isdisjoint(words):
            yield start, end, True
        elif (
            not _ROLES.isdisjoint(words)
            or text[text.rfind(" ", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)] in ROLES
            or (len(words) > 1 and (text[end : end + 2] == ", " or text[start - 2 : start] == ", "))
        ):
            yield start, end, False


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Split a run into its words."""
    return [token(text, m.start(), m.end()) for m in _ANY.finditer(text, start, end)]


def token(text: str, start: int, end: int) -> Token:
    """Create a token for ``text[start:end]``."""
    word = text[start:end]
    return Token(word, start, end, word.lower().rstrip(".").replace("’", "'"))


def words_before(text: str, at: int, most: int = 9) -> Iterator[Token]:
    """Yield the words before ``at``, nearest first, as long as only single blanks separate them."""
    for _ in range(most):
        if at < 1 or text[at - 1] != " ":
            return
        end = at - 1
        start = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
        if start >= end:
            return
        yield token(text, start, end)
        at = start


def personal_name(words: list[Token]) -> bool:
    """Whether words look like the full name of a person: two to six words, no ordinary ones."""
    solid = [word for word in words if word.low not in NAME_PARTICLES]
    if not 2 <= len(solid) <= len(words) <= _LONGEST_NAME:
        return False
    if any(word.low in NO_PERSON or _acronym(word) or _abbreviated(word) for word in solid[:-1]):
        return False
    if solid[-1].low in NO_PERSON or _acronym(solid[-1]):
        return False
    if not any(len(word.low) >= _SHORTEST_SURNAME for word in islice(solid, 1, None)):
        return False
    given = normalise(solid[0].text) in GIVEN_NAMES
    if given and _are_two(solid):
        return False
    # Brown, Long and King are surnames, too: accept them after a given name.
    return all(
        not _ordinary(word) or (number > 0 and given) for number, word in enumerate(solid)
    ) or (given and len(solid) == 2)


def _are_two(words: list[Token]) -> bool:
    """Whether a second name begins where the first ends: a byline, then the article's subject."""
    if len(words) != _TWO_NAMES:
        return False
    _, surname_, given, _ = (normalise(word.text) in GIVEN_NAMES for word in words)
    return given and not surname_


def _abbreviated(word: Token) -> bool:
    """Whether an abbreviation such as *Gov.* separates two names."""
    return (
        word.text.endswith(".")
        and word.text.count(".") == 1
        and word.low not in ("st",)
        and (len(word.low) > 1)
    )


def _acronym(word: Token) -> bool:
    return word.text.isupper() and len(word.low) > 2


def surname(word: Token) -> bool:
    """Whether a word can be a surname on its own."""
    return (
        len(word.text) > _SHORTEST_SURNAME
        and not word.text.isupper()
        and word.text.replace("-", "").replace("'", "").replace("’", "").isalpha()
        and not _ordinary(word)
        and word.low not in NO_PERSON
        and normalise(word.text) not in GIVEN_NAMES
    )


def _ordinary(word: Token) -> bool:
    key = normalise(word.text)
    if len(word.text.rstrip(".")) == 1:
        return False
    return key in FILLERS or is_common(key)


def headline(text: str, at: int) -> bool:
    """Whether the line around ``at`` is capitalised throughout, so that capitals mean nothing."""
    start = text.rfind("\n", 0, at) + 1
    line = _LINE.match(text, start)
    words = line[0].split() if line else []
    if words and words[-1].rstrip("\"'”’)").endswith((".", "!", "?")):
        return False
    if not _FEWEST <= len(words) <= _MOST:
        return False
    long = [word for word in words if len(word) > len("the")]
    return sum(word[0].isupper() for word in long) > _CAPITALS * len(long)
