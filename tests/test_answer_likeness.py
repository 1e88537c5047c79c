"""Meaning puts in order what words find, once it is switched on and has vectors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answer.asked.question import understand
from bot.answer.evidence.likeness import likeness
from bot.answer.evidence.ranking import ranked
from bot.answer.evidence.wanted import wanted
from bot.desk import DATABASE, INDEX, Desk
from bot.match.gazetteer import Gazetteer
from bot.models import LOCAL, Asker, Draft
from bot.search.index import PassageIndex
from bot.search.meaning import Meaning
from bot.store.store import Store
from tests.arrivals import NOW
from tests.concepts import Concepts

# As many words of the question in each: only what they mean tells them apart.
TEXTS = {
    "a-grain": "The coastal province reported damage. The harvest of grain was lost there.",
    "b-quake": "The coastal province reported damage. A tremor was felt there at night.",
}
QUESTION = "Which coastal province reported earthquake damage?"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(
        Store.open(f"sqlite:///{tmp_path / DATABASE}"),
        PassageIndex.open(tmp_path / INDEX),
        Gazetteer((), (), "test"),
        meaning=Meaning(tmp_path / INDEX, Concepts()),
    )
    made = [
        Draft(
            text=text, external_id=key, published=NOW - timedelta(days=1), published_precision="day"
        )
        for key, text in TEXTS.items()
    ]
    opened.ingest(made, now=NOW)
    yield opened
    opened.close()


def _ranked(desk: Desk) -> dict[str | None, float]:
    library = desk.library(Asker(now=NOW))
    question = understand(QUESTION, library.actors, library.today)
    found = ranked(library, question, wanted(library, question))
    return {one.article.external_id: one.score for one in found}


def test_what_is_alike_comes_first_once_it_has_vectors(desk: Desk) -> None:
    before = _ranked(desk)
    assert before["a-grain"] == pytest.approx(before["b-quake"], abs=0.2)
    assert desk.embed_more() > 0
    assert desk.embed_more() == 0
    after = _ranked(desk)
    assert list(after) == ["b-quake", "a-grain"]
    assert after["b-quake"] - before["b-quake"] > 1
    assert sum(after.values()) == pytest.approx(sum(before.values()))


def test_an_article_without_a_vector_neither_gains_nor_loses(desk: Desk) -> None:
    desk.embed_more()
    desk.ingest([Draft(text=f"{TEXTS['b-quake']} So it was said.", external_id="c")], now=NOW)
    library = desk.library(Asker(now=NOW))
    question = understand(QUESTION, library.actors, library.today)
    keys = {change.key for change in desk.store.changes(0, 100) if change.kind == "article"}
    gains = likeness(library, question, keys)
    assert len(keys) == 3
    assert len(gains) == 2
    assert sum(gains.values()) == pytest.approx(0)


def test_reindexing_makes_the_vectors_too(desk: Desk) -> None:
    desk.reindex()
    assert desk.meaning is not None
    assert len(desk.meaning) == 2


def test_without_meaning_nothing_is_alike(desk: Desk) -> None:
    desk.embed_more()
    desk.meaning = None
    library = desk.library(Asker(now=NOW))
    assert desk.embed_more() == 0
    assert likeness(library, understand(QUESTION, library.actors, library.today), [LOCAL]) == {}
