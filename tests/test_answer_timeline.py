"""Timelines: what falls into which step, the picture, and the same in words."""

import struct
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.answer.timeline import Step, Timeline, alt_text, begin, draw, tick_label
from bot.cli import main
from bot.desk import Desk
from bot.models import Asker, Brief, Period
from tests.replies import line
from tests.stocked import TEAM, desk_at

ASKER = Asker(workspace=TEAM, now=datetime(2026, 4, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = desk_at(Path(tmp_path_factory.mktemp("desk")))
    yield desk
    desk.close()


def of(desk: Desk, query: str, period: Period | None = None) -> Timeline | None:
    reply = desk.brief(ASKER, query, period)
    assert isinstance(reply, Brief)
    return desk.timeline(ASKER, reply)


def some(**more: object) -> Timeline:
    values: dict[str, object] = {
        "title": "Qatar",
        "step": "month",
        "steps": (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)),
        "cooperation": (0, 2, 1),
        "conflict": (0, 0, 4),
        "articles": (3, 5, 9),
        "newest": (
            line(actor="Iran", act="attacked", target="Qatar", event_date=date(2026, 3, 5)),
        ),
        "undated": 1,
    }
    return Timeline(**(values | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "step", "first"),
    [
        (date(2026, 3, 5), "day", date(2026, 3, 5)),
        (date(2026, 3, 5), "week", date(2026, 3, 2)),
        (date(2026, 3, 2), "week", date(2026, 3, 2)),
        (date(2026, 3, 1), "week", date(2026, 2, 23)),
        (date(2026, 3, 31), "month", date(2026, 3, 1)),
        (date(2026, 3, 31), "year", date(2026, 1, 1)),
    ],
)
def test_a_day_lies_in_one_step(day: date, step: Step, first: date) -> None:
    assert begin(day, step) == first


def test_every_event_falls_into_the_step_of_its_day(desk: Desk) -> None:
    found = of(desk, "Qatar")
    assert found is not None
    assert found.title == "Qatar"
    assert list(found.steps) == sorted(set(found.steps))
    assert all(begin(day, found.step) == day for day in found.steps)
    assert len(found.cooperation) == len(found.conflict) == len(found.articles) == len(found.steps)
    assert sum(found.cooperation) > 0
    assert sum(found.conflict) > 0
    assert sum(found.articles) <= 60, "no more than there are notes"


def test_a_period_bounds_it(desk: Desk) -> None:
    month = Period(start=date(2026, 3, 1), end=date(2026, 3, 10))
    found = of(desk, "Qatar", month)
    assert found is not None
    assert found.step == "day"
    assert month.start is not None
    assert month.end is not None
    assert month.start <= found.steps[0] <= found.steps[-1] <= month.end


def test_who_only_speaks_in_undated_sentences_has_no_timeline(desk: Desk) -> None:
    assert of(desk, "nato") is None


def test_a_picture_is_of_a_phone_s_size(desk: Desk) -> None:
    found = of(desk, "Qatar Iran")
    assert found is not None
    png = draw(found)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert 900 <= width <= 1200
    assert 600 <= height <= 900


@pytest.mark.parametrize("title", ["$x_1$ and {y", "a" * 200, "محمد", ""])
def test_any_name_can_be_drawn(title: str) -> None:
    assert draw(some(title=title))


def test_nothing_is_drawn_where_nothing_happened_on_one_side() -> None:
    assert draw(some(conflict=(0, 0, 0), cooperation=(0, 0, 0), articles=(0, 0, 0)))
    assert draw(some(steps=(date(2026, 3, 1),), cooperation=(1,), conflict=(0,), articles=(1,)))


def test_the_words_tell_what_the_picture_shows() -> None:
    assert alt_text(some()) == (
        "Timeline of Qatar, Jan 2026 to Mar 2026, by month. 3 events of cooperation, most in "
        "Feb 2026 (2). 4 events of conflict, most in Mar 2026 (4). 17 articles, most in "
        "Mar 2026 (9). One undated event left out. 5 Mar 2026: Iran attacked Qatar."
    )
    assert len(alt_text(some(newest=(line(actor="x" * 600, act="met"),) * 3))) <= 1000
    assert "No events of conflict." in alt_text(some(conflict=(0, 0, 0)))


@pytest.mark.parametrize(
    ("step", "label"),
    [("day", "5 Mar"), ("week", "5 Mar"), ("month", "Mar 2026"), ("year", "2026")],
)
def test_steps_are_named_as_short_as_they_can_be(step: Step, label: str) -> None:
    assert tick_label(date(2026, 3, 5), step) == label


def test_a_timeline_of_nobody_known_to_the_store_is_none(desk: Desk) -> None:
    reply = desk.brief(ASKER, "Qatar")
    assert isinstance(reply, Brief)
    assert desk.timeline(ASKER, reply.model_copy(update={"subjects": ()})) is None


def test_the_command_line_draws_and_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert runner.invoke(main, ["ingest", "--seeds"]).exit_code == 0
    drawn = runner.invoke(main, ["brief", "Qatar", "--plot", "q.png"])
    assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "q.png").read_bytes().startswith(b"\x89PNG")
    assert "q.png: Timeline of Qatar" in drawn.output
    refused = runner.invoke(main, ["brief", "Qatar", "--plot", "no/such/q.png"])
    assert refused.exit_code != 0
    assert "give --plot a file in a folder that is there" in refused.output
    without = runner.invoke(main, ["brief", "Wakanda", "--plot", "w.png"])
    assert "w.png is not written" in without.output
    assert not (tmp_path / "w.png").exists()
