"""Words that are typed wrong, and what is found for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer.cli_output import row_of
from bot.answer.library import Library
from bot.answer.question import understand
from bot.answer.ranking import query_terms
from bot.desk import Desk
from bot.models import Answer, Asker, Draft
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)
TEXTS = [
    f"Builders of the {size} Millennium Stadium finished its {part}. A tournament is to open it."
    for size, part in (("new", "roof"), ("great", "gates"), ("green", "lawn"), ("old", "walls"))
]
SPEAKER = "Julija Tymoshenko read a poem to the gardeners of the palace."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(Path(tmp_path_factory.mktemp("desk")))
    drafts = [
        Draft(
            title=f"Note {n}",
            text=text,
            external_id=f"note{n}",
            published=NOW - timedelta(n),
            published_precision="minute",
        )
        for n, text in enumerate([*TEXTS, SPEAKER])
    ]
    opened.ingest(drafts, now=NOW, workspace=TEAM)
    yield opened
    opened.close()


@pytest.fixture
def library(desk: Desk) -> Library:
    return desk.library(ASKER)


@pytest.mark.parametrize(
    ("typed", "stems"),
    [
        ("torunament", ["tournament"]),  # the ending is cut off after the word is put right
        ("millenniumstadium", ["millennium", "stadium"]),
        ("zzyzxmillennium", ["zzyzxmillennium"]),  # half of it is no word
        ("roof walls", ["roof", "wall"]),
    ],
)
def test_what_is_looked_for(library: Library, typed: str, stems: list[str]) -> None:
    assert library.stems(typed.split()) == stems


def test_a_question_with_two_words_typed_as_one_is_answered(desk: Desk) -> None:
    reply, looked = desk.ask_in_full(ASKER, "what happened with the MillenniumStadium?")
    assert isinstance(reply, Answer)
    assert "Millennium Stadium" in row_of(reply, looked, "UTC")["snippets"][0]["quote"]


def test_a_misspelt_name_is_looked_for_by_the_words_that_are_stored(library: Library) -> None:
    question = understand("news about Tymosheno", library.actors, library.today)
    assert question.subjects[0].alias == "Yuliya Tymoshenko"  # as this text does not write it
    assert query_terms(library, question).names == (frozenset({"tymoshenko"}),)
