"""A digest as one message, for a phone: three quotes, then a line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answer.formatting import capital, count, day
from bot.models import DigestIssue, DigestStory, Line, Outgoing, Status
from handlers.blocks import limits
from handlers.blocks.layout import (
    Payload,
    Row,
    button,
    context,
    message,
    packed,
    section,
    statement,
)
from handlers.blocks.mrkdwn import trim
from handlers.blocks.text import NOTHING, Text, bold, code, fitted, italic, joined, lines, link, say
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
        head = say("Nothing new about ", about, f" {since}.")
    else:
        head = say(bold(headline(issue)), " about ", about, f", {since}")
    stories = issue.stories[:shown]
    blocks = [section(say(italic("Preview, not sent:"), " ", head) if issue.preview else head)]
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


def _quoted(story: DigestStory, tz: str) -> Text:
    """A headline, what changed, one quote with its source, and why it is told."""
    line = of_many(story.line)
    told = _headline(story)
    if " ".join(line.snippet.quote.split()) != story.headline:
        source = statement(Row("", line), tz, _QUOTE_WORDS)
    else:
        source = say(attribution(line.snippet, tz), ", ", _sources(story))
    # A source that no paragraph takes cannot be trimmed, so its quote goes with it.
    fits = len(told) + len(source) < _PARAGRAPH
    told = lines(told, source) if fits else say(told, " · ", _sources(story))
    if not story.follows:
        return told
    because = say("Because ", named(story.follows), " is followed: ", named(story.why))
    return lines(told, italic(because))


def _listed(stories: Sequence[DigestStory]) -> list[Text]:
    """A line each, under whom they are about; in pieces that a section takes."""
    done: list[Text] = []
    for about in dict.fromkeys(one.about for one in stories):
        told = (
            say("• ", _headline(story, strong=False), " · ", _sources(story))
            for story in stories
            if story.about == about
        )
        done += packed([bold(named(about or _ELSEWHERE)), *told])
    return done


def _headline(story: DigestStory, *, strong: bool = True) -> Text:
    words = link(of_many(story.line).snippet.url, trim(story.headline, _HEADLINE))
    shown = bold(words) if strong else words
    if not story.change:
        return shown
    return say(shown, " — ", italic(say(f"{story.change}: ", named(story.news))))


def _sources(story: DigestStory) -> str:
    return count(story.sources, "source") if story.sources > 1 else "one source"


def _planned(planned: Sequence[Line], tz: str) -> Text:
    rows = [Row("", of_many(line), implied=Status.PLANNED) for line in planned]
    told = [statement(row, tz, 12) for row in rows]
    most = limits.SECTION_TEXT // max(len(told), 1) - 20
    short = [say("• ", one) for one in told if len(one) < most]
    return lines(bold("Planned today"), *short) if short else NOTHING


def _notes(issue: DigestIssue, shown: int) -> list[Text]:
    notes = []
    if more := issue.total - shown:
        stories = capital(count(more, "more story", "more stories"))
        notes.append(say(f"{stories}: ", code("/brief"), " tells them."))
    if issue.feeds:
        names = joined(", ", (fitted(trim(name, 60), 120) for name in issue.feeds[:_FEEDS]))
        rest = len(issue.feeds) - _FEEDS
        others = f" and {count(rest, 'other')}" if rest > 0 else ""
        verb = "Feed that fails" if len(issue.feeds) == 1 else "Feeds that fail"
        notes.append(say(f"{verb}: ", names, f"{others}."))
    notes.append(say("Comes ", named(issue.times), "."))
    return notes


def _fallback(issue: DigestIssue, head: Text, stories: Sequence[DigestStory]) -> Text:
    if not stories:
        return head
    first = trim(stories[0].headline, _HEADLINE)
    return say(f"{headline(issue)}: ", first, f" ({_sources(stories[0])})")
