"""Whether quotes are in the store, exactly where they claim to be."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answer.cli_output import lines_of
from bot.answer.retrieval import Retrieved
from bot.desk import Desk
from bot.models import LOCAL, Reply, Snippet
from tests.bench.common import Result


class Verbatim:
    """Counts the quotes of replies, and those of them that are verbatim."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._quotes = self._right = 0

    def check(self, reply: Reply, looked: Retrieved | None = None) -> None:
        """Look up every quote of a reply, and of the passages considered for it."""
        found = [line.snippet for line in lines_of(reply)]
        found += [one.line.snippet for one in looked.candidates] if looked else []
        self._right += self._standing(found)
        self._quotes += len(found)

    def result(self) -> Result:
        """Return the number of quotes and the share that is verbatim."""
        share = self._right / self._quotes if self._quotes else 0.0
        return {"quotes": self._quotes, "verbatim": round(share, 4)}

    def _standing(self, snippets: Iterable[Snippet]) -> int:
        snippets = list(snippets)
        stored = self._desk.store.articles(LOCAL, {one.article for one in snippets})
        return sum(
            one.revision == stored[one.article].revision.n
            and one.quote == getattr(stored[one.article].revision, one.field)[one.start : one.end]
            for one in snippets
        )
