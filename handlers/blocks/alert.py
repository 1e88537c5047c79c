"""An alert as a message: what is new, its quote, and why one is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer.words import count
from bot.models import Alert, Alerted, Outgoing, Reason
from handlers.blocks import limits
from handlers.blocks.layout import (
    QUOTE_WORDS,
    Payload,
    Row,
    button,
    context,
    message,
    section,
    statement,
)
from handlers.blocks.mrkdwn import escape, link, trim
from handlers.blocks.words import NAME, attribution, named, of_many

MUTE, DIGEST, STOP = "watch_mute", "watch_digest", "watch_stop"
"""The actions under an alert; each carries the numbers of the watches concerned."""

_HEADLINE = 180
_PARAGRAPH = limits.SECTION_TEXT - 600  # why one is told stands below
_QUOTED = 3
"""Stories that are quoted where several come together; the others are a line each."""


def render(item: Outgoing) -> Payload:
    """Lay out an alert of the outbox."""
    return alert_message(Alert.model_validate(item.content))


def alert_message(alert: Alert) -> Payload:
    """Lay an alert out: one story with its quote, or several, the others one line each.

    Stories that do not fit a message are counted, the last ones first.
    """
    for shown in range(len(alert.stories), 0, -1):
        payload = _built(alert, alert.stories[:shown])
        if not limits.problems(payload):
            break
    return payload


def _built(alert: Alert, stories: Sequence[Alerted]) -> Payload:
    whose = "you follow" if alert.personal else "this channel follows"
    total = len(alert.stories) + alert.more
    blocks: list[Payload] = []
    if total == 1:
        (story,) = stories
        blocks.append(section(_told(story, alert.tz, quoted=True)))
        blocks.append(context([_why(one, whose) for one in story.reasons[:5]]))
    else:
        blocks.append(section(f"*{count(total, 'story', 'stories')} on what {whose}*"))
        for number, story in enumerate(stories):
            told = _told(story, alert.tz, quoted=number < _QUOTED)
            blocks.append(section(f"{told}\n_{_briefly(story, whose)}_"))
        if more := total - len(stories):
            blocks.append(context([f"{count(more, 'more story', 'more stories')}."]))
    reasons = [one for story in alert.stories for one in story.reasons]
    blocks.append({"type": "actions", "elements": buttons([one.watch for one in reasons])})
    return message(_fallback(alert), blocks)


def buttons(watches: Sequence[int]) -> list[Payload]:
    """What can be done at once about watches: less of it, or none."""
    value = {"ids": sorted(set(watches))[:50]}
    made = [
        button("Mute 8 hours", MUTE, value),
        button("Digest only", DIGEST, value),
        button("Stop following", STOP, value),
    ]
    return [one for one in made if one]


def _told(story: Alerted, tz: str, *, quoted: bool) -> str:
    line = of_many(story.line)
    snippet = line.snippet
    headline = f"*{link(snippet.url, trim(story.headline, _HEADLINE))}*"
    if not quoted:
        return f"{headline} · {_sources(story)}"
    if " ".join(snippet.quote.split()) == story.headline:  # what it would quote stands there
        whence = f"{headline} — {attribution(snippet, tz)}, {_sources(story)}"
        return whence if len(whence) < _PARAGRAPH else f"{headline} · {_sources(story)}"
    told = f"{headline}\n{statement(Row('', line), tz, QUOTE_WORDS)}"
    # A source that no paragraph takes cannot be trimmed, so its quote goes with it.
    return told if len(told) < _PARAGRAPH else f"{headline} · {_sources(story)}"


def _sources(story: Alerted) -> str:
    return count(story.sources, "source") if story.sources > 1 else "_one source_"


def _why(reason: Reason, whose: str) -> str:
    least = f"; told from {reason.least} sources on" if reason.least > 1 else ""
    follows = named(reason.follows)
    return f"Why: {whose} {follows} (#{reason.watch}), and {named(reason.why)}{least}."


def _briefly(story: Alerted, whose: str) -> str:
    follows = ", ".join(dict.fromkeys(trim(one.follows, NAME) for one in story.reasons[:3]))
    return f"{whose} {named(follows)}: {named(story.reasons[0].why)}"


def _fallback(alert: Alert) -> str:
    first = alert.stories[0]
    told = count(first.sources, "source") if first.sources > 1 else "one source"
    text = f"{escape(trim(first.headline, _HEADLINE))} ({told})"
    others = len(alert.stories) - 1 + alert.more
    return f"{text}, and {count(others, 'other story', 'other stories')}" if others else text
