"""The articles that a reply draws on, by date, each with its link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from bot.answer.words import capital, count, published, source
from bot.models import Line, Snippet
from handlers.blocks import limits
from handlers.blocks.layout import Payload, context, message, section
from handlers.blocks.mrkdwn import escape, link, one_line, trim
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
    head = f"{capital(told)}: _{escape(trim(one_line(query), NAME))}_"
    return _fitting(head, [_told(one, tz) for one in ordered], MOST)


def _told(snippet: Snippet, tz: str) -> str:
    title = trim(one_line(snippet.title) or snippet.quote, NAME)
    after = f"{source(snippet)}, {published(snippet, tz)}"
    if snippet.thinned:
        after += ", text thinned: only what is quoted of it is kept"
    return f"• {link(snippet.url, title)} — {escape(after)}"


def _fitting(head: str, lines: Sequence[str], most: int) -> Payload:
    """As many of the lines as a message takes, the rest counted."""
    shown, hidden = lines[:most], len(lines[most:])
    blocks = [section(head), *map(section, _packed(shown))]
    if hidden:
        blocks.append(context([f"{capital(count(hidden, 'more article'))}."]))
    payload = message(head, blocks)
    return _fitting(head, lines, most - 1) if limits.problems(payload) and most else payload


def _packed(lines: Iterable[str]) -> list[str]:
    """The lines in as few paragraphs as hold them."""
    done: list[str] = []
    for line in lines:
        if done and len(done[-1]) + len(line) < limits.SECTION_TEXT:
            done[-1] += f"\n{line}"
        else:
            done.append(line)
    return done
