"""Slack's mrkdwn as HTML: pure, and safe whatever the text holds.

Every piece of text passes through ``markupsafe.escape``; links are http, https or mailto.
Syntax after https://docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "arrow_right": "➡️",
    "bar_chart": "📊",
    "bell": "🔔",
    "black_small_square": "▪️",
    "book": "📖",
    "bookmark": "🔖",
    "bulb": "💡",
    "calendar": "📅",
    "clock1": "🕐",
    "date": "📅",
    "earth_africa": "🌍",
    "eyes": "👀",
    "globe_with_meridians": "🌐",
    "grey_question": "❔",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "information_source": "ℹ️",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "mag": "🔍",
    "memo": "📝",
    "newspaper": "📰",
    "no_entry": "⛔",
    "page_facing_up": "📄",
    "pushpin": "📌",
    "question": "❓",
    "red_circle": "🔴",
    "repeat": "🔁",
    "rotating_light": "🚨",
    "scales": "⚖️",
    "smile": "😄",
    "speech_balloon": "💬",
    "star": "⭐",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "x": "❌",
}


class Names(NamedTuple):
    """What ids in a text are called, the reader's time zone (an IANA name), and what time it is.

    ``now`` is None where it is the machine's; ``bots`` are those of the users who are no people.
    """

    users: Mapping[str, str]
    channels: Mapping[str, str]
    tz: str = "UTC"
    now: datetime | None = None
    bots: frozenset[str] = frozenset()


NOBODY = Names({}, {})

TAGS = {
    "p": Markup("<p>{}</p>"),
    "blockquote": Markup("<blockquote>{}</blockquote>"),
    "pre": Markup("<pre><code>{}</code></pre>"),
    "code": Markup("<code>{}</code>"),
    "strong": Markup("<strong>{}</strong>"),
    "em": Markup("<em>{}</em>"),
    "s": Markup("<s>{}</s>"),
    "ul": Markup("<ul>{}</ul>"),
    "ol": Markup("<ol>{}</ol>"),
    "li": Markup("<li>{}</li>"),
    "mention": Markup('<span class="mention">{}</span>'),
}

_STYLES = {"*": "strong", "_": "em", "~": "s"}
# A styled stretch may hold whole <...> tokens, whose own * _ ~ do not end it.
_STYLED = "|".join(
    rf"(?<![\w{re.escape(c)}]){re.escape(c)}(?P<{tag}>(?=\S)(?:<[^<>\n]*>|[^\n<{re.escape(c)}])+?"
    rf"(?<=\S)){re.escape(c)}(?![\w{re.escape(c)}])"
    for c, tag in _STYLES.items()
)
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`|<(?P<token>[^<>\n]+)>|" + _STYLED + r"|:(?P<emoji>[a-z0-9_+\-]{1,40}):"
    r"|(?P<bare>https?://[^\s<>|*`]+[^\s<>|*`_~.,;:!?)\]}'\"])"
)
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:>|&gt;) ?")
_BREAK = Markup("<br>")
_DATES: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda d: f"{d:%Y-%m-%d}",
    "date_slash": lambda d: f"{d:%m/%d/%Y}",
    "date_short": lambda d: f"{d:%b} {d.day}, {d:%Y}",
    "date_long": lambda d: f"{d:%A}, {d:%B} {_ordinal(d.day)}, {d:%Y}",
    "date": lambda d: f"{d:%B} {_ordinal(d.day)}, {d:%Y}",
    "time_secs": lambda d: f"{d:%H:%M:%S}",
    "time": lambda d: f"{d:%H:%M}",
}


_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60))


def html(text: str, names: Names = NOBODY) -> Markup:
    """mrkdwn as HTML: paragraphs of lines, quotes and code blocks."""
    parts = _FENCE.split(text)
    done: list[Markup] = []
    for number, part in enumerate(parts):
        if number % 2:
            code = escape(_plain(part.strip("\n")))
            done.append(TAGS["pre"].format(code))
        elif part.strip("\n"):
            done.append(_lines(part.strip("\n"), names))
    return Markup().join(done)


def plain(text: str, *, emoji: bool = True) -> Markup:
    """A plain_text object as HTML: only emoji and line breaks mean anything."""
    shown = re.sub(r":([a-z0-9_+\-]{1,40}):", _emoji, text) if emoji else text
    return _BREAK.join(escape(line) for line in _plain(shown).split("\n"))


def link(url: str, label: str | Markup) -> Markup:
    """A link that opens apart; a URL of another scheme is shown, and leads nowhere."""
    if not re.match(r"(?:https?://|mailto:)[^\s]", url, re.IGNORECASE):
        return escape(label) if label else escape(url)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(
        url, label or url
    )


def date_words(stamp: str, form: str, tz: str, now: datetime | None = None) -> str | None:
    """``<!date^stamp^form|...>`` in words of the reader's zone; None where it is malformed."""
    try:
        moment = datetime.fromtimestamp(int(stamp), ZoneInfo(tz))
    except (ValueError, OverflowError, OSError):
        return None
    here = (now or datetime.now(UTC)).astimezone(moment.tzinfo)
    return re.sub(r"\{(\w+)\}", lambda m: _date_part(m[1], moment, here) or m[0], form)


