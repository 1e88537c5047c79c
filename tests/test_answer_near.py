"""Where nothing answers: what was looked for, what is near, and what is not offered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answer.cli_output import plain_text
from bot.answer.formatting import NO_ANSWER
from bot.desk import Desk
from bot.errors import BadQuery
from bot.models import Answer, Asker, Draft, Nothing
from handlers.blocks.reply import reply_message
from tests.replies import texts
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    opened = desk_at(Path(tmp_path_factory.mktemp("desk")))
    left = Draft(
        title="A move", text="Hamas leaders fled Qatar for Turkey.", url="https://move.example/1"
    )
    opened.ingest([left], now=NOW, workspace=TEAM)
    yield opened
    opened.close()


def nothing(desk: Desk, text: str, asker: Asker = ASKER) -> Nothing:
    reply = desk.ask(asker, text)
    assert isinstance(reply, Nothing), reply
    return reply


def test_what_is_near_is_offered_on_every_surface(desk: Desk) -> None:
    reply = nothing(desk, "what did the emir of qatar say about penguins?")
    assert reply.near
    assert len({line.snippet.article for line in reply.near}) == len(reply.near) <= 3
    assert any("“penguins”" in note for note in reply.notes)
    quote = reply.near[0].snippet.quote.split()[0]
    written = plain_text(reply, "UTC")
    head = f"{NO_ANSWER}. Other reports about Emir of Qatar:"
    assert written.startswith(f"{head}\n  “{quote}")
    message = reply_message(reply, do="ask")
    shown = texts(message)
    assert message["text"].startswith(f"{head} “{quote}")
    assert shown.startswith(f"{head}\n")
    assert quote in shown


def test_headings_are_near_nothing(tmp_path: Path) -> None:
    with closing(desk_at(tmp_path)) as own:
        texts = ("Zemblan penguin crisis", "Zemblan penguins left the crisis in the harbour.")
        own.ingest([Draft(text=text, published=NOW) for text in texts], now=NOW, workspace=TEAM)
        reply = nothing(own, "how many penguins does the crisis cost?")
        assert [line.snippet.quote for line in reply.near] == [texts[1]]


def test_what_is_near_stands_in_the_store(desk: Desk) -> None:
    for line in nothing(desk, "how many penguins are in qatar?").near:
        snippet = line.snippet
        one = desk.store.articles(TEAM, {snippet.article})[snippet.article]
        told = one.revision.title if snippet.field == "title" else one.revision.text
        assert told[snippet.start : snippet.end] == snippet.quote


def test_what_is_near_counts_its_sources(desk: Desk) -> None:
    reply = nothing(desk, "qatar hamas talks since january 2025")
    left = next(one for one in reply.near if one.snippet.quote.startswith("Qatar left"))
    assert left.sources == 3  # as a brief has it


@pytest.mark.parametrize("text", ["asdfgh qwrty", "lorem ipsum"])
def test_nonsense_has_no_nearest_names_and_nothing_near(desk: Desk, text: str) -> None:
    reply = nothing(desk, text)
    assert (reply.nearest, reply.near) == ((), ())


@pytest.mark.parametrize(("text", "name"), [("Wakanda", "Rwanda"), ("Latveria", "Latvia")])
def test_what_looks_like_a_name_is_offered_it(desk: Desk, text: str, name: str) -> None:
    assert name in [one.name for one in nothing(desk, text).nearest]


@pytest.mark.parametrize(
    "text", ["hamas fleeing qatar", "why did Hamas flee Qatar?", "why did hamas flee doha"]
)
def test_a_capital_stands_for_its_state_in_a_move(desk: Desk, text: str) -> None:
    later = Asker(workspace=TEAM, now=NOW + timedelta(days=300))
    reply = desk.ask(later, text)
    assert isinstance(reply, Answer)
    assert (reply.lines[0].actor, reply.lines[0].target) == ("Hamas", "Turkey")
    assert "Qatar" in reply.lines[0].snippet.quote


def test_a_day_that_is_none_is_refused_by_its_name(desk: Desk) -> None:
    with pytest.raises(BadQuery, match="2025-13-45"):
        desk.ask(ASKER, "qatar since 2025-13-45")


def test_what_is_new_is_about_all_where_nobody_is_followed(desk: Desk) -> None:
    reply = desk.ask(ASKER, "what changed since March?")
    assert isinstance(reply, Answer)
    assert any("You follow nobody" in note for note in reply.notes)


def test_what_is_done_to_somebody_is_not_what_they_did(desk: Desk) -> None:
    reply = desk.ask(ASKER, "attacks on iran")
    assert isinstance(reply, Answer)
    acts = [line for line in reply.lines if line.event_class == "ASSAULT"]
    assert acts
    assert all("Iran" in line.target for line in acts)


def test_a_short_word_near_a_surname_is_a_word_beside_a_name(desk: Desk) -> None:
    assert desk.ask(ASKER, "iran nukes deal when signed").kind != "did_you_mean"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("what happend with qatar", "what happened with qatar"), ("latst on iran", "latest on iran")],
)
def test_hasty_words_ask_the_same(desk: Desk, typed: str, meant: str) -> None:
    one, other = desk.understood(ASKER, typed), desk.understood(ASKER, meant)
    assert (one.terms, one.general) == (other.terms, other.general)


@pytest.mark.parametrize(
    ("text", "doer", "target"),
    [("who did iran attack?", "Iran", ""), ("who attacked iran?", "", "Iran")],
)
def test_who_did_it_and_to_whom(desk: Desk, text: str, doer: str, target: str) -> None:
    reply = desk.ask(ASKER, text)
    assert isinstance(reply, Answer)
    acts = [line for line in reply.lines if line.event_class == "ASSAULT"]
    assert acts
    assert all(doer in line.actor and target in line.target for line in acts)
