"""The target ``test`` runs failed tests once more, and nothing else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def runs(folder: Path, first: int, second: int = 0) -> tuple[int, list[str]]:
    """Run ``make test`` with a Python that exits as told; returns its status and the calls."""
    calls = folder / "calls"
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(
        f'#!/bin/sh\necho "$@" >> {calls}\n'
        f'case "$*" in *--last-failed*) exit {second};; *) exit {first};; esac\n'
    )
    python.chmod(0o755)
    (folder / "ready").touch()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--silent", "test", f"DEV={folder}", "ARGS=tests/test_map.py"],
        cwd=ROOT,
        env=ours,
        capture_output=True,
        check=False,
    )
    return done.returncode, calls.read_text().splitlines()


@pytest.mark.parametrize(("second", "fails"), [(0, False), (1, True)])
def test_failed_tests_run_once_more(tmp_path: Path, second: int, fails: bool) -> None:
    status, calls = runs(tmp_path, 1, second)
    assert bool(status) is fails
    assert len(calls) == 2
    assert "--last-failed" not in calls[0]
    assert calls[1].endswith("--last-failed --last-failed-no-failures none tests/test_map.py")


@pytest.mark.parametrize(("status", "fails"), [(0, False), *((n, True) for n in (2, 3, 4, 5))])
def test_nothing_else_runs_once_more(tmp_path: Path, status: int, fails: bool) -> None:
    found, calls = runs(tmp_path, status)
    assert bool(found) is fails
    assert len(calls) == 1
