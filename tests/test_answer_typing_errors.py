"""Words typed in haste are put right; names and words that stand for themselves are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.disambiguation import fix_typing_errors
from bot.answer.replies import NOTHING_STORED
from bot.desk import Desk
from bot.models import Answer, Asker, Nothing
from tests.stocked import TEAM, desk_at, opened

NOW = datetime(2026, 4, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 25, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)

READ = """
wht happend last wek                  | what happened last week
what hapened yesterdy                 | what happened yesterday
who atacked israel lst mnth           | who attacked israel last month
who sanctoined iran in 2025           | who sanctioned iran in 2025
hwo attacked israel                   | who attacked israel
whn was the talk                      | when was the talk
whta did they say abot doha           | what did they say about doha
qatar since mrch                      | qatar since march
qatar this yaer                       | qatar this year
qatar betwen march and may            | qatar between march and may
iran 3 weks ago                       | iran 3 weeks ago
nxt monht                             | next month
what is plannd                        | what is planned
WHT HAPPEND LAST WEK                  | what happened last week
"""

KEPT = """
grossi wek
wek
Wek and Mayen
Marche Tuesday
Sanctoine of Provence
what happened last week
from:hapened.example qatar
"hapened in doha"
who is Yaer
the lst of mnth
http://example.org/hapened
"""


def _nothing_known(_typed: str, _meant: str) -> bool:
    return False


@pytest.mark.parametrize("row", READ.strip().splitlines())
def test_what_is_put_right(row: str) -> None:
    typed, read = (part.strip() for part in row.split("|"))
    assert fix_typing_errors(typed, _nothing_known).text.lower() == read


@pytest.mark.parametrize("typed", KEPT.strip().splitlines())
def test_what_stands(typed: str) -> None:
    assert fix_typing_errors(typed, _nothing_known) == (typed, ())


def test_a_known_word_stands() -> None:
    assert fix_typing_errors("hapened last wek", lambda typed, _: typed == "hapened").read == (
        ("wek", "week"),
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(Path(tmp_path_factory.mktemp("haste")))
    yield opened
    opened.close()


def test_the_reader_is_told(desk: Desk) -> None:
    reply = desk.ask(ASKER, "wht happend lst week")
    assert isinstance(reply, Answer)
    assert reply.notes[0] == "Read “wht” as “what”, “happend” as “happened”, “lst” as “last”."
    assert any("Ukraine" in line.snippet.quote for line in reply.lines)


@pytest.mark.parametrize("typed", ["wheat", "yemn", "isreal", "hmas", "grossi", "Ilan Zembla"])
def test_names_stand(desk: Desk, typed: str) -> None:
    assert desk.understood(ASKER, typed).text == typed


@pytest.mark.parametrize("typed", ["whats new", "what changed", "whats up", "latest", "news"])
def test_what_is_new_where_nothing_is(desk: Desk, typed: str) -> None:
    reply = desk.ask(ASKER.model_copy(update={"now": LATER}), typed)
    assert isinstance(reply, Answer)
    assert reply.reference == ("No story is stored from 18 Nov 2026 on; these are the latest.",)
    assert 1 <= len(reply.lines) <= 5


def test_a_period_in_which_nothing_was_is_answered_with_the_newest_day(desk: Desk) -> None:
    reply = desk.ask(ASKER.model_copy(update={"now": LATER}), "what happened last month")
    assert isinstance(reply, Nothing)
    assert "The newest stored article is from 28 Mar 2026." in reply.notes


def test_a_state_that_was_read_about_comes_before_a_place_that_nobody_wrote_of(desk: Desk) -> None:
    reply = desk.brief(ASKER, "quatr")
    assert isinstance(reply, Nothing)
    assert reply.nearest[0].name == "Qatar"
    assert reply.nearest[0].query == "quatr"


def test_where_nothing_is_stored_a_newcomer_is_told_how_to_begin(
    desk: Desk, tmp_path: Path
) -> None:
    empty = opened(tmp_path)
    try:
        for reply in (empty.brief(ASKER, "Qatar"), empty.ask(ASKER, "whats new")):
            assert isinstance(reply, Nothing)
            assert NOTHING_STORED in reply.notes
        guest = empty.brief(ASKER.model_copy(update={"guest": True}), "Qatar")
        assert isinstance(guest, Nothing)
        assert NOTHING_STORED not in guest.notes
    finally:
        empty.close()
    stocked = desk.brief(ASKER, "Norway")
    assert isinstance(stocked, Nothing)
    assert NOTHING_STORED not in stocked.notes
