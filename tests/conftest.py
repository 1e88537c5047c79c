"""Where the stores of tests are kept: in SQLite, in PostgreSQL, or a module in both in turn.

What every test would build or read again is shared, see ``tests.shared``.

``TEST_STORE=postgresql`` keeps those of all tests in PostgreSQL, but for what is marked
``sqlite``, because it is about the file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.match.lookup import Lookup
from bot.read import pool
from tests import databases, shared
from tests.parallel import pytest_xdist_make_scheduler

__all__ = ["pytest_xdist_make_scheduler"]

databases.redirect()


def pytest_configure(config: pytest.Config) -> None:
    """Share indexes within a process, and read sentences among all reader processes of a run."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    if shared.READINGS not in os.environ:
        folder = mkdtemp(prefix="dragoman-readings-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        patch.setenv(shared.READINGS, folder)
    patch.setattr(Lookup, "build", shared.lookup)
    patch.setattr("bot.match.actors.Trie", shared.trie)
    reader = partial(shared.begin_reader, Path(os.environ[shared.READINGS]))
    patch.setattr(pool, "_initialise", reader)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def each_store(request: pytest.FixtureRequest) -> Iterator[databases.Kind]:
    """Run a module's tests on SQLite and on PostgreSQL.

    What of the module opens a store for several tests asks for this, too.
    """
    with databases.kept_in(request.param) as kind:
        yield kind


@pytest.fixture(scope="module")
def both(each_store: databases.Kind) -> databases.Kind:
    """The same, where no other fixture goes by this name."""
    return each_store


@pytest.fixture(autouse=True)
def _about_the_file(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("sqlite") is None:
        yield
        return
    with databases.kept_in("sqlite"), databases.made_by_the_store():
        yield
