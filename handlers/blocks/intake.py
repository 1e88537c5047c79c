"""What was learnt from links and files, and what was refused, as one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answer.formatting import capital, count, day
from bot.gather.records import Rejected
from bot.models import Learnt, Line, Snippet
from bot.text.language import READ, name_of
from handlers.blocks import limits
from handlers.blocks.layout import (
    NAME,
    Payload,
    attribution,
    context,
    message,
    named,
    section,
    without_long_link,
)
from handlers.blocks.text import NOTHING, Text, bold, fitted, joined, lines, link, say, spoken, trim

ACTORS = 4
"""Names of actors that are told of an article; the others are counted."""

_TITLE = 150
_REASON = 400


def learnt_message(
    learnt: Sequence[Learnt], refused: Sequence[Rejected], *, notes: Sequence[str], tz: str
) -> Payload:
    """Tell of each article what it is and what was read from it, then what was refused.

    ``notes`` are sentences for below, such as who sees what was stored.
    """
    told = [_line(one, tz) for one in learnt]
    told += [
        say("Not read: ", named(one.origin), " — ", fitted(one.reason, _REASON, spoken), ".")
        for one in refused
    ]
    told = told or [say("There is nothing in it that I can read.")]
    below = [fits for note in notes if (fits := fitted(note, _REASON, spoken))]
    for shown in range(len(told), 0, -1):
        payload = _built(told, shown, below)
        if not limits.problems(payload):
            break
    return payload


def _built(told: Sequence[Text], shown: int, below: Sequence[Text]) -> Payload:
    """The first of the lines, the others counted."""
    more = f"{capital(count(len(told) - shown, 'more line'))}."
    notes = [*([say(more)] if shown < len(told) else []), *below]
    blocks = [section(line) for line in told[:shown]]
    return message(lines(*told[:shown]), [*blocks, *([context(notes)] if notes else [])])


def _line(one: Learnt, tz: str) -> Text:
    snippet = without_long_link(Line(snippet=_snippet(one))).snippet
    title = link(snippet.url, trim(one.title, _TITLE)) if one.title else NOTHING
    who = attribution(snippet.model_copy(update={"url": None}) if title else snippet, tz)
    about = say(bold(title), " — ", who) if title else who
    return lines(about, _what_was_read(one, tz))


def _snippet(one: Learnt) -> Snippet:
    return Snippet(
        start=0,
        end=1,
        quote=one.title or "-",
        article=one.article,
        revision=1,
        title=one.title,
        publisher=trim(one.publisher, NAME) if one.publisher else None,
        published=one.published,
        published_precision=one.published_precision,
        url=one.url,
    )


def _what_was_read(one: Learnt, tz: str) -> Text:
    """Say what was read: ``12 facts about Iran, Qatar and Hamas; a near-copy of …``."""
    read, about = _facts(one)
    if one.revised:
        read = f"It has changed since I read it: {read}"
    elif one.before is not None:
        read = f"I had read it already, on {_on(one.before, tz)}: {read}"
    told = say(capital(read), about)
    if one.copy_of:
        title = fitted(trim(one.copy_of, _TITLE), 2 * _TITLE)
        told = say(told, "; a near-copy of “", title, "”")
    return say(told, ".")


def _on(when: datetime, tz: str) -> str:
    return day(when.astimezone(ZoneInfo(tz)).date())


def _facts(one: Learnt) -> tuple[str, Text]:
    """How many facts were read, and whom they are about."""
    if one.language is not None and one.language not in READ:
        name = name_of(one.language)
        return f"{name}, which I do not read yet: its words can be searched", NOTHING
    if not one.facts:
        return "no facts read; its words can be searched", NOTHING
    about = say(" about ", _names(one.actors)) if one.actors else NOTHING
    return count(one.facts, "fact"), about


def _names(actors: Sequence[str]) -> Text:
    shown = [fitted(trim(name, NAME), NAME) for name in actors[:ACTORS]]
    if more := len(actors) - len(shown):
        return say(joined(", ", shown), f" and {count(more, 'other')}")
    if len(shown) == 1:
        return shown[0]
    return say(joined(", ", shown[:-1]), " and ", shown[-1])
