"""Sources: counted, distrusted, brought back; what is theirs leaves and returns at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.store.sources import Source
from bot.store.store import Store
from bot.store.trust import is_withheld
from tests.arrivals import NOW, arrival, day, met, open_store

pytestmark = pytest.mark.usefixtures("each_store")

MET = "Qatar met Iran."
LONG = (
    "A ferry sank off Lamu in Kenya on Tuesday; the coast guard pulled forty passengers out. "
    "Divers searched the wreck until dusk, and the port of Lamu stays closed until it is "
    "raised. The owner of the ferry said that it had been repaired in January, and that its "
    "papers were in order; the ministry of transport said that it would look into that."
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def article(key: str, publisher: str, text: str = MET, days: int = 0, **more: object) -> Arrival:
    values: dict[str, object] = {
        "published": day("2026-03-01") + timedelta(days=days),
        "publisher": publisher,
        "sources": [publisher],
        "facts": [met(text, MET)] if MET in text else [],
    }
    made = arrival(key, text, **{**values, **more})  # type: ignore[arg-type]  # of one's choice
    if not (named := more.get("sources")):
        return made
    assert isinstance(named, list)
    after = made.article.model_copy(update={"original_source": ", ".join(named)})
    return made.model_copy(update={"article": after})


def trust(store: Store, name: str, level: str) -> int:
    return store.sources.trust(LOCAL, name, level, "U1", NOW)[1]  # type: ignore[arg-type]  # a level


def by_key(store: Store, *places: str) -> dict[str, Source]:
    return {one.key: one for one in store.sources.all(LOCAL, [EVERYWHERE, *places])}


def telling(store: Store) -> set[str]:
    return {one.evidence[0].article for one in store.facts(LOCAL, [EVERYWHERE])}


def test_what_is_listed(store: Store) -> None:
    store.commit(
        [
            article("a", "The Gazette", LONG),
            article("b", "gazette", MET, 5),
            article("c", "Courier", f"{LONG} It went on.", 1),
            article("d", "Courier", MET, 2, sources=["Wire"]),
            article("e", "Secret", MET, 3, audience="C1"),
        ]
    )
    found = by_key(store)
    assert list(found) == ["courier", "gazette", "wire"]
    gazette, courier, wire = found["gazette"], found["courier"], found["wire"]
    assert (gazette.articles, gazette.own, gazette.cited, gazette.independence) == (2, 2, 0, 1.0)
    assert gazette.newest == day("2026-03-06")
    assert (courier.articles, courier.own, courier.independence) == (2, 0, 0.0)
    assert (wire.articles, wire.cited, wire.independence) == (0, 1, None)
    assert "secret" in by_key(store, "C1")
    assert store.sources.all("T2", [EVERYWHERE]) == []


def test_distrust_takes_evidence_away_and_trust_brings_it_back(store: Store) -> None:
    store.commit([article("a", "Gazette"), article("b", "Courier", days=1)])
    seen = store.last_seq()
    assert trust(store, "The Gazette", "distrusted") == 1
    assert telling(store) == {"b"}
    assert store.articles_total(LOCAL) == 1
    assert store.indexable(LOCAL, ["a"]) == []
    assert [(one.key, one.op) for one in store.changes(seen, 10)] == [("a", "delete")]
    happenings = {one.happening or "" for one in store.facts(LOCAL, [EVERYWHERE])}
    counts = store.events.sources(LOCAL, [EVERYWHERE], happenings)
    assert set(counts.values()) == {frozenset({"courier"})}
    assert by_key(store)["gazette"].level == "distrusted"
    assert by_key(store)["gazette"].articles == 1
    assert trust(store, "gazette", "normal") == 1
    assert telling(store) == {"a", "b"}
    assert len(store.indexable(LOCAL, ["a"])) == 1
    both = store.events.sources(
        LOCAL, [EVERYWHERE], {one.happening or "" for one in store.facts(LOCAL, [EVERYWHERE])}
    )
    assert frozenset().union(*both.values()) == {"courier", "gazette"}


def test_each_change_is_logged_once(store: Store) -> None:
    store.commit([article("a", "Gazette")])
    for level in ("distrusted", "distrusted", "removed", "trusted"):
        trust(store, "Gazette", level)
    lines = store.sources.log(LOCAL)
    assert [(one.seq, one.before, one.level) for one in lines] == [
        (3, "removed", "trusted"),
        (2, "distrusted", "removed"),
        (1, "normal", "distrusted"),
    ]
    assert (lines[0].person, lines[0].at, lines[0].name) == ("U1", NOW, "Gazette")
    assert store.sources.log(LOCAL, 1) == lines[:1]
    assert store.sources.log("T2") == []
    assert store.sources.removed(LOCAL) == frozenset()


def test_what_comes_meanwhile_stands_aside(store: Store) -> None:
    store.commit([article("a", "Gazette")])
    trust(store, "Gazette", "distrusted")
    store.commit([article("n", "gazette.com", days=2), article("o", "Courier", days=2)])
    assert telling(store) == {"o"}
    assert trust(store, "Gazette", "normal") == 2
    assert telling(store) == {"a", "n", "o"}
    assert set(store.stories.of(LOCAL, ["a", "n", "o"])) == {"a", "n", "o"}


def test_an_edit_meanwhile_stays_aside(store: Store) -> None:
    store.commit([article("a", "Gazette")])
    trust(store, "Gazette", "removed")
    store.commit([article("a", "Gazette", f"{MET} Later.", n=2)])
    assert telling(store) == set()
    trust(store, "Gazette", "normal")
    assert telling(store) == {"a"}


def test_of_several_sources_the_trusted_stay(store: Store) -> None:
    store.commit([article("a", "Digest", sources=["Wire", "Gazette"])])
    assert trust(store, "Gazette", "distrusted") == 0
    assert store.source_counts(LOCAL, ["a"]) == {"a": ("wire",)}
    assert trust(store, "Wire", "distrusted") == 1
    assert telling(store) == set()
    assert trust(store, "Gazette", "normal") == 1
    assert store.source_counts(LOCAL, ["a"]) == {"a": ("gazette",)}
    trust(store, "Wire", "trusted")
    assert store.source_counts(LOCAL, ["a"]) == {"a": ("wire", "gazette")}


def test_a_source_that_is_only_named_is_counted_while_it_is_distrusted(store: Store) -> None:
    store.commit([article("a", "Digest", sources=["Wire"])])
    trust(store, "Wire", "distrusted")
    assert by_key(store)["wire"].cited == 1
    assert by_key(store, "C1")["wire"].newest == day("2026-03-01")


def test_copies_of_what_left_stand_for_themselves(store: Store) -> None:
    store.commit([article("a", "Gazette", LONG), article("b", "Courier", f"{LONG} So.", 1)])
    assert store.source_counts(LOCAL, ["b"]) == {"b": ("gazette",)}
    trust(store, "Gazette", "distrusted")
    assert store.source_counts(LOCAL, ["b"]) == {"b": ("courier",)}
    trust(store, "Gazette", "normal")
    assert store.source_counts(LOCAL, ["b"]) == {"b": ("gazette",)}
    assert store.stories.originals(LOCAL, ["a", "b"]) == {"b": "a"}


def test_what_is_deleted_stays_deleted(store: Store) -> None:
    store.commit([article("a", "Gazette"), article("b", "Gazette", days=1)])
    store.tombstone(LOCAL, "a", NOW)
    trust(store, "Gazette", "distrusted")
    assert store.tombstone(LOCAL, "b", NOW)
    assert not store.tombstone(LOCAL, "b", NOW)
    assert trust(store, "Gazette", "normal") == 0
    assert telling(store) == set()


def test_workspaces_trust_for_themselves(store: Store) -> None:
    store.commit([article("a", "Gazette"), article("a", "Gazette", workspace="T2")])
    trust(store, "Gazette", "distrusted")
    assert len(store.facts("T2", [EVERYWHERE])) == 1


def test_a_source_may_be_refused_beforehand(store: Store) -> None:
    assert trust(store, "Gazette", "removed") == 0
    assert store.sources.removed(LOCAL) == {"gazette"}
    (one,) = store.sources.all(LOCAL, [EVERYWHERE])
    assert (one.name, one.level, one.articles, one.newest) == ("Gazette", "removed", 0, None)


@pytest.mark.parametrize(
    ("publisher", "named", "aside"),
    [
        ("Gazette", [], True),
        ("www.gazette.com", ["Wire"], True),
        ("Courier", ["Gazette"], True),
        ("Courier", ["The Gazette", "Wire"], False),
        ("Courier", [], False),
        ("Gazette Weekly", [], False),
        (None, [], False),
        (None, ["GAZETTE"], True),
    ],
)
def test_who_stands_aside(publisher: str | None, named: list[str], aside: bool) -> None:
    assert is_withheld(publisher, named, {"gazette"}) is aside


def test_the_newest_of_a_source(store: Store) -> None:
    store.commit(
        [
            article("a", "Gazette"),
            article("b", "gazette.com", days=2),
            article("c", "Courier", days=5, sources=["Wire"]),
            article("d", "Gazette", days=9, audience="C1"),
        ]
    )

    def newest(key: str, *places: str, by: str = "2026-04-01") -> str | None:
        return store.sources.newest(LOCAL, [EVERYWHERE, *places], key, day(by))

    assert newest("gazette") == "b"
    assert newest("gazette", "C1") == "d"
    assert newest("gazette", by="2026-03-02") == "a"
    assert newest("wire") == "c"
    assert newest("nobody") is None
    trust(store, "Gazette", "distrusted")
    assert newest("gazette") is None
