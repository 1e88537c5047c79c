"""What was learnt from links and files, and what was refused, as one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answer.words import capital, count, day
from bot.gather.records import Rejected
from bot.models import Learnt, Line, Snippet
from bot.text.language import READ, name_of
from handlers.blocks import limits
from handlers.blocks.layout import Payload, context, message, section
from handlers.blocks.mrkdwn import fitted, link, spoken, trim
from handlers.blocks.words import NAME, attribution, named, of_many

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
    lines = [_line(one, tz) for one in learnt]
    lines += [
        f"Not read: {named(one.origin)} — {fitted(one.reason, _REASON, spoken)}." for one in refused
    ]
    lines = lines or ["There is nothing in it that I can read."]
    below = [shown for note in notes if (shown := fitted(note, _REASON, spoken))]
    for told in range(len(lines), 0, -1):
        payload = _built(lines, told, below)
        if not limits.problems(payload):
            break
    return payload


def _built(lines: Sequence[str], told: int, below: Sequence[str]) -> Payload:
    """The first of the lines, the others counted."""
    more = [f"{capital(count(len(lines) - told, 'more line'))}."] if told < len(lines) else []
    notes = [*more, *below]
    blocks = [section(line) for line in lines[:told]]
    return message("\n".join(lines[:told]), [*blocks, *([context(notes)] if notes else [])])


def _line(one: Learnt, tz: str) -> str:
    snippet = of_many(Line(snippet=_snippet(one))).snippet
    title = link(snippet.url, trim(one.title, _TITLE)) if one.title else ""
    who = attribution(snippet.model_copy(update={"url": None}) if title else snippet, tz)
    about = f"*{title}* — {who}" if title else who
    return f"{about}\n{capital(_told(one, tz))}"


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


def _told(one: Learnt, tz: str) -> str:
    """Say what was read: ``12 facts about Iran, Qatar and Hamas; a near-copy of …``."""
    parts = [_facts(one)]
    if one.copy_of:
        parts.append(f"a near-copy of “{fitted(trim(one.copy_of, _TITLE), 2 * _TITLE)}”")
    told = "; ".join(parts)
    if one.revised:
        return f"it has changed since I read it: {told}."
    if one.before is not None:
        return f"I had read it already, on {_on(one.before, tz)}: {told}."
    return f"{told}."


def _on(when: datetime, tz: str) -> str:
    return day(when.astimezone(ZoneInfo(tz)).date())


def _facts(one: Learnt) -> str:
    if one.language is not None and one.language not in READ:
        return f"{name_of(one.language)}, which I do not read yet: its words can be searched"
    if not one.facts:
        return "no facts read; its words can be searched"
    facts = count(one.facts, "fact")
    return f"{facts} about {_names(one.actors)}" if one.actors else facts


def _names(actors: Sequence[str]) -> str:
    shown = [fitted(trim(name, NAME), NAME) for name in actors[:ACTORS]]
    if more := len(actors) - len(shown):
        return f"{', '.join(shown)} and {count(more, 'other')}"
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
