"""The bench's own parts: copies of a store are whole, and a wrong quote is counted as wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.gather.files import Defaults, drafts
from bot.models import EVERYWHERE, LOCAL, Answer, Asker
from bot.search.index import PassageIndex
from bot.search.query import Scope
from tests.arrivals import QATAR, arrival, day, met, open_store
from tests.bench.asking import Verbatim
from tests.bench.million import COPIES, SHIFT, multiply

MET = "Qatar met Iran in Doha."
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.mark.sqlite
def test_copies_are_found_counted_and_told_on_their_own_days(tmp_path: Path) -> None:
    met_then = met(MET, event_date=date(2026, 3, 27), date_precision="day")
    with open_store(tmp_path / "old") as old:
        old.commit(
            [
                arrival("a", MET, published=day("2026-03-28"), facts=[met_then], sources=["ap"]),
                arrival("b", "Iran left.", facts=[]),
            ]
        )
    multiply(tmp_path / "old", tmp_path / "new")
    with open_store(tmp_path / "new") as store:
        index = PassageIndex.open(tmp_path / "index")
        assert index.catch_up(store) == 2 * (COPIES + 1)
        assert index.size == 2 * (COPIES + 1)
        covered = index.coverage([[QATAR]], Scope(LOCAL, (EVERYWHERE,)))
        assert (covered.articles, covered.newest) == (COPIES + 1, date(2026, 3, 28))
        facts = store.facts(LOCAL, (EVERYWHERE,), actors=[QATAR])
        assert [one.event_date for one in facts] == [
            date(2026, 3, 27) - timedelta(days=number * SHIFT) for number in range(COPIES + 1)
        ]
        assert store.last_seq() == 2 * (COPIES + 1)
        index.close()


def test_a_quote_that_stands_elsewhere_is_not_verbatim(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text(f"Doha talks\n\n{MET} Nobody else came.", encoding="utf-8")
    desk = Desk.open(tmp_path / "data")
    try:
        desk.ingest(drafts([str(file)], defaults=Defaults(), now=NOW), now=NOW)
        reply = desk.ask(Asker(now=NOW), "who met Iran?")
        assert isinstance(reply, Answer)
        line = reply.lines[0]
        moved = line.snippet.model_copy(update={"start": line.snippet.start + 1})
        wrong = reply.model_copy(update={"lines": (line.model_copy(update={"snippet": moved}),)})
        quotes = Verbatim(desk)
        quotes.check(reply)
        assert quotes.result() == {"quotes": len(reply.lines), "verbatim": 1.0}
        other = Verbatim(desk)
        other.check(wrong)
        assert other.result() == {"quotes": 1, "verbatim": 0.0}
    finally:
        desk.close()
