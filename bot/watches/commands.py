"""What was typed after ``/watch``, taken apart: the verb, its options, and what is left."""

from __future__ import annotations

import re
from datetime import timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple

from bot.errors import BadQuery

Verb = Literal["add", "list", "remove", "mute", "pause", "resume", "help"]

_VERBS: dict[str, Verb] = {
    "add": "add", "ad": "add", "follow": "add", "watch": "add",
    "list": "list", "show": "list", "ls": "list",
    "remove": "remove", "delete": "remove", "unfollow": "remove", "stop": "remove",
    "drop": "remove", "rm": "remove",
    "mute": "mute", "silence": "mute", "snooze": "mute",
    "pause": "pause",
    "resume": "resume", "unmute": "resume", "unpause": "resume", "continue": "resume",
    "help": "help", "?": "help",
}  # fmt: skip
_ALIKE = 0.8
"""How alike a misspelt verb must be (``difflib``'s ratio): *remvoe* is, *Romania* is not."""

_SHORTEST = 4
_NUMBERS = {"an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
MOST_SOURCES = 20

_DIGEST = re.compile(
    r"(?<!\S)(?:only\s+)?(?:in|for)\s+(?:the\s+)?digests?(?:\s+only)?(?!\S)"
    r"|(?<!\S)(?:--?|—|–)?digest(?:[\s-]only)?$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"(?<!\S)(?:(?:from|at\sleast|after|with|when|if)\s+)*(\d{1,3}|two|three|four|five)\s*\+?\s+"
    r"(?:or\smore\s+)?(?:independent\s+)?sources?(?:\s+or\s+more)?(?!\S)",
    re.IGNORECASE,
)
_MINE = re.compile(r"(?<!\S)(?:(?:just\s+)?for\s+me(?:\s+only)?|(?:--?|—|–)me)$", re.IGNORECASE)
_OURS = re.compile(
    r"(?<!\S)(?:for\s+(?:us(?:\s+all)?|everyone|everybody|(?:this|the)\s+channel)"
    r"|in\s+this\s+channel|here)$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?<!\S)(?:for\s+)?(?P<n>\d{1,4}|an?|one|two|three|four|five)"
    r"\s*(?P<unit>h|hrs?|hours?|d|days?|weeks?|w|m|mins?|minutes?)?$",
    re.IGNORECASE,
)
_NUMBERS_ONLY = re.compile(r"(?:#?\d{1,9}(?!\d)|\band\b|[\s,;&])+", re.IGNORECASE)
_WATCH_NUMBER = re.compile(r"(?<!\S)#\d+(?![^\s,;])")
_LISTED = re.compile(r"\d\s*(?:[,;&]|\band)\s*$", re.IGNORECASE)
"""The beginning of a list of numbers, to which one more belongs."""

_QUOTED = re.compile(r"(?<!\S)[\"“”„](?P<phrase>[^\"“”„]*\w[^\"“”„]*)[\"“”](?![\w])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_UNITS["m"] = timedelta(minutes=1)

MUTED = timedelta(hours=8)
"""How long a watch is muted by default."""

LONGEST = timedelta(days=30)


def quoted_phrases(text: str) -> tuple[tuple[str, ...], str]:
    """The quoted phrases, which are searched for verbatim, and the rest of the text."""
    phrases = tuple(" ".join(found["phrase"].split()) for found in _QUOTED.finditer(text))
    return phrases, " ".join(_QUOTED.sub(" ", text).split())


class Command(NamedTuple):
    """A verb and what follows it."""

    verb: Verb
    rest: str


class WatchRequest(NamedTuple):
    """What is to be followed, in words, with the options of its alerts.

    ``personal`` is None where the text does not say whether it is for a person or the channel, and
    ``least`` where it does not say how many independent sources to wait for.
    """

    words: str
    least: int | None = None
    digest_only: bool = False
    personal: bool | None = None


def parse_command(text: str) -> Command:
    """Split off the verb; without one, a text is to be followed, and no text asks for help."""
    text = " ".join(text.split())
    first, _, rest = text.partition(" ")
    word = first.casefold()
    if not word:
        return Command("help", "")
    verb = _VERBS.get(word)
    if verb is None and len(word) >= _SHORTEST:
        near = get_close_matches(word, _VERBS, 1, _ALIKE)
        verb = _VERBS[near[0]] if near else None
    return Command(verb, rest) if verb else Command("add", text)


def parse_watch(text: str) -> WatchRequest:
    """Read the options of what is to be followed; raises BadQuery for impossible ones."""
    least: int | None = None
    digest_only, personal = False, None
    while True:
        before = text
        if (found := _MINE.search(text)) is not None:
            personal, text = True, _cut(text, found)
        elif (found := _OURS.search(text)) is not None:
            personal, text = False, _cut(text, found)
        elif (found := _LEAST.search(text)) is not None:
            least, text = _number(found[1]), _cut(text, found)
        elif (found := _DIGEST.search(text)) is not None:
            digest_only, text = True, _cut(text, found)
        if text == before:
            break
    if least is not None and not 1 <= least <= MOST_SOURCES:
        raise BadQuery(f"A watch can wait for 1 to {MOST_SOURCES} independent sources.", about=text)
    return WatchRequest(text.strip(" ,;"), least, digest_only, personal)


def parse_mute(text: str) -> tuple[str, timedelta]:
    """Read which watch is to be muted and how long; raises BadQuery if that is too long.

    A number alone is hours; ``#3`` is a watch, and so is each number in ``#3, 4``.
    """
    found = _FOR.search(text)
    if found is None or (found["n"].casefold() in ("a", "an") and not found["unit"]):
        return text.strip(), MUTED
    before = text[: found.start()]
    if found[0].isdecimal() and _NUMBERS_ONLY.fullmatch(before) and _LISTED.search(before):
        return text.strip(), MUTED
    unit = _UNITS[(found["unit"] or "h")[0].casefold()]
    span = _number(found["n"]) * unit
    if not timedelta(0) < span <= LONGEST:
        raise BadQuery(
            f"A watch can be muted for up to {LONGEST.days} days: pause it instead.", about=text
        )
    return _cut(text, found).rstrip(" ,;"), span


def watch_numbers(text: str) -> frozenset[int] | None:
    """Read numbers of watches, as in *#1, 2 and 5*; None for a name.

    Raises BadQuery for a number beside a name.
    """
    if _NUMBERS_ONLY.fullmatch(text) and (numbers := re.findall(r"\d+", text)):
        return frozenset(map(int, numbers))
    if _WATCH_NUMBER.search(text):
        raise BadQuery(
            f"“{text}” has a number beside a name: give only numbers, as in #1, #2,"
            " or only a name.",
            about=text,
        )
    return None


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word)
