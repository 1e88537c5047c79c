"""What several articles tell is one happening, whichever comes first and until it is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.store.store import Store
from tests.arrivals import EMIR, IRAN, NOW, QATAR, arrival, day, met, open_store

pytestmark = pytest.mark.usefixtures("each_store")

TEXT = "Qatar met Iran in Doha."
MARCH = date(2024, 3, 5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def article(
    key: str,
    source: str,
    on: date | None = MARCH,
    *,
    words: str = TEXT,
    n: int = 1,
    published: str = "2024-03-06",
    audience: str = EVERYWHERE,
    **more: Any,
) -> Arrival:
    told = met(words, event_date=on, date_precision="day" if on else None, **more)
    return arrival(
        key, words, n=n, published=day(published), facts=[told], sources=[source],
        audience=audience,
    )  # fmt: skip


def named(store: Store) -> dict[str, str | None]:
    """The article that names each article's happening."""
    found = store.facts(LOCAL, [EVERYWHERE, "C1"])
    return {one.evidence[0].article: (one.happening or "").split(".")[0] for one in found}


def test_a_fact_alone_is_a_happening(store: Store) -> None:
    store.commit([article("a", "x.example")])
    (fact,) = store.facts(LOCAL, [EVERYWHERE])
    assert fact.happening == fact.id
    assert store.events.sources(LOCAL, [EVERYWHERE], [fact.id]) == {fact.id: {"x.example"}}


def test_what_two_tell_is_one(store: Store) -> None:
    store.commit([article("b", "x.example"), article("c", "y.example", None)])
    store.commit([article("a", "www.x.example", source_actor=EMIR, source_for=QATAR)])
    assert named(store) == {"a": "a", "b": "a", "c": "a"}
    (name,) = {one.happening for one in store.facts(LOCAL, [EVERYWHERE])}
    sources = store.events.sources(LOCAL, [EVERYWHERE], [name or ""])
    assert sources == {name: {"x.example", "y.example"}}


def test_both_sides_may_come_first(store: Store) -> None:
    store.commit([article("a", "x.example")])
    store.commit([article("b", "y.example", source_actor=IRAN, target_actor=QATAR)])
    assert named(store) == {"a": "a", "b": "a"}


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    some = [
        article("a", "x.example"),
        article("b", "y.example", None, words="The Emir: Qatar met Iran in Doha."),
        article("c", "z.example", date(2024, 3, 9)),
        article("d", "w.example", source_actor=EMIR, source_for=QATAR),
    ]
    ends = []
    for number, order in enumerate(permutations(some)):
        with open_store(tmp_path, f"{number}.db") as store:
            for one in order:
                store.commit([one])
            ends.append(named(store))
    assert ends[0] == {"a": "a", "b": "a", "c": "c", "d": "a"}
    assert all(end == ends[0] for end in ends)


def test_an_edit_takes_back_what_it_joined(store: Store) -> None:
    store.commit([article("a", "x.example"), article("b", "y.example")])
    assert named(store) == {"a": "a", "b": "a"}
    store.commit([article("a", "x.example", date(2024, 3, 1), words=f"{TEXT} Edited.", n=2)])
    assert named(store) == {"a": "a", "b": "b"}
    store.commit([article("a", "x.example", words=f"{TEXT} And back.", n=3)])
    assert set(named(store).values()) == {"a"}


def test_a_deleted_article_tells_nothing(store: Store) -> None:
    store.commit([article("a", "x.example"), article("b", "y.example")])
    assert store.tombstone(LOCAL, "a", NOW)
    assert named(store) == {"b": "b"}


def test_only_what_may_be_seen_is_counted(store: Store) -> None:
    store.commit([article("a", "x.example"), article("secret", "y.example", audience="C1")])
    (name,) = {one.happening or "" for one in store.facts(LOCAL, [EVERYWHERE])}
    assert store.events.sources(LOCAL, [EVERYWHERE], [name]) == {name: {"x.example"}}
    both = store.events.sources(LOCAL, [EVERYWHERE, "C1"], [name])
    assert both == {name: {"x.example", "y.example"}}
    early = store.events.sources(LOCAL, [EVERYWHERE], [name], as_of=day("2024-03-01"))
    assert early == {}


@pytest.mark.parametrize(
    ("published", "joins"),
    [("2024-03-18", False), ("2024-03-19", True), ("2024-03-21", True), ("2024-03-22", False)],
)
def test_a_private_article_founds_names_and_splits_no_public_event(
    tmp_path: Path, published: str, joins: bool
) -> None:
    private = article("a", "z.example", None, published=published, audience="C1")
    public = [
        article("m", "x.example", None, published="2024-03-20"),
        article("n", "y.example", None, published="2024-03-21"),
    ]
    for number, order in enumerate(permutations([private, *public])):
        with open_store(tmp_path, f"{number}.db") as store:
            for one in order:
                store.commit([one])
            assert named(store) == {"m": "m", "n": "m", "a": "m" if joins else "a"}
            (name,) = {one.happening or "" for one in store.facts(LOCAL, [EVERYWHERE])}
            sources = store.events.sources(LOCAL, [EVERYWHERE], [name])
            assert sources == {name: {"x.example", "y.example"}}


def test_a_private_event_gets_a_public_name_when_it_becomes_public(store: Store) -> None:
    store.commit(
        [article("a", "x.example", audience="C1"), article("b", "y.example", audience="C1")]
    )
    assert named(store) == {"a": "a", "b": "a"}
    store.commit([article("m", "z.example")])
    assert named(store) == {"a": "m", "b": "m", "m": "m"}
    assert store.tombstone(LOCAL, "m", NOW)
    assert named(store) == {"a": "a", "b": "a"}


def test_other_workspaces_stay_apart(store: Store) -> None:
    theirs = article("b", "y.example")
    away = {"workspace": "T9"}
    theirs = theirs.model_copy(
        update={
            "article": theirs.article.model_copy(update=away),
            "revision": theirs.revision.model_copy(update=away),
        }
    )
    store.commit([article("a", "x.example"), theirs])
    (fact,) = store.facts("T9", [EVERYWHERE])
    assert fact.happening == fact.id


@pytest.mark.sqlite
def test_the_look_up_reads_what_it_needs(store: Store) -> None:
    asked: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        statement, values = told[2:4]
        if statement.startswith("SELECT") and "fact.source_for, fact.target_for) IN" in statement:
            asked.append((statement, values))

    event.listen(store._engines.writer, "before_cursor_execute", note)
    store.commit([article("a", "x.example")])
    ((statement, values),) = asked
    with store._read() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        plan = [row[3] for row in rows]
    assert any("source_for=? AND target_for=?" in step for step in plan), plan
    assert not [step for step in plan if step.endswith("(workspace=?)")], plan


def test_what_has_no_day_at_all_stays_alone(store: Store) -> None:
    for key in "ab":
        undated = article(key, "x.example", None)
        store.commit(
            [undated.model_copy(update={"article": undated.article.model_copy(update={"published": None})})]
        )  # fmt: skip
    assert named(store) == {"a": "a", "b": "b"}
