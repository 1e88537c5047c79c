"""A digest as one message, for a phone: what changed first, three quotes, then a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answer.words import capital, count, day
from bot.models import DigestIssue, DigestStory, Line, Outgoing, Status
from handlers.blocks import limits
from handlers.blocks.layout import (
    Payload,
    Row,
    button,
    context,
    message,
    section,
    statement,
)
from handlers.blocks.mrkdwn import escape, fitted, link, trim
from handlers.blocks.words import attribution, named, of_many

SETTINGS, PAUSE = "digest_settings", "digest_pause"
"""The actions under a digest; each says whether the digest is somebody's own."""

QUOTED = 3
_QUOTE_WORDS = 18
_HEADLINE = 140
_PARAGRAPH = limits.SECTION_TEXT - 600  # why it is told stands below
_LABEL = 100
_FEEDS = 5
_ELSEWHERE = "Elsewhere"


def render(item: Outgoing) -> Payload:
    """Lay a digest of the outbox out."""
    issue = DigestIssue.model_validate(item.content)
    return digest_message(issue, mine=item.place == item.owner)


def digest_message(issue: DigestIssue, *, mine: bool = False) -> Payload:
    """Lay a digest out; stories that do not fit a message are counted, the last ones first."""
    for shown in range(len(issue.stories), -1, -1):
        payload = _built(issue, shown, mine)
        if not limits.problems(payload):
            return payload
    return _built(issue.model_copy(update={"planned": ()}), 0, mine)


def headline(issue: DigestIssue) -> str:
    """What a digest says first: ``12 stories, 3 changed``; or that nothing is new."""
    if not issue.total:
        return "Nothing new"
    words = capital(count(issue.total, "story", "stories"))
    return f"{words}, {issue.changed} changed" if issue.changed else words


def instant(at: datetime, tz: str) -> str:
    """An instant by the clocks of a zone: ``24 Nov 2026 08:00``."""
    local = at.astimezone(ZoneInfo(tz))
    return f"{day(local.date())} {local:%H:%M}"


def _built(issue: DigestIssue, shown: int, mine: bool) -> Payload:
    about = fitted(trim(issue.label, _LABEL), 2 * _LABEL)
    since = f"since {instant(issue.since, issue.tz)}"
    if not issue.total:
        head = f"Nothing new about {about} {since}."
    else:
        head = f"*{headline(issue)}* about {about}, {since}"
    stories = issue.stories[:shown]
    blocks = [section(f"_Preview, not sent:_ {head}" if issue.preview else head)]
    blocks += [section(_quoted(one, issue.tz)) for one in stories[:QUOTED]]
    blocks += [section(text) for text in _listed(stories[QUOTED:])]
    if planned := _planned(issue.planned, issue.tz):
        blocks.append(section(planned))
    if notes := _notes(issue, shown):
        blocks.append(context(notes))
    if not issue.preview:
        made = [
            button("Settings", SETTINGS, {"mine": mine}),
            button("Pause", PAUSE, {"mine": mine}),
        ]
        blocks.append({"type": "actions", "elements": [one for one in made if one]})
    return message(_fallback(issue, head, stories), blocks)


def _quoted(story: DigestStory, tz: str) -> str:
    """A headline, what changed, one quote with its source, and why it is told."""
    line = of_many(story.line)
    told = _headline(story)
    if " ".join(line.snippet.quote.split()) != story.headline:
        whence = f"\n{statement(Row('', line), tz, _QUOTE_WORDS)}"
    else:
        whence = f"\n{attribution(line.snippet, tz)}, {_sources(story)}"
    # A source that no paragraph takes cannot be trimmed, so its quote goes with it.
    told += whence if len(told) + len(whence) < _PARAGRAPH else f" · {_sources(story)}"
    why = f"Because {named(story.follows)} is followed: " if story.follows else ""
    return f"{told}\n_{why}{named(story.why)}_" if why else told


def _listed(stories: Sequence[DigestStory]) -> list[str]:
    """A line each, under whom they are about; in pieces that a section takes."""
    done: list[str] = []
    for about in dict.fromkeys(one.about for one in stories):
        text = f"*{named(about or _ELSEWHERE)}*"
        for story in (one for one in stories if one.about == about):
            line = f"\n• {_headline(story, bold=False)} · {_sources(story)}"
            if len(text) + len(line) > limits.SECTION_TEXT:
                done.append(text)
                text = line.strip()
            else:
                text += line
        done.append(text)
    return done


def _headline(story: DigestStory, *, bold: bool = True) -> str:
    words = link(of_many(story.line).snippet.url, trim(story.headline, _HEADLINE))
    shown = f"*{words}*" if bold else words
    return f"{shown} — _{story.change}: {named(story.news)}_" if story.change else shown


def _sources(story: DigestStory) -> str:
    return count(story.sources, "source") if story.sources > 1 else "one source"


def _planned(lines: Sequence[Line], tz: str) -> str:
    rows = [Row("", of_many(line), implied=Status.PLANNED) for line in lines]
    told = [statement(row, tz, 12) for row in rows]
    short = [f"\n• {one}" for one in told if len(one) < limits.SECTION_TEXT // len(told) - 20]
    return f"*Planned today*{''.join(short)}" if short else ""


def _notes(issue: DigestIssue, shown: int) -> list[str]:
    notes = []
    if more := issue.total - shown:
        notes.append(f"{capital(count(more, 'more story', 'more stories'))}: `/brief` tells them.")
    if issue.feeds:
        names = ", ".join(fitted(trim(name, 60), 120) for name in issue.feeds[:_FEEDS])
        rest = len(issue.feeds) - _FEEDS
        others = f" and {count(rest, 'other')}" if rest > 0 else ""
        verb = "Feed that fails" if len(issue.feeds) == 1 else "Feeds that fail"
        notes.append(f"{verb}: {names}{others}.")
    notes.append(f"Comes {named(issue.times)}.")
    return notes


def _fallback(issue: DigestIssue, head: str, stories: Sequence[DigestStory]) -> str:
    if not stories:
        return head
    first = escape(trim(stories[0].headline, _HEADLINE))
    return f"{headline(issue)}: {first} ({_sources(stories[0])})"
