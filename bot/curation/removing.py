"""Remove articles for good, and restore them: by their link, file or id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.curation.corrections import Corrections
from bot.errors import BadEdit
from bot.gather.addresses import shown
from bot.gather.links import canonical_url, short
from bot.models import Article
from bot.store.articles import Stored
from bot.store.store import Store

_SHOWN = 5
"""Candidates listed in an error."""


def remove(store: Store, workspace: str, what: str, now: datetime) -> list[Stored]:
    """Remove the article that ``what`` names, for every audience that has it.

    A tombstone under all its names keeps it from being ingested again; its text stays in the
    store, but is no longer shown. Raises BadEdit if there is no such article, or if it is removed
    already.
    """
    live = [one for one in _named(store, workspace, what) if not one.article.tombstoned_at]
    gone = [one for one in live if store.tombstone(workspace, one.article.id, now)]
    if not gone:
        raise BadEdit(f"{_show(what)} is already removed.", about=what)
    return gone


def restore(
    store: Store, care: Corrections, workspace: str, what: str, now: datetime
) -> list[Stored]:
    """Restore a removed article and read it again; raises BadEdit if none is removed."""
    back = [
        one
        for one in _named(store, workspace, what)
        if store.names.restore(workspace, one.article.id)
    ]
    if not back:
        raise BadEdit(f"{_show(what)} is not removed.", about=what)
    care.read_articles(workspace, [one.article.id for one in back], now)
    return back


def _named(store: Store, workspace: str, what: str) -> list[Stored]:
    found = store.articles(workspace, [what])
    found |= store.articles(workspace, store.names.articles(workspace, _names(what)))
    found = found or _given(store, workspace, what)
    if not found:
        raise BadEdit(
            f"No article matches {_show(what)}: give its link, its file as it was read, or its id"
            " (in the file it came from).",
            about=what,
            hint="`dragoman facts --format json` shows ids.",
        )
    return list(found.values())


def _given(store: Store, workspace: str, what: str) -> dict[str, Stored]:
    """The article with an id given by its file, for every audience; BadEdit if several have it."""
    found = store.articles(workspace, store.names.by_external_id(workspace, what))
    if len({one.article.identity for one in found.values()}) > 1:
        some = list(found.values())
        listed = "; ".join(
            f"{in_words(one.article, one.revision.title)}: {one.article.url or one.article.id}"
            for one in some[:_SHOWN]
        )
        more = f"; and {len(some) - _SHOWN} more" if len(some) > _SHOWN else ""
        raise BadEdit(
            f"Several articles have the id {_show(what)}: {listed}{more}. Give a link instead.",
            about=what,
        )
    return found


def _names(what: str) -> Sequence[str]:
    names = [what, f"id:{what}", f"id:file:{Path(what).resolve()}"]
    if "://" in what:
        try:
            names.append(canonical_url(what))
        except ValueError as error:
            raise BadEdit(
                f"{_show(what)} is not a link; check its spelling.", about=what
            ) from error
    return [short(name) for name in names]


def _show(what: str) -> str:
    return repr(shown(what) if "@" in what else what[:200])


def in_words(article: Article, title: str) -> str:
    """Title, publisher and date of an article."""
    name = f"“{title}”" if title else (article.url or article.external_id or article.id)
    when = f", {article.published:%Y-%m-%d}" if article.published else ""
    return f"{name} ({article.publisher or 'publisher unknown'}{when})"
