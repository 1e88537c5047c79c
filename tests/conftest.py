"""Where the stores of tests are kept: in SQLite, in PostgreSQL, or a module in both in turn.

``TEST_STORE=postgresql`` keeps those of all tests in PostgreSQL, but for what is marked
``sqlite``, because it is about the file.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import databases

databases.redirect()


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
    with databases.kept_in("sqlite"):
        yield
