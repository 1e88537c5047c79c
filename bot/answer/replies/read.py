"""What is read: the sources there are, how much of each is its own, how far it is trusted."""

from __future__ import annotations

from bot.answer.library import Library
from bot.answer.replies.seen import hinting, opening
from bot.answer.words import capital, count, day
from bot.models import Answer, Line, Nothing
from bot.store.sources import Source

LINES = 10
"""Sources that a reply lists; ``dragoman sources`` has all."""

NOTHING_READ = "I have read nothing yet: give me links or files, or add feeds in Home."


def what_is_read(library: Library, query: str) -> Answer | Nothing:
    """List the sources with most articles, each with the beginning of the newest of them."""
    found = library.store.sources.all(library.workspace, library.audiences)
    if not found:
        return Nothing(query=query, notes=hinting(library, NOTHING_READ))
    lines = [line for one in found[:LINES] if (line := _line(library, one)) is not None]
    return Answer(
        query=query,
        as_of=library.as_of,
        answered=bool(lines),
        lines=tuple(lines),
        notes=tuple(_notes(found)),
    )


def described(one: Source) -> str:
    """A source in a line: how much of it there is, how much its own, how far it is trusted."""
    parts = [count(one.articles, "article")] if one.articles else []
    if one.independence is not None:
        parts.append(f"{one.independence:.0%} its own")
    if one.cited:
        parts.append(f"{count(one.cited, 'article')} of others after it")
    if one.newest is not None:
        parts.append(f"newest {day(one.newest.date())}")
    elif one.articles or one.cited:
        parts.append("undated")
    if one.level != "normal":
        parts.append(one.level)
    return f"{one.name} · {', '.join(parts)}"


def _line(library: Library, one: Source) -> Line | None:
    """The beginning of its newest article; None where none of them counts."""
    key = library.store.sources.newest(library.workspace, library.audiences, one.key, library.as_of)
    stored = library.articles([key]) if key else {}
    line = opening(stored[key]) if key in stored else None
    return line.model_copy(update={"heading": described(one)}) if line else None


def _notes(found: list[Source]) -> list[str]:
    published = [one for one in found if one.articles]
    cited = [one for one in found if not one.articles and one.cited]
    told = [count(len(published), "publisher")]
    told += [f"{count(sum(one.articles for one in published), 'article')} of theirs"]
    if cited:
        told.append(f"{count(len(cited), 'other source')} that those are after")
    notes = [f"{capital(', '.join(told))}."]
    for level in ("distrusted", "removed"):
        names = [one.name for one in found if one.level == level]
        if names:
            notes.append(f"{capital(level)}, and not shown: {', '.join(names)}.")
    return notes
