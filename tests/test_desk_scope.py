"""Nobody is shown, or can tell from a count or a correction, what is not theirs or not yet told."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.match.gazetteer import Gazetteer, load
from bot.models import LOCAL, Asker, Brief, Draft, Reply
from bot.search.index import PassageIndex
from bot.store.store import Store
from tests.arrivals import NOW, open_store

pytestmark = pytest.mark.usefixtures("each_store")

PUBLIC = Draft(
    title="Iran and Oman",
    text="Iran signed an agreement with Oman on Monday. The two sides spoke of trade.",
    url="https://open.example/oman",
    publisher="open.example",
    published=datetime(2026, 3, 20, tzinfo=UTC),
    published_precision="day",
)
PRIVATE = Draft(
    title="Iran and Qatar",
    text="Iran met with Qatar on Tuesday. Envoys discussed a zeppelin over Muscat with Oman.",
    url="https://closed.example/zeppelin",
    publisher="closed.example",
    published=datetime(2026, 3, 24, tzinfo=UTC),
    published_precision="day",
)
TELLING = ("zeppelin", "closed.example", "Tuesday", "2026-03-24")
"""What only the private article says."""


@cache
def _gazetteer() -> Gazetteer:
    return load()


def _desk(folder: Path) -> Desk:
    return Desk(open_store(folder), PassageIndex.open(folder / "index"), _gazetteer(), workers=1)


def _stocked(folder: Path) -> Desk:
    desk = _desk(folder)
    desk.ingest([PUBLIC], now=NOW)
    desk.ingest([PRIVATE], now=NOW, audience="C1")
    return desk


@pytest.fixture(scope="module")
def desk(each_store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """For the tests that only ask."""
    opened = _stocked(tmp_path_factory.mktemp(f"desk-{each_store}"))
    yield opened
    opened.close()


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[Desk]:
    """For the tests that change what is stored."""
    opened = _stocked(tmp_path)
    yield opened
    opened.close()


def _asker(place: str, workspace: str = LOCAL, as_of: datetime | None = None) -> Asker:
    return Asker(workspace=workspace, place=place, now=NOW, as_of=as_of)


QUERIES = ["Qatar", "Iran", "Iran Qatar", "zeppelin", "zeppelni", "who met with Qatar?", "Muscat"]


def _replies(desk: Desk, asker: Asker, query: str) -> list[Reply]:
    return [desk.brief(asker, query), desk.ask(asker, query)]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("workspace", "place"), [(LOCAL, "C2"), (LOCAL, "*"), ("T2", "C1")])
def test_a_private_article_shows_nowhere_else(
    desk: Desk, query: str, workspace: str, place: str
) -> None:
    for reply in _replies(desk, _asker(place, workspace), query):
        told = reply.model_dump_json().replace(query, "")  # what was typed may be echoed
        assert [word for word in TELLING if word in told] == []
        assert reply.kind != "brief" or (reply.articles, reply.sources) == (1, 1)


@pytest.mark.parametrize("query", QUERIES)
def test_it_shows_where_it_belongs(desk: Desk, query: str) -> None:
    told = [reply.model_dump_json() for reply in _replies(desk, _asker("C1"), query)]
    assert all("closed.example" in one for one in told)


@pytest.mark.parametrize("query", ["Iran", "Iran and Qatar", "who met with Qatar?"])
def test_what_came_later_is_neither_shown_nor_counted(desk: Desk, query: str) -> None:
    then = datetime(2026, 3, 23, tzinfo=UTC)
    for reply in _replies(desk, _asker("C1", as_of=then), query):
        assert "closed.example" not in reply.model_dump_json()
        assert reply.kind != "brief" or (reply.articles, reply.sources) == (1, 1)


def test_a_deleted_article_is_gone_before_the_index_knows(changing: Desk) -> None:
    here = _asker("C1")
    [hit] = changing.passages.search("zeppelin", workspace=LOCAL, audiences=["C1"])
    assert changing.store.tombstone(LOCAL, hit.article, NOW)
    for query in QUERIES:
        for reply in _replies(changing, here, query):
            assert "closed.example" not in reply.model_dump_json()


def test_old_words_are_not_shown_before_the_index_knows_the_new(
    changing: Desk, tmp_path: Path
) -> None:
    """Another process takes the edit in; this one has not yet followed."""
    edited = PRIVATE.model_copy(
        update={"text": "Correction. " + PRIVATE.text.replace("zeppelin", "balloon")}
    )
    with Store.open(f"sqlite:///{tmp_path / 'dragoman.db'}") as store:
        other = Desk(store, PassageIndex.open(tmp_path / "other"), _gazetteer(), workers=1)
        assert other.ingest([edited], now=NOW, audience="C1").revised == 1
        other.close()
    seen = 0
    for query in QUERIES:
        for reply in _replies(changing, _asker("C1"), query):
            assert '"quote":"Envoys discussed a zeppelin' not in reply.model_dump_json()
            if isinstance(reply, Brief):
                for line in (*reply.in_short, *reply.happened, *reply.more):
                    stored = changing.store.articles(LOCAL, [line.snippet.article])
                    text = stored[line.snippet.article].revision.text
                    assert text[line.snippet.start : line.snippet.end] == line.snippet.quote
                    seen += 1
    assert seen
