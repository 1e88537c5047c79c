"""Runs of the tests in several processes: what is done when one of them dies."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parent.parent
FILES = 8

FINE = """
import pytest

@pytest.mark.parametrize("n", range(3))
def test_fine(n):
    pass
"""
DIES = """
import os

def test_first():
    pass

def test_dies():
    os._exit(1)

def test_last():
    pass
"""


def test_a_run_ends_and_finishes_the_other_tests_if_a_process_dies(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the scheduler of pytest-xdist 3.8 alone, such a run never ends."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest("from tests.parallel import pytest_xdist_make_scheduler")
    files = {f"test_{n}": FINE for n in range(FILES)}
    pytester.makepyfile(**files, test_dies=DIES)
    ended = pytester.runpytest_subprocess("-n", "2", "--dist", "loadfile", timeout=120)
    ended.assert_outcomes(passed=3 * FILES + 2, failed=1)
