"""The articles that a reply draws on, by date, each with its link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.answer.formatting import capital, count, published, source
from bot.models import Line, Snippet
from handlers.blocks import limits
from handlers.blocks.layout import Payload, context, message, packed, section
from handlers.blocks.mrkdwn import one_line, trim
from handlers.blocks.text import Text, italic, link, say
from handlers.blocks.words import NAME

MOST = 20
_NEVER = datetime.min.replace(tzinfo=UTC)


def sources_message(query: str, lines: Iterable[Line], *, tz: str = "UTC") -> Payload:
    """List the articles, newest first, the undated last; those beyond ``MOST`` are counted."""
    articles = {line.snippet.article: line.snippet for line in lines}
    ordered = sorted(
        articles.values(),
        key=lambda one: (one.published or _NEVER, one.title, one.article),
        reverse=True,
    )
    publishers = len({source(one).casefold() for one in ordered})
    told = f"{count(len(ordered), 'article')} of {count(publishers, 'source')}"
    head = say(f"{capital(told)}: ", italic(trim(one_line(query), NAME)))
    return _fitting(head, [_told(one, tz) for one in ordered], MOST)


def _told(snippet: Snippet, tz: str) -> Text:
    title = trim(one_line(snippet.title) or snippet.quote, NAME)
    after = f"{source(snippet)}, {published(snippet, tz)}"
    if snippet.thinned:
        after += ", text thinned: only what is quoted of it is kept"
    return say("• ", link(snippet.url, title), f" — {after}")


def _fitting(head: Text, lines: Sequence[Text], most: int) -> Payload:
    """As many of the lines as a message takes, the rest counted."""
    shown, hidden = lines[:most], len(lines[most:])
    blocks = [section(head), *map(section, packed(shown))]
    if hidden:
        blocks.append(context([say(f"{capital(count(hidden, 'more article'))}.")]))
    payload = message(head, blocks)
    return _fitting(head, lines, most - 1) if limits.problems(payload) and most else payload
