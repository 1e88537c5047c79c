"""What changed for a reader since the last brief on the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answer.brief_sections import brief_rows, since_words
from bot.desk import Desk
from bot.models import LOCAL, Asker, Brief, SentReply, Status
from tests.arrivals import arrival, day, met
from tests.slack import ROOM, answers, said
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace

pytest_plugins = ("tests.slack_fixtures",)

THEN = datetime(2026, 4, 1, 12, tzinfo=UTC)
NOW = THEN + timedelta(days=2)
HOUR = timedelta(hours=1)
FIRST = "Qatar met Iran on Monday in Doha to talk about gas."
SECOND = "Qatar met Iran again to speak about the missiles of March."
EDITED = "Qatar met Iran on Tuesday in Muscat to talk about gas."
DENIAL = "Qatar denied that it met Iran in Doha at all."


@pytest.fixture
def stocked(tmp_path: Path) -> Iterator[Desk]:
    opened = desk_at(tmp_path / "desk")
    put(opened, "first", FIRST, THEN - timedelta(days=1))
    yield opened
    opened.close()


def put(desk: Desk, key: str, text: str, seen: datetime, n: int = 1, **fact: Any) -> None:
    published = day("2026-03-30") if key == "first" else day("2026-04-02")
    facts = [met(text, **{"act": "meet", **fact})]
    one = arrival(key, text, n=n, published=published, facts=facts, first_seen=seen)
    desk.store.commit([one], now=seen)
    desk.catch_up()


def at(when: datetime) -> Asker:
    return Asker(now=when)


def shown(desk: Desk, query: str = "Qatar Iran", when: datetime = THEN) -> SentReply:
    reply = desk.brief(at(when), query)
    assert isinstance(reply, Brief)
    facts = tuple(row.line.fact for row in brief_rows(reply) if row.line.fact)
    return SentReply(
        workspace=LOCAL,
        surface="command",
        request=f"{query} {when}",
        place="C1",
        person="U1",
        query=query,
        as_of=when,
        fact_ids=facts,
        sent_at=when,
    )


def compared(desk: Desk, *earlier: SentReply, query: str = "Qatar Iran") -> Brief:
    reply = desk.brief(at(NOW), query)
    assert isinstance(reply, Brief)
    return desk.changed(at(NOW), reply, earlier)


def test_what_came_since_is_new(stocked: Desk) -> None:
    before = shown(stocked)
    put(stocked, "second", SECOND, NOW - timedelta(hours=1))
    brief = compared(stocked, before)
    assert brief.changed is not None
    assert [line.snippet.quote for line in brief.changed.new] == [SECOND]
    assert {row.mark for row in brief_rows(brief) if row.line.snippet.quote == SECOND} == {"+"}
    assert {row.mark for row in brief_rows(brief) if row.line.snippet.quote != SECOND} == {""}
    assert since_words(brief.changed, "UTC") == "Changed since you last asked, 1 Apr 2026: + 1 new"


def test_what_an_article_says_otherwise_now_is_corrected(stocked: Desk) -> None:
    before = shown(stocked)
    put(stocked, "first", EDITED, NOW - timedelta(hours=1), n=2)
    brief = compared(stocked, before)
    assert brief.changed is not None
    assert [line.snippet.quote for line in brief.changed.corrected] == [EDITED]
    assert brief.changed.new == ()
    assert brief.changed.withdrawn == 0


def test_what_is_told_no_more_is_withdrawn(stocked: Desk) -> None:
    put(stocked, "other", SECOND, THEN - timedelta(hours=5))
    before = shown(stocked)
    assert stocked.store.tombstone(LOCAL, "first", NOW - timedelta(hours=1))
    stocked.catch_up()
    brief = compared(stocked, before)
    assert brief.changed is not None
    assert brief.changed.withdrawn == 1
    assert "– 1 withdrawn" in since_words(brief.changed, "UTC")


def test_what_denies_is_denied(stocked: Desk) -> None:
    before = shown(stocked)
    put(stocked, "denial", DENIAL, NOW - timedelta(hours=1), status=Status.DENIED)
    brief = compared(stocked, before)
    assert brief.changed is not None
    assert [line.snippet.quote for line in brief.changed.denied] == [DENIAL]


def test_nothing_changed_is_said(stocked: Desk) -> None:
    brief = compared(stocked, shown(stocked))
    assert brief.changed is not None
    assert since_words(brief.changed, "UTC") == "Nothing changed since you last asked, 1 Apr 2026"


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("Qatar Iran", True),
        ("quatar and iran", True),
        ("Iran and Qatar", True),
        ("Qatar", False),
        ("Qatar Iran gas", False),
        ("?", False),
    ],
)
def test_the_same_is_the_same_however_it_was_typed(query: str, counts: bool, stocked: Desk) -> None:
    before = shown(stocked).model_copy(update={"query": query})
    assert (compared(stocked, before).changed is not None) is counts


def test_what_was_asked_later_is_not_before(stocked: Desk) -> None:
    later = shown(stocked).model_copy(update={"as_of": NOW})
    assert compared(stocked, later).changed is None


async def test_only_the_reader_sees_it(slack: LocalWorkspace) -> None:
    await slack.command(ROOM, "Qatar")
    (first,) = await answers(slack, ROOM, 1)
    await slack.command(ROOM, "quatar")
    (*_, second) = await answers(slack, ROOM, 2)
    await slack.command(ROOM, "Qatar public")
    (*_, public) = await answers(slack, ROOM, 3)
    told = [str(one["blocks"]) for one in (first, second, public)]
    assert ["since you last asked" in text for text in told] == [False, True, False]
    assert len(said(slack, ROOM)) == 3


def test_what_has_no_date_is_not_new(stocked: Desk) -> None:
    earlier = shown(stocked)
    one = arrival("undated", SECOND, facts=[met(SECOND, act="meet")], first_seen=THEN + HOUR)
    stocked.store.commit([one], now=THEN + HOUR)
    stocked.catch_up()
    reply = compared(stocked, earlier)
    assert any(row.line.snippet.article == "undated" for row in brief_rows(reply))
    assert reply.changed is not None
    assert reply.changed.new == ()
