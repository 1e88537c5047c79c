"""Articles that were stored without a publisher get the one that their link tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.models import EVERYWHERE, LOCAL, Arrival
from bot.store.store import Store
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


def linked(
    key: str, url: str | None, text: str = MET, publisher: str | None = None, days: int = 0
) -> Arrival:
    """An article as it was stored before links named publishers."""
    sources = [publisher] if publisher else []
    facts = [met(text, MET)] if MET in text else []
    made = arrival(
        key, text, publisher=publisher, sources=sources, facts=facts,
        published=day(f"2026-03-{days + 1:02}"),
    )  # fmt: skip
    return made.model_copy(update={"article": made.article.model_copy(update={"url": url})})


def named(store: Store, *keys: str) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    """The publisher of each article, and its independent sources."""
    found = store.articles(LOCAL, keys)
    return {key: (one.article.publisher, one.sources) for key, one in found.items()}


def test_publishers_and_sources_follow_from_links(store: Store) -> None:
    after = linked("d", "https://dpa.example/1")
    article = after.article.model_copy(update={"original_source": "AFP"})
    store.commit(
        [
            linked("a", "https://www.usatoday.com/1"),
            linked("b", "https://edition.bbc.co.uk/1", publisher="edition.bbc.co.uk"),
            linked("c", "https://www.usatoday.com/2", publisher="USA Today"),
            after.model_copy(update={"article": article, "sources": ("AFP",)}),
            linked("e", None),
        ]
    )
    assert store.name_publishers(NOW) == 3
    assert named(store, *"abcde") == {
        "a": ("usatoday.com", ("usatoday.com",)),
        "b": ("BBC News", ("BBC News",)),
        "c": ("USA Today", ("USA Today",)),
        "d": ("dpa.example", ("AFP",)),
        "e": (None, ()),
    }
    keys = store.source_counts(LOCAL, "ab")
    assert keys == {"a": ("usatoday",), "b": ("bbc news",)}
    assert store.name_publishers(NOW) == 0


def test_what_changed_is_indexed_again(store: Store) -> None:
    store.commit([linked("a", "https://one.example/1"), linked("e", None)])
    before = store.last_seq()
    store.name_publishers(NOW)
    assert [one.key for one in store.changes(before, 10)] == ["a"]


def test_copies_count_as_their_original(store: Store) -> None:
    store.commit(
        [
            linked("a", "https://one.example/1", LONG),
            linked("b", "https://two.example/1", f"{LONG} It went on.", days=1),
        ]
    )
    assert store.stories.originals(LOCAL, "ab") == {"b": "a"}
    store.name_publishers(NOW)
    assert named(store, *"ab") == {
        "a": ("one.example", ("one.example",)),
        "b": ("two.example", ("one.example",)),
    }
    assert store.stories.named_sources(LOCAL, ["b"]) == {"b": ["two.example"]}


def test_a_distrusted_publisher_is_recognised_by_its_link(store: Store) -> None:
    store.commit([linked("a", "https://one.example/1"), linked("b", "https://two.example/1")])
    store.sources.trust(LOCAL, "one.example", "distrusted", "U1", NOW)
    store.name_publishers(NOW)
    told = {one.evidence[0].article for one in store.facts(LOCAL, [EVERYWHERE])}
    assert told == {"b"}
