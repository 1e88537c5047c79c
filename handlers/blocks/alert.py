"""An alert as a message: what is new, its quote, and why one is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer.formatting import count
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
from handlers.blocks.mrkdwn import trim
from handlers.blocks.text import Text, bold, italic, lines, link, say
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
        blocks.append(section(bold(f"{count(total, 'story', 'stories')} on what {whose}")))
        for number, story in enumerate(stories):
            told = _told(story, alert.tz, quoted=number < _QUOTED)
            blocks.append(section(lines(told, italic(_briefly(story, whose)))))
        if more := total - len(stories):
            blocks.append(context([say(f"{count(more, 'more story', 'more stories')}.")]))
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


def _told(story: Alerted, tz: str, *, quoted: bool) -> Text:
    line = of_many(story.line)
    snippet = line.snippet
    headline = bold(link(snippet.url, trim(story.headline, _HEADLINE)))
    brief = say(headline, " · ", _sources(story))
    if not quoted:
        return brief
    if " ".join(snippet.quote.split()) == story.headline:  # what it would quote stands there
        told = say(headline, " — ", attribution(snippet, tz), ", ", _sources(story))
    else:
        told = lines(headline, statement(Row("", line), tz, QUOTE_WORDS))
    # A source that no paragraph takes cannot be trimmed, so its quote goes with it.
    return told if len(told) < _PARAGRAPH else brief


def _sources(story: Alerted) -> Text:
    return say(count(story.sources, "source")) if story.sources > 1 else italic("one source")


def _why(reason: Reason, whose: str) -> Text:
    least = f"; told from {reason.least} sources on" if reason.least > 1 else ""
    follows = say(named(reason.follows), f" (#{reason.watch})")
    return say(f"Why: {whose} ", follows, ", and ", named(reason.why), f"{least}.")


def _briefly(story: Alerted, whose: str) -> Text:
    follows = ", ".join(dict.fromkeys(trim(one.follows, NAME) for one in story.reasons[:3]))
    return say(f"{whose} ", named(follows), ": ", named(story.reasons[0].why))


def _fallback(alert: Alert) -> Text:
    first = alert.stories[0]
    told = count(first.sources, "source") if first.sources > 1 else "one source"
    text = say(trim(first.headline, _HEADLINE), f" ({told})")
    others = len(alert.stories) - 1 + alert.more
    return say(text, f", and {count(others, 'other story', 'other stories')}") if others else text
