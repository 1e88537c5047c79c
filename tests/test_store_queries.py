"""What the store answers about actors: order, periods, audiences, counts, seeds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.models import (
    EVERYWHERE,
    LOCAL,
    SEED,
    Actor,
    ActorType,
    Alias,
    AliasKind,
    EventClass,
    Tenure,
)
from bot.store.store import Store
from tests.arrivals import EMIR, IRAN, NOW, QATAR, arrival, day, met, open_store

pytestmark = pytest.mark.usefixtures("each_store")

MET = "Qatar met Iran."
WHOLE = (EVERYWHERE,)


@pytest.fixture(scope="module")
def store(each_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Five articles: two dated, one whose event is dated apart, two undated; one is private."""
    texts = {
        "old": ("Qatar met Iran in Doha.", day("2024-05-01"), {"place": "state:tur"}, ["ap.com"]),
        "new": ("Qatar met Iran again.", day("2026-03-27"), {}, ["jpost.com", "AP"]),
        "event": ("Iran accused Qatar.", day("2026-03-28"), _accused(), ["irna.ir"]),
        "none": ("Qatar met Iran once.", None, {}, ["jpost.com"]),
    }
    with open_store(tmp_path_factory.mktemp(f"queries-{each_store}")) as opened:
        opened.commit(
            [
                arrival(key, text, published=when, facts=[met(text, **changes)], sources=sources)
                for key, (text, when, changes, sources) in texts.items()
            ]
            + [
                arrival("secret", MET, facts=[met(MET)], audience="C1", sources=["leak"]),
                arrival("claim", "Told by the Emir.", facts=[met("Told by the Emir.", **_told())]),
            ]
        )
        yield opened


def _accused() -> dict[str, Any]:
    return {
        "source_actor": IRAN,
        "target_actor": QATAR,
        "event_class": EventClass.ACCUSE,
        "event_date": date(2025, 1, 1),
        "date_precision": "day",
    }


def _told() -> dict[str, Any]:
    return {"source_actor": IRAN, "target_actor": None, "claimant": EMIR}


def _asked(store: Store, audiences: tuple[str, ...] = WHOLE, **asked: Any) -> list[str]:
    return [fact.evidence[0].article for fact in store.facts(LOCAL, audiences, **asked)]


CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["new", "event", "old", "claim", "none"]),
    ({"actors": [QATAR]}, ["new", "event", "old", "none"]),
    ({"actors": [IRAN, EMIR]}, ["new", "event", "old", "claim", "none"]),
    ({"actors": [EMIR]}, ["claim"]),
    ({"actors": ["state:tur"]}, []),
    ({"actors": []}, []),
    ({"actors": [QATAR], "with_any": [IRAN]}, ["new", "event", "old", "none"]),
    ({"actors": [IRAN], "with_any": [EMIR]}, ["claim"]),
    ({"actors": [IRAN], "with_any": [EMIR, "state:tur"], "undated": False}, ["old"]),
    ({"actors": [IRAN], "with_any": []}, []),
    ({"classes": [EventClass.ACCUSE]}, ["event"]),
    ({"classes": [EventClass.ACCUSE], "actors": [EMIR]}, []),
    ({"undated": True}, ["claim", "none"]),
    ({"undated": False}, ["new", "event", "old"]),
    ({"since": date(2024, 5, 1)}, ["new", "event", "old"]),
    ({"since": date(2024, 5, 2)}, ["new", "event"]),
    ({"until": date(2025, 1, 1)}, ["event", "old"]),
    ({"since": date(2025, 1, 1), "until": date(2025, 1, 1)}, ["event"]),
    ({"since": date(2025, 1, 1), "undated": True}, ["claim", "none"]),
    ({"since": date(2025, 1, 2), "undated": False}, ["new"]),
    ({"as_of": day("2026-03-27")}, ["new", "old"]),
    ({"as_of": day("2026-03-27") - timedelta(microseconds=1)}, ["old"]),
    ({"as_of": NOW}, ["new", "event", "old", "claim", "none"]),
    ({"as_of": NOW - timedelta(seconds=1)}, ["new", "event", "old"]),
    ({"limit": 2}, ["new", "event"]),
]


@pytest.mark.parametrize(("asked", "wanted"), CASES, ids=[str(asked) for asked, _ in CASES])
def test_facts(store: Store, asked: dict[str, Any], wanted: list[str]) -> None:
    assert _asked(store, **asked) == wanted


def test_what_one_place_was_told_no_other_hears(store: Store) -> None:
    assert "secret" in _asked(store, (EVERYWHERE, "C1"))
    assert _asked(store, ("C1",)) == ["secret"]
    for audiences in (WHOLE, (EVERYWHERE, "C2"), ("C2",), ()):
        assert "secret" not in _asked(store, audiences)
    assert store.facts("T2", (EVERYWHERE, "C1")) == []


def test_equal_days_are_ordered_by_id(tmp_path: Path) -> None:
    with open_store(tmp_path) as opened:
        opened.commit(
            [
                arrival(key, MET, published=day("2026-03-27"), facts=[met(MET)])
                for key in ("c", "a", "b")
            ]
        )
        assert _asked(opened) == ["a", "b", "c"]


