"""Each kind of question is answered as it asks: over a desk with the notes and a few texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answer.cli_output import plain_text
from bot.answer.replies import NO_PLAN, NOT_JUDGED, PROVES_NOTHING
from bot.desk import Desk
from bot.models import Answer, Asker, Brief, Draft, Line, Nothing, Reply
from handlers.blocks.reply import reply_message
from tests.replies import texts
from tests.stocked import TEAM, desk_at

NOW = datetime(2026, 4, 1, tzinfo=UTC)
ASKER = Asker(workspace=TEAM, now=NOW)

# Invented texts about a strait and a bridge, to have each kind of sentence once.
TEXTS = (
    ("2026-03-02", "Harbour Post", "Norway accused Denmark of spying on its embassy in Oslo."),
    ("2026-03-03", "Harbour Post", "Denmark denied that it had spied on Norway's embassy."),
    ("2026-03-04", "Reuters", "Norway recalled its ambassador from Denmark because of the spying."),
    ("2026-03-05", "Reuters", "Denmark said on Thursday that the fishing dispute with Norway is over."),
    ("2026-03-06", "Daily Fjord", "The Norwegian government said that fishing quotas must be shared."),
    ("2026-03-07", "Daily Fjord", "The foreign ministers of Norway and Denmark met in Stockholm."),
    ("2026-03-09", "Daily Fjord", "Norway and Denmark agreed to a ceasefire in the fishing war."),
    ("2026-03-20", "Reuters", "The ceasefire between Norway and Denmark collapsed on Friday."),
    ("2026-03-21", "Reuters", "Sweden condemned Denmark."),
)  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = desk_at(Path(tmp_path_factory.mktemp("kinds")))
    drafts = [
        Draft(
            title="",
            text=text,
            publisher=publisher,
            published=datetime.fromisoformat(f"{day}T08:00:00+00:00"),
            published_precision="day",
            external_id=f"text-{n}",
        )
        for n, (day, publisher, text) in enumerate(TEXTS)
    ]
    desk.ingest(drafts, now=NOW, workspace=TEAM)
    yield desk
    desk.close()


def answered(reply: Reply) -> Answer:
    assert isinstance(reply, Answer), plain_text(reply, "UTC")
    return reply


def under(reply: Answer, heading: str) -> list[str]:
    return [line.snippet.quote for line in reply.lines if line.heading == heading]


def quotes(lines: tuple[Line, ...]) -> str:
    return "\n".join(line.snippet.quote for line in lines)


def test_why_is_answered_by_a_sentence_with_a_reason(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "why did norway recall its ambassador from denmark?"))
    assert reply.asked == "why"
    assert "because of the spying" in reply.lines[0].snippet.quote


def test_is_it_true_lists_both_sides_and_judges_not(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "is it true that denmark spied on norway's embassy?"))
    assert any("accused" in one for one in under(reply, "Reported"))
    assert any("denied" in one for one in under(reply, "Denied"))
    assert NOT_JUDGED in reply.notes
    assert "Denied" in plain_text(reply, "UTC")
    assert "*Denied*" in texts(reply_message(reply, do="ask"))


def test_what_somebody_said(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "what did denmark say about norway?"))
    assert "fishing dispute with Norway is over" in quotes(reply.lines)
    assert all("Denmark" in line.snippet.quote for line in reply.lines)


def test_two_on_one_thing_are_two_lists(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "norway vs denmark on fishing"))
    assert any("quotas must be shared" in one for one in under(reply, "Norway"))
    assert any("dispute with Norway is over" in one for one in under(reply, "Denmark"))


def test_how_often_counts_and_lists(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "how often did norway and denmark meet?"))
    assert "met in Stockholm" in quotes(reply.lines)
    assert reply.notes[0].startswith("One event in one report")


def test_nothing_to_count_proves_nothing(desk: Desk) -> None:
    reply = desk.ask(ASKER, "how often did sweden and norway meet?")
    assert any(PROVES_NOTHING in note for note in getattr(reply, "notes", ()))


def test_when_last_is_the_newest_of_its_kind(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "when did norway last meet denmark?"))
    assert "met in Stockholm" in reply.lines[0].snippet.quote


def test_who_has_not_is_answered_by_who_has(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "who hasn't condemned denmark?"))
    assert "Sweden condemned Denmark." in quotes(reply.lines)
    assert reply.lacking == PROVES_NOTHING


def test_still_is_answered_by_what_ended_it(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "is the ceasefire between norway and denmark still on?"))
    assert "collapsed" in reply.lines[0].snippet.quote


def test_a_plan_stands_under_what_is_planned(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "what is planned for the emir of qatar?"))
    assert under(reply, "Planned, no day given")


def test_no_plan_is_said(desk: Desk) -> None:
    reply = desk.ask(ASKER, "what is coming up?")
    assert not isinstance(reply, Nothing) or NO_PLAN in reply.notes


def test_new_with_nobody_in_particular(desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, "what happened in March 2026?"))
    assert any("You follow nobody" in note for note in reply.notes)
    days = {line.snippet.published.date() for line in reply.lines if line.snippet.published}
    assert days
    assert all((day.year, day.month) == (2026, 3) for day in days)


@pytest.mark.parametrize(
    ("question", "has", "lacks"),
    [
        ("denmark from:reuters", "fishing dispute", "spying on its embassy"),
        ('denmark from:"daily fjord"', "Stockholm", "fishing dispute"),
        ("denmark -norway since 2026", "Sweden condemned", "Norway"),
        ('"fishing quotas"', "quotas must be shared", "dispute"),
        ("denmark type:accuse", "condemned", "Stockholm"),
    ],
)
def test_filters_let_nothing_else_through(question: str, has: str, lacks: str, desk: Desk) -> None:
    reply = answered(desk.ask(ASKER, question))
    assert has in quotes(reply.lines)
    assert lacks not in quotes(reply.lines)


def test_nothing_passes_a_publisher_that_is_not_stored(desk: Desk) -> None:
    assert isinstance(desk.ask(ASKER, "denmark from:nobody"), Nothing)


@pytest.mark.parametrize("event", ["norway ceasefire", "fishing ceasefire", "ceasefire"])
def test_a_brief_on_an_event_keeps_the_period_that_was_typed(event: str, desk: Desk) -> None:
    reply = desk.brief(ASKER, f"{event} in march")
    assert isinstance(reply, Brief)
    assert reply.period is not None
    assert (str(reply.period.start), str(reply.period.end)) == ("2026-03-01", "2026-03-31")
    outside = desk.brief(ASKER, f"{event} in february")
    assert isinstance(outside, Nothing)
    assert outside.period is not None
    assert str(outside.period.end) == "2026-02-28"


def test_a_name_that_is_nowhere_is_told(desk: Desk) -> None:
    reply = desk.brief(ASKER, "qatar and xyzzyland")
    assert isinstance(reply, Brief)
    assert "“xyzzyland” is not a name I know, and no stored article contains it." in reply.notes


def test_every_quote_is_verbatim(desk: Desk) -> None:
    for question in ("what did denmark say about norway?", "norway vs denmark on fishing"):
        for line in answered(desk.ask(ASKER, question)).lines:
            snippet = line.snippet
            stored = desk.store.articles(TEAM, [snippet.article])[snippet.article]
            assert stored.revision.text[snippet.start : snippet.end] == snippet.quote
