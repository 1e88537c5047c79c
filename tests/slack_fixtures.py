"""Fixtures: Slack as the far side, a desk, and an app at work between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.desk import Desk
from handlers import links
from tests.slack import app_for, far_side, serving
from tests.stocked import desk_at
from tests.workspace import LocalWorkspace


@pytest.fixture
async def far(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalWorkspace]:
    """Slack, with no app connected yet; no machine is so slow that it tells of progress."""
    monkeypatch.setattr(links, "PROGRESS_AFTER", 600.0)
    async with far_side() as workspace:
        yield workspace


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all: every request has a key of its own."""
    opened = desk_at(tmp_path_factory.mktemp("desk"))
    yield opened
    opened.close()


@pytest.fixture
async def slack(far: LocalWorkspace, desk: Desk) -> AsyncIterator[LocalWorkspace]:
    """Slack, with an app at work."""
    async with serving(app_for(far, desk)) as address:
        far.connect(address)
        yield far
