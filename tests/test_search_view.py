"""What was counted holds for one state of the index: for the next it is counted anew."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.models import EVERYWHERE, LOCAL
from bot.search.index import PassageIndex
from bot.search.query import Scope
from tests.arrivals import EMIR, IRAN, NOW, QATAR, arrival, day, open_store

WHOLE = (EVERYWHERE,)
MET = "Qatar met Iran."


def test_what_comes_and_goes_is_counted_anew(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival("one", MET, published=day("2026-03-01"))])
        index = PassageIndex.open(tmp_path / "index")
        reader = PassageIndex.open(tmp_path / "index")  # as another process beside
        scope = Scope(LOCAL, WHOLE)

        def counts(of: PassageIndex) -> tuple[int, int, int, bool]:
            return (
                of.coverage([[QATAR]], scope).articles,
                of.frequency("qatar", workspace=LOCAL, audiences=WHOLE),
                of.named_together([[QATAR]], [IRAN], scope).get(IRAN, 0),
                of.names([EMIR], workspace=LOCAL, audiences=WHOLE),
            )

        index.catch_up(store)
        reader.catch_up(store)
        assert counts(index) == counts(reader) == (1, 1, 1, False)
        store.commit(
            [
                arrival("two", MET, published=day("2026-03-02")),
                arrival("three", "Told by the Emir.", published=day("2026-03-03")),
            ]
        )
        index.catch_up(store)
        assert counts(reader) == (1, 1, 1, False)  # it has not looked yet
        reader.catch_up(store)
        assert counts(index) == counts(reader) == (2, 2, 2, True)
        store.tombstone(LOCAL, "one", NOW)
        index.catch_up(store)
        assert counts(index) == (1, 1, 1, True)
        index.rebuild(store)
        assert counts(index) == (1, 1, 1, True)
        reader.close()
        index.close()


def test_an_earlier_day_is_counted_apart(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([arrival(key, MET, published=day(f"2026-03-0{key}")) for key in "12"])
        index = PassageIndex.open(tmp_path / "index")
        index.catch_up(store)
        found = {
            at: index.coverage([[QATAR]], Scope(LOCAL, WHOLE, at)).articles
            for at in (None, NOW, day("2026-03-02"), day("2026-03-02") - timedelta(microseconds=1))
        }
        assert list(found.values()) == [2, 2, 2, 1]
        assert index.coverage([[QATAR]], Scope(LOCAL, ("C1",))).articles == 0
        assert index.coverage([[]], Scope(LOCAL, WHOLE)).articles == 0
        assert index.coverage([["org:nobody"]], Scope(LOCAL, WHOLE)).articles == 0
        assert index.search("qatar", workspace=LOCAL, audiences=WHOLE, actors=[["org:nobody"]])
        index.close()
