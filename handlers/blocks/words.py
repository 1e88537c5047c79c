"""Words in mrkdwn: sources, standing, periods, subjects.

The plain words are in ``bot.answer.formatting``, which the command line shares.
"""

from __future__ import annotations

from bot.answer.formatting import capital, count, days, independent, marks, published, source
from bot.models import Line, Match, Period, Snippet, Status
from handlers.blocks.mrkdwn import one_line, trim
from handlers.blocks.text import Text, bold, fitted, italic, link, say

NAME = 120
"""Most characters of a name, a label or a query that a reply repeats."""

REFERENCE = 2 * NAME
"""Most characters of what the reference list says of one office."""


_LONG_LINK = 700
"""Characters of an address beyond which a message of many lines goes without it."""


def named(text: str) -> Text:
    """A name, a label or a query, no longer than such are."""
    return fitted(trim(text, NAME), 2 * NAME)


def attribution(snippet: Snippet, tz: str) -> Text:
    """Publisher and date, linked to the article. Sources are never trimmed."""
    return link(snippet.url, f"{source(snippet)}, {published(snippet, tz)}")


def of_many(line: Line) -> Line:
    """A line without a link that is too long for a message of many lines."""
    if len(link(line.snippet.url, "…")) <= _LONG_LINK:
        return line
    return line.model_copy(update={"snippet": line.snippet.model_copy(update={"url": None})})


def standing(line: Line, *, implied: Status | None = None) -> list[Text]:
    """Say what a reader must know without a click: status, claimant, sources if several.

    ``implied`` is a status that the line's heading already says.
    """
    words = [italic(named(said)) for said in marks(line, implied)]
    return [*words, say(independent(line))] if line.sources > 1 else words


def period(value: Period | None) -> str:
    """Say which days were asked about, as typed and as understood; empty where none were."""
    asked = days(value)
    label = trim(one_line(value.label), NAME) if value and asked else ""
    if not label or any(character.isdigit() for character in label):
        return asked  # what was typed says no more than the days do
    first = label.split()[0].casefold()
    return f"{label} ({asked.removeprefix(f'{first} ')})"


def subject(match: Match) -> Text:
    """Name an actor, what it is, and what was typed for it where that was something else."""
    name, typed = named(match.name), named(match.query)
    kind = match.type.value
    if match.query.strip().casefold() == match.name.strip().casefold() or not typed:
        return say(bold(name), f" ({kind})")
    return say(bold(name), f" ({kind}; you typed ", italic(typed), " — showing ", name, ")")


def left_out(undated: int, value: Period | None) -> str:
    """Count what a period could not take in; empty where nothing was left out."""
    if not undated:
        return ""
    tail = " of this period" if period(value) else ""
    return f"{capital(count(undated, 'undated article'))} left out{tail}."
