"""Watches and their alerts: what is new, what is followed, and how to follow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.answer.formatting import capital, count, day
from bot.models import Alert, Alerted, DidYouMean, Match, Outgoing, Reason, Watch
from bot.watches.topics import delivery_in_words, in_words
from bot.watches.watchlist import Followed, Listing, changes, muted, watches_in_words
from handlers.blocks import limits
from handlers.blocks.layout import (
    NAME,
    QUOTE_WORDS,
    Payload,
    Row,
    attribution,
    button,
    context,
    fullest,
    made,
    message,
    named,
    packed,
    row,
    section,
    statement,
    without_long_link,
)
from handlers.blocks.notes import once
from handlers.blocks.text import (
    NOTHING,
    Text,
    bold,
    code,
    cut,
    italic,
    lines,
    link,
    one_line,
    quote,
    say,
    spoken,
    trim,
)

# --- alerts ------------------------------------------------------------------------------


MUTE, DIGEST, STOP = "watch_mute", "watch_digest", "watch_stop"
"""The actions under an alert; each carries the numbers of its watches."""

_HEADLINE = 180
_PARAGRAPH = limits.SECTION_TEXT - 600  # the reason is shown below
_STORIES_QUOTED = 3
"""Stories that are quoted if several come together; the others get a line each."""


def render_alert(item: Outgoing) -> Payload:
    """Lay out an alert of the outbox."""
    return alert_message(Alert.model_validate(item.content))


def alert_message(alert: Alert) -> Payload:
    """Lay out an alert: one story with its quote, or several, the others one line each.

    Stories that do not fit a message are counted, the last ones first.
    """
    return fullest(lambda shown: _built(alert, alert.stories[:shown]), len(alert.stories))


def _built(alert: Alert, stories: Sequence[Alerted]) -> Payload:
    follower = "you follow" if alert.personal else "this channel follows"
    total = len(alert.stories) + alert.more
    blocks: list[Payload] = []
    if total == 1:
        (story,) = stories
        blocks.append(section(_story(story, alert.tz, quoted=True)))
        blocks.append(context([_why(one, follower) for one in story.reasons[:5]]))
    else:
        blocks.append(section(bold(f"{count(total, 'story', 'stories')} on what {follower}")))
        for number, story in enumerate(stories):
            text = _story(story, alert.tz, quoted=number < _STORIES_QUOTED)
            blocks.append(section(lines(text, italic(_why_briefly(story, follower)))))
        if more := total - len(stories):
            blocks.append(context([say(f"{count(more, 'more story', 'more stories')}.")]))
    reasons = [one for story in alert.stories for one in story.reasons]
    buttons = row(*watch_buttons([one.watch for one in reasons]))
    return message(_fallback(alert), [*blocks, *buttons])


def watch_buttons(watches: Sequence[int]) -> list[Payload]:
    """Return the buttons that mute watches, move them to the digest, or stop them."""
    value = {"ids": sorted(set(watches))[:50]}
    return made(
        button("Mute 8 hours", MUTE, value),
        button("Digest only", DIGEST, value),
        button("Stop following", STOP, value),
    )


def _story(story: Alerted, tz: str, *, quoted: bool) -> Text:
    line = without_long_link(story.line)
    snippet = line.snippet
    headline = bold(link(snippet.url, trim(story.headline, _HEADLINE)))
    brief = say(headline, " · ", _sources(story))
    if not quoted:
        return brief
    if " ".join(snippet.quote.split()) == story.headline:  # the headline is the quote
        text = say(headline, " — ", attribution(snippet, tz), ", ", _sources(story))
    else:
        text = lines(headline, statement(Row("", line), tz, QUOTE_WORDS))
    # A source too long for a paragraph cannot be trimmed, so its quote goes with it.
    return text if len(text) < _PARAGRAPH else brief


def _sources(story: Alerted) -> Text:
    return say(count(story.sources, "source")) if story.sources > 1 else italic("one source")


def _why(reason: Reason, follower: str) -> Text:
    least = f"; sent when {reason.least} sources report it" if reason.least > 1 else ""
    follows = say(named(reason.follows), f" (#{reason.watch})")
    return say(f"Why: {follower} ", follows, ", and ", named(reason.why), f"{least}.")


def _why_briefly(story: Alerted, follower: str) -> Text:
    follows = ", ".join(dict.fromkeys(trim(one.follows, NAME) for one in story.reasons[:3]))
    return say(f"{follower} ", named(follows), ": ", named(story.reasons[0].why))


def _fallback(alert: Alert) -> Text:
    first = alert.stories[0]
    sources = count(first.sources, "source") if first.sources > 1 else "one source"
    text = say(trim(first.headline, _HEADLINE), f" ({sources})")
    others = len(alert.stories) - 1 + alert.more
    return say(text, f", and {count(others, 'other story', 'other stories')}") if others else text


# --- watches -----------------------------------------------------------------------------


HERE = "watch_here"
"""The action that makes the channel follow what somebody just followed for themselves."""

CHOOSE = "watch_choose"
"""The action of an offered name; the ids are ``watch_choose:0``, ``watch_choose:1`` …"""

_LISTED = (40, 20, 10, 5)
"""How many watches of a place are listed: the most that fit a message."""

USAGE = lines(
    "Tell me what to follow, and I send you what is new, one alert per story:",
    spoken(
        "• `/watch add Qatar` · `/watch add Qatar Iran` · `/watch add Iran sanctions` · "
        "`/watch add “red sea”` · `/watch add type:assault`"
    ),
    say(
        "• ", code("from 3 sources"), " waits until that many independent sources report it, ",
        code("in the digest"), " sends no alerts, ", code("for me"),
        " alerts you instead of the channel",
    ),
    spoken(
        "• `/watch list` · `/watch remove Qatar` · `/watch mute Qatar 8h` · `/watch pause` · "
        "`/watch resume`"
    ),
)  # fmt: skip


def watch_usage() -> Payload:
    """Show how to follow something."""
    return message(USAGE, [section(USAGE)])


def followed(done: Followed, here: Mapping[str, Any] | None = None) -> Payload:
    """Confirm what is followed and how it is reported; ``here`` also follows it for the channel."""
    watch = done.watch
    where = "for you, in your direct messages" if watch.personal else "for this channel"
    verb = "Following" if done.new else "Already followed, changed now:"
    how = f" (#{watch.id}) {where} — {delivery_in_words(watch)}."
    text = say(f"{verb} ", bold(_topic(watch)), how)
    more = button("For this channel", HERE, here) if here else None
    _, *less = watch_buttons([watch.id])
    actions = row(more, *less)
    below = [shown for note in done.notes if (shown := spoken(note))]
    notes = [context(below)] if below else []
    return message(text, [section(text), *notes, *actions])


def announced(
    name: str, before: Sequence[Watch], after: Sequence[Watch], now: datetime, tz: str
) -> str:
    """Return one plain line on who changed what a channel follows; empty if nobody did."""
    parts = [f"{words}: {watches_in_words(watches)}" for words, watches in changes(before, after)]
    for until, watches in muted(before, after).items():
        parts.append(f"muted until {instant(until, now, tz)} ({tz}): {watches_in_words(watches)}")
    who = trim(one_line(name), NAME)
    return f"{who} changed what is followed here. {capital('; '.join(parts))}." if parts else ""


def choose_topic(asked: DidYouMean, text: str, meant: Mapping[str, str]) -> Payload:
    """Ask which actor a name means; each button follows with the choice made."""
    offered = once(asked.candidates)
    head = say("Which one do you mean by ", quote(trim(asked.query, NAME)), "?")
    named_so = [say("• ", bold(named(one.name)), f" ({one.type.value})") for one in offered]
    chosen = [_choice(n, one, asked.query, text, meant) for n, one in enumerate(offered)]
    words = lines(head, *named_so)
    return message(words, [section(words), *row(*chosen)])


def _choice(n: int, one: Match, typed: str, text: str, meant: Mapping[str, str]) -> Payload | None:
    value = {"text": text, "meant": [*map(list, meant.items()), [typed, one.actor]]}
    return button(trim(one.name, 60), f"{CHOOSE}:{n}", value)


def watch_listing(found: Listing, now: datetime, tz: str, *, direct: bool) -> Payload:
    """List what is followed here and by the asker, each with how it is reported."""
    parts = [] if direct else [("Followed for this channel", found.here)]
    parts.append(("Followed for you", found.mine))
    for most in _LISTED:
        texts: list[Text] = []
        for heading, watches in parts:
            texts += _listed(heading, watches, now, tz, most)
        texts = texts or [spoken("Nothing is followed yet: `/watch add Qatar` follows Qatar.")]
        payload = message(cut(lines(*texts), 3500), [section(text) for text in texts])
        if not limits.problems(payload):
            break
    return payload


def _listed(
    heading: str, watches: Sequence[Watch], now: datetime, tz: str, most: int
) -> list[Text]:
    if not watches:
        return []
    rows = [
        say(
            f"• #{one.id} ",
            bold(_topic(one)),
            f" — {delivery_in_words(one)}",
            _muted(one, now, tz),
        )
        for one in watches[:most]
    ]
    if more := len(watches) - len(rows):
        rows.append(say(f"… and {more} more."))
    return packed([bold(heading), *rows])


def _topic(watch: Watch) -> Text:
    return named(in_words(watch.topic))


def _muted(watch: Watch, now: datetime, tz: str) -> Text:
    if watch.paused:
        return say(", ", italic("paused"))
    if watch.muted_until is not None and now < watch.muted_until:
        return say(", ", italic(f"muted until {instant(watch.muted_until, now, tz)}"))
    return NOTHING


def instant(at: datetime, now: datetime, tz: str) -> str:
    """Return a future time in the reader's zone: ``18:30``, or ``5 May 2026, 18:30``."""
    local = at.astimezone(ZoneInfo(tz))
    time = local.strftime("%H:%M")
    soon = at - now < timedelta(hours=12) and local.date() == now.astimezone(ZoneInfo(tz)).date()
    return time if soon else f"{day(local.date())}, {time}"
