"""The names of articles: kept with whoever had them first."""

from __future__ import annotations

from pathlib import Path

from bot.models import EVERYWHERE, LOCAL, Arrival
from tests.arrivals import NOW, arrival, open_store

TEXT = "Qatar met Iran."


def named(key: str, *names: str, url: str | None = None, audience: str = EVERYWHERE) -> Arrival:
    made = arrival(key, TEXT, audience=audience)
    return made.model_copy(
        update={"names": names, "article": made.article.model_copy(update={"url": url})}
    )


def test_an_article_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([named("a", "https://one.example/a", "guid:x")])
        asked = ["https://one.example/a", "guid:x", "https://news.example/a", "guid:y"]
        known = store.known(LOCAL, EVERYWHERE, asked)
        assert {name: one.article for name, one in known.items()} == dict.fromkeys(asked[:3], "a")
        assert store.known("T2", EVERYWHERE, asked) == store.known(LOCAL, "C1", asked) == {}
        assert store.names.articles(LOCAL, asked) == ["a"]


def test_a_name_stays_with_the_article_that_had_it_first(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([named("a", "guid:x"), named("b", "guid:x", "guid:y")])
        store.commit([named("c", "guid:x", audience="C1")])
        known = store.known(LOCAL, EVERYWHERE, ["guid:x", "guid:y"])
        assert {name: one.article for name, one in known.items()} == {"guid:x": "a", "guid:y": "b"}
        assert store.names.articles(LOCAL, ["guid:x"]) == ["a", "c"]
        assert store.names.articles(LOCAL, []) == []


def test_a_tombstone_bears_all_names(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.commit([named("a", "guid:x")])
        assert store.tombstone(LOCAL, "a", NOW)
        assert not store.tombstone(LOCAL, "a", NOW)
        known = store.known(LOCAL, EVERYWHERE, ["guid:x", "https://news.example/a"])
        assert [one.tombstoned for one in known.values()] == [True, True]
