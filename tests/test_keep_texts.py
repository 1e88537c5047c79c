"""Old texts are thinned, and all that was ever said of them can still be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bot.cli import main
from bot.desk import Desk
from bot.models import Answer, Asker, Brief, Draft, Line
from bot.retention import Thinner
from bot.store.outbox import shown_line, shown_message
from bot.store.tables import RevisionText, revision, thinned
from bot.store.tables import thin_text as left_of
from handlers.blocks.reply import sources_message
from tests import databases
from tests.stocked import TEAM, desk_at

CAME = datetime(2026, 4, 1, tzinfo=UTC)
LATER = CAME + timedelta(days=400)
US = Asker(workspace=TEAM, person="U1", place="C1", now=datetime(2026, 4, 2, tzinfo=UTC))


@pytest.fixture
def desk(tmp_path: Path, both: databases.Kind) -> Iterator[Desk]:  # noqa: ARG001
    opened = desk_at(tmp_path)
    yield opened
    opened.close()


def lines(reply: Brief) -> list[Line]:
    found = [
        *reply.in_short,
        *reply.happened,
        *reply.planned,
        *reply.disputed,
        *reply.undated,
        *reply.more,
    ]
    return [line for line in found if line.fact]


def thin(desk: Desk, days: int = 365, now: datetime = LATER) -> int:
    look = Thinner(desk.store, days=days, now=lambda: now)
    done = 0
    while some := look.look():
        done += some
    desk.catch_up()
    return done


def texts(desk: Desk) -> dict[tuple[str, int], str]:
    asked = select(revision.c.article, revision.c.n, revision.c.text).order_by(revision.c.n)
    with desk.store._read() as connection:
        return {(row.article, row.n): row.text for row in connection.execute(asked)}


def test_a_brief_is_the_same_but_for_what_no_fact_tells(desk: Desk) -> None:
    before, whole = desk.brief(US, "Qatar"), texts(desk)
    assert thin(desk) == len(whole)
    after, left = desk.brief(US, "Qatar"), texts(desk)
    assert isinstance(before, Brief)
    assert isinstance(after, Brief)
    said = {(line.fact, line.snippet.quote) for line in lines(before)}
    assert said
    assert {(line.fact, line.snippet.quote) for line in lines(after)} >= said
    for line in lines(after):
        place = left[line.snippet.article, line.snippet.revision]
        words = line.snippet.title if line.snippet.field == "title" else place
        assert words[line.snippet.start : line.snippet.end] == line.snippet.quote
        assert line.snippet.thinned
    for key, text in whole.items():
        assert len(left[key]) <= len(text)
        assert all(new in (old, "\n") for old, new in zip(text, left[key], strict=False))
    assert sum(len(text.replace("\n", "")) for text in left.values()) < 0.8 * sum(
        len(text.replace("\n", "")) for text in whole.values()
    )
    answer = desk.ask(US, "who attacked Qatar?")
    assert isinstance(answer, Answer)
    assert "Iran" in answer.lines[0].snippet.quote
    shown = json.dumps(sources_message("Qatar", lines(after)))
    assert "full text not kept: only what is quoted from it" in shown
    assert "thinned" not in json.dumps(sources_message("Qatar", lines(before)))


def test_what_is_not_yet_old_or_is_to_be_kept_stays(desk: Desk) -> None:
    whole = texts(desk)
    assert thin(desk, days=0) == 0
    assert thin(desk, days=400) == 0
    assert desk.store.thinning.due(LATER)[0] == len(whole)
    assert texts(desk) == whole


def test_it_looks_once_an_hour(desk: Desk) -> None:
    now = LATER
    look = Thinner(desk.store, days=365, now=lambda: now)
    while look.look():
        pass
    article = Draft(text="Qatar met Iran in Doha.", url="https://news.example.org/a", title="Old")
    desk.ingest([article], now=CAME, workspace=TEAM)
    assert look.look() == 0
    now += timedelta(hours=1)
    assert look.look() == 1
    assert look.look() == 0


BODY = "Qatar’s emir met Iran’s president in Doha on Monday.\n\nNobody ate quinces at the dinner."


def draft(text: str = BODY, **more: object) -> Draft:
    values = {"url": "https://news.example.org/a", "title": "A meeting", "publisher": "example.org"}
    return Draft.model_validate({**values, "text": text, "published": CAME, **more})


def test_what_comes_again_is_neither_new_nor_edited_and_brings_nothing_back(desk: Desk) -> None:
    desk.ingest([draft()], now=CAME, workspace=TEAM)
    thin(desk)
    left = texts(desk)
    for again in (draft(), draft(BODY[:52], partial=True)):
        report = desk.ingest([again], now=LATER, workspace=TEAM)
        assert (report.new, report.revised, report.reread, report.unchanged) == (0, 0, 0, 1)
    assert texts(desk) == left
    assert not any("quinces" in text for text in left.values())
    assert not desk.passages.search("quinces", workspace=TEAM, audiences=["*"], limit=5)


def test_an_edit_is_a_revision_which_is_thinned_in_its_turn(desk: Desk) -> None:
    desk.ingest([draft()], now=CAME, workspace=TEAM)
    thin(desk)
    report = desk.ingest([draft(BODY + " It rained.")], now=LATER, workspace=TEAM)
    assert (report.new, report.revised) == (0, 1)
    desk.catch_up()
    assert desk.passages.search("quinces", workspace=TEAM, audiences=["*"], limit=5)
    assert thin(desk, now=LATER + timedelta(days=364)) == 0
    assert thin(desk, now=LATER + timedelta(days=366)) == 1
    assert not any("quinces" in text for text in texts(desk).values())


def test_names_given_later_leave_thinned_articles_as_they_were_read(desk: Desk) -> None:
    desk.ingest([draft()], now=CAME, workspace=TEAM)
    thin(desk)
    with desk.store._read() as connection:
        key = next(iter(connection.execute(select(thinned.c.article)).scalars()))
    before = {fact.id for fact in desk.store.facts(TEAM, ["*"])}
    assert desk.care.read_articles(TEAM, [key], LATER) == 0
    assert {fact.id for fact in desk.store.facts(TEAM, ["*"])} == before


def test_what_was_told_stays_to_be_looked_up(desk: Desk) -> None:
    desk.ingest([draft()], now=CAME, workspace=TEAM)
    key = next(one for one, text in texts(desk).items() if "quinces" in text)
    quote = "Nobody ate quinces at the dinner."
    of = {"workspace": TEAM, "message": "m1", "article": key[0], "revision": key[1]}
    message = {
        "workspace": TEAM,
        "id": "m1",
        "team": TEAM,
        "place": "C1",
        "person": "U1",
        "query": "quinces",
        "audiences": "[]",
        "tz": "UTC",
        "looked": True,
    }
    with desk.store._write() as connection:
        connection.execute(insert(shown_message), {**message, "as_of": CAME, "at": CAME})
        connection.execute(insert(shown_line), {**of, "id": "l1", "fact": None, "quote": quote})
    thin(desk)
    assert quote in texts(desk)[key]
    assert desk.passages.search("quinces", workspace=TEAM, audiences=["*"], limit=5)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk_at(tmp_path).close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path))
    monkeypatch.delenv("DRAGOMAN_KEEP_DAYS", raising=False)

    def run(*args: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["thin", *args])
        return result.exit_code, result.output

    assert run()[0] == 1
    assert "DRAGOMAN_KEEP_DAYS is 0" in run()[1]
    monkeypatch.setenv("DRAGOMAN_KEEP_DAYS", "36500")
    assert run() == (0, "Texts thinned: 0.\n")
    code, said = run("--dry-run", "--days", "1")
    assert (code, said.startswith("Texts that came over one day ago: ")) == (0, True)
    assert run("--days", "1")[1] != "Texts thinned: 0.\n"
    assert run("--days", "1")[1] == "Texts thinned: 0.\n"


@given(st.text(min_size=1), st.data())
def test_a_thinned_text_has_its_quotes_where_they_were(text: str, data: st.DataObject) -> None:
    ends = st.integers(0, len(text))
    drawn = data.draw(st.lists(st.tuples(ends, ends)))
    spans = [(min(one), max(one)) for one in drawn if one[0] != one[1]]
    left = left_of(text, spans)
    column = RevisionText()
    stored = column.process_bind_param(left, None)  # type: ignore[arg-type]
    back = column.process_result_value(stored, None)  # type: ignore[arg-type]
    assert back == left
    assert all(left[start:end] == text[start:end] for start, end in spans)


@pytest.mark.parametrize("text", ["", '\x1e\x1ethinned [[0,"x"]]', "\x1e\x1eplain x", "plain"])
def test_an_article_may_say_anything(text: str) -> None:
    column = RevisionText()
    stored = column.process_bind_param(text, None)  # type: ignore[arg-type]
    assert column.process_result_value(stored, None) == text  # type: ignore[arg-type]