def test_the_newest_are_found_however_long_ago_they_were(tmp_path: Path) -> None:
    ages = [-5, 0, 60, 61, 239, 960, 961, 4000, 9000]
    keys = [f"{at}" for at in range(len(ages))]
    with open_store(tmp_path) as opened:
        opened.commit(
            [
                arrival(key, MET, published=NOW - timedelta(days=age), facts=[met(MET)])
                for key, age in zip(keys, ages, strict=True)
            ]
            + [arrival("none", MET, facts=[met(MET)])]
        )
        for limit in range(1, len(keys) + 2):
            wanted = [*keys[1:], "none"][:limit]
            assert _asked(opened, actors=[QATAR], as_of=NOW, limit=limit) == wanted
        early = (NOW - timedelta(days=100)).date()
        assert _asked(opened, until=early, limit=1) == ["4"]
        assert _asked(opened, until=date.min) == []
        assert _asked(opened, since=date.max) == []


def test_a_fact_gets_a_day_when_its_article_gets_one(tmp_path: Path) -> None:
    with open_store(tmp_path) as opened:
        opened.commit([arrival("a", MET, facts=[met(MET)]), arrival("b", MET, facts=[met(MET)])])
        assert _asked(opened, undated=True) == ["a", "b"]
        opened.commit([arrival("a", MET, published=day("2026-03-27"), facts=[met(MET)])])
        for _ in range(2):
            assert _asked(opened, undated=False, since=date(2026, 3, 27)) == ["a"]
            assert _asked(opened, undated=True) == ["b"]
            # What comes again without its date keeps it.
            opened.commit([arrival("a", MET, facts=[met(MET)])])
        opened.commit([arrival("a", MET, published=day("2026-03-28"), facts=[met(MET)])])
        assert _asked(opened, until=date(2026, 3, 27)) == []


def test_more_articles_than_one_question_takes(tmp_path: Path) -> None:
    keys = [f"a{number:04}" for number in range(1203)]
    with open_store(tmp_path) as opened:
        opened.commit([arrival(key, MET) for key in keys])
        assert sorted(opened.articles(LOCAL, keys)) == keys
        assert [one.article for one in opened.indexable(LOCAL, keys)] == keys
        identities = [f"https://news.example/{key}" for key in keys]
        assert len(opened.known(LOCAL, EVERYWHERE, identities)) == len(keys)
        first = opened.changes(0, 1000)
        rest = opened.changes(first[-1].seq, 1000)
        assert [one.key for one in first + rest] == keys
        assert rest[-1].seq == opened.last_seq() == len(keys)


def test_indexable_holds_the_live_reading(tmp_path: Path) -> None:
    later = "Qatar spoke. Iran left."
    with open_store(tmp_path) as opened:
        opened.commit([arrival("a", MET)])
        opened.commit([arrival("a", later, n=2, title="Iran")])
        [one] = opened.indexable(LOCAL, ["a", "unknown"])
        assert (one.revision, one.title, one.text) == (2, "Iran", later)
        assert [one.text[start:end] for start, end in one.passages] == [
            "Qatar spoke.",
            "Iran left.",
        ]
        assert [(piece.field, piece.actor) for piece in one.mentions] == [
            ("text", QATAR),
            ("text", IRAN),
            ("title", IRAN),
        ]


def test_what_is_cited_of_an_article_is_of_its_newest_words(tmp_path: Path) -> None:
    with open_store(tmp_path) as opened:
        opened.commit([arrival("a", MET, title="Talks", publisher="JPost")])
        opened.commit([arrival("a", f"{MET} Iran left.", n=2, title="More", published=NOW)])
        opened.commit([arrival("b", MET), arrival("gone", MET)])
        opened.tombstone(LOCAL, "gone", NOW)
        found = opened.cited(LOCAL, ["a", "b", "gone", "unknown"])
        stored = opened.articles(LOCAL, ["a", "b"])
        assert found == {key: one.cited for key, one in stored.items()}
        assert (found["a"].revision, found["a"].title, found["a"].published) == (2, "More", NOW)
        assert opened.cited("T2", ["a"]) == {}


def _actor(key: str, *aliases: str, workspace: str = SEED) -> Actor:
    return Actor(
        id=key,
        workspace=workspace,
        type=ActorType.STATE,
        name=key,
        source="a list",
        as_of=date(2026, 1, 1),
        aliases=tuple(Alias(text=text, kind=AliasKind.NAME, lang="en") for text in aliases),
    )


def test_seed_actors_are_replaced_when_their_version_is_another(tmp_path: Path) -> None:
    tenure = Tenure(office=EMIR, person="person:tamim", since=date(2013, 6, 25), source="a list")
    with open_store(tmp_path) as opened:
        assert opened.seed_actors([_actor(QATAR, "Qatar", "Qatar", "Katar")], [tenure], "1")
        assert opened.actors(LOCAL) == [_actor(QATAR, "Katar", "Qatar")]
        assert opened.tenures(LOCAL) == [tenure]
        assert not opened.seed_actors([_actor(IRAN)], [], "1")
        assert [one.id for one in opened.actors(LOCAL)] == [QATAR]
        assert opened.seed_actors([_actor(IRAN, "Iran")], [], "2")
        assert opened.actors("T2") == [_actor(IRAN, "Iran")]
        assert opened.tenures(LOCAL) == []
        assert [(one.workspace, one.kind, one.key) for one in opened.changes(0, 9)] == [
            (SEED, "actor", "*"),
            (SEED, "actor", "*"),
        ]


def test_instants_come_back_aware_and_exact(tmp_path: Path) -> None:
    exact = datetime.fromisoformat("2026-03-27T23:59:59.999999+03:00")
    with open_store(tmp_path) as opened:
        opened.commit([arrival("a", MET, published=exact)])
        found = opened.articles(LOCAL, ["a"])["a"].article.published
        assert found == exact
        assert found is not None
        assert found.utcoffset() == timedelta(0)
