"""What is counted over the articles that name some actors: exactly, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from bot.models import EVERYWHERE, LOCAL, Period
from bot.search.index import PassageIndex
from bot.search.query import Coverage, Scope
from tests.arrivals import EMIR, IRAN, NOW, QATAR, arrival, day, open_store

WHOLE = (EVERYWHERE,)
EXACT = day("2026-03-27") + timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)
MET = "Qatar met Iran."


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageIndex]:
    """Three dated articles, the second named in two passages; two undated; one private."""
    folder = tmp_path_factory.mktemp("counting")
    with open_store(folder) as store:
        store.commit(
            [
                arrival("old", MET, published=day("2024-05-01"), sources=["ap.com"]),
                arrival("new", f"{MET} {MET}", published=EXACT, sources=["jpost.com", "AP"]),
                arrival("event", MET, published=day("2026-03-28"), sources=["irna.ir"]),
                arrival("none", MET, sources=["jpost.com"]),
                arrival("secret", MET, audience="C1", sources=["leak"]),
                arrival("claim", "Told by the Emir.", title="Iran"),
                arrival("gone", MET, published=day("2026-03-29"), sources=["gone.example"]),
            ]
        )
        store.tombstone(LOCAL, "gone", NOW)
        opened = PassageIndex.open(folder / "index")
        opened.catch_up(store)
        yield opened
        opened.close()


def _since(start: str | None, end: str | None = None) -> Period:
    first, last = (date.fromisoformat(one) if one else None for one in (start, end))
    return Period(start=first, end=last, label="")


COUNTS: list[tuple[dict[str, Any], Coverage]] = [
    ({}, Coverage(4, 3, date(2026, 3, 28), 1)),
    ({"period": _since("2026-03-27")}, Coverage(2, 3, date(2026, 3, 28), 1)),
    ({"period": _since(None, "2026-03-27")}, Coverage(2, 2, date(2026, 3, 27), 1)),
    ({"period": _since("2026-03-28", "2026-03-28")}, Coverage(1, 1, date(2026, 3, 28), 1)),
    ({"period": _since("2026-03-29")}, Coverage(0, 0, None, 1)),
    ({"as_of": EXACT}, Coverage(2, 2, date(2026, 3, 27), 0)),
    ({"as_of": EXACT - timedelta(microseconds=1)}, Coverage(1, 1, date(2024, 5, 1), 0)),
    ({"groups": [[QATAR, IRAN, EMIR]]}, Coverage(5, 3, date(2026, 3, 28), 2)),
    ({"groups": [[QATAR], [IRAN]]}, Coverage(4, 3, date(2026, 3, 28), 1)),
    ({"groups": [[EMIR], [IRAN]]}, Coverage(1, 1, None, 1)),
    ({"groups": [[QATAR], [EMIR]]}, Coverage(0, 0, None, 0)),
    ({"groups": [["state:tur"]]}, Coverage(0, 0, None, 0)),
    ({"audiences": (EVERYWHERE, "C1")}, Coverage(5, 4, date(2026, 3, 28), 2)),
    ({"audiences": ("C1",)}, Coverage(1, 1, None, 1)),
    ({"workspace": "T2"}, Coverage(0, 0, None, 0)),
]


@pytest.mark.parametrize(("asked", "wanted"), COUNTS, ids=[str(asked) for asked, _ in COUNTS])
def test_coverage(index: PassageIndex, asked: dict[str, Any], wanted: Coverage) -> None:
    given = {"groups": [[QATAR]], "audiences": WHOLE, "workspace": LOCAL, **asked}
    scope = Scope(given["workspace"], given["audiences"], given.get("as_of"))
    assert index.coverage(given["groups"], scope, given.get("period")) == wanted


def test_days_of_a_period(index: PassageIndex) -> None:
    scope = Scope(LOCAL, WHOLE)
    days = [date(2024, 5, 1), date(2026, 3, 27), date(2026, 3, 28)]
    assert index.days([[QATAR]], scope, _since("2024-05-01")) == days
    assert index.days([[QATAR]], scope, _since("2024-05-02", "2026-03-27")) == days[1:2]
    assert index.days([[EMIR]], scope, _since("2024-05-01")) == []


def test_whole_articles_are_counted_and_never_found(index: PassageIndex) -> None:
    every = index.search("", workspace=LOCAL, audiences=WHOLE)
    assert len(every) == index.frequency(None, workspace=LOCAL, audiences=WHOLE)
    private = index.search("", workspace=LOCAL, audiences=["C1"])
    assert index.size == len(every) + len(private)
    assert all(hit.end > hit.start for hit in every)


BESIDE: list[tuple[list[list[str]], list[str], Period | None, dict[str, int]]] = [
    ([[QATAR]], [IRAN, EMIR, "state:tur"], None, {IRAN: 4}),
    ([[IRAN]], [EMIR, QATAR], None, {QATAR: 4, EMIR: 1}),
    ([[QATAR, EMIR]], [IRAN], None, {IRAN: 5}),
    ([[QATAR]], [IRAN], _since("2026-03-27", "2026-03-27"), {IRAN: 1}),
    ([[QATAR], [IRAN]], [], None, {}),
    ([[QATAR], [EMIR]], [IRAN], None, {}),
]


@pytest.mark.parametrize(("groups", "others", "period", "wanted"), BESIDE)
def test_passages_that_name_others_beside(
    index: PassageIndex,
    groups: list[list[str]],
    others: list[str],
    period: Period | None,
    wanted: dict[str, int],
) -> None:
    # A title stands over every passage of its article; the private one is not seen.
    assert index.named_together(groups, others, Scope(LOCAL, WHOLE), period) == wanted
