"""What narrows a question beside its words: ``from:reuters type:accuse -hamas "exact words"``."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.answer.asked.classes import named_class
from bot.models import EventClass
from bot.store.keys import publisher_key


class Filters(NamedTuple):
    """Only lines ``publishers`` published or is cited in, of ``classes``, with every one of
    ``phrases``, and without any of ``without``. Nothing given narrows nothing."""

    publishers: tuple[str, ...] = ()
    classes: frozenset[EventClass] = frozenset()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


NO_FILTERS = Filters()

_OPTION = re.compile(
    r"(?<!\S)(?P<name>from|source|by|type|class|kind):\s?(?:[\"“](?P<quoted>[^\"”]+)[\"”]|(?P<word>[^\s\"“”]+))",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"(?<!\S)-(?:[\"“](?P<quoted>[^\"”]+)[\"”]|(?P<word>[^\W\d_][\w'’.-]*))")
_PHRASE = re.compile(r"[\"“](?P<phrase>[^\"“”]*\w[^\"“”]*)[\"”]")


def find_filters(text: str) -> tuple[Filters, str]:
    """Read the filters of a question; raises BadQuery for a ``type:`` that is none.

    The text is returned with blanks in their place, so that offsets stay; of an exact phrase
    only the quotation marks go, for its words are asked about as well.
    """
    publishers: list[str] = []
    classes: frozenset[EventClass] = frozenset()
    for match in _OPTION.finditer(text):
        value = match["quoted"] or match["word"].rstrip(",;?!")
        if match["name"].lower() in ("type", "class", "kind"):
            classes |= named_class(value)
        else:
            publishers.append(publisher_key(value))
    rest = _OPTION.sub(_blank, text)
    without = tuple(m["quoted"] or m["word"].rstrip(".,") for m in _WITHOUT.finditer(rest))
    rest = _WITHOUT.sub(_blank, rest)
    phrases = tuple(" ".join(m["phrase"].split()) for m in _PHRASE.finditer(rest))
    rest = _PHRASE.sub(lambda m: f" {m['phrase']} ", rest)
    return Filters(tuple(publishers), classes, phrases, without), rest


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
