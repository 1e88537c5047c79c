"""Which stretches of an article are quoted: past bylines, and no longer than a quote may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.library import Library
from bot.answer.question import understand
from bot.answer.retrieval import MOST_WORDS, retrieve
from bot.desk import Desk
from bot.models import Asker, Draft
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)

BRIDGE = "\n\n".join(
    [
        "Dana Wexley",
        "Harbour Courier",
        "Engineers in Port Alder have shut a crossing after a barge struck one of its piers.",
        *(f"Shop number {n} on the quay was open as usual and sold rope." for n in range(40)),
        "Whoever inspects the swing bridge must wait for calm water.",
    ]
)
PARTS = ", ".join(f"hall {n} has {n} looms and a dyer from the valley" for n in range(2, 12))
MILL = f"The weaving mill of Saltrey lists its halls: {PARTS}, and the oldest loom is in hall 40."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    desk: Desk = desk_at(Path(tmp_path_factory.mktemp("desk")))
    drafts = [
        Draft(title=title, text=text, external_id=title, published=NOW, published_precision="day")
        for title, text in (
            ("Barge in the harbour", BRIDGE),
            ("A mill and its halls", MILL),
            ("Fares", "The ferry company announced other fares and the end of season tickets."),
        )
    ]
    desk.ingest(drafts, now=NOW, workspace=TEAM)
    yield desk.library(ASKER)
    desk.close()


def quoted(library: Library, text: str) -> list[str]:
    question = understand(text, library.actors, library.today)
    return [one.line.snippet.quote for one in retrieve(library, question).candidates]


def test_what_stands_after_the_byline_is_looked_at(library: Library) -> None:
    found = quoted(library, "Where must whoever inspects the swing bridge wait for calm water?")
    assert any("Port Alder" in quote for quote in found)


def test_a_sentence_that_is_too_long_is_quoted_in_pieces(library: Library) -> None:
    found = quoted(library, "In which of its halls does the weaving mill list its oldest loom?")
    assert all(len(quote.split()) <= MOST_WORDS for quote in found if quote in MILL)
    assert any("oldest loom" in quote for quote in found)


def test_what_names_who_is_asked_about_comes_before_what_has_only_the_words(
    library: Library,
) -> None:
    question = understand("what has Qatar announced", library.actors, library.today)
    unnamed = [one.features.named < 1 for one in retrieve(library, question).candidates]
    assert unnamed == sorted(unnamed)
