"""The same as ``python -m tests.bench chaos``, with less of everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import databases
from tests.bench import chaos as bench
from tests.chaos import ITEMS, Plan, chaos
from tests.chaos_embedded import killed


async def test_servers_and_workers_that_are_killed_lose_and_double_nothing(tmp_path: Path) -> None:
    plan = Plan(mentions=12, commands=4, feeds=3, digests=4, seconds=5, every=2.5, rooms=6)
    place = databases.server().url(tmp_path / "dragoman.db")
    out = await chaos(plan, tmp_path, place.render_as_string(hide_password=False))
    assert out.requests == {"done": plan.mentions + plan.commands}
    assert out.answered == [1] * plan.mentions
    assert out.digests == [1] * plan.digests
    assert (out.articles, out.revisions) == (plan.feeds * ITEMS, plan.feeds * ITEMS)
    # Nobody can look what stands at a response URL: who died over it is answered again.
    assert out.lost(out.commands) == 0
    assert out.twice(out.commands) <= sum(out.kills.values())
    assert sum(out.kills.values()) == plan.kills
    assert out.tracebacks == 0


@pytest.mark.sqlite
async def test_one_process_that_is_killed_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    out = await killed(2, tmp_path)
    assert out.sound == out.kills + 1
    assert out.there == out.acknowledged
    assert set(out.answered) <= {1}
    assert (out.articles, out.revisions) == (out.fed, out.fed)
    assert (out.same, out.asked) == (out.asked, 16)


def test_a_part_of_which_nothing_is_asked_is_left_out() -> None:
    """Where nothing is asked for, nothing is started."""
    assert bench.run(mentions=0, commands=0, feeds=0, digests=0, kills=0) == {}