def _ordinal(day: int) -> str:
    ending = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _date_part(name: str, moment: datetime, now: datetime) -> str | None:
    kind = name.removesuffix("_pretty")
    if kind == "ago":
        return _ago(now - moment)
    if kind not in _DATES:
        return None
    if name.endswith("_pretty"):
        today = now.date()
        near = {today: "today", today - timedelta(1): "yesterday", today + timedelta(1): "tomorrow"}
        if moment.date() in near:
            return near[moment.date()]
    return _DATES[kind](moment)


def _ago(since: timedelta) -> str:
    """How long ago, or in how long, in the largest unit that fits."""
    seconds = abs(int(since.total_seconds()))
    unit, size = next((u for u in _UNITS if seconds >= u[1]), ("second", 1))
    count = seconds // size
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if since < timedelta(0) else f"{words} ago"


def _lines(text: str, names: Names) -> Markup:
    before, all_quoted, rest = _until_triple(text)
    done: list[Markup] = []
    for quoted, group in groupby(before, key=lambda line: bool(_QUOTE.match(line))):
        lines = [
            _inline(_QUOTE.sub("", line, count=1) if quoted else line, names) for line in group
        ]
        done.append(_block("blockquote" if quoted else "p", lines))
    if all_quoted:
        done.append(_block("blockquote", [_inline(line, names) for line in rest]))
    return Markup().join(done)


def _until_triple(text: str) -> tuple[list[str], bool, list[str]]:
    """The lines before a ``>>>``, whether there is one, and the lines that it quotes."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for mark in (">>>", "&gt;&gt;&gt;"):
            if line.startswith(mark):
                return (
                    lines[:number],
                    True,
                    [line.removeprefix(mark).lstrip(), *lines[number + 1 :]],
                )
    return lines, False, []


def _block(tag: str, lines: list[Markup]) -> Markup:
    return TAGS[tag].format(_BREAK.join(lines))


def _inline(text: str, names: Names) -> Markup:
    done: list[Markup] = []
    at = 0
    for found in _INLINE.finditer(text):
        done.append(escape(_plain(text[at : found.start()])))
        done.append(_piece(found, names))
        at = found.end()
    done.append(escape(_plain(text[at:])))
    return Markup().join(done)


def _piece(found: re.Match[str], names: Names) -> Markup:
    kind, inner = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "code":
        return TAGS["code"].format(_plain(inner))
    if kind == "token":
        return _token(inner, names)
    if kind == "emoji":
        return escape(_emoji(found))
    if kind == "bare":
        return link(_plain(inner), _plain(inner))
    return TAGS[kind].format(_inline(inner, names))


def _token(inner: str, names: Names) -> Markup:
    body, _, label = inner.partition("|")
    label = _plain(label)
    if body.startswith("@"):
        return TAGS["mention"].format("@" + (names.users.get(body[1:]) or label or body[1:]))
    if body.startswith("#"):
        return TAGS["mention"].format("#" + (names.channels.get(body[1:]) or label or body[1:]))
    if body.startswith("!date^"):
        _, stamp, form, *url = body.split("^")[:4] + [""] * (3 - body.count("^"))
        words = date_words(stamp, form, names.tz, names.now) or label
        return link(_plain(url[0]), words) if url and url[0] else escape(words)
    if body.startswith("!"):
        return TAGS["mention"].format(label or "@" + body[1:])
    return link(_plain(body), label or _plain(body))


def _emoji(found: re.Match[str]) -> str:
    return EMOJI.get(found[0].strip(":"), found[0])


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
